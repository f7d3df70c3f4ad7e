"""Scenarios: made-up cases that say how an SOP must go, tried before a change is applied."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from portal.scalars import AreaCode, Day, Definition, Id, Text, Whole
from portal.schema.base import one_or_more

_SCALAR: dict[str, object] = {"type": ["string", "number", "boolean"]}

Answer = Annotated[
    tuple[Text, ...],
    BeforeValidator(one_or_more),
    WithJsonSchema({"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]}),
]
"""What would be typed into one field: a text, or a list where several may be chosen."""

PaperState = Literal["brought", "to-follow", "not-needed"]


class ScenarioStep(Definition):
    """One step that somebody carries out, and what must be true of it."""

    step: Id = Field(description="The step that must be waiting now.")
    days: Whole = Field(0, ge=0, le=3660, description="Calendar days since the step before.")
    answers: dict[Id, Answer] = Field(
        {},
        description="What is typed in, by field; what is required and decides nothing may be left out.",
    )
    documents: dict[Id, PaperState] = Field(
        {}, description="Where documents stand; a required one is brought unless this says otherwise."
    )
    due: Day | None = Field(None, description="The date on which this step must be due.")
    letters: tuple[Id, ...] | None = Field(None, description="The letters that completing it must issue.")


class Expected(Definition):
    """How it must end: closed with an outcome, or waiting at a step."""

    outcome: Id | None = Field(None, description="The outcome with which the case is closed.")
    step: Id | None = Field(None, description="The step at which the case still waits.")
    due: Day | None = Field(None, description="The date on which the whole case, or that step, is due.")
    letters: tuple[Id, ...] | None = Field(None, description="All letters of the case, in order.")


class Scenario(Definition):
    """A made-up case of a programme, carried through its SOP."""

    label: Text = Field(description="What it shows, in a few words.")
    program: Id = Field(description="The programme; it decides which SOP is tried.")
    complaint: Id | None = Field(None, description="The kind of complaint; the programme's first by default.")
    priority: Id | None = Field(None, description="How urgent it is; the first priority by default.")
    channel: Id | None = Field(None, description="How it arrived; the first channel by default.")
    area: AreaCode | None = Field(None, description="Where; the area of the first village office by default.")
    opened: Day = Field(description="The day on which it is opened, at nine in the morning.")
    resident: dict[Id, Answer] = Field(
        {}, description="The made-up resident, by field; without any the complaint is anonymous."
    )
    documents: dict[Id, PaperState] = Field({}, description="Documents shown when it is opened.")
    steps: tuple[ScenarioStep, ...] = Field((), description="What is done, in order.")
    expect: Expected = Field(description="How it must end.")
