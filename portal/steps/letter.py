"""A letter that the office gives out: a statement, an introduction, minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from portal.fields import Value
from portal.scalars import Id
from portal.steps.base import Effect, IssueLetter, StepType


class LetterStep(StepType):
    """Issues its letter when it is completed."""

    type: Literal["letter"]
    letter: Id = Field(description="The letter that is issued.", examples=["receipt"])
    destination: Id | None = Field(
        None, description="The agency it is addressed to, where it has an address."
    )

    def effects(self, answers: Mapping[str, Value]) -> tuple[Effect, ...]:
        return (IssueLetter(letter=self.letter, destination=self.destination),)
