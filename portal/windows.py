"""Windows: the days of a month on which something can be done -> the next of them, with how it came about."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from portal.worktime import Calendar, Due, Step

OnHoliday = Literal["before", "after", "same"]
"""What becomes of a window on a day off: the working day before it, the one after it, or it stays."""
FARTHEST = 24
"""So many months ahead a window is looked for at most; a calendar without open days has none."""
_LAST_MOMENT = time(23, 59, 59)


def next_window(start: datetime, days: Sequence[int], on_holiday: OnHoliday, calendar: Calendar) -> Due:
    """Returns when the next window closes that has not closed yet at a moment.

    A day that a month does not have is its last one. A window that a day off pushes before the start is
    over; then the next one counts.

    Raises:
        ValueError: no window can be found, as the office never opens, or the start has no time zone.
    """
    if start.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    begins = start.astimezone(calendar.zone)
    for declared in _declared(begins.date(), days):
        day = _moved(declared, on_holiday, calendar)
        closes = None if day is None else _closing(day, calendar)
        if day is not None and closes is not None and closes >= begins:
            return Due(at=closes, steps=tuple(_steps(begins, declared, day, closes, on_holiday, calendar)))
    raise ValueError("no window can be found")


def day_due(start: datetime, day: date, calendar: Calendar) -> Due:
    """Returns the end of a named day as a due date: until then somebody waits."""
    closes = _closing(day, calendar)
    begins = start.astimezone(calendar.zone)
    return Due(
        at=closes, steps=(Step(slug="due-received", at=begins), Step(slug="window-until-day", at=closes))
    )


def _declared(first: date, days: Sequence[int]) -> Iterator[date]:
    """Yields the days of this month and the next ones, from the month before for those pushed forward."""
    year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
    for _ in range(FARTHEST):
        last = monthrange(year, month)[1]
        yield from (date(year, month, day) for day in sorted({min(each, last) for each in days}))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _moved(day: date, on_holiday: OnHoliday, calendar: Calendar) -> date | None:
    step = {"before": -1, "after": 1, "same": 0}[on_holiday]
    for offset in range(31):
        moved = day + timedelta(days=offset * step)
        if not step or calendar.works(moved):
            return moved
    return None


def _closing(day: date, calendar: Calendar) -> datetime:
    """The office's closing on a working day, the last moment of a day off."""
    end = datetime.combine(day, _LAST_MOMENT, calendar.zone)
    spans = calendar.spans(day)
    return min(spans[-1].on(day, calendar.zone)[1].astimezone(calendar.zone), end) if spans else end


def _steps(
    begins: datetime, declared: date, day: date, closes: datetime, on_holiday: OnHoliday, calendar: Calendar
) -> Iterator[Step]:
    at = datetime.combine(declared, time(), calendar.zone)
    yield Step(slug="due-received", at=begins)
    yield Step(slug="window-day", at=at, number=declared.day)
    if day != declared:
        name = calendar.holidays.get(declared, "")
        slug = f"window-{on_holiday}-holiday" if name else f"window-{on_holiday}-closed"
        yield Step(slug=slug, at=datetime.combine(day, time(), calendar.zone), name=name)
    yield Step(slug="due-until", at=closes)
