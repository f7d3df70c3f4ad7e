"""From what is asked to the rows that answer it: scope, filters, search and order as index conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, union_all
from sqlalchemy.orm import Session

from portal import wall
from portal.access import within
from portal.admin.records.asked import Asked
from portal.admin.records.lens import Lens
from portal.admin.records.planner import aside
from portal.admin.records.rows import Rows, count
from portal.fields import AreaField, FieldType, LinkField, Unreadable, Value
from portal.releases import word_columns
from portal.search import SHORTEST, can_find, contains, rows_with, starts_with

FEWEST_DIGITS = 6
"""So many digits a search for a number needs: fewer stand at the head of half a district's NIKs."""
MOST_FOUND = 1_000
SMALL = 10_000
"""So many rows of an area are read faster than any other index is walked."""
FEW_FITTING = 30_000
"""So many rows of one answer are sorted faster than the order is walked in search of them."""
MOST_PARTS = 40
"""Up to so many areas are read as index ranges of their own; over more, rows are taken as they come."""
_DIGITS = re.compile(r"[\d\s.+-]*\d[\d\s.+-]*")


class TooShort(ValueError):
    """The words of a search are too short to look up; the slug says what is needed."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def rows_of(lens: Lens, session: Session, asked: Asked, words: str = "") -> Rows:
    """Returns the rows that a person is shown for what is asked.

    A small area is read by its own index and sorted, filtered and searched in memory; in a large one the
    index of the order, the filter or the search is walked, where rows of the area soon turn up.

    Raises:
        TooShort: the words cannot be looked up.
    """
    digits = _digits(lens, words)
    if digits:
        return _numbered(lens, session, asked, digits)
    names = _searched(lens, words) if words else ()
    by_area = not _links(lens, asked) and _is_small(lens, session, asked)
    if names and not by_area and session.get_bind().dialect.name == "sqlite":
        index = rows_with(lens.table, words).subquery()
        source = index.join(lens.table, index.c.rowid == lens.table.c.id)
        where = (lens.scope_aside, *_filters(lens, asked, by_area=False))
        return Rows(source=source, key=index.c.rowid, where=where)
    if asked.sort and not words:
        return _sorted(lens, session, asked, by_area=by_area)
    where = _where(lens, asked, by_area=by_area)
    if names:
        where = (*where, _holds(lens, session, names, words))
    plain = not words and not _narrowing(lens, asked)
    return _rows(lens, where, parts=_areas(lens, asked) if by_area or plain else ())


def counted_rows(lens: Lens, session: Session, asked: Asked, words: str = "") -> Rows:
    """Returns the same rows in no order, the way they are counted fastest.

    Raises:
        TooShort: the words cannot be looked up.
    """
    if words or _narrowing(lens, asked):
        return rows_of(lens, session, replace(asked, sort=""), words)
    return _rows(lens, _where(lens, asked, by_area=True))


def _narrowing(lens: Lens, asked: Asked) -> set[str]:
    """Returns the filters beside the one of the area."""
    return {name for name in asked.filters if name != lens.record.area}


def _links(lens: Lens, asked: Asked) -> bool:
    return any(isinstance(lens.record.fields[name], LinkField) for name in asked.filters)


def _sorted(lens: Lens, session: Session, asked: Asked, *, by_area: bool) -> Rows:
    """Returns rows in a declared order: few are sorted, of many the index of the order is walked."""
    few = by_area or _links(lens, asked) or _fit_few(lens, session, asked)
    column = lens.column(asked.sort_field)
    where = _where(lens, asked, by_area=by_area, walked=not few)
    down = asked.sort.startswith("-")
    return _rows(lens, where, sort=aside(column) if few else column, descending=down)


def _fit_few(lens: Lens, session: Session, asked: Asked) -> bool:
    """Tells whether some filter alone leaves few rows; counts on its index and stops early."""
    for name in _narrowing(lens, asked):
        fits = _condition(lens, name, asked.filters[name], indexed=True)
        with wall.unscoped("how often an answer is given decides which index is walked, and is not shown"):
            few = count(session, _rows(lens, (fits,)), FEW_FITTING) <= FEW_FITTING
        if few:
            return True
    return False


def _where(
    lens: Lens, asked: Asked, *, by_area: bool, walked: bool = False
) -> tuple[ColumnElement[bool], ...]:
    """Returns scope and filters, of which one keeps its index: the chosen area before the scope."""
    by_scope = by_area and lens.record.area not in asked.filters
    scope = lens.scope if by_scope else lens.scope_aside
    return (scope, *_filters(lens, asked, by_area=by_area, walked=walked))


def _rows(lens: Lens, where: tuple[ColumnElement[bool], ...], **more: Any) -> Rows:
    return Rows(source=lens.table, key=lens.table.c.id, where=where, **more)


def _is_small(lens: Lens, session: Session, asked: Asked) -> bool:
    """Tells whether the areas that a person sees, or chose, hold few rows; the count stops early."""
    if lens.area is None or (lens.granted("read") == ("",) and lens.record.area not in asked.filters):
        return False
    only = replace(asked, filters={k: v for k, v in asked.filters.items() if k == lens.record.area})
    return count(session, _rows(lens, _where(lens, only, by_area=True)), SMALL) <= SMALL


def _filters(
    lens: Lens, asked: Asked, *, by_area: bool, walked: bool = False
) -> Iterator[ColumnElement[bool]]:
    """Yields the conditions of the filters; the one that finds the rows keeps its index."""
    for name, text in asked.filters.items():
        finds = isinstance(lens.record.fields[name], LinkField) or (name == lens.record.area) == by_area
        yield _condition(lens, name, text, indexed=finds and not walked)


def _condition(lens: Lens, name: str, text: str, *, indexed: bool) -> ColumnElement[bool]:
    field, column = lens.record.fields[name], lens.column(name)
    looked_at = column if indexed else aside(column)
    try:
        value = field.read((text,))
    except Unreadable:
        return false()
    return within(looked_at, [str(value)]) if isinstance(field, AreaField) else looked_at == value


def _areas(lens: Lens, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Returns a condition for each area when they are few enough to be read in turn."""
    area = lens.area
    if area is None or lens.record.area is None:
        return ()
    codes = lens.areas("read", asked.filters.get(lens.record.area, ""))
    return tuple(area == code for code in codes) if 0 < len(codes) <= MOST_PARTS else ()


def _searched(lens: Lens, words: str) -> tuple[str, ...]:
    names = word_fields(lens)
    if not names or not can_find(words):
        raise TooShort("list-search-words" if names else "list-search-none")
    return names


def _holds(lens: Lens, session: Session, names: tuple[str, ...], words: str) -> ColumnElement[bool]:
    """Returns the condition that a row holds every word, without the word index on SQLite."""
    if session.get_bind().dialect.name != "sqlite":
        return contains(lens.table, word_columns(lens.record), words, "postgresql")
    long = [word for word in words.split() if len(word) >= SHORTEST]
    each = (or_(*(lens.column(name).icontains(word, autoescape=True) for name in names)) for word in long)
    return and_(*each)


def word_fields(lens: Lens) -> tuple[str, ...]:
    """Returns the fields whose words are searched: none when one of them is not for this person's eyes.

    The word index holds all of them together, so that a match would tell what a masked field says.
    """
    names = tuple(name for name in lens.record.search if lens.record.fields[name].search == "words")
    return names if lens.plain(names) == names else ()


def number_fields(lens: Lens) -> tuple[str, ...]:
    """Returns the fields that are found by the beginning of their number."""
    return lens.plain(name for name in lens.record.search if lens.record.fields[name].search == "exact")


def _digits(lens: Lens, words: str) -> str:
    """Returns the digits of a search for a number, empty for one for words."""
    if not words or not (number_fields(lens) or linked_numbers(lens)) or not _DIGITS.fullmatch(words):
        return ""
    digits = re.sub(r"\D", "", words)
    if len(digits) < FEWEST_DIGITS:
        raise TooShort("list-search-digits")
    return digits


def _numbered(lens: Lens, session: Session, asked: Asked, digits: str) -> Rows:
    """Returns the rows whose number begins with some digits; in a small area they are read one by one."""
    fields = [(lens.record.fields[name], lens.column(name)) for name in number_fields(lens)]
    linked = [column.in_(keys) for column, keys in _linked(lens, digits)]
    whole = any(_value(field, digits) is not None for field, _ in fields)
    if not whole and not linked and _is_small(lens, session, asked):
        fits = or_(*(_matches(field, aside(column), digits) for field, column in fields))
        return _rows(lens, (*_where(lens, asked, by_area=True), fits))
    some = (
        select(lens.table.c.id).where(condition, lens.scope_aside).limit(MOST_FOUND + 1)
        for condition in (*(_matches(field, column, digits) for field, column in fields), *linked)
    )
    found = lens.table.c.id.in_(union_all(*(select(each.subquery()) for each in some)))
    return _rows(lens, (*_where(lens, asked, by_area=False), found))


def _linked(lens: Lens, digits: str) -> Iterator[tuple[ColumnElement[Any], Select[Any]]]:
    """Yields column and keys for each number in full of a linked record: members by their family card."""
    for name, other, number in linked_numbers(lens):
        field = other.record.fields[number]
        if _value(field, digits) is not None:
            keys = select(other.table.c.id).where(
                _matches(field, other.column(number), digits), other.scope_aside
            )
            yield lens.column(name), keys


def linked_numbers(lens: Lens) -> tuple[tuple[str, Lens, str], ...]:
    """Returns the numbers of linked records by which a person finds a row: link, what it leads to, field."""
    links = ((name, lens.record.fields[name]) for name in lens.plain(lens.record.fields))
    others = [(name, lens.other(field.to)) for name, field in links if isinstance(field, LinkField)]
    return tuple(
        (name, other, number)
        for name, other in others
        if other.granted("read")
        for number in number_fields(other)
    )


def _value(field: FieldType, digits: str) -> Value:
    """Returns the number that some digits are in full, None when they are only its beginning."""
    try:
        return field.read((digits,))
    except Unreadable:
        return None


def _matches(field: FieldType, column: ColumnElement[Any], digits: str) -> ColumnElement[bool]:
    value = _value(field, digits)
    if value is not None:
        exact: ColumnElement[bool] = column == value
        return exact
    begins = field.sought(digits)
    return false() if begins is None else starts_with(column, begins)
