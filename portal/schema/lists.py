"""Plain lists: sectors, complaints, channels, priorities, outcomes, documents."""

from __future__ import annotations

from pydantic import Field

from portal.scalars import Definition, Flag, Id, Text, Within
from portal.schema.roles import CaseAccess

NO_FLAG = "none"
"""What `case.flags` is while none is set."""


class Sector(Definition):
    """A field of service, for classification and reports."""

    label: Text = Field(description="The name of the sector.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )


class Complaint(Definition):
    """A kind of complaint."""

    label: Text = Field(description="The complaint in the resident's words.")
    sector: Id = Field(description="Its sector.")
    access: CaseAccess = Field("normal", description="normal, sensitive or protected.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )


class Named(Definition):
    """An entry of a plain list: a channel, a register, an outcome."""

    label: Text = Field(description="What people read.")
    help: Text | None = Field(None, description="When to choose it.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )


class Outcome(Named):
    """How a case can end."""

    success: Flag | None = Field(
        None, description="true: the need was met; false: it was not; left out: neither."
    )
    awaits: Flag = Field(
        False,
        description="true: a case may end so although an agency has still to answer its referral.",
    )


class Priority(Named):
    """How urgent a case is."""

    within: Within | None = Field(
        None, description="A time limit that replaces a longer one of any step, such as 24 hours."
    )


class Document(Definition):
    """A paper that residents are asked for."""

    label: Text = Field(description="The official name of the paper.")
    help: Text | None = Field(None, description="Where to get it.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )
