"""Two Schemas -> the tables of the second from those of the first by Alembic operations; no row is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    Column,
    Connection,
    Constraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    bindparam,
    select,
    update,
)
from sqlalchemy import column as plain_column
from sqlalchemy import table as plain_table
from sqlalchemy.orm import Session

from portal import search
from portal.conversions import convert, shape_of
from portal.fields import FieldType
from portal.models import LONGEST_NAME, Models, answers_table, build, column_name, record_table
from portal.plan.carry import known_fields
from portal.releases import word_columns
from portal.renames import Rename, declared, renamed
from portal.schema import Schema, canonical


def reshape(connection: Connection, before: Schema | None, after: Schema, models: Models) -> None:
    """Gives the database the tables, columns and indexes of a Schema that was carried from the one before.

    First everything that was renamed takes its new name, then tables and columns are added.
    """
    renames = declared(before, after) if before else ()
    named = renamed(before, renames) if before else None
    old = build(named).metadata.tables if named else {}
    context = MigrationContext.configure(connection, opts={"target_metadata": models.metadata})
    if before and renames:
        _rename(Operations(context), connection, before, renames, old)
    # create_all, and not an operation for each table: two new record types may point at each other.
    fresh = [table for name, table in models.metadata.tables.items() if name not in old]
    models.metadata.create_all(connection, tables=fresh, checkfirst=False)
    retyped = dict(_retyped(named, after)) if named else {}
    for name, table in models.metadata.tables.items():
        if name in old:
            _alter(Operations(context), old[name], table, retyped.get(name, {}))
    touched = {each.kind.removeprefix("fields.") for each in renames} | {each.key for each in renames}
    touched |= {key for key in after.records if retyped.get(record_table(key))}
    for key, record in after.records.items():
        known = named.kept.records.get(key) if named else None
        if key in touched or word_columns(record) != (word_columns(known) if known else ()):
            search.build(connection, models.records[key].__table__, word_columns(record))


def _rename(
    operations: Operations,
    connection: Connection,
    before: Schema,
    renames: tuple[Rename, ...],
    named: Mapping[str, Table],
) -> None:
    """Renames tables and columns with all that carries their names: keys, indexes, sequences."""
    tables = build(before).metadata.tables
    new_names = {
        table_of(each.was): table_of(each.key)
        for each in renames
        for table_of in (_TABLES.get(each.kind),)
        if table_of is not None
    }
    for name, table in tables.items():
        target = named[new_names.get(name, name)]
        columns = [
            (old.name, new.name)
            for old, new in zip(table.columns, target.columns, strict=True)
            if old.name != new.name
        ]
        if name == target.name and not columns:
            continue
        search.drop(connection, table)
        _rename_table(operations, table, target, columns)


_TABLES: Mapping[str, Callable[[str], str]] = {"records": record_table, "sops": answers_table}


def _rename_table(
    operations: Operations, table: Table, target: Table, columns: list[tuple[str, str]]
) -> None:
    on_sqlite = operations.get_context().dialect.name == "sqlite"
    fresh = {_shape_of(index, dict(columns)): index for index in table.indexes}
    if on_sqlite:
        for index in table.indexes:
            operations.drop_index(str(index.name), table.name)
    else:
        for index in table.indexes:
            match = next(
                new for new in target.indexes if _shape_of(new, {}) == _shape_of(index, dict(columns))
            )
            if index.name != match.name:
                operations.execute(f'ALTER INDEX "{index.name}" RENAME TO "{match.name}"')
        _rename_constraints(operations, table, target)
    if table.name != target.name:
        operations.rename_table(table.name, target.name)
    for old, new in columns:
        operations.execute(f'ALTER TABLE "{target.name}" RENAME COLUMN "{old}" TO "{new}"')
    if on_sqlite:
        for index in target.indexes:
            if _shape_of(index, {}) in fresh:
                operations.create_index(
                    str(index.name), target.name, [c.name for c in index.columns], unique=bool(index.unique)
                )


def _shape_of(index: Index, new: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    return tuple(new.get(column.name, column.name) for column in index.columns), bool(index.unique)


def _rename_constraints(operations: Operations, table: Table, target: Table) -> None:
    """Renames keys on PostgreSQL, which finds them by name; their order is that of the columns."""
    named = operations.get_context().dialect.identifier_preparer.format_constraint
    pairs: list[tuple[Constraint, Constraint]] = [(table.primary_key, target.primary_key)]
    for old, new in zip(table.columns, target.columns, strict=True):
        pairs += list(zip(_keys_of(table, old), _keys_of(target, new), strict=True))
    for before, after in pairs:
        names = named(before), named(after)
        if names[0] != names[1]:
            operations.execute(f'ALTER TABLE "{table.name}" RENAME CONSTRAINT {names[0]} TO {names[1]}')
    if table.name != target.name and "id" in table.columns:
        operations.execute(f'ALTER SEQUENCE "{table.name}_id_seq" RENAME TO "{target.name}_id_seq"')


def _keys_of(table: Table, column: Column[Any]) -> list[ForeignKeyConstraint]:
    return [key for key in table.foreign_key_constraints if column.name in key.column_keys]


Pair = tuple[FieldType, FieldType]


def _retyped(named: Schema, after: Schema) -> Iterator[tuple[str, dict[str, Pair]]]:
    """Yields the fields of another kind by table and column, as they were and as they are."""
    for key, record in after.records.items():
        old = known_fields(named, key)
        pairs: dict[str, Pair] = {
            column_name(path): (old[path], field)
            for path, field in record.fields.items()
            if path in old and shape_of(old[path]) != shape_of(field)
        }
        if pairs:
            yield record_table(key), pairs


def _alter(operations: Operations, old: Table, new: Table, retyped: Mapping[str, Pair]) -> None:
    on_sqlite = operations.get_context().dialect.name == "sqlite"
    before, after = ({str(index.name): index for index in table.indexes} for table in (old, new))
    turned = {name for name, index in before.items() if retyped.keys() & {c.name for c in index.columns}}
    for name in sorted((set(before) - set(after)) | turned):
        operations.drop_index(name, new.name)
    for name, pair in retyped.items():
        _convert(operations, old, new.columns[name], pair)
    for column in new.columns:
        if column.name not in old.columns:
            # SQLite takes a foreign key only inside ADD COLUMN; elsewhere it gets its name as a constraint.
            operations.add_column(new.name, _detached(column), inline_references=on_sqlite)
    for name in sorted(set(after) - (set(before) - turned)):
        columns = [column.name for column in after[name].columns]
        operations.create_index(name, new.name, columns, unique=bool(after[name].unique))


def _convert(operations: Operations, old: Table, column: Column[Any], pair: Pair) -> None:
    """Gives a column its other type and each row its value in it, by way of a column beside it."""
    connection, was = operations.get_bind(), old.columns[column.name]
    search.drop(connection, old)
    aside = f"{LEAVING}{column.name}"[:LONGEST_NAME]
    operations.execute(f'ALTER TABLE "{old.name}" RENAME COLUMN "{column.name}" TO "{aside}"')
    operations.add_column(old.name, Column(column.name, column.type, nullable=True))
    typed = {aside: was.type, column.name: column.type}
    here = plain_table(
        old.name, plain_column("id"), *(plain_column(name, kind) for name, kind in typed.items())
    )
    last = 0
    while rows := connection.execute(
        select(here.c.id, here.c[aside])
        .where(here.c.id > last, here.c[aside].is_not(None))
        .order_by(here.c.id)
        .limit(BATCH)
    ).all():
        made = [{"key": key, "made": convert(pair[0].stored(value), *pair)} for key, value in rows]
        value = bindparam("made", type_=column.type)
        connection.execute(
            update(here).where(here.c.id == bindparam("key")).values({column.name: value}), made
        )
        last = rows[-1].id
    operations.drop_column(old.name, aside)


def drop_column(connection: Connection, table: str, column: str) -> None:
    """Drops a column with its values; no index and no rule names a withdrawn one."""
    Operations(MigrationContext.configure(connection)).drop_column(table, column)


LEAVING = "leaving__"
"""What a column is called while its values pass into another type; no field can be called so."""
BATCH = 1000


def _detached(column: Column[Any]) -> Column[Any]:
    """Returns a column of no table; a plain copy would leave its foreign key behind."""
    keys = [ForeignKey(key.target_fullname) for key in column.foreign_keys]
    return Column(column.name, column.type, *keys, nullable=column.nullable)


def write_references(session: Session, schema: Schema, models: Models) -> None:
    """Writes one row for each programme and destination, for lists and joins by SQL."""
    programs = ((key, each, each.sector, each.status) for key, each in schema.programs.items())
    _upsert(session, models.programs.__table__, programs)
    places = ((key, each, " ".join(each.takes), "active") for key, each in schema.destinations.items())
    _upsert(session, models.destinations.__table__, places)


def _upsert(session: Session, table: Table, entries: Iterator[tuple[str, Any, str, str]]) -> None:
    known = {row.id: row._asdict() for row in session.execute(select(table))}
    kept = set()
    for position, (key, entry, sectors, status) in enumerate(entries, start=1):
        row = {
            "id": key,
            "position": position,
            "label": entry.label[:300],
            "sectors": sectors[:400],
            "status": status,
            "definition": canonical(entry),
        }
        kept.add(key)
        if key not in known:
            session.execute(table.insert().values(row))
        elif known[key] != row:
            session.execute(table.update().where(table.c.id == key).values(row))
    gone = table.c.id.not_in(list(kept)) & (table.c.status != "ended")
    session.execute(table.update().where(gone).values(status="ended"))
