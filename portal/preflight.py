"""A plan and the database -> the same plan, with what the rows there are forbid refused and their keys.

Nothing is tried and rolled back: each change that depends on data is asked of the data first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from portal import changes
from portal.changes import Change, Row
from portal.conversions import convert, shape_of
from portal.fields import FieldType, Unreadable, Value
from portal.plan import Plan
from portal.plan.carry import known_fields
from portal.releases import sop_version
from portal.renames import Rename, columns_before, renamed
from portal.schema import Schema
from portal.steps import StepType
from portal.tables import Case, Task

MOST = 20
"""How many rows a refusal names."""
_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is examined: the Schema of the last Release and the one to be kept, with what is renamed."""

    before: Schema
    after: Schema
    renames: tuple[Rename, ...]

    @cached_property
    def columns(self) -> Mapping[tuple[str, str], Column[Any]]:
        """The columns that the database has, by the names that they are to have."""
        return columns_before(self.before, self.renames)

    @cached_property
    def named(self) -> Schema:
        """The Schema of the last Release in today's names."""
        return renamed(self.before, self.renames)


def examine(session: Session, plan: Plan, ground: Ground) -> Plan:
    """Returns a plan with its objections from the data."""
    found = [tuple(_judged(session, change, ground)) or (change,) for change in plan.changes]
    told = [change for judged in found for change in judged]
    return replace(
        plan,
        changes=tuple(change for change in told if not change.refused),
        refused=(*plan.refused, *(change for change in told if change.refused)),
    )


def _judged(session: Session, change: Change, ground: Ground) -> Iterator[Change]:
    """Yields what stands in the place of a change, nothing where it stays."""
    if isinstance(change, changes.FieldRetyped | changes.FieldMadeUnique):
        count, rows = _offending(session, change, ground)
        if count:
            place: dict[str, Any] = {"owner": change.owner, "path": change.path, "label": change.label}
            yield changes.RowsObject(section=change.section, **place, count=count, rows=rows)
    if isinstance(change, changes.EntryRemoved) and (cases := _held(session, change)):
        yield changes.EntryInUse(section=change.section, key=change.key, label=change.label, cases=cases)


def _offending(
    session: Session, change: changes.FieldRetyped | changes.FieldMadeUnique, ground: Ground
) -> tuple[int, tuple[Row, ...]]:
    """Returns how many rows hold what a field could not hold, and the first of them."""
    old = known_fields(ground.named, change.owner)[change.path]
    new = ground.after.records[change.owner].fields[change.path]
    column = ground.columns[change.table, change.column]
    if isinstance(change, changes.FieldMadeUnique) and shape_of(old) == shape_of(new):
        found = list(_repeated(session, column))
    elif isinstance(change, changes.FieldMadeUnique):
        # Two values that differ may read the same in the other kind; it is looked at with the kind.
        return 0, ()
    else:
        found = list(_unreadable(session, column, old, new))
    rows = tuple(Row(key=key, value=_shown(old, new, value)) for key, value in found[:MOST])
    return len(found), rows


def _repeated(session: Session, column: Column[Any]) -> Iterator[tuple[int, object]]:
    table = column.table
    twice = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
    yield from session.execute(select(table.c.id, column).where(column.in_(twice)).order_by(table.c.id)).all()


def _unreadable(
    session: Session, column: Column[Any], old: FieldType, new: FieldType
) -> Iterator[tuple[int, object]]:
    """Yields rows whose value does not pass, or that would hold one value twice where it is unique."""
    table, seen = column.table, dict[Value, int]()
    query = select(table.c.id, column).where(column.is_not(None)).order_by(table.c.id)
    for key, value in session.execute(query.execution_options(yield_per=_BATCH)):
        try:
            made = convert(old.stored(value), old, new)
        except Unreadable:
            yield key, value
            continue
        if new.unique and made is not None and seen.setdefault(made, key) != key:
            yield key, value


def _shown(old: FieldType, new: FieldType, value: object) -> str:
    stored = old.stored(value)
    return old.mask(stored) if old.sensitive or new.sensitive else old.show(stored)


def _held(session: Session, change: changes.EntryRemoved) -> int:
    """Returns how many running cases could not go on without an entry."""
    if change.section == "centres":
        query = select(func.count(Case.id)).where(Case.centre == change.key, Case.status == "open")
        return session.scalar(query) or 0
    if change.section not in ("roles", "records"):
        return 0
    waiting = select(Task.case_id).where(Task.status == "open", Task.role == change.key)
    held = set(session.scalars(waiting)) if change.section == "roles" else set()
    running = select(Case.sop_version_id, Case.id).where(Case.status == "open")
    for version, case in session.execute(running):
        if any(_needs(step, change) for step in sop_version(session, version).steps.values()):
            held.add(case)
    return len(held)


def _needs(step: StepType, change: changes.EntryRemoved) -> bool:
    named = step.role if change.section == "roles" else getattr(step, "record", None)
    return named == change.key
