"""A condition that the wall knows again: whoever has put the scope into a query does not get it twice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Boolean, ColumnElement, FromClause, TableClause, and_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from portal.access import Actor, case_scope, counted_scope, mine, record_scope, within
from portal.models import record_table
from portal.schema import Schema
from portal.tables import Case
from portal.wall.known import unmerged


class Mark(ColumnElement[bool]):
    """A condition with the names of the tables whose rows it keeps to what one actor may see."""

    __visit_name__ = "portal_mark"
    inherit_cache = True
    _traverse_internals = [
        ("element", InternalTraversal.dp_clauseelement),
        ("covers", InternalTraversal.dp_string_list),
    ]

    def __init__(
        self, element: ColumnElement[bool], covers: Sequence[str], *, actor: Actor | None = None
    ) -> None:
        self.element = element.self_group(against=operators.and_)
        self.covers = list(covers)
        self.actor = actor
        """Whose scope it is; None for a condition that the wall looks into."""
        self.type = Boolean()

    @property
    def _from_objects(self) -> list[FromClause]:
        return self.element._from_objects


@compiles(Mark)
def _as_its_condition(mark: Mark, compiler: SQLCompiler, **options: object) -> str:
    return str(compiler.process(mark.element, **options))


def cases(schema: Schema, actor: Actor, *joined: str) -> ColumnElement[bool]:
    """Returns the marked condition on the cases that an actor may see.

    Args:
        joined: tables joined to the case by its key, whose rows the condition therefore keeps as well.
    """
    return Mark(case_scope(schema, actor), ("case", *joined), actor=actor)


def own_cases(schema: Schema, actor: Actor) -> ColumnElement[bool]:
    """Returns the marked condition on the running cases in which an actor has, had or may take a task."""
    return Mark(mine(schema, actor), ("case",), actor=actor)


def counted_cases(schema: Schema, actor: Actor) -> ColumnElement[bool]:
    """Returns the marked condition on the cases of which an actor may know only how many there are."""
    return Mark(counted_scope(schema, actor), ("case",), actor=actor)


def rows(
    schema: Schema,
    actor: Actor,
    record: str,
    area: ColumnElement[str] | None,
    key: ColumnElement[int] | None = None,
) -> ColumnElement[bool]:
    """Returns the marked condition on the rows of a record type that an actor may see.

    Args:
        key: the key column of people, to leave out who was taken up into another record.
    """
    seen = record_scope(schema, actor, record, area)
    if key is not None and record == schema.subject():
        seen = and_(seen, unmerged(key))
    return Mark(seen, (record_table(record),), actor=actor)


def managed_cases(schema: Schema, actor: Actor, *joined: str) -> ColumnElement[bool]:
    """Returns the marked condition on the cases in whose areas an actor manages accounts.

    It is for who judges what was opened in an emergency: they are told the number of a case and nothing of
    what it says.
    """
    held = (granted for granted in actor.grants if granted.role in schema.roles)
    areas = [granted.area for granted in held if "accounts" in schema.roles[granted.role].may]
    return Mark(within(Case.area, [""] if actor.everything else areas), ("case", *joined), actor=actor)


def drawn(condition: ColumnElement[bool], source: FromClause) -> ColumnElement[bool]:
    """Returns a marked condition that keeps the rows of a table, or of a join, to keys drawn from it.

    The wall looks into it: the query that draws the keys must be scoped itself.
    """
    tables = (each for each in visitors.iterate(source) if isinstance(each, TableClause))
    return Mark(condition, sorted({each.name for each in tables}))
