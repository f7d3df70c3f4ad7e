"""A limit, a moment of receipt, a calendar and pauses -> a due date that can explain itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from portal.worktime.calendars import MIDNIGHT, Calendar
from portal.worktime.durations import Duration, WorktimeError
from portal.worktime.pauses import Pause, covering, left, length, united

LONGEST = timedelta(days=5 * 366)
"""No due date lies further ahead than this; a longer one is a mistake in the limit or in the calendar."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the derivation of a due date: a slug with words, and the values that fill them."""

    slug: str
    at: datetime
    number: int = 0
    """The number of the day, or the open minutes that were counted on it."""
    name: str = ""
    """The name of the holiday, of special hours or of a pause."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due date, in the zone of its calendar, and how it came about."""

    at: datetime
    steps: tuple[Step, ...]

    def dump(self) -> dict[str, object]:
        """Returns the due date and its derivation as JSON values, to be kept beside a task."""
        steps = [
            {"slug": s.slug, "at": s.at.isoformat(), "number": s.number, "name": s.name} for s in self.steps
        ]
        return {"at": self.at.isoformat(), "zone": str(self.at.tzinfo), "steps": steps}

    @classmethod
    def restore(cls, raw: Mapping[str, object]) -> Due:
        """Returns what `dump` gave."""
        zone = ZoneInfo(str(raw["zone"]))
        steps = cast("list[dict[str, object]]", raw["steps"])
        return cls(at=_moment(raw["at"], zone), steps=tuple(_restored(step, zone) for step in steps))


def _restored(raw: Mapping[str, object], zone: ZoneInfo) -> Step:
    number = cast(int, raw["number"])
    return Step(slug=str(raw["slug"]), at=_moment(raw["at"], zone), number=number, name=str(raw["name"]))


def _moment(raw: object, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(str(raw)).astimezone(zone)


def due(start: datetime, within: Duration, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """Returns when a limit that starts at a moment of receipt ends.

    Working days count dates: the first working day after the date of receipt is day 1, also when the receipt
    was on a day off or after closing; the limit ends when the office closes on the last day. Working hours
    count the open minutes from the moment of receipt. Days are calendar days and end at 23:59:59. Hours are
    clock hours. A calendar with a cut-off takes what came in after it, or on a day off, as received when the
    next working day opens; that is for working days and hours. A date counts unless the clock stands still
    as the office closes (a calendar day: as it ends); of hours, those of a pause do not count.

    Raises:
        WorktimeError: `calendar-closed`, no weekday has open hours; `due-too-far`, over five years ahead.
        ValueError: the start has no time zone.
    """
    if start.tzinfo is None:
        raise ValueError("a moment of receipt needs a time zone")
    count = {"working days": _working_days, "working hours": _working_hours, "days": _days, "hours": _hours}
    received, working = start.astimezone(calendar.zone), within.unit.startswith("working")
    if working and not any(calendar.hours.values()):
        raise WorktimeError("calendar-closed", value=str(within))
    stood = [each for each in pauses if each.since < each.until]
    steps = tuple(count[within.unit](received, within.amount, calendar, stood))
    unknown = _unknown(received, steps[-1].at, calendar) if working else ()
    return Due(
        at=steps[-1].at, steps=(Step(slug="due-received", at=received), *steps[:-1], *unknown, steps[-1])
    )


def _unknown(received: datetime, last: datetime, calendar: Calendar) -> tuple[Step, ...]:
    """Says which years of the count have no holidays yet, so that its date may move."""
    years = range(received.year, last.year + 1) if calendar.years is not None else ()
    return tuple(
        Step(slug="due-year-unknown", at=last, number=year)
        for year in years
        if year not in (calendar.years or ())
    )


def _working_days(
    received: datetime, amount: int, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[Step]:
    start, said = counted_from(received, calendar)
    yield from said or _outside(received, calendar)
    number = 0
    for day in _dates(start.date() + timedelta(days=1), amount):
        at = datetime.combine(day, MIDNIGHT, calendar.zone)
        if not calendar.works(day):
            yield _skipped(at, calendar)
            continue
        pause = covering(pauses, calendar.closes(day))
        if pause is not None:
            yield Step(slug="due-skipped-pause", at=at, name=pause.name)
            continue
        number += 1
        yield Step(slug=_named("due-day", calendar, day), at=at, number=number, name=calendar.why(day))
        if number == amount:
            yield Step(slug="due-until", at=_last_moment(calendar.closes(day), day, calendar.zone))
            return


def _named(slug: str, calendar: Calendar, day: date) -> str:
    """Returns the slug of a date whose hours have a name, such as Ramadan."""
    return f"{slug}-named" if calendar.why(day) else slug


def _outside(received: datetime, calendar: Calendar) -> Iterator[Step]:
    """Says that a receipt outside working hours does not move day 1."""
    if not calendar.works(received.date()):
        yield Step(slug="due-received-day-off", at=received)
    elif received >= calendar.closes(received.date()):
        yield Step(slug="due-received-after-closing", at=received)


def counted_from(received: datetime, calendar: Calendar) -> tuple[datetime, tuple[Step, ...]]:
    """Returns when something counts as received by a cut-off, and what to say where that is later."""
    if calendar.cut_off is None:
        return received, ()
    day, minutes = received.date(), calendar.cut_off.hour * 60 + calendar.cut_off.minute
    if calendar.works(day):
        last = min(datetime.combine(day, calendar.cut_off, calendar.zone), calendar.closes(day))
        if received <= last:
            return received, ()
    slug = "due-cut-off" if calendar.works(day) else "due-cut-off-day-off"
    for later in _dates(day + timedelta(days=1), 1):
        if calendar.works(later):
            start = calendar.opens(later)
            return start, (Step(slug=slug, at=start, number=minutes),)
    raise AssertionError("the dates end or are refused")


def _skipped(at: datetime, calendar: Calendar) -> Step:
    name = calendar.why(at.date())
    return Step(slug="due-skipped-holiday" if name else "due-skipped", at=at, name=name)


def _last_moment(closes: datetime, day: date, zone: ZoneInfo) -> datetime:
    """Keeps a closing at midnight on the date that it closes."""
    local = closes.astimezone(zone)
    return local if local.date() == day else local - timedelta(seconds=1)


def _working_hours(
    received: datetime, amount: int, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[Step]:
    start, said = counted_from(received, calendar)
    yield from said
    rest, zone, whole = timedelta(hours=amount), calendar.zone, united(pauses)
    for day in _dates(start.date(), amount):
        counted, stood = timedelta(), timedelta()
        at = datetime.combine(day, MIDNIGHT, zone)
        for span in calendar.spans(day):
            opens, closes = span.on(day, zone)
            opens = max(opens, start.astimezone(UTC))
            for begins, ends in left(opens, closes, whole):
                taken = min(rest - counted, ends - begins)
                counted += taken
                if counted == rest:
                    stood += begins - opens - length(left(opens, begins, whole))
                    yield from _paused_on(at, stood, whole)
                    yield _hours_on(begins.astimezone(zone), counted, calendar)
                    yield Step(slug="due-until", at=(begins + taken).astimezone(zone))
                    return
            stood += max(closes - opens, timedelta()) - length(left(opens, closes, whole))
        rest -= counted
        yield from _paused_on(at, stood, whole)
        if counted:
            yield _hours_on(at, counted, calendar)
        elif not calendar.works(day):
            yield _skipped(at, calendar)
        elif not stood:
            yield Step(slug="due-hours-after-closing", at=start)


def _paused_on(at: datetime, stood: timedelta, pauses: Sequence[Pause]) -> Iterator[Step]:
    if stood:
        tomorrow = at + timedelta(days=1)
        name = next(each.name for each in pauses if each.since < tomorrow and each.until > at)
        yield Step(slug="due-paused", at=at, number=stood // _MINUTE, name=name)


def _hours_on(at: datetime, counted: timedelta, calendar: Calendar) -> Step:
    name = calendar.why(at.date())
    slug = _named("due-hours", calendar, at.date())
    return Step(slug=slug, at=at, number=counted // _MINUTE, name=name)


def _days(received: datetime, amount: int, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[Step]:
    _refuse_far(timedelta(days=amount), amount)
    number = 0
    for day in _dates(received.date() + timedelta(days=1), amount):
        begins = datetime.combine(day, MIDNIGHT, calendar.zone)
        at = datetime.combine(day, time(23, 59, 59), calendar.zone)
        pause = covering(pauses, at)
        if pause is not None:
            yield Step(slug="due-skipped-pause", at=begins, name=pause.name)
            continue
        number += 1
        if number == amount:
            yield Step(slug="due-calendar-day", at=at, number=amount)
            yield Step(slug="due-until", at=at)
            return


def _hours(received: datetime, amount: int, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[Step]:
    _refuse_far(timedelta(hours=amount), amount)
    at = received.astimezone(UTC) + timedelta(hours=amount)
    stood: list[Step] = []
    for each in united(pauses):
        if each.since >= at:
            break
        if each.until <= received:
            continue
        since = max(each.since, received)
        at += each.until - since
        minutes = (each.until - since) // _MINUTE
        begins = since.astimezone(calendar.zone)
        stood.append(Step(slug="due-paused-clock", at=begins, number=minutes, name=each.name))
    end = at.astimezone(calendar.zone)
    _refuse_far(end - received, amount)
    yield from stood
    yield Step(slug="due-clock-hours", at=end, number=amount)
    yield Step(slug="due-until", at=end)


def _dates(first: date, amount: int) -> Iterator[date]:
    """Yields the dates from the first on, and refuses to go on for more than `LONGEST`."""
    for offset in range(LONGEST.days):
        yield first + timedelta(days=offset)
    _refuse_far(LONGEST + timedelta(days=1), amount)


def _refuse_far(ahead: timedelta, amount: int) -> None:
    if ahead > LONGEST:
        raise WorktimeError("due-too-far", value=str(amount))
