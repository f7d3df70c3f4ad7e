"""Roles: what people may see and do; their account says over which area."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import Definition, Flag, Id, Text
from portal.schema.office import Level

CaseAccess = Literal["normal", "sensitive", "protected"]
"""How far a case is seen: normal, sensitive (violence, HIV, children), protected (offender in the office)."""

Reach = Literal["area", "assigned", "created", "count", "none"]
"""Which cases of an access class a role sees: all in its area, those it has a task in, those it opened, only
how many there are, or none."""

CaseAct = Literal[
    "register",
    "work",
    "assign",
    "approve",
    "print",
    "sign",
    "reopen",
    "unmask",
    "audit",
    "accounts",
    "releases",
    "rules",
    "publish",
    "erase",
    "break-glass",
    "merge",
]
"""What a role may do beside records: take complaints; carry out steps; give tasks to people; complete
approvals; open issued letters; record signatures; open a closed case again; read a masked value for a reason;
see who can see what and what was done; manage accounts; see the rules and what moving cases to newer ones
would do; change the rules in drafts of the studio; put rules in force, also for running cases, which moves
them there and back; erase a person; see a case in an emergency that is not its own; say of two records
whether they are one person, and merge them."""

RecordAct = Literal["read", "create", "edit", "export"]

Sight = Literal["plain", "masked", "hidden"]
"""How a person sees a field in the end."""

FieldSight = Literal["plain", "assigned", "masked", "hidden"]
"""How a role sees a field: in full; in full where it has a task and masked elsewhere; masked; not at all."""

FieldRight = Literal["edit", "plain", "assigned", "masked", "hidden"]
"""How a role sees a field and whether it changes it: `edit` is in full and to be changed, the others are as
in `sensitive_fields` and are not changed."""

LetterAct = Literal["see", "print", "issue", "sign"]
"""What a role may do with a kind of letter: know of it, open it, issue it, record its signature."""

StepRight = Literal["work", "see", "hidden"]
"""What a role may do with a step: carry it out if it is its own, read its answers, or neither."""

Screen = Literal["tasks", "intake", "cases", "search", "answers", "programs", "destinations", "releases"]
"""The pages beside those of records; which records a role sees, `records` says."""

CASE = "case"
"""How `fields` calls what a complaint says, which is no record type."""

CaseField = Literal["description", "reporter_name", "answers"]
"""What a case says of people: the complaint, who brought it, and everything that steps ask."""


class CaseReach(Definition):
    """Which cases a role sees, by access class and state."""

    normal: Reach = Field("area", description="Ordinary cases.")
    sensitive: Reach = Field("none", description="Violence, HIV, mental illness, children.")
    protected: Reach = Field("none", description="Complaints that may concern the office itself.")
    closed: Reach | None = Field(
        None, description="Of those, the closed ones; the same as while they were open when left out."
    )


class Role(Definition):
    """What people with this role may see and do; their account says over which area."""

    label: Text = Field(description="The name of the role.")
    description: Text | None = Field(None, description="Its tasks, in a sentence.")
    level: Level = Field(description="The kind of area that its accounts are given.")
    acts_as: tuple[Id, ...] = Field((), description="Roles whose steps it may also carry out.")
    may: tuple[CaseAct, ...] = Field((), description="What it may do beside records.")
    cases: CaseReach = Field(CaseReach(), description="Which cases it sees.")
    records: dict[Id, tuple[RecordAct, ...]] = Field({}, description="What it may do with each record type.")
    sensitive_fields: FieldSight = Field("hidden", description="How it sees fields marked sensitive.")
    fields: dict[Id, dict[Id, FieldRight]] = Field(
        {},
        description="Fields that it sees otherwise, by record type; case stands for what a complaint says.",
    )
    letters: dict[Id, tuple[LetterAct, ...]] = Field(
        {}, description="Letters with which it may do something else than its other rights say."
    )
    steps: dict[Id, dict[Id, StepRight]] = Field(
        {}, description="Steps, by SOP, that it may only see or that are hidden from it."
    )
    screens: tuple[Screen, ...] | None = Field(
        None, description="The pages that it opens, when these are fewer than its rights allow."
    )
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )
