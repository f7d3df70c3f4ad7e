"""When an office is open: hours by weekday, spells such as Ramadan, single dates, holidays, one time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from portal.worktime.durations import WorktimeError

_SPAN = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})-([0-9]{1,2})[:.]([0-9]{2})")
MIDNIGHT = time(0, 0)


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of opening hours within one day; closing at 00:00 means at the end of the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuses a span that closes before it opens."""
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise WorktimeError("hours-order", value=str(self))

    def __str__(self) -> str:
        """Returns the form in which YAML has it, such as `08:00-12:00`."""
        closes = "24:00" if self.closes == MIDNIGHT else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Returns opening and closing of one date as UTC moments."""
        last = day + timedelta(days=1) if self.closes == MIDNIGHT else day
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
        if before.closes == MIDNIGHT or after.opens < before.closes:
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
class Spell:
    """Dates on which the open weekdays have other hours, such as Ramadan; both ends count."""

    since: date
    until: date
    name: str
    hours: Mapping[int, tuple[Span, ...]]
    """A weekday left out keeps its usual hours; a weekday that is closed stays closed."""


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """The hours of a single date, whatever weekday it is: a half day, or a Saturday that is worked."""

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When an office is open: its zone, the hours of each weekday (0 is Monday) and its days off by name."""

    time_zone: str
    hours: Mapping[int, tuple[Span, ...]]
    holidays: Mapping[date, str]
    spells: tuple[Spell, ...] = ()
    """The last one that holds a date decides."""
    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    """They go before holidays and spells."""
    cut_off: time | None = None
    """What comes in after it counts as received on the next working day; None is no such rule."""
    years: frozenset[int] | None = None
    """The years whose holidays are known; None when nobody asks."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, an IANA name such as `Asia/Jakarta`."""
        return ZoneInfo(self.time_zone)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Returns the opening hours of a date, none on a holiday."""
        if day in self.days:
            return self.days[day].spans
        if day in self.holidays:
            return ()
        usual, spell = self.hours.get(day.weekday(), ()), self._spell(day)
        return spell.hours.get(day.weekday(), usual) if usual and spell else usual

    def _spell(self, day: date) -> Spell | None:
        return next((each for each in reversed(self.spells) if each.since <= day <= each.until), None)

    def works(self, day: date) -> bool:
        """Tells whether a date is a working day."""
        return bool(self.spans(day))

    def why(self, day: date) -> str:
        """Returns the name of what gives a date its hours or closes it; empty on a usual day."""
        if day in self.days:
            return self.days[day].name
        if day in self.holidays:
            return self.holidays[day]
        spell = self._spell(day)
        return spell.name if spell and day.weekday() in spell.hours and self.works(day) else ""

    def opens(self, day: date) -> datetime:
        """Returns when a working day begins, in the zone of the calendar."""
        return self.spans(day)[0].on(day, self.zone)[0].astimezone(self.zone)

    def closes(self, day: date) -> datetime:
        """Returns when a working day ends, in UTC; at midnight that is the start of the next date."""
        return self.spans(day)[-1].on(day, self.zone)[1]

    def stretches(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yields the open stretches between two moments, in UTC."""
        day, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        while day <= last:
            for span in self.spans(day):
                opens, closes = span.on(day, self.zone)
                begins, ends = max(opens, since.astimezone(UTC)), min(closes, until.astimezone(UTC))
                if begins < ends:
                    yield begins, ends
            day += timedelta(days=1)
