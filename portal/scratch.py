"""Database -> a copy of it to try things on, which is gone afterwards and which no user ever meets.

On SQLite it is a file of its own. On PostgreSQL it is a schema of the same database, so that no other role
and no other server is needed: tables, rows, keys and indexes are copied from one snapshot, by reading alone.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from portal import keys, private
from portal.backup import FOLDER, STALE_SECONDS, copy
from portal.database import engine_of
from portal.migrate import Busy, NotApplied

PREFIX = "rehearsal-"
"""How the folders and, with an underscore, the schemas of copies are named."""
_ALONE = 7_210_311
"""The key of the advisory lock that the one copy of a PostgreSQL database is made under."""

_TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :source AND c.relkind = 'r' ORDER BY c.relname"""
_COLUMNS = """SELECT a.attname, a.atttypid = 'bytea'::regtype AND NOT a.attnotnull AS bytes
FROM pg_attribute a WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum"""
_SEQUENCES = """SELECT s.relname AS sequence, t.relname AS "table", a.attname AS "column"
FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a' AND d.classid = 'pg_class'::regclass
JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND n.nspname = :source ORDER BY s.relname"""
_CONSTRAINTS = """SELECT c.conname AS name, t.relname AS "table", pg_get_constraintdef(c.oid) AS rule
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = :source AND c.contype IN ('p', 'u', 'c', 'f')
ORDER BY array_position(ARRAY['p', 'u', 'c', 'f'], c.contype::text), c.conname"""
_INDEXES = """SELECT t.relname AS "table", pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = :source AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"""


class NoScratch(NotApplied):
    """The database lets nobody make a copy to rehearse on, so nothing was applied."""

    slug = "apply-no-scratch"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def scratch(engine: Engine, backup: Path | None = None) -> Iterator[Engine]:
    """Gives an engine on a copy of a database; the copy is removed afterwards.

    Args:
        backup: a SQLite file that holds the database already.

    Raises:
        NoScratch: the copy cannot be made.
        Busy: another copy is in use.
    """
    if engine.dialect.name == "postgresql":
        with _schema(engine) as copied:
            yield copied
    else:
        with _file(engine, backup) as copied:
            yield copied


@contextmanager
def _file(engine: Engine, backup: Path | None) -> Iterator[Engine]:
    source = engine.url.database
    place = Path(source).parent / FOLDER if source and source != ":memory:" else None
    try:
        if place is not None:
            private.folder(place)
            _sweep(place)
        folder = tempfile.TemporaryDirectory(prefix=PREFIX, dir=place)
    except OSError as error:
        raise NoScratch(str(error)) from error
    with folder:
        file = Path(folder.name) / "portal.db"
        try:
            shutil.copyfile(backup, file) if backup else copy(engine, file)
        except OSError as error:
            raise NoScratch(str(error)) from error
        copied = engine_of(f"sqlite:///{file}")
        keys.lend(engine, copied)
        try:
            yield copied
        finally:
            copied.dispose()


def _sweep(place: Path) -> None:
    """Removes what kills have left; a younger copy may belong to a rehearsal that is under way."""
    for left in place.glob(f"{PREFIX}*"):
        if left.stat().st_mtime < time.time() - STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _schema(engine: Engine) -> Iterator[Engine]:
    prefix = PREFIX.replace("-", "_")
    name = f"{prefix}{uuid4().hex[:12]}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        # One at a time: whatever carries the prefix under this lock was left by a kill.
        if not guard.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ALONE}):
            raise Busy
        try:
            like = f"{prefix.replace('_', chr(92) + '_')}%"
            left = guard.scalars(
                text("SELECT nspname FROM pg_namespace WHERE nspname LIKE :like"), {"like": like}
            )
            for old in left.all():
                guard.execute(text(f'DROP SCHEMA "{old}" CASCADE'))
            source = _fill(engine, name)
            url = engine.url.update_query_dict({"options": f"-csearch_path={name},{source}"}, append=True)
            copied = engine_of(url.render_as_string(hide_password=False))
            keys.lend(engine, copied)
            try:
                yield copied
            finally:
                copied.dispose()
        finally:
            guard.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))
            guard.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ALONE})


def _fill(engine: Engine, name: str) -> str:
    """Copies the tables of the engine's schema into a new one and returns the name of the old."""
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        connection.begin(),
    ):
        source = str(connection.scalar(text("SELECT current_schema()")))
        try:
            connection.execute(text(f'CREATE SCHEMA "{name}"'))
        except ProgrammingError as error:
            raise NoScratch(str(error.orig).splitlines()[0]) from error
        _copy(connection, source, name)
    return source


def _copy(connection: Connection, source: str, name: str) -> None:
    quote = connection.dialect.identifier_preparer.quote_identifier
    old, new = quote(source), quote(name)
    # Read before the path changes: names are then as short as the path allows, and fit the new place too.
    constraints = connection.execute(text(_CONSTRAINTS), {"source": source}).all()
    indexes = connection.execute(text(_INDEXES), {"source": source}).all()
    sequences = connection.execute(text(_SEQUENCES), {"source": source}).all()
    for table in connection.scalars(text(_TABLES), {"source": source}).all():
        here, there = f"{old}.{quote(table)}", f"{new}.{quote(table)}"
        connection.execute(text(f"CREATE TABLE {there} (LIKE {here} INCLUDING DEFAULTS INCLUDING STORAGE)"))
        rows = connection.execute(text(_COLUMNS), {"table": here}).all()
        # Printed letters are most of the bytes, and no page or letter is made from them.
        values = ", ".join("NULL" if row.bytes else quote(row.attname) for row in rows)
        names = ", ".join(quote(row.attname) for row in rows)
        connection.exec_driver_sql(f"INSERT INTO {there} ({names}) SELECT {values} FROM {here}")  # noqa: S608
    for each in sequences:
        _sequence(connection, (old, new), *(quote(part) for part in each))
    connection.exec_driver_sql(f"SET LOCAL search_path TO {new}, {old}")
    for each in constraints:
        add = f"ALTER TABLE {new}.{quote(each.table)} ADD CONSTRAINT {quote(each.name)} {each.rule}"
        connection.exec_driver_sql(add.replace("%", "%%"))
    for each in indexes:
        moved = re.sub(
            rf" ON (ONLY )?({re.escape(source)}|{re.escape(old)})\.", f" ON {new}.", each.definition, count=1
        )
        connection.exec_driver_sql(moved.replace("%", "%%"))


def _sequence(
    connection: Connection, places: tuple[str, str], sequence: str, table: str, column: str
) -> None:
    """Gives a key of the copy a counter of its own: keys that a rehearsal draws are not missed outside."""
    old, new = places
    connection.exec_driver_sql(f"CREATE SEQUENCE {new}.{sequence} OWNED BY {new}.{table}.{column}")
    state = f"SELECT last_value, is_called FROM {old}.{sequence}"  # noqa: S608
    value, called = connection.exec_driver_sql(state).one()
    connection.execute(
        text("SELECT setval(CAST(:name AS regclass), :value, :called)"),
        {"name": f"{new}.{sequence}", "value": value, "called": called},
    )
    connection.exec_driver_sql(
        f"ALTER TABLE {new}.{table} ALTER COLUMN {column} SET DEFAULT nextval('{new}.{sequence}')"
    )
