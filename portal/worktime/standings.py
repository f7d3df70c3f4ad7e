"""Where a moment stands to a due date, in working days: late, due today or ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from portal.worktime.calendars import Calendar


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a moment stands to a due date: late, due today or ahead, and by how many working days."""

    kind: Literal["late", "today", "ahead"]
    days: int


def standing(due_at: datetime, now: datetime, calendar: Calendar) -> Standing:
    """Returns how late a due date is, or how many working days are left, by dates of the calendar's zone."""
    last, today = due_at.astimezone(calendar.zone).date(), now.astimezone(calendar.zone).date()
    if now > due_at:
        return Standing(kind="late", days=_working_days_after(last, today, calendar))
    if last == today:
        return Standing(kind="today", days=0)
    return Standing(kind="ahead", days=_working_days_after(today, last, calendar))


def _working_days_after(day: date, until: date, calendar: Calendar) -> int:
    """Counts the working days after one date up to and with another, by whole weeks and what differs."""
    open_days = {weekday for weekday, spans in calendar.hours.items() if spans}
    weeks, rest = divmod(max((until - day).days, 0), 7)
    odd = sum((day.weekday() + n) % 7 in open_days for n in range(1, rest + 1))
    differing = {each for each in (*calendar.holidays, *calendar.days) if day < each <= until}
    moved = sum(calendar.works(each) - (each.weekday() in open_days) for each in differing)
    return weeks * len(open_days) + odd + moved
