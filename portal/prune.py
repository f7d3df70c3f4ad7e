"""The withdrawn columns of a database: what each holds, and dropping one for good, as a Release of its own.

Withdrawing keeps everything; this is the separate, explicit act that does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Engine, LargeBinary, Select, case, cast, func, select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.backup import Backup, backup
from portal.changes import ColumnDropped
from portal.database import reading
from portal.fields import FieldType, LinkField
from portal.migrate import Applied, NotApplied, newest, republish
from portal.models import answer_column, answers_table, build, column_name, lists_of, record_table
from portal.plan import Plan
from portal.releases import sop_version
from portal.reshape import drop_column
from portal.schema import Schema, canonical
from portal.tables import Case


@dataclass(frozen=True, kw_only=True)
class Prunable:
    """One withdrawn column and what it holds."""

    name: str
    """What is typed to drop it: `resident.phone`, or `pbi.visit.income` for an answer."""
    label: str
    table: str
    column: str
    rows: int
    """Rows that hold a value."""
    size: int
    """Their values in bytes."""
    cases: int
    """Running cases that still use it; while there is one it stays."""
    fixed: bool
    """Whether this kind of database cannot drop it: a link, on SQLite."""


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What dropping a column left behind."""

    applied: Applied
    backup: Backup | None
    """What still has the values; None where the database is kept in memory."""


class NotPrunable(NotApplied):
    """The name is of no withdrawn column, or its column must stay."""

    slug = "prune-refused"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def prunable(engine: Engine) -> tuple[Prunable, ...]:
    """Returns every withdrawn column; only reads."""
    with reading(engine) as session:
        schema = newest(session)
        return tuple(_found(session, schema)) if schema else ()


def prune(engine: Engine, name: str, *, actor: Actor, now: datetime, reason: str = "") -> Pruned:
    """Drops one withdrawn column with its values after a backup, and publishes the Release again without it.

    Raises:
        NotPrunable: there is no such column, or a running case uses it, or the database cannot drop it.
        NotBackedUp: there is no backup that holds.
        Busy: another process holds a lock.
    """

    def work(session: Session, schema: Schema) -> tuple[Schema, Plan]:
        found = _droppable(session, schema, name)
        drop_column(session.connection(), found.table, found.column)
        change = ColumnDropped(name=name, label=found.label, held=found.rows)
        return _without(schema, name), Plan(changes=(change,), refused=(), digest="")

    with reading(engine) as session:
        _droppable(session, newest(session), name)
    kept = backup(engine, now)
    place = kept.place if kept else ""
    applied = republish(engine, work, actor=actor, now=now, reason=reason, backup=place)
    return Pruned(applied=applied, backup=kept)


def _droppable(session: Session, schema: Schema | None, name: str) -> Prunable:
    found = next((each for each in _found(session, schema) if each.name == name), None) if schema else None
    if found is None or found.cases or found.fixed:
        raise NotPrunable(name)
    return found


def _found(session: Session, schema: Schema) -> Iterator[Prunable]:
    tables = build(schema).metadata.tables
    on_sqlite = session.connection().dialect.name == "sqlite"
    for name, field, table, column in _columns(schema):
        here = tables[table].columns[column]
        rows, size = session.execute(_weight(here, on_sqlite=on_sqlite)).one()
        yield Prunable(
            name=name,
            label=field.label,
            table=table,
            column=column,
            rows=rows,
            size=size or 0,
            cases=_users(session, schema, name),
            fixed=on_sqlite and isinstance(field, LinkField),
        )


def _columns(schema: Schema) -> Iterator[tuple[str, FieldType, str, str]]:
    for record, fields in schema.past.fields.items():
        for key, field in fields.items():
            yield f"{record}.{key}", field, record_table(record), column_name(key)
    for sop, answers in schema.past.answers.items():
        for path, field in answers.items():
            step, _, key = path.partition(".")
            yield f"{sop}.{path}", field, answers_table(sop), answer_column(step, key)


def _weight(column: Column[object], *, on_sqlite: bool) -> Select[int, int]:
    size = func.length(cast(column, LargeBinary)) if on_sqlite else func.pg_column_size(column)
    return select(func.count(column), func.sum(case((column.is_not(None), size)))).select_from(column.table)


def _users(session: Session, schema: Schema, name: str) -> int:
    """Returns how many running cases follow a version that asks for a column or has a condition on it."""
    owner, _, path = name.partition(".")
    running = select(Case.sop_version_id, Case.sop, func.count()).where(Case.status == "open")
    used = 0
    for version, sop, cases in session.execute(running.group_by(Case.sop_version_id, Case.sop)):
        definition = sop_version(session, version)
        if "." in path:
            step, _, field = path.partition(".")
            asked = definition.steps.get(step)
            uses = sop == owner and asked is not None and field in asked.answer_fields(lists_of(schema))
        else:
            uses = owner == schema.subject() and f'"resident.{path}"' in canonical(definition)
        used += cases if uses else 0
    return used


def _without(schema: Schema, name: str) -> Schema:
    """Returns a Schema that has forgotten one withdrawn column."""
    owner, _, path = name.partition(".")
    data = json.loads(schema.canonical())
    groups = data["past"]["answers" if "." in path else "fields"]
    del groups[owner][path]
    if not groups[owner]:
        del groups[owner]
    return Schema.model_validate(data)
