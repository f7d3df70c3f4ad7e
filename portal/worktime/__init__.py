"""Working days and hours: a limit and a moment of receipt give a due date that can explain itself."""

from __future__ import annotations

from portal.worktime.calendars import Calendar, Span, SpecialDay, Spell, parse_hours
from portal.worktime.counting import LONGEST, Due, Step, due
from portal.worktime.durations import Duration, DurationError, Unit, WorktimeError
from portal.worktime.moments import Roll, reached, until_day, window
from portal.worktime.pauses import Pause
from portal.worktime.sentences import (
    clock,
    day_date,
    explain,
    in_words,
    long_date,
    moment,
    standing_in_words,
)
from portal.worktime.standings import Standing, standing

__all__ = [
    "LONGEST",
    "Calendar",
    "Due",
    "Duration",
    "DurationError",
    "Pause",
    "Roll",
    "Span",
    "SpecialDay",
    "Spell",
    "Standing",
    "Step",
    "Unit",
    "WorktimeError",
    "clock",
    "day_date",
    "due",
    "explain",
    "in_words",
    "long_date",
    "moment",
    "parse_hours",
    "reached",
    "standing",
    "standing_in_words",
    "until_day",
    "window",
]
