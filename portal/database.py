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
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.orm import Session

from portal import private
from portal.turns import Turns

BUSY_MS = 15_000
"""How long a SQLite writer waits for another one."""
AT_ONCE = 20
"""How many requests of one process work with the database at once; a connection is kept for each.

More would wait for the processor anyway, and whoever waits for a thread is served in the order of coming.
"""
_turns: WeakKeyDictionary[Engine, Turns] = WeakKeyDictionary()
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
        return create_engine(
            address, pool_pre_ping=True, pool_size=AT_ONCE, max_overflow=AT_ONCE, hide_parameters=True
        )
    kept: dict[str, int] = {}
    if address.database and address.database != ":memory:":
        private.folder(Path(address.database).parent)
        if "uri" not in address.query:
            private.file(Path(address.database))
        kept = {"pool_size": AT_ONCE, "max_overflow": AT_ONCE}
    engine = create_engine(address, hide_parameters=True, connect_args={"check_same_thread": False}, **kept)
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
        "cache_size=-16384",
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
        _in_turn(engine),
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
def _in_turn(engine: Engine) -> Iterator[None]:
    """Lets writers of this process into SQLite in the order of coming; its own way lets some overtake.

    A writer of another process is waited for as SQLite does it.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _turns.setdefault(engine, Turns()).turn(BUSY_MS / 1000):
        yield


def stand_in_line(session: Session, line: int) -> None:
    """Waits on PostgreSQL, until the transaction ends, behind everyone who came to this line before.

    Those who wait for a row that is changed again and again are overtaken; those in a line of advisory locks
    are not. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(line)))


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Opens a session that only reads; closing it rolls back whatever it changed, and keeps what it read."""
    _behind_the_wall()
    with Session(bind=engine, expire_on_commit=False, autoflush=False) as session:
        yield session
