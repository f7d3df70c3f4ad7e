"""Whether calendars, ladders and pauses make sense: years, spells, roles that are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from portal.checks.base import Checked, Family, choice
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.schema import Office, OwnCalendar
from portal.timetable import own_calendars

HOLDER = "holder"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields years without holidays, spells that end before they start, roles that nobody has."""
    office = checked.office
    if office is None:
        return
    known = {day.year for day in office.holidays}
    for path, own in own_calendars(office):
        yield from _backwards(checked, path, own)
        for place, day in _dates(path, own):
            if day.year not in known:
                known.add(day.year)
                yield checked.warn_key("holidays-missing", place, year=str(day.year))
    yield from _told(checked, office)


def _dates(path: Path, own: Office | OwnCalendar) -> Iterator[tuple[Path, date]]:
    groups: tuple[tuple[str, Mapping[date, object]], ...] = (
        ("holidays", own.holidays),
        ("special_dates", own.special_dates),
    )
    for name, days in groups:
        yield from (((*path, name, day.isoformat()), day) for day in sorted(days))
    for key, spell in own.special_hours.items():
        yield (*path, "special_hours", key), spell.since
        yield (*path, "special_hours", key), spell.until


def _backwards(checked: Checked, path: Path, own: Office | OwnCalendar) -> Iterator[Diagnostic]:
    for key, spell in own.special_hours.items():
        if spell.until < spell.since:
            place = (*path, "special_hours", key, "until")
            since, until = spell.since.isoformat(), spell.until.isoformat()
            yield checked.wrong("special-hours-backwards", place, since=since, until=until)


def _told(checked: Checked, office: Office) -> Iterator[Diagnostic]:
    path: Path = ("office", "clocks")
    named = [((*path, "warn", place), role) for place, role in enumerate(office.clocks.warn)]
    for number, rung in enumerate(office.clocks.escalate):
        named += [((*path, "escalate", number, "tell", place), role) for place, role in enumerate(rung.tell)]
    for place, role in named:
        if role != HOLDER and not checked.knows("roles", role):
            yield checked.wrong("told-unknown", place, **choice(role, (HOLDER, *checked.declared("roles"))))


FAMILY = Family(run=check, codes=("holidays-missing", "special-hours-backwards", "told-unknown"))
