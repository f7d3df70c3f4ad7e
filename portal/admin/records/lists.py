"""The list of a record type: what its template shows, in a handful of queries whatever the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from portal.access import may_record
from portal.admin.records.asked import FILTER, Asked
from portal.admin.records.lens import Lens
from portal.admin.records.narrow import (
    TooShort,
    counted_rows,
    linked_numbers,
    number_fields,
    rows_of,
    word_fields,
)
from portal.admin.records.rows import COUNTED, Page, count, page
from portal.fields import LinkField, Option
from portal.releases import SessionNames
from portal.words import say

PAGE_SIZE = 25
MOST_AREAS = 200
"""So many areas still fit one select; with more, one goes down level by level."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The head of a column, with the address that sorts by it."""

    label: str
    url: str = ""
    turned: str = ""
    """ascending or descending when the list is sorted by it."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row as text, and where it leads."""

    url: str
    cells: tuple[str, ...]
    key: int = 0
    """Its key where rows can be chosen."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A select that narrows the list."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class Chip:
    """Something that narrows the list, with the address of the list without it."""

    text: str
    url: str


def listing(lens: Lens, session: Session, asked: Asked, words: str | None) -> dict[str, Any]:
    """Returns what the template of the list shows.

    Args:
        words: the words of a search, None when they are forgotten, empty without a search.
    """
    path = f"/data/{lens.key}/list"
    found = Page(rows=(), before=False, after=False)
    problem, total = "", 0
    try:
        if words is None:
            problem = say("list-search-forgotten")
        else:
            rows = rows_of(lens, session, asked, words)
            found = page(session, rows, _columns(lens), asked.cursor, PAGE_SIZE)
            total = _total(lens, session, asked, words, found)
    except TooShort as short:
        problem = say(short.slug)
    names = lens.names(session, short=True)
    columns = lens.visible(lens.record.list)
    lens.preload(names, columns, found.rows)
    lens.seen(found.rows, columns)
    return {
        "title": lens.many,
        "record": lens.record,
        "headings": tuple(_headings(lens, asked, path)),
        "lines": tuple(_line(lens, row, columns, names) for row in found.rows),
        "count": counted(total),
        "problem": problem,
        "filters": tuple(_filters(lens, asked)),
        "chips": tuple(_chips(lens, asked, words, names, path)),
        "pairs": asked.pairs(),
        "kept": [pair for pair in asked.pairs() if pair[0] != "search"],
        "held": [pair for pair in asked.pairs() if pair[0] not in _selects(lens)],
        "path": path,
        "searchable": bool(_search_hint(lens)),
        "search_hint": _search_hint(lens),
        "before": asked.url(path, before=_key(lens, found.rows[0])) if found.before and found.rows else "",
        "after": asked.url(path, after=_key(lens, found.rows[-1])) if found.after and found.rows else "",
        "may_create": may_record(lens.live.schema, lens.actor, lens.key, "create"),
        "may_export": may_record(lens.live.schema, lens.actor, lens.key, "export"),
    }


def _total(lens: Lens, session: Session, asked: Asked, words: str, found: Page) -> int:
    """Returns how many rows there are; a list on a single page has been counted by reading it."""
    if asked.cursor is None and not found.after:
        return len(found.rows)
    return count(session, counted_rows(lens, session, asked, words))


def _columns(lens: Lens) -> list[Any]:
    needed = dict.fromkeys(lens.visible(lens.record.list))
    if lens.record.area:
        needed[lens.record.area] = None  # what is seen of a row depends on where it is
    return [lens.table.c.id, *(lens.column(name) for name in needed)]


def _key(lens: Lens, row: Row[Any]) -> int:
    return int(row._mapping[lens.table.c.id])


def counted(total: int) -> str:
    """Returns a count as people read it, "1.000+" for more than is counted."""
    return say("list-count-more", most=f"{COUNTED:,}".replace(",", ".")) if total > COUNTED else str(total)


def _headings(lens: Lens, asked: Asked, path: str) -> Iterator[Heading]:
    sortable = () if asked.search else lens.plain(lens.record.sort)
    for name in lens.visible(lens.record.list):
        turned = ""
        if asked.sort_field == name:
            turned = "descending" if asked.sort.startswith("-") else "ascending"
        yield Heading(
            label=lens.record.fields[name].label,
            url=asked.sorted_by(name).url(path) if name in sortable else "",
            turned=turned,
        )


def _line(lens: Lens, row: Row[Any], columns: tuple[str, ...], names: SessionNames) -> Line:
    here, key = lens.at(row), _key(lens, row)
    cells = (here.text(name, row._mapping[lens.column(name)], names) for name in columns)
    return Line(url=f"/data/{lens.key}/details/{key}", cells=tuple(cells), key=key)


def _selects(lens: Lens) -> set[str]:
    names = [*lens.record.filters, *([lens.record.area] if lens.record.area else [])]
    return {FILTER + name for name in names}


def _filters(lens: Lens, asked: Asked) -> Iterator[Filter]:
    area = lens.record.area
    for name in lens.plain(dict.fromkeys((*lens.record.filters, *((area,) if area else ())))):
        field, chosen = lens.record.fields[name], asked.filters.get(name, "")
        options = _area_options(lens, chosen) if name == area else field.options()
        if len(options) > 1 or chosen:
            yield Filter(name=FILTER + name, label=field.label, options=options, chosen=chosen)


def _area_options(lens: Lens, chosen: str) -> tuple[Option, ...]:
    """Returns all areas when they are few; else the way down to the chosen one and what lies in it."""
    codes = lens.areas("read")
    if len(codes) > MOST_AREAS:
        top = min(code.count(".") for code in codes)
        codes = tuple(code for code in codes if code.count(".") == top or _near(code, chosen))
    places = lens.live.places
    return tuple(
        Option(value=code, label=_area_label(places.kind(code), places.name(code), code)) for code in codes
    )


def _near(code: str, chosen: str) -> bool:
    """Tells whether an area is the chosen one, holds it, or lies directly in it."""
    if not chosen:
        return False
    return chosen == code or chosen.startswith(f"{code}.") or code.rpartition(".")[0] == chosen


def _area_label(kind: str, name: str, code: str) -> str:
    return "\u2003" * (code.count(".") - 2) + f"{kind} {name}"


def _chips(lens: Lens, asked: Asked, words: str | None, names: SessionNames, path: str) -> Iterator[Chip]:
    if words:
        plain = replace(asked, search="", cursor=None)
        yield Chip(text=say("list-searched", words=words), url=plain.url(path))
    for name, value in asked.filters.items():
        field = lens.record.fields[name]
        if FILTER + name not in _selects(lens) and isinstance(field, LinkField):
            title = names.record(field.to, int(value)) if value.isdigit() else value
            yield Chip(text=f"{field.label}: {title}", url=asked.without(name).url(path))


def _search_hint(lens: Lens) -> str:
    searched = (*number_fields(lens), *word_fields(lens))
    own = [lens.record.fields[name].label for name in lens.record.search if name in searched]
    return ", ".join([*own, *(other.record.fields[name].label for _, other, name in linked_numbers(lens))])
