"""Roles: what people may see and do; their account says over which area."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import Definition, Flag, Id, Text
from portal.schema.office import Level

CaseAccess = Literal["normal", "sensitive", "protected"]
"""How far a case is seen: normal, sensitive (violence, HIV, children), protected (offender in the office)."""

Reach = Literal["area", "assigned", "created", "none"]
"""Which cases of an access class a role sees: all in its area, those it has a task in, its own, or none."""

CaseAct = Literal["register", "work", "assign", "print", "accounts", "releases", "erase"]

RecordAct = Literal["read", "create", "edit", "export"]

Sight = Literal["plain", "masked", "hidden"]


class CaseReach(Definition):
    """Which cases a role sees, by access class."""

    normal: Reach = Field("area", description="Ordinary cases.")
    sensitive: Reach = Field("none", description="Violence, HIV, mental illness, children.")
    protected: Reach = Field("none", description="Complaints that may concern the office itself.")


class Role(Definition):
    """What people with this role may see and do; their account says over which area."""

    label: Text = Field(description="The name of the role.")
    description: Text | None = Field(None, description="Its tasks, in a sentence.")
    level: Level = Field(description="The kind of area that its accounts are given.")
    acts_as: tuple[Id, ...] = Field((), description="Roles whose steps it may also carry out.")
    may: tuple[CaseAct, ...] = Field((), description="What it may do beside records.")
    cases: CaseReach = Field(CaseReach(), description="Which cases it sees.")
    records: dict[Id, tuple[RecordAct, ...]] = Field({}, description="What it may do with each record type.")
    sensitive_fields: Sight = Field("hidden", description="How it sees fields marked sensitive.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )
