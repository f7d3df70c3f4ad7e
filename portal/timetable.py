"""Schema, area and office -> the working calendar that holds there: the district's and what differs nearby.

What is nearer goes before what is farther: the district, then the areas from the shorter code to the longer
one, then the office itself. Hours are replaced whole, and the special hours of what is farther with them;
holidays, special hours and dates are added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from portal.memory import Remembered
from portal.schema import Office, OwnCalendar, Schema, Weekday
from portal.worktime import Calendar, Span, SpecialDay, Spell, parse_hours

WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_MADE: Remembered[Calendar] = Remembered(most=1024)


def calendar(schema: Schema, area: str = "", centre: str = "") -> Calendar:
    """Returns the working calendar of an area and an office; without them that of the district."""
    return _MADE.get((schema.office,), lambda: _calendar(schema.office, area, centre), area, centre)


def _calendar(office: Office, area: str, centre: str) -> Calendar:
    holidays, days = dict(office.holidays), _days(office)
    hours, zone, cut_off, spells = office.hours, office.time_zone, office.cut_off, _spells(office)
    for own in _nearer(office, area, centre):
        for day in (*own.holidays, *own.special_dates):
            holidays.pop(day, None)
            days.pop(day, None)
        holidays |= own.holidays
        days |= _days(own)
        hours, zone, cut_off = own.hours or hours, own.time_zone or zone, own.cut_off or cut_off
        spells = (*(() if own.hours else spells), *_spells(own))
    return Calendar(
        time_zone=zone,
        hours=_hours(hours),
        holidays=holidays,
        spells=spells,
        days=days,
        cut_off=cut_off,
        years=declared_years(office),
    )


def declared_years(office: Office) -> frozenset[int]:
    """Returns the years whose holidays an office has declared."""
    return frozenset(office.holiday_years or (day.year for day in office.holidays))


def own_calendars(office: Office) -> Iterator[tuple[tuple[str | int, ...], Office | OwnCalendar]]:
    """Yields the district's calendar and each that differs from it, with the path to it in the file."""
    yield ("office",), office
    for code, own in office.calendars.items():
        yield ("office", "calendars", code), own
    for key, centre in office.centres.items():
        if centre.calendar is not None:
            yield ("office", "centres", key, "calendar"), centre.calendar


def _nearer(office: Office, area: str, centre: str) -> Iterator[OwnCalendar]:
    inside = [code for code in office.calendars if area == code or area.startswith(f"{code}.")]
    yield from (office.calendars[code] for code in sorted(inside, key=len))
    at = office.centres.get(centre)
    if at is not None and at.calendar is not None:
        yield at.calendar


def _hours(hours: Mapping[Weekday, str]) -> dict[int, tuple[Span, ...]]:
    return {WEEKDAYS.index(day): parse_hours(text) for day, text in hours.items()}


def _days(own: Office | OwnCalendar) -> dict[date, SpecialDay]:
    dates = own.special_dates.items()
    return {day: SpecialDay(name=each.label, spans=parse_hours(each.hours)) for day, each in dates}


def _spells(own: Office | OwnCalendar) -> tuple[Spell, ...]:
    return tuple(
        Spell(since=each.since, until=each.until, name=each.label, hours=_hours(each.hours))
        for each in own.special_hours.values()
    )
