"""Row-level security on PostgreSQL: the second wall, by area, for whoever is not the owner of the tables.

A transaction's setting `portal.areas` names the areas of whoever acts; without it no row is there. The
owner, who migrates, backs up and restores, is not bound by it: the portal serves under a role of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, inspect, text

from portal.models import Models
from portal.schema import Schema
from portal.tables import Base
from portal.wall.known import CASE, EVENT, OF_CASES, area_column, called, kind_of, record_of

NAME = "portal_areas"
"""What every policy is called; its comment is the digest of its rule."""
_KNOWN = """SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE p.polname = :name AND n.nspname = current_schema()"""
# Each stands in a SELECT of its own, so that PostgreSQL works it out once and not for every row.
_SETTING = "current_setting('portal.areas', true)"
_AREAS = f"(SELECT string_to_array({_SETTING}, ','))::text[]"
_INSIDE = f"(SELECT string_to_array(replace({_SETTING}, ',', '.%,') || '.%', ','))::text[]"
_ANYBODY = f"(SELECT coalesce({_SETTING}, '') <> '')"
_EVERYWHERE = f"(SELECT coalesce({_SETTING}, '') = '*')"


def loosen(connection: Connection, schema: Schema, models: Models) -> None:
    """Drops the policies that a Schema changes, before its tables are reshaped: they hold on to columns."""
    for table, _, known in _differing(connection, schema, models):
        if known:
            connection.execute(text(f'DROP POLICY {NAME} ON "{table}"'))


def protect(connection: Connection, schema: Schema, models: Models) -> None:
    """Gives every table about people its policy; on SQLite there are none.

    A policy that is as it should be is left alone: to make one locks its table. Tables of withdrawn record
    types are shut.
    """
    for table, rule, known in _differing(connection, schema, models):
        drop = (f'DROP POLICY {NAME} ON "{table}"',) if known else ()
        for statement in (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            *drop,
            f'CREATE POLICY {NAME} ON "{table}" USING ({rule})',
            f"COMMENT ON POLICY {NAME} ON \"{table}\" IS '{_digest(rule)}'",
        ):
            connection.execute(text(statement))


def _differing(connection: Connection, schema: Schema, models: Models) -> tuple[tuple[str, str, bool], ...]:
    """Returns tables with the rule that they should have and whether they have another one."""
    if connection.dialect.name != "postgresql":
        return ()
    known: dict[str, str] = dict(connection.execute(text(_KNOWN), {"name": NAME}).all())
    tables = [
        each for each in inspect(connection).get_table_names() if kind_of(each) not in ("free", "words")
    ]
    rules = {table: _rule(schema, models, table) for table in tables}
    return tuple(
        (table, rule, table in known) for table, rule in rules.items() if known.get(table) != _digest(rule)
    )


def _digest(rule: str) -> str:
    return sha256(rule.encode()).hexdigest()


def _rule(schema: Schema, models: Models, table: str) -> str:
    kind = kind_of(table)
    if kind == "case":
        return _within("area")
    if kind == "offer":
        return f"({_within('from_area')}) OR ({_within('to_area')})"
    if kind == "part":
        return f'EXISTS (SELECT 1 FROM "{CASE}" WHERE "{CASE}".id = "{table}".case_id)'  # noqa: S608
    if kind == "paper":
        whole = f'EXISTS (SELECT 1 FROM "{CASE}" WHERE "{CASE}".id = "{table}".case_id)'  # noqa: S608
        about_case = "case_id" in Base.metadata.tables[table].columns
        return f"{whole} OR (case_id IS NULL AND ({_within('area')}))" if about_case else _within("area")
    if kind == "person":
        return _of_person(schema, models, table)
    if kind == "value":
        return f'EXISTS (SELECT 1 FROM "{EVENT}" WHERE "{EVENT}".id = "{table}".event_id)'  # noqa: S608
    if kind == "event":
        return " ".join(("CASE subject", *_about(schema, models), "ELSE true END"))
    record = record_of(schema, table)
    if record is None:
        return _EVERYWHERE
    area = area_column(schema, record)
    return _within(area) if area else _ANYBODY


def _of_person(schema: Schema, models: Models, table: str) -> str:
    """What belongs to a person is seen with their record, or with the case that it was kept for."""
    rows = models.records[schema.subject()].__table__.name
    whole = f'EXISTS (SELECT 1 FROM "{rows}" WHERE "{rows}".id = "{table}".resident_id)'  # noqa: S608
    if "case_id" not in Base.metadata.tables[table].columns:
        return whole
    return f'{whole} OR EXISTS (SELECT 1 FROM "{CASE}" WHERE "{CASE}".id = "{table}".case_id)'  # noqa: S608


def _within(column: str) -> str:
    """Everywhere, or in an area of the setting: its code, or that with a point behind it at the head."""
    return f'{_EVERYWHERE} OR "{column}" = ANY ({_AREAS}) OR "{column}" LIKE ANY ({_INSIDE})'


def _about(schema: Schema, models: Models) -> Iterator[str]:
    """What happened to a case or a record is seen with it: its own policy decides."""
    tables = dict.fromkeys(OF_CASES, CASE)
    for record, model in models.records.items():
        tables |= dict.fromkeys(called(schema, record), model.__table__.name)
    for subject, table in tables.items():
        found = f'EXISTS (SELECT 1 FROM "{table}" WHERE "{table}".id = "{EVENT}".subject_id)'  # noqa: S608
        # Key 0 stands for the whole list, such as of an export.
        yield f"WHEN '{subject}' THEN subject_id = 0 OR {found}"
    for record in models.withdrawn:
        yield f"WHEN '{record}' THEN {_EVERYWHERE}"
