"""What every kind of step can do: the answers it asks for, the effects of completing it, where it leads.

A step issues no letter and opens no task: it returns effects, plain values that the engine carries out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from portal.conditions import ConditionField
from portal.fields import AnyField, FieldType, Value
from portal.memory import Remembered
from portal.scalars import Definition, Flag, Id, Text, Within
from portal.words import language

Stage = Literal["received", "checked", "assessed", "referred", "waiting", "settled"]
"""The stations of a case that residents and reports know, in their order."""

Lookup = Callable[[str], object]
"""Gives the value at a dotted path, such as `registry.decile`, or None when it is missing."""


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The labels of what a step may choose among, from the Release in force."""

    destinations: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    withdrawn_destinations: Mapping[str, str] = field(default_factory=dict)
    withdrawn_outcomes: Mapping[str, str] = field(default_factory=dict)
    """What was offered once, for cases that hold it."""


@dataclass(frozen=True, kw_only=True)
class IssueLetter:
    """A letter is drawn up, numbered and archived."""

    letter: str
    destination: str | None = None


@dataclass(frozen=True, kw_only=True)
class OpenReferral:
    """The resident is referred to a destination, which is expected to answer within a time."""

    destination: str
    letter: str
    reply_within: Within | None


@dataclass(frozen=True, kw_only=True)
class RecordReply:
    """The open referral of the case receives its answer."""

    reply: str


@dataclass(frozen=True, kw_only=True)
class WriteRecord:
    """A record is added for the resident of the case."""

    record: str
    values: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class CloseCase:
    """The case ends with an outcome."""

    outcome: str


Effect = IssueLetter | OpenReferral | RecordReply | WriteRecord | CloseCase


@dataclass(frozen=True, kw_only=True)
class Leads:
    """Where a completed step leads: a step's id, or None for "the next in order", and why."""

    to: str | None = None
    why: str = ""


class DocumentRule(Definition):
    """When a document must be there."""

    required: Flag = Field(False, description="true: the step cannot be completed without it.")
    required_when: ConditionField | None = Field(
        None, description="The condition under which it is required."
    )
    may_follow: Flag = Field(False, description="true: it may be brought later; emergencies are not held up.")


def _document_rule(value: object) -> object:
    if value in ("required", "optional"):
        return {"required": value == "required"}
    return value


DocumentNeed = Annotated[
    DocumentRule,
    BeforeValidator(_document_rule, json_schema_input_type=Literal["required", "optional"] | DocumentRule),
]
"""`required`, `optional`, or a rule."""


_OWN: Remembered[Mapping[str, FieldType]] = Remembered(most=8192)
"""What each step brings along; it is asked for at every turn, and its labels depend on the language."""


class StepType(Definition):
    """One step of an SOP; each kind of step is a subclass in a file of its own."""

    label: Text = Field(description="The name of the step on screen.")
    stage: Stage | None = Field(None, description="The station of the case while this step is open.")
    role: Id | None = Field(None, description="The role that carries it out; it names an entry of roles.")
    within: Within | None = Field(
        None, description="The time limit: 3 working days, 4 working hours, 3 days or 24 hours."
    )
    instruction: Text | None = Field(None, description="What to do, in a few plain sentences.")
    output: Text | None = Field(
        None, description="What comes of it, on the printed form; else its letter, record or answers."
    )
    documents: dict[Id, DocumentNeed] = Field({}, description="Documents that this step asks for.")
    fields: dict[Id, AnyField] = Field({}, description="What this step asks and keeps.")
    go: Id | None = Field(None, description="The next step, when it is not the next in order.")
    escalate: tuple[Id, ...] = Field(
        (),
        description="The roles that are told, in order, when it is late; the first at once, each further one "
        "later by `every` of the office's clocks. Left out, the office's own ladder holds.",
    )
    may_return: tuple[Id, ...] = Field(
        (), description="The earlier steps to which it may be sent back; any that was done when left out."
    )
    was: Id | None = Field(None, exclude=True, description="The old id of this step, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )

    automatic: ClassVar[bool] = False
    """Whether the engine passes it by itself, without a task for anyone."""
    final: ClassVar[bool] = False
    """Whether the case ends here."""

    def own_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        """Returns the fields that this kind of step brings along."""
        return {}

    def answer_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        """Returns all fields of the step in the order of its form; a declared field overrides its own."""
        own = _OWN.get((self, lists), lambda: self.own_fields(lists), language())
        return {**own, **self.fields}

    def effects(self, answers: Mapping[str, Value]) -> tuple[Effect, ...]:
        """Returns what happens when the step is completed with these answers."""
        return ()

    def leads(self, answers: Mapping[str, Value], lookup: Lookup) -> Leads:
        """Returns where the case goes next; called once the answers are stored."""
        return Leads(to=self.go)

    def targets(self) -> tuple[str, ...]:
        """Returns every step that this one names as a way on, for checks and pictures."""
        return (self.go,) if self.go else ()

    def falls_through(self) -> bool:
        """Tells whether the next step in order is one of the ways on."""
        return self.go is None and not self.final
