"""Engines and transactions: SQLite made safe by its settings, PostgreSQL as it is.

SQLite runs in WAL with `synchronous=FULL` (NORMAL loses acknowledged commits in a power cut) and foreign keys
on. The driver's own transaction handling is switched off: we say `BEGIN`, and `BEGIN IMMEDIATE` where the
transaction writes, so that DDL rolls back whole and two writers queue instead of failing half-way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from portal import private

BUSY_MS = 15_000
"""How long a SQLite writer waits for another one."""
_walls: list[bool] = []


class NoWall(RuntimeError):
    """A session is opened before `portal.wall` was imported, which stands before it."""


def wall_stands() -> None:
    """Notes that the wall is up: it stands below this module in the order of layers and calls from there."""
    _walls.append(True)


def _behind_the_wall() -> None:
    if not _walls:
        raise NoWall("import portal.wall")


def engine_of(url: str) -> Engine:
    """Returns an engine for a database URL; a SQLite file and its folder are made private."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql" and address.get_driver_name() != "psycopg":
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, pool_size=10, hide_parameters=True)
    if address.database and address.database != ":memory:":
        private.folder(Path(address.database).parent)
        if "uri" not in address.query:
            private.file(Path(address.database))
    engine = create_engine(address, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-65536",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _keep_private(connection)


def _keep_private(connection: Any) -> None:
    """Lets only the owner read the database and what stands beside it: identity, health and poverty."""
    for _, name, file in connection.execute("PRAGMA database_list").fetchall():
        if name == "main" and file:
            for end in ("", *private.BESIDE):
                private.keep(Path(f"{file}{end}"))


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Opens a session whose transaction writes; commits at the end, rolls back on any exception.

    What `session.info` holds under `before-commit` is called with the session at the end of the transaction,
    what it holds under `after-commit` once that is safe.
    """
    _behind_the_wall()
    with (
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
        Session(bind=connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session,
    ):
        yield session
        session.flush()
        for last in session.info.pop("before-commit", {}).values():
            last(session)
        committed = session.info
    for then in committed.pop("after-commit", {}).values():
        then()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Opens a session that only reads; closing it rolls back whatever it changed, and keeps what it read."""
    _behind_the_wall()
    with Session(bind=engine, expire_on_commit=False, autoflush=False) as session:
        yield session
