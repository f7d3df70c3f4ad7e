"""Whether offices, their hours, people and areas are as they can be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.checks.base import Checked, Family, choice
from portal.diagnostics import Diagnostic, nearest
from portal.document import Path
from portal.schema import Centre, Deputy, Letterhead, Office, Officer
from portal.timetable import own_calendars
from portal.worktime import WorktimeError, parse_hours

_POSTS = 3
"""How many posts a signature may have: a.n. stands before the first, u.b. before the last."""
_PARTS = {"village": 4, "subdistrict": 3, "district": 2}


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields wrong opening hours, staff numbers and areas."""
    office = checked.office
    if office is not None:
        yield from _hours(checked, office)
        for key, centre in office.centres.items():
            yield from _centre(checked, ("office", "centres", key), centre)
        for key, view in office.views.items():
            if view.area is not None:
                yield from _area(checked, ("office", "views", key, "area"), view.area)
    for key, scenario in checked.schema.scenarios.items():
        if scenario.area is not None:
            yield from _area(checked, ("scenarios", key, "area"), scenario.area)
    for key, destination in checked.schema.destinations.items():
        for index, area in enumerate(destination.serves):
            yield from _area(checked, ("destinations", key, "serves", index), area)
        if office is not None and destination.serves and not _near(office, destination.serves):
            path = ("destinations", key, "serves")
            yield checked.warn("destination-far", path, destination=key)


def _hours(checked: Checked, office: Office) -> Iterator[Diagnostic]:
    for path, own in own_calendars(office):
        weeks = {(*path, "hours"): own.hours or {}}
        for key, spell in own.special_hours.items():
            weeks[(*path, "special_hours", key, "hours")] = spell.hours
        for place, week in weeks.items():
            for day, text in week.items():
                yield from _open(checked, (*place, day), text)
        for date, special in own.special_dates.items():
            yield from _open(checked, (*path, "special_dates", date.isoformat(), "hours"), special.hours)
    for code in office.calendars:
        yield from _area(checked, ("office", "calendars", code), code, of_key=True)


def _open(checked: Checked, path: Path, text: str) -> Iterator[Diagnostic]:
    try:
        parse_hours(text)
    except WorktimeError as why:
        yield checked.wrong(why.code, path, **why.values)


def _centre(checked: Checked, path: Path, centre: Centre) -> Iterator[Diagnostic]:
    yield from _area(checked, (*path, "area"), centre.area)
    if len(centre.area.split(".")) != _PARTS[centre.level]:
        yield checked.wrong(
            "centre-level-differs", (*path, "area"), area=centre.area, level=centre.level, name=str(path[-1])
        )
    yield from _emblems(checked, (*path, "letterhead"), centre.letterhead)
    for key, officer in centre.officers.items():
        yield from _nip(checked, (*path, "officers", key), officer)
        yield from _deputies(checked, (*path, "officers", key), officer)
        yield from _behalf(checked, (*path, "officers", key, "on_behalf_of"), centre, key)


def _nip(checked: Checked, path: Path, person: Officer | Deputy) -> Iterator[Diagnostic]:
    if person.nip is not None and not re.fullmatch(r"\d{18}", re.sub(r"\s", "", person.nip)):
        yield checked.wrong("nip-malformed", (*path, "nip"), value=person.nip)


def _deputies(checked: Checked, path: Path, officer: Officer) -> Iterator[Diagnostic]:
    """Yields deputies who end before they begin, and those of whom two would sign on the same day."""
    for index, each in enumerate(officer.deputies):
        place: Path = (*path, "deputies", index)
        yield from _nip(checked, place, each)
        if each.until is not None and each.until < each.since:
            dates = {"since": each.since.isoformat(), "until": each.until.isoformat()}
            yield checked.wrong("deputy-backwards", (*place, "until"), **dates)
        for other in officer.deputies[:index]:
            if other.serves(each.since) or each.serves(other.since):
                day = max(each.since, other.since).isoformat()
                names = {"name": each.name, "other": other.name}
                yield checked.wrong("deputy-overlaps", (*place, "since"), day=day, **names)


def _behalf(checked: Checked, path: Path, centre: Centre, key: str) -> Iterator[Diagnostic]:
    """Yields an officer who signs for one that is not there, for themselves, or over more than two posts."""
    above = centre.officers[key].on_behalf_of
    if above is None:
        return
    if above not in centre.officers:
        others = [name for name in centre.officers if name != key]
        yield checked.wrong("behalf-unknown", path, officer=key, **choice(above, others))
        return
    line = [key]
    while above is not None and above in centre.officers and above not in line:
        line.append(above)
        above = centre.officers[above].on_behalf_of
    if above in line:
        yield checked.wrong("behalf-circular", path, officer=key, line=" → ".join([*line, above]))
    elif len(line) > _POSTS:
        yield checked.wrong("behalf-too-long", path, officer=key, line=" → ".join(line))


def _emblems(checked: Checked, path: Path, letterhead: Letterhead) -> Iterator[Diagnostic]:
    there = checked.files
    for side in ("emblem_left", "emblem_right"):
        file = getattr(letterhead, side)
        if file is not None and file not in there:
            near = nearest(file, there) or ""
            yield checked.wrong("emblem-missing", (*path, side), file=file, near=near)


def _area(checked: Checked, path: Path, area: str, *, of_key: bool = False) -> Iterator[Diagnostic]:
    areas = checked.schema.areas
    if areas and area not in areas:
        wrong = checked.wrong_key if of_key else checked.wrong
        yield wrong("area-unknown", path, **choice(area, areas))


def _near(office: Office, serves: tuple[str, ...]) -> bool:
    """Tells whether one of the areas holds, or lies in, the area of one of our offices."""
    ours = [centre.area for centre in office.centres.values()]
    return any(
        f"{ours_}.".startswith(f"{theirs}.") or f"{theirs}.".startswith(f"{ours_}.")
        for ours_ in ours
        for theirs in serves
    )


FAMILY = Family(
    run=check,
    codes=(
        "area-unknown",
        "behalf-circular",
        "behalf-too-long",
        "behalf-unknown",
        "centre-level-differs",
        "deputy-backwards",
        "deputy-overlaps",
        "destination-far",
        "emblem-missing",
        "hours-form",
        "hours-order",
        "hours-overlap",
        "nip-malformed",
    ),
)
