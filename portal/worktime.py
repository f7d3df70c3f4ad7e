"""Working days and hours: a limit and a moment of receipt give a due date that can explain itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from portal.words import language, say

Unit = Literal["working days", "working hours", "days", "hours"]

LONGEST = timedelta(days=5 * 366)
"""No due date lies further ahead than this; a longer one is a mistake in the limit or in the calendar."""

_LIMIT = re.compile(r"(?P<amount>[0-9]{1,6})\s+(?P<working>working\s+)?(?P<unit>day|hour)s?")
_SPAN = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})-([0-9]{1,2})[:.]([0-9]{2})")
_MIDNIGHT = time(0, 0)
_LOCALES: Mapping[str, str] = {"id": "id", "en": "en_GB"}


class WorktimeError(ValueError):
    """A limit, opening hours or a calendar that gives no due date; `code` has words, `values` fill them."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values: Mapping[str, str] = values


class DurationError(WorktimeError):
    """A text that is not a limit, or a limit of no length."""


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A limit: an amount of one unit, never converted into another one."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuses a limit without length."""
        if self.amount < 1:
            raise DurationError("duration-zero", value=str(self))

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Reads `3 working days`, `1 working day`, `4 working hours`, `3 days` or `24 hours`.

        Raises:
            DurationError: `duration-form` or `duration-zero`.
        """
        match = _LIMIT.fullmatch(text.strip())
        if match is None:
            raise DurationError("duration-form", value=text)
        unit = f"{'working ' if match['working'] else ''}{match['unit']}s"
        return cls(amount=int(match["amount"]), unit=cast(Unit, unit))

    def __str__(self) -> str:
        """Returns the form in which YAML has it, such as `3 working days`."""
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of opening hours within one day; closing at 00:00 means at the end of the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuses a span that closes before it opens."""
        if self.closes != _MIDNIGHT and self.closes <= self.opens:
            raise WorktimeError("hours-order", value=str(self))

    def __str__(self) -> str:
        """Returns the form in which YAML has it, such as `08:00-12:00`."""
        closes = "24:00" if self.closes == _MIDNIGHT else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Returns opening and closing of one date as UTC moments."""
        last = day + timedelta(days=1) if self.closes == _MIDNIGHT else day
        opens, closes = datetime.combine(day, self.opens, zone), datetime.combine(last, self.closes, zone)
        return opens.astimezone(UTC), closes.astimezone(UTC)


def parse_hours(text: str) -> tuple[Span, ...]:
    """Reads the opening hours of a day, such as `08:00-12:00 13:00-16:00`; `24:00` may close it.

    Raises:
        WorktimeError: `hours-form`, `hours-order` (closes before it opens) or `hours-overlap`.
    """
    spans = tuple(_span(part) for part in text.split())
    if not spans:
        raise WorktimeError("hours-form", value=text)
    for before, after in pairwise(spans):
        if before.closes == _MIDNIGHT or after.opens < before.closes:
            raise WorktimeError("hours-overlap", value=str(after), other=str(before))
    return spans


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise WorktimeError("hours-form", value=text)
    ahead, minute, until, last = (int(part) for part in match.groups())
    if until == 24 and last == 0:
        until = 0
    elif until == 0 and last == 0:
        raise WorktimeError("hours-order", value=text)
    try:
        return Span(opens=time(ahead, minute), closes=time(until, last))
    except WorktimeError:
        raise
    except ValueError as error:
        raise WorktimeError("hours-form", value=text) from error


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When an office is open: its zone, the hours of each weekday (0 is Monday) and its days off by name."""

    time_zone: str
    hours: Mapping[int, tuple[Span, ...]]
    holidays: Mapping[date, str]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, an IANA name such as `Asia/Jakarta`."""
        return ZoneInfo(self.time_zone)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Returns the opening hours of a date, none on a holiday."""
        return () if day in self.holidays else self.hours.get(day.weekday(), ())

    def works(self, day: date) -> bool:
        """Tells whether a date is a working day."""
        return bool(self.spans(day))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the derivation of a due date: a slug with words, and the values that fill them."""

    slug: str
    at: datetime
    number: int = 0
    """The number of the day, or the open minutes that were counted on it."""
    name: str = ""
    """The name of the holiday."""


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


def due(start: datetime, within: Duration, calendar: Calendar) -> Due:
    """Returns when a limit that starts at a moment of receipt ends.

    Working days count dates: the first working day after the date of receipt is day 1, also when the receipt
    was on a day off or after closing; the limit ends when the office closes on the last day. Working hours
    count the open minutes from the moment of receipt. Days are calendar days and end at 23:59:59. Hours are
    clock hours.

    Raises:
        WorktimeError: `calendar-closed`, no weekday has open hours; `due-too-far`, over five years ahead.
        ValueError: the start has no time zone.
    """
    if start.tzinfo is None:
        raise ValueError("a moment of receipt needs a time zone")
    count = {"working days": _working_days, "working hours": _working_hours, "days": _days, "hours": _hours}
    received = start.astimezone(calendar.zone)
    if within.unit.startswith("working") and not any(calendar.hours.values()):
        raise WorktimeError("calendar-closed", value=str(within))
    steps = tuple(count[within.unit](received, within.amount, calendar))
    return Due(at=steps[-1].at, steps=(Step(slug="due-received", at=received), *steps))


def _working_days(received: datetime, amount: int, calendar: Calendar) -> Iterator[Step]:
    yield from _outside(received, calendar)
    number = 0
    for day in _dates(received.date() + timedelta(days=1), amount):
        at = datetime.combine(day, _MIDNIGHT, calendar.zone)
        if not calendar.works(day):
            yield _skipped(at, calendar)
            continue
        number += 1
        yield Step(slug="due-day", at=at, number=number)
        if number == amount:
            closes = calendar.spans(day)[-1].on(day, calendar.zone)[1]
            yield Step(slug="due-until", at=_last_moment(closes, day, calendar.zone))
            return


def _outside(received: datetime, calendar: Calendar) -> Iterator[Step]:
    """Says that a receipt outside working hours does not move day 1."""
    spans = calendar.spans(received.date())
    if not spans:
        yield Step(slug="due-received-day-off", at=received)
    elif received >= spans[-1].on(received.date(), calendar.zone)[1]:
        yield Step(slug="due-received-after-closing", at=received)


def _skipped(at: datetime, calendar: Calendar) -> Step:
    name = calendar.holidays.get(at.date(), "")
    return Step(slug="due-skipped-holiday" if name else "due-skipped", at=at, name=name)


def _last_moment(closes: datetime, day: date, zone: ZoneInfo) -> datetime:
    """Keeps a closing at midnight on the date that it closes."""
    local = closes.astimezone(zone)
    return local if local.date() == day else local - timedelta(seconds=1)


def _working_hours(received: datetime, amount: int, calendar: Calendar) -> Iterator[Step]:
    left, zone = timedelta(hours=amount), calendar.zone
    for day in _dates(received.date(), amount):
        counted = timedelta()
        for span in calendar.spans(day):
            opens, closes = span.on(day, zone)
            begins = max(opens, received.astimezone(UTC))
            taken = min(left - counted, max(closes - begins, timedelta()))
            counted += taken
            if counted == left:
                yield _hours_on(begins.astimezone(zone), counted)
                yield Step(slug="due-until", at=(begins + taken).astimezone(zone))
                return
        left -= counted
        at = datetime.combine(day, _MIDNIGHT, zone)
        if counted:
            yield _hours_on(at, counted)
        elif calendar.works(day):
            yield Step(slug="due-hours-after-closing", at=received)
        else:
            yield _skipped(at, calendar)


def _hours_on(at: datetime, counted: timedelta) -> Step:
    return Step(slug="due-hours", at=at, number=counted // timedelta(minutes=1))


def _days(received: datetime, amount: int, calendar: Calendar) -> Iterator[Step]:
    _refuse_far(timedelta(days=amount), amount)
    last = received.date() + timedelta(days=amount)
    at = datetime.combine(last, time(23, 59, 59), calendar.zone)
    yield Step(slug="due-calendar-day", at=at, number=amount)
    yield Step(slug="due-until", at=at)


def _hours(received: datetime, amount: int, calendar: Calendar) -> Iterator[Step]:
    _refuse_far(timedelta(hours=amount), amount)
    at = (received.astimezone(UTC) + timedelta(hours=amount)).astimezone(calendar.zone)
    yield Step(slug="due-clock-hours", at=at, number=amount)
    yield Step(slug="due-until", at=at)


def _dates(first: date, amount: int) -> Iterator[date]:
    """Yields the dates from the first on, and refuses to go on for more than `LONGEST`."""
    for offset in range(LONGEST.days):
        yield first + timedelta(days=offset)
    _refuse_far(LONGEST + timedelta(days=1), amount)


def _refuse_far(ahead: timedelta, amount: int) -> None:
    if ahead > LONGEST:
        raise WorktimeError("due-too-far", value=str(amount))


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
    """Counts the working days after one date up to and with another, by whole weeks less the holidays."""
    open_days = {weekday for weekday, spans in calendar.hours.items() if spans}
    weeks, rest = divmod(max((until - day).days, 0), 7)
    odd = sum((day.weekday() + n) % 7 in open_days for n in range(1, rest + 1))
    closed = sum(day < each <= until and each.weekday() in open_days for each in calendar.holidays)
    return weeks * len(open_days) + odd - closed


def standing_in_words(standing: Standing) -> str:
    """Returns a standing in the reader's language, such as `Sisa 2 hari kerja`."""
    return say(_counted(f"standing-{standing.kind}", standing.days), days=standing.days)


def in_words(duration: Duration) -> str:
    """Returns a limit in the reader's language, such as `3 hari kerja`."""
    slug = f"duration-{duration.unit.replace(' ', '-')}"
    return say(_counted(slug, duration.amount), amount=duration.amount)


def _counted(slug: str, number: int) -> str:
    """Returns the slug whose words suit a number: none, one, or the slug itself."""
    return {0: f"{slug}-none", 1: f"{slug}-one"}.get(number, slug)


def explain(due: Due) -> tuple[str, ...]:
    """Returns the derivation of a due date, a sentence a step, in the reader's language."""
    return tuple(_sentence(step) for step in due.steps)


def _sentence(step: Step) -> str:
    return say(
        step.slug,
        day=day_date(step.at),
        moment=moment(step.at),
        number=step.number,
        name=step.name,
        counted=_open_time(step.number),
    )


def _open_time(counted: int) -> str:
    hours, minutes = divmod(counted, 60)
    slug = "due-counted-minutes" if not hours else "due-counted" if minutes else "due-counted-hours"
    return say(slug, hours=hours, minutes=minutes)


def long_date(day: date) -> str:
    """Returns a date in the reader's language, such as `2 November 2026`."""
    return str(format_date(day, "d MMMM y", locale=_LOCALES[language()]))


def day_date(day: date) -> str:
    """Returns a date with its weekday in the reader's language, such as `Senin, 2 November 2026`."""
    return str(format_date(day, "EEEE, d MMMM y", locale=_LOCALES[language()]))


def clock(at: time | datetime) -> str:
    """Returns a time of day as it stands, without conversion of zones: `09.12`, in English `09:12`."""
    return str(format_time(at.replace(tzinfo=None), "short", locale=_LOCALES[language()]))


def moment(at: datetime) -> str:
    """Returns an aware moment in its own zone: `Senin, 2 November 2026 pukul 09.12 WIB` (or WITA, WIT)."""
    return say("moment", day=day_date(at), clock=clock(at), zone=at.tzname() or "")
