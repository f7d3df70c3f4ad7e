"""The outcome: what came of the case; recording it closes the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from portal.fields import ChoiceField, FieldType, LongTextField, Value
from portal.scalars import Id
from portal.steps.base import CloseCase, Effect, Lists, StepType
from portal.words import say

TOLD = ("in-person", "whatsapp", "phone", "letter", "not-reached")
"""How the resident was told the result."""


class OutcomeStep(StepType):
    """Asks for an outcome code and how the resident was told, then closes the case."""

    type: Literal["outcome"]
    outcomes: tuple[Id, ...] = Field((), description="The outcomes offered here; all of them when left out.")
    final: ClassVar[bool] = True

    def own_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        offered = {
            key: lists.outcomes.get(key) or lists.withdrawn_outcomes.get(key, key) for key in self.outcomes
        } or dict(lists.outcomes)
        told = {way: say(f"told-{way}") for way in TOLD}
        return {
            "outcome": ChoiceField(
                type="choice",
                label=say("outcome-outcome"),
                choices=offered or {"none": "-"},
                withdrawn=dict(lists.withdrawn_outcomes),
                required=True,
            ),
            "told": ChoiceField(type="choice", label=say("outcome-told"), choices=told, required=True),
            "note": LongTextField(type="long-text", label=say("outcome-note")),
        }

    def effects(self, answers: Mapping[str, Value]) -> tuple[Effect, ...]:
        return (CloseCase(outcome=str(answers["outcome"])),)
