"""A statement -> the same with its scope, or a refusal: no query passes that nobody has scoped.

A query is looked at level by level, as its subqueries are written. At each level every table that is about
people must be kept by a marked condition; on the outermost level the wall adds what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Alias,
    BinaryExpression,
    BindParameter,
    Column,
    ColumnClause,
    CompoundSelect,
    Delete,
    Executable,
    FromClause,
    Insert,
    Select,
    TableClause,
    TextClause,
    Update,
)
from sqlalchemy.sql.elements import BooleanClauseList, ClauseElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import and_, eq, in_op
from sqlalchemy.sql.selectable import AliasedReturnsRows, SelectBase, Subquery

from portal.wall.known import EVENT, OF_CASES, WORDS, kind_of
from portal.wall.marks import Mark
from portal.wall.scope import SEEN, Held, scope
from portal.wall.standing import NoScope, Standing, Walled

_KNOWN = (Select, Update, Delete, Insert, CompoundSelect, FunctionElement)
NOTHING: Mapping[str, object] = {}
_QUERY = re.compile(r"\b(select|table|with|values)\b", re.IGNORECASE)


@dataclass(kw_only=True)
class _Level:
    """What one level of a query is made of."""

    tables: dict[str, FromClause] = field(default_factory=dict)
    """By the name under which they stand in the SQL."""
    covered: set[str] = field(default_factory=set)
    inside: list[SelectBase] = field(default_factory=list)
    """Subqueries in conditions and columns, which may name tables of this level."""
    beside: list[SelectBase] = field(default_factory=list)
    """Subqueries read as tables."""


def scoped(
    statement: Executable, now: Standing | None, held: Held, given: Mapping[str, object] = NOTHING
) -> Executable:
    """Returns a statement with the scope of whoever acts.

    Args:
        given: the parameters that come apart from the statement.

    Raises:
        NoScope: it is about people and nobody is known to act.
        Walled: it cannot be scoped, such as text or a subquery that names no scope.
    """
    if now is not None and now.everything:
        return statement
    if not isinstance(statement, _KNOWN):
        raise _unscoped(now, f"a {type(statement).__name__} holds whatever it likes")
    missing = _missing(statement, now)
    if missing and now is not None and isinstance(statement, Select | Update | Delete):
        conditions = tuple(_conditions(statement.whereclause))
        said = _said(conditions, given)
        missing = tuple(table for table in missing if not _of_seen(said, table.name, held))
    if not missing:
        return statement
    if now is None:
        raise NoScope(f"{', '.join(table.name for table in missing)}: nobody is known to act")
    if not isinstance(statement, Select | Update | Delete):
        raise Walled(f"{type(statement).__name__} on {', '.join(table.name for table in missing)}")
    about = frozenset(_about(statement.whereclause))
    return statement.where(
        *(Mark(scope(now, table, held, about), (table.name,), actor=now.actor) for table in missing)
    )


def mentions(statement: Executable) -> bool:
    """Tells whether a statement is about people; text and whatever cannot be looked into may be."""
    return not isinstance(statement, _KNOWN) or any(_named(statement))


def _said(
    conditions: tuple[BinaryExpression[Any], ...], given: Mapping[str, object]
) -> Mapping[tuple[str, str], object]:
    """Returns by table and column the one value that a query asks for."""
    return {
        (str(each.left.table.name), each.left.name): given.get(
            str(each.right.key), each.right.effective_value
        )
        for each in conditions
        if isinstance(each.left, Column)
    }


def _of_seen(said: Mapping[tuple[str, str], object], table: str, held: Held) -> bool:
    """Tells whether a query asks for one case that this session has read, or for what belongs to it."""
    kind, seen = kind_of(table), held.get(SEEN, ())
    if kind == "event":
        return said.get((table, "subject")) in OF_CASES and said.get((table, "subject_id")) in seen
    return (
        kind in ("case", "part", "paper") and said.get((table, "id" if kind == "case" else "case_id")) in seen
    )


def _conditions(where: ClauseElement | None) -> Iterator[BinaryExpression[Any]]:
    """Yields those of the conditions of a query that name one value of a column."""
    for each in _parts(where):
        if (
            isinstance(each, BinaryExpression)
            and each.operator is eq
            and isinstance(each.right, BindParameter)
        ):
            yield each


def _about(where: ClauseElement | None) -> Iterator[str]:
    """Yields what a query of events names as their subjects; none when it does not say."""
    for each in _parts(where):
        if (
            isinstance(each, BinaryExpression)
            and each.operator in (eq, in_op)
            and isinstance(each.left, Column)
            and (each.left.table.name, each.left.name) == (EVENT, "subject")
            and isinstance(each.right, BindParameter)
        ):
            said = each.right.effective_value
            yield from (said,) if isinstance(said, str) else map(str, said or ())


def _parts(where: ClauseElement | None) -> Sequence[ClauseElement | None]:
    if isinstance(where, BooleanClauseList) and where.operator is and_:
        return where.clauses
    return (where,)


def _unscoped(now: Standing | None, said: str) -> RuntimeError:
    return NoScope(f"{said}, and nobody is known to act") if now is None else Walled(said)


def _missing(statement: Any, now: Standing | None) -> tuple[TableClause, ...]:
    if isinstance(statement, CompoundSelect):
        for each in statement.selects:
            _check(each, frozenset(), now, frozenset())
        return ()
    level = _level(statement, now)
    if isinstance(statement, Update | Delete | Insert):
        _note(level, statement.table)
    bare = [table for name, table in level.tables.items() if name not in level.covered and _scoped(table)]
    for table in bare:
        if not isinstance(table, TableClause):
            raise _unscoped(now, f"an alias of {_name(table)} without its scope")
    covered = frozenset({*level.covered, *(_name(table) for table in bare)})
    _words(level, covered, now)
    _go_in(level, covered, now)
    return tuple(table for table in bare if isinstance(table, TableClause))


def _check(query: SelectBase, around: frozenset[str], now: Standing | None, covered: frozenset[str]) -> None:
    """Refuses a subquery that reads people's rows which neither it nor the query around it keeps."""
    if isinstance(query, CompoundSelect):
        for each in query.selects:
            _check(each, around, now, covered)
        return
    level = _level(query, now)
    own = set(level.tables) - around or set(level.tables)
    for name in sorted(own - level.covered):
        if _scoped(level.tables[name]):
            raise _unscoped(now, f"a subquery on {name} without its scope")
    covered |= level.covered
    _words(level, covered, now)
    _go_in(level, covered, now)


def _go_in(level: _Level, covered: frozenset[str], now: Standing | None) -> None:
    for query in level.inside:
        _check(query, frozenset(level.tables), now, covered)
    for query in level.beside:
        _check(query, frozenset(), now, covered)


def _words(level: _Level, covered: frozenset[str], now: Standing | None) -> None:
    """A word index is looked up only for rows that the same statement keeps."""
    for table in level.tables.values():
        name = _name(table)
        if kind_of(name) == "words" and name.removesuffix(WORDS) not in covered:
            raise _unscoped(now, f"{name} without the scope of its table")


def _level(query: ClauseElement, now: Standing | None) -> _Level:
    level, waiting = _Level(), list(query.get_children())
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mark):
            waiting += _mark(level, each, now)
        elif isinstance(each, SelectBase):
            level.inside.append(each)
        elif isinstance(each, AliasedReturnsRows | TableClause):
            _note(level, each)
        elif isinstance(each, TextClause):
            _plain(each.text, now)
        elif isinstance(each, ColumnClause):
            if each.is_literal:
                _plain(each.name, now)
            _note(level, each.table)
        else:
            waiting += each.get_children()
    return level


def _mark(level: _Level, mark: Mark, now: Standing | None) -> Iterator[ClauseElement]:
    if mark.actor is None:
        yield from mark.get_children()
    elif now is None or mark.actor != now.actor:
        raise _unscoped(now, f"a scope of {mark.actor.label!r}, who is not the one who acts")
    level.covered.update(mark.covers)


def _note(level: _Level, table: FromClause | None) -> None:
    if isinstance(table, AliasedReturnsRows):
        inner = table.element
        if isinstance(inner, SelectBase):
            if not any(inner is known for known in level.beside):
                level.beside.append(inner)
            level.tables.setdefault(f"anonymous {id(table)}", table)
        else:
            level.tables.setdefault(str(table.name), table)
    elif isinstance(table, TableClause):
        level.tables.setdefault(table.name, table)


def _name(table: FromClause) -> str:
    while isinstance(table, Alias):
        table = table.element
    return str(getattr(table, "name", ""))


def _scoped(table: FromClause) -> bool:
    return not isinstance(table, Subquery) and kind_of(_name(table)) not in ("free", "words")


def _plain(sql: str, now: Standing | None) -> None:
    if _QUERY.search(sql):
        raise _unscoped(now, "a piece of SQL that reads tables of its own")


def _named(statement: ClauseElement) -> Iterator[str]:
    seen: set[int] = set()
    waiting: list[Any] = [statement]
    if isinstance(statement, Update | Delete | Insert):
        waiting.append(statement.table)
    while waiting:
        each = waiting.pop()
        if id(each) in seen or each is None:
            continue
        seen.add(id(each))
        if isinstance(each, TableClause) and kind_of(each.name) != "free":
            yield each.name
        if isinstance(each, TextClause) and _QUERY.search(each.text):
            yield each.text
        if isinstance(each, ColumnClause):
            waiting.append(each.table)
        elif isinstance(each, AliasedReturnsRows):
            waiting.append(each.element)
        else:
            waiting += each.get_children()
