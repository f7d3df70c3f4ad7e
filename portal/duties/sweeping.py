"""A database after an erasure -> its files hold nothing of it: index, freed pages, write-ahead log.

SQLite overwrites what is deleted (`secure_delete`); here the word indexes are merged, the file is written
anew and the log is cut to nothing. PostgreSQL frees rows by VACUUM; what its archive of the log keeps is the
operator's to let expire.
"""

from __future__ import annotations

import mmap
import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from portal.database import reading, writing
from portal.releases import latest_id, live, word_columns
from portal.search import tidy

TRIES = 5
PAUSE_SECONDS = 0.3
OURS = (
    *("case", "case_document", "case_pause", "task", "event", "issued_letter", "consent", "correction"),
    *("screening", "note", "photo"),
)


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What sweeping a database came to."""

    clean: bool
    """True when its files hold nothing of what was erased."""
    found: int = 0
    """How many of the numbers that were looked for are still in a file."""
    busy: bool = False
    """True when somebody read all the while, so that the log could not be cut: sweep again."""
    note: str = ""
    """The slug of what remains to be done elsewhere, for PostgreSQL."""


def sweep(engine: Engine, traces: Collection[str] = ()) -> Swept:
    """Makes sure that a database's files hold nothing of what was erased.

    Args:
        traces: numbers of the people erased, to be searched for; they are neither kept nor logged.
    """
    _merge_indexes(engine)
    if engine.dialect.name != "sqlite":
        return _sweep_postgresql(engine)
    file = engine.url.database
    if not file or file == ":memory:":
        return Swept(clean=True)
    busy = not _rewritten(engine)
    found = count_traces(files_of(Path(file)), traces)
    return Swept(clean=not busy and not found, found=found, busy=busy)


def _merge_indexes(engine: Engine) -> None:
    """Merges the word indexes: what was taken out of them stays in older parts until then."""
    with reading(engine) as session:
        number = latest_id(session)
        current = live(session, number) if number is not None else None
    if current is None:
        return
    tables = {**current.models.records, **current.models.withdrawn}
    with writing(engine) as session:
        for key, definition in current.schema.kept.records.items():
            if word_columns(definition):
                tidy(session.connection(), tables[key].__table__)


def _rewritten(engine: Engine) -> bool:
    """Writes the file anew and cuts its log; False when somebody reads all the while."""
    pooled = engine.raw_connection()
    try:
        connection = pooled.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError(type(connection))
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE_SECONDS)
            try:
                connection.execute("VACUUM")
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:
                continue
            if not busy:
                return True
        return False
    finally:
        pooled.close()


def _sweep_postgresql(engine: Engine) -> Swept:
    with reading(engine) as session:
        number = latest_id(session)
        tables = list(live(session, number).models.metadata.tables) if number is not None else []
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            names = ", ".join(f'"{name}"' for name in (*OURS, *sorted(tables)))
            connection.execute(text(f"VACUUM {names}"))
    except DBAPIError:
        return Swept(clean=False, note="sweep-not-owner")
    return Swept(clean=True, note="sweep-archive")


def files_of(database: Path) -> tuple[Path, ...]:
    """Returns the files of a SQLite database: itself, its log, its shared memory, its journal."""
    names = (database.name, *(f"{database.name}-{end}" for end in ("wal", "shm", "journal")))
    return tuple(file for name in names if (file := database.with_name(name)).exists())


def count_traces(files: Collection[Path], traces: Collection[str]) -> int:
    """Returns how many texts are found in the bytes of some files."""
    sought = [trace.encode() for trace in traces]
    return sum(any(_holds(file, each) for file in files) for each in sought)


def _holds(file: Path, sought: bytes) -> bool:
    if not file.stat().st_size:
        return False
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return held.find(sought) >= 0
