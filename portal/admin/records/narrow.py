"""From what is asked to the rows that answer it: scope, filters, search and order as index conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, union_all
from sqlalchemy.orm import Session

from portal.access import within
from portal.admin.records.asked import Asked
from portal.admin.records.lens import Lens
from portal.admin.records.rows import Rows
from portal.fields import AreaField, FieldType, LinkField, PhoneField, Unreadable
from portal.models import column_name
from portal.releases import word_columns
from portal.search import can_find, contains, rows_with, starts_with

FEWEST_DIGITS = 6
"""So many digits a search for a number needs: fewer stand at the head of half a district's NIKs."""
MOST_FOUND = 1_000
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

    Raises:
        TooShort: the words cannot be looked up.
    """
    if words:
        return _found(lens, session, asked, words)
    key: ColumnElement[int] = lens.table.c.id
    where = (lens.scope, *_filters(lens, asked))
    sort = asked.sort_field
    if sort:
        hint = "" if _areas(lens, asked) else _by(lens, sort)
        return Rows(
            source=lens.table,
            key=key,
            where=where,
            sort=lens.column(sort),
            descending=asked.sort.startswith("-"),
            hinted=lens.table,
            hint=hint if _sweeps(lens, asked) else "",
        )
    by_index = next((name for name in asked.filters if name != lens.record.area), None)
    if by_index and isinstance(lens.record.fields[by_index], LinkField):
        hint = _by(lens, by_index)
        return Rows(source=lens.table, key=key, where=where, hinted=lens.table, hint=hint)
    parts = _areas(lens, asked)
    if parts:
        return Rows(source=lens.table, key=key, where=where, parts=parts)
    hint = _by(lens, by_index) if by_index else "NOT INDEXED"
    return Rows(source=lens.table, key=key, where=where, hinted=lens.table, hint=hint)


def _sweeps(lens: Lens, asked: Asked) -> bool:
    """Tells whether nothing narrows a sorted list, so that walking its order is the shortest way."""
    return not [name for name in asked.filters if name != lens.record.area]


def _by(lens: Lens, field: str) -> str:
    """Returns the hint that names the index of a field with the key, empty when it has none."""
    wanted = [column_name(field), "id"]
    for index in lens.table.indexes:
        if [column.name for column in index.columns] == wanted:
            return f'INDEXED BY "{index.name}"'
    return ""


def _filters(lens: Lens, asked: Asked) -> Iterator[ColumnElement[bool]]:
    for name, text in asked.filters.items():
        definition, column = lens.record.fields[name], lens.column(name)
        try:
            value = definition.read((text,))
        except Unreadable:
            yield false()
            continue
        yield within(column, [str(value)]) if isinstance(definition, AreaField) else column == value


def _areas(lens: Lens, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Returns a condition for each area when they are few enough to be read one by one."""
    area = lens.area
    if area is None or lens.record.area is None:
        return ()
    codes = lens.areas("read", asked.filters.get(lens.record.area, ""))
    return tuple(area == code for code in codes) if 0 < len(codes) <= MOST_PARTS else ()


def _found(lens: Lens, session: Session, asked: Asked, words: str) -> Rows:
    table = lens.table
    where = (lens.scope, *_filters(lens, asked))
    numbers = _numbers(lens, words)
    if numbers:
        keys = union_all(*_limited(lens, numbers))
        return Rows(
            source=table,
            key=table.c.id,
            where=(*where, table.c.id.in_(keys)),
            hinted=table,
            hint="NOT INDEXED",
        )
    names = word_fields(lens)
    if not names or not can_find(words):
        raise TooShort("list-search-words" if names else "list-search-none")
    if session.get_bind().dialect.name != "sqlite":
        fits = contains(table, word_columns(lens.record), words, "postgresql")
        return Rows(source=table, key=table.c.id, where=(*where, fits))
    index = rows_with(table, words).subquery()
    source = index.join(table, index.c.rowid == table.c.id)
    return Rows(source=source, key=index.c.rowid, where=where, hinted=table, hint="NOT INDEXED")


def word_fields(lens: Lens) -> tuple[str, ...]:
    """Returns the fields whose words are searched: none when one of them is not for this person's eyes.

    The word index holds all of them together, so that a match would tell what a masked field says.
    """
    names = tuple(name for name in lens.record.search if lens.record.fields[name].search == "words")
    return names if lens.plain(names) == names else ()


def number_fields(lens: Lens) -> tuple[str, ...]:
    """Returns the fields that are found by the beginning of their number."""
    return lens.plain(name for name in lens.record.search if lens.record.fields[name].search == "exact")


def _numbers(lens: Lens, words: str) -> list[ColumnElement[bool]]:
    fields = number_fields(lens)
    if not fields or not _DIGITS.fullmatch(words):
        return []
    digits = re.sub(r"\D", "", words)
    if len(digits) < FEWEST_DIGITS:
        raise TooShort("list-search-digits")
    return [_matches(lens.record.fields[name], lens.column(name), digits) for name in fields]


def _matches(field: FieldType, column: Any, digits: str) -> ColumnElement[bool]:
    try:
        whole = field.read((digits,))
    except Unreadable:
        start = f"+62{digits.removeprefix('62').lstrip('0')}" if isinstance(field, PhoneField) else digits
        return starts_with(column, start)
    exact: ColumnElement[bool] = column == whole
    return exact


def _limited(lens: Lens, conditions: list[ColumnElement[bool]]) -> Iterator[Select[Any]]:
    """Yields the keys that match each condition, so many at most that the rest stays cheap."""
    for condition in conditions:
        some = select(lens.table.c.id).where(condition, lens.scope).limit(MOST_FOUND + 1)
        yield select(some.subquery())
