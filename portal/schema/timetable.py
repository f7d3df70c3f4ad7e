"""When offices are open, which clocks run, what stops them, and who is told when one is late."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import Day, Definition, Flag, Id, Text, TimeOfDay, Whole, Within

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Zone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
ClockKind = Literal["first-response", "step", "referral", "total"]
"""What is measured of a case: until the office first acts, each step, each answer of an agency, the whole."""
PauseOwner = Literal["resident", "agency", "office", "register"]
"""For whom a clock waits: the resident, another agency, the office itself, or a register that is down."""


class SpecialHours(Definition):
    """Dates on which the office has other hours, such as Ramadan."""

    label: Text = Field(description="What it is called in the derivation of a due date, such as Ramadan.")
    since: Day = Field(description="The first day.")
    until: Day = Field(description="The last day.")
    hours: dict[Weekday, Text] = Field(
        min_length=1,
        description="Opening hours by day; a day left out keeps its usual hours, a closed day stays closed.",
    )
    to_verify: Text | None = Field(None, description="What the district must confirm.")


class SpecialDate(Definition):
    """The hours of a single date: a half day, or a Saturday that is worked."""

    label: Text = Field(description="Why, such as Sehari sebelum cuti bersama.")
    hours: Text = Field(description="Opening hours of that date, such as 08:00-12:00.")


class OwnCalendar(Definition):
    """What an area or an office has otherwise than the district."""

    time_zone: Zone | None = Field(None, description="Its time zone, when it is another one.")
    hours: dict[Weekday, Text] | None = Field(
        None,
        description="Its opening hours, in place of all of the district's, also in special hours such as "
        "Ramadan; a day left out is closed.",
    )
    holidays: dict[Day, Text] = Field({}, description="Its local holidays, beside the others.")
    special_hours: dict[Id, SpecialHours] = Field({}, description="Its own hours of Ramadan and the like.")
    special_dates: dict[Day, SpecialDate] = Field(
        {}, description="Its half days and worked days; they go before a holiday of the district."
    )
    cut_off: TimeOfDay | None = Field(None, description="Its own cut-off.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")


class Rung(Definition):
    """One rung of the ladder of escalation: who is told, after how much lateness."""

    late: Within | None = Field(
        None, description="How late it must be, such as 2 working days; left out, at once."
    )
    tell: tuple[Id, ...] = Field(
        min_length=1, description="Roles; holder is whoever has the task, or the role that it waits for."
    )


class Clocks(Definition):
    """The clocks of every case: limits where an SOP says none, warnings, and the ladder of escalation."""

    first_response: Within | None = Field(
        None, description="How soon the first step of a new case is to be done."
    )
    step: Within | None = Field(None, description="The limit of a step that has none of its own.")
    referral: Within | None = Field(
        None, description="How long an agency has to answer, where neither the step nor the agency says it."
    )
    total: Within | None = Field(None, description="The limit of a whole case whose SOP says none.")
    warn_at: Whole = Field(
        80, ge=1, le=99, description="At how many hundredths of the time the holder is warned."
    )
    warn: tuple[Id, ...] = Field(("holder",), description="Who is warned, as in `escalate`.")
    escalate: tuple[Rung, ...] = Field((), description="Who is told when it is late, rung by rung.")
    every: Within | None = Field(
        None,
        description="How much later each further role of a step's own `escalate` is told; 1 working day.",
    )


class PauseReason(Definition):
    """Why a clock may stand still."""

    label: Text = Field(description="The reason as people read it.")
    owner: PauseOwner = Field(description="Whom it waits for: resident, agency, office or register.")
    stops: tuple[ClockKind, ...] = Field(
        min_length=1, description="Which clocks stand still: first-response, step, referral, total."
    )
    note: Flag = Field(False, description="true: a note must say more.")
