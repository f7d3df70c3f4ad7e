"""Moments on the way to a due date, and windows: when a part of the time is over, when a gate closes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from portal.worktime.calendars import MIDNIGHT, Calendar
from portal.worktime.counting import LONGEST, Due, Step, counted_from
from portal.worktime.durations import WorktimeError
from portal.worktime.pauses import Pause, left, length, united

Roll = Literal["before", "after", "same"]
"""Where a window day that is a day off goes: to the working day before it, to the one after, or nowhere."""
_LAST_MOMENT = time(23, 59, 59)


def reached(
    start: datetime,
    until: datetime,
    percent: int,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    working: bool,
) -> datetime:
    """Returns when so many hundredths of the time from a start to its due date are over.

    Args:
        working: whether only open time counts; without any between the two, it is the due date itself.
    """
    since, whole = start.astimezone(UTC), united(pauses)
    if working:
        since = counted_from(start.astimezone(calendar.zone), calendar)[0].astimezone(UTC)
    open_times = calendar.stretches(since, until) if working else iter(((since, until.astimezone(UTC)),))
    pieces = [piece for begins, ends in open_times for piece in left(begins, ends, whole)]
    wanted = length(pieces) * percent / 100
    for begins, ends in pieces:
        if wanted <= ends - begins:
            return (begins + wanted).astimezone(calendar.zone)
        wanted -= ends - begins
    return until.astimezone(calendar.zone)


def window(received: datetime, days: Sequence[int], calendar: Calendar, roll: Roll = "before") -> Due:
    """Returns the next closing of a window that closes on certain days of each month.

    A day that a month has not is its last one. What comes after the cut-off of the day, or after closing
    where there is none, waits for the next window.

    Raises:
        WorktimeError: `calendar-closed`, no weekday has open hours; `due-too-far`, none within five years.
    """
    if not any(calendar.hours.values()):
        raise WorktimeError("calendar-closed", value=",".join(map(str, days)))
    local = received.astimezone(calendar.zone)
    # A window of the month before may have gone to this month, and one of the next month to this one.
    first = (local.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    for nominal in _nominal(first, days):
        actual, said = _rolled(nominal, calendar, roll)
        closes = _closing(actual, calendar)
        if calendar.cut_off is not None:
            closes = min(closes, datetime.combine(actual, calendar.cut_off, calendar.zone))
        if closes >= local:
            at = datetime.combine(nominal, MIDNIGHT, calendar.zone)
            opening = Step(slug="due-window", at=at, number=nominal.day)
            received_at = Step(slug="due-received", at=local)
            return Due(at=closes, steps=(received_at, opening, *said, Step(slug="due-until", at=closes)))
    raise WorktimeError("due-too-far", value=",".join(map(str, days)))


def until_day(received: datetime, day: date, calendar: Calendar) -> Due:
    """Returns the end of a named day as a due date: until then somebody waits."""
    closes = _closing(day, calendar)
    begins = received.astimezone(calendar.zone)
    return Due(at=closes, steps=(Step(slug="due-received", at=begins), Step(slug="due-until-day", at=closes)))


def _closing(day: date, calendar: Calendar) -> datetime:
    """The office's closing on a working day, the last moment of a day off."""
    end = datetime.combine(day, _LAST_MOMENT, calendar.zone)
    return min(calendar.closes(day).astimezone(calendar.zone), end) if calendar.works(day) else end


def _nominal(month: date, days: Sequence[int]) -> Iterator[date]:
    for _ in range(LONGEST.days // 28):
        following = (month + timedelta(days=31)).replace(day=1)
        last = (following - timedelta(days=1)).day
        yield from sorted({month.replace(day=min(day, last)) for day in days})
        month = following


def _rolled(day: date, calendar: Calendar, roll: Roll) -> tuple[date, tuple[Step, ...]]:
    step = timedelta(days=-1 if roll == "before" else 1)
    said: list[Step] = []
    for _ in range(LONGEST.days):
        if roll == "same" or calendar.works(day):
            return day, tuple(said)
        name = calendar.why(day)
        at = datetime.combine(day, MIDNIGHT, calendar.zone)
        said.append(Step(slug="due-skipped-holiday" if name else "due-skipped", at=at, name=name))
        day += step
    raise WorktimeError("due-too-far", value=str(day))
