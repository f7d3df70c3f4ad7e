"""From any state of the YAML to any other: the tables are those of a fresh database, and no value is lost.

PORTAL_PAIRS says how many pairs each database is given, 2000 for the long run of a release; unless told it is
60 on SQLite and a dozen on PostgreSQL.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from schemas import pairs, some_rows
from shapes import create, emptied, rows, shape
from sqlalchemy import Engine, insert, select
from test_migrate import STAMPS, applied

from portal.changes import RowsObject
from portal.conversions import convert, shape_of
from portal.database import reading, writing
from portal.fields import FieldType, Value
from portal.migrate import Refused, planned
from portal.models import build, column_name
from portal.plan import carried
from portal.plan.carry import known_fields
from portal.renames import declared
from portal.schema import Schema

ON_SQLITE, ON_POSTGRESQL = (int(os.environ.get("PORTAL_PAIRS", usual)) for usual in ("60", "12"))
# Without shrinking: each example makes two databases.
SETTINGS = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def fill(engine: Engine, schema: Schema) -> None:
    models = build(schema)
    with writing(engine) as session:
        for key, record in schema.records.items():
            stamped = [
                {**{column_name(name): value for name, value in row.items()}, **STAMPS}
                for row in some_rows(record)
            ]
            session.execute(insert(models.records[key].__table__), stamped)


def held(engine: Engine, schema: Schema, record: str) -> dict[str, list[Value]]:
    """Returns the values of every column of a record type by field, withdrawn ones included."""
    models = build(schema)
    table = {**models.records, **models.withdrawn}[record].__table__
    with reading(engine) as session:
        found = session.execute(select(table).order_by(table.c.id)).all()
    return {
        key: [field.stored(row._mapping[table.c[column_name(key)]]) for row in found]
        for key, field in known_fields(schema, record).items()
    }


def expected(
    before: Schema, after: Schema, record: str, old: dict[str, list[Value]]
) -> dict[str, list[Value]]:
    """Returns what the fields of a record type hold after a change, as the table of types says."""
    names = {each.was: each.key for each in declared(before, after) if each.kind == f"fields.{record}"}
    origin = {each.key: each.was for each in declared(before, after) if each.kind == "records"}
    known = before.records[origin.get(record, record)].fields
    now = known_fields(after, record)
    pairs = {key: (known[key], now[names.get(key, key)]) for key in old}
    return {
        names.get(key, key): [each if same(*pairs[key]) else convert(each, *pairs[key]) for each in values]
        for key, values in old.items()
    }


def same(old: FieldType, new: FieldType) -> bool:
    return shape_of(old) == shape_of(new)


def compare(engine: Engine, folder: Path, pair: tuple[Schema, Schema]) -> None:
    before, after = pair
    migrated = emptied(engine, folder)
    applied(migrated, before)
    fill(migrated, before)
    was = {key: held(migrated, before, key) for key in before.records}
    untouched = rows(migrated)
    plan = planned(migrated, after, {"a.html": "<p>"})
    if plan.refused:
        event("rows object")
        assert all(isinstance(change, RowsObject) for change in plan.refused)
        with pytest.raises(Refused):
            applied(migrated, after)
        assert rows(migrated) == untouched
        return
    event("applied")
    applied(migrated, after)
    keep = carried(before, after)
    moved = {each.was: each.key for each in declared(before, after) if each.kind == "records"}
    for key, values in was.items():
        name = moved.get(key, key)
        found = held(migrated, keep, name)
        assert expected(before, keep, name, values).items() <= found.items()
    made = shape(migrated)
    fresh = emptied(migrated, folder)
    create(fresh, keep)
    assert made == shape(fresh)
    migrated.dispose()
    fresh.dispose()


@settings(SETTINGS, max_examples=ON_SQLITE)
@given(pair=pairs())
def test_migrated_is_fresh_on_sqlite(engine: Engine, tmp_path: Path, pair: tuple[Schema, Schema]) -> None:
    compare(engine, tmp_path, pair)
    for file in tmp_path.iterdir():
        if file.suffix == ".db" and file.name != "portal.db":
            file.unlink()


@pytest.mark.postgres
@settings(SETTINGS, max_examples=ON_POSTGRESQL)
@given(pair=pairs())
def test_migrated_is_fresh_on_postgresql(
    postgres_engine: Engine, tmp_path: Path, pair: tuple[Schema, Schema]
) -> None:
    compare(postgres_engine, tmp_path, pair)
