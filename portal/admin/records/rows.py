"""Pages of rows by keyset: any page of any list costs the same, as it starts at a row and not at a count.

A cursor is the key of the row beside the page; the value it is sorted by is looked up, so that no personal
data stands in an address. Rows without a value come last in either direction, in every database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from portal import wall

COUNTED = 1_000
"""How far a list counts."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A set of rows and their order."""

    source: FromClause
    key: ColumnElement[int]
    where: tuple[ColumnElement[bool], ...] = ()
    parts: tuple[ColumnElement[bool], ...] = ()
    """Disjoint conditions of which one holds, such as one for each village: each an index range."""
    sort: ColumnElement[Any] | None = None
    descending: bool = True

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Returns the query of some columns of all these rows, in no order."""
        return select(*columns).select_from(self.source).where(*self.where)

    @property
    def any_part(self) -> tuple[ColumnElement[bool], ...]:
        """The parts as one condition."""
        return (or_(*self.parts),) if self.parts else ()


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a page starts: beside the row of a key, going on or going back."""

    key: int
    back: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """The rows of a page and whether there are others before and after it."""

    rows: tuple[Row[Any], ...]
    before: bool
    after: bool


@dataclass(frozen=True, kw_only=True)
class _Segment:
    where: tuple[ColumnElement[bool], ...]
    order: tuple[ColumnElement[Any], ...]


def page(
    session: Session, rows: Rows, columns: Sequence[ColumnElement[Any]], cursor: Cursor | None, size: int
) -> Page:
    """Returns a page of rows."""
    back = cursor is not None and cursor.back
    found: list[Row[Any]] = []
    for segment in _segments(session, rows, cursor, rows.descending != back):
        found += session.execute(_query(rows, columns, segment, size + 1 - len(found)))
        if len(found) > size:
            break
    more = len(found) > size
    kept = tuple(found[:size])
    if back:
        return Page(rows=kept[::-1], before=more, after=True)
    return Page(rows=kept, before=cursor is not None, after=more)


def _query(rows: Rows, columns: Sequence[ColumnElement[Any]], segment: _Segment, limit: int) -> Select[Any]:
    if rows.parts and rows.sort is None:
        keys = union_all(
            *(
                select(
                    rows.select(rows.key)
                    .where(part, *segment.where)
                    .order_by(*segment.order)
                    .limit(limit)
                    .subquery()
                )
                for part in rows.parts
            )
        )
        drawn = wall.drawn(rows.key.in_(keys), rows.source)
        found = select(*columns).select_from(rows.source).where(drawn)
        return found.order_by(*segment.order).limit(limit)
    return rows.select(*columns).where(*rows.any_part, *segment.where).order_by(*segment.order).limit(limit)


def _segments(session: Session, rows: Rows, cursor: Cursor | None, down: bool) -> Iterator[_Segment]:
    """Yields the stretches of the order to be read in turn: rows with a value, rows without."""
    if rows.sort is None:
        beyond = () if cursor is None else (_beyond(rows.key, cursor.key, down),)
        yield _Segment(where=beyond, order=(_towards(rows.key, down),))
        return
    valued = _Segment(
        where=(rows.sort.is_not(None),), order=(_towards(rows.sort, down), _towards(rows.key, down))
    )
    empty = _Segment(where=(rows.sort.is_(None),), order=(_towards(rows.key, down),))
    order = (empty, valued) if cursor is not None and cursor.back else (valued, empty)
    if cursor is None:
        yield from order
        return
    value = session.scalar(select(rows.sort).select_from(rows.source).where(rows.key == cursor.key))
    start = empty if value is None else valued
    yield _Segment(where=(*start.where, _past(rows, value, cursor.key, down)), order=start.order)
    if start is order[0]:
        yield order[1]


def _past(rows: Rows, value: object, key: int, down: bool) -> ColumnElement[bool]:
    if value is None or rows.sort is None:
        return _beyond(rows.key, key, down)
    here, there = tuple_(rows.sort, rows.key), tuple_(literal(value, rows.sort.type), literal(key))
    return here < there if down else here > there


def _beyond(column: ColumnElement[Any], value: object, down: bool) -> ColumnElement[bool]:
    return column < value if down else column > value


def _towards(column: ColumnElement[Any], down: bool) -> ColumnElement[Any]:
    return column.desc() if down else column.asc()


def count(session: Session, rows: Rows, most: int = COUNTED) -> int:
    """Returns how many rows there are, `most` + 1 for more than that."""
    some = rows.select(literal(1)).where(*rows.any_part).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def batches(
    session: Session, rows: Rows, columns: Sequence[ColumnElement[Any]], size: int
) -> Iterator[tuple[Row[Any], ...]]:
    """Yields all rows in their order, some at a time."""
    cursor = None
    while True:
        found = page(session, rows, columns, cursor, size)
        if found.rows:
            yield found.rows
        if not found.after:
            return
        cursor = Cursor(key=found.rows[-1]._mapping[rows.key])
