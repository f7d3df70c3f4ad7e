"""Database -> a verified copy of it before a Release is applied, or the point to which it can be restored.

SQLite is copied by `VACUUM INTO`, which reads one state of a database in use, into `backups/` beside it; a
plain copy of the file need not be one state. PostgreSQL has its own tools; what they need to know is noted.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from portal import private
from portal.database import reading
from portal.migrate import NotApplied
from portal.releases import latest_id
from portal.tables import Release
from portal.words import say

KEPT = 10
"""How many backups stay; the oldest go."""
FOLDER = "backups"
STALE_SECONDS = 3600
_NAME = re.compile(r".*-release-\d+-\d{8}T\d{6}Z(-\d+)?\.db")


class NotBackedUp(NotApplied):
    """There is no backup that holds, so nothing was applied."""

    slug = "apply-no-backup"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What a database can be restored from."""

    release_id: int
    """The Release that was in force."""
    file: Path | None = None
    """The copy of a SQLite database."""
    point: str = ""
    """The name or position of the restore point in PostgreSQL's log."""
    at: datetime

    @property
    def place(self) -> str:
        """The name of the file beside the database, or of the restore point: what a Release keeps of it."""
        return self.file.name if self.file else self.point

    def sentence(self) -> str:
        """Returns where it is and how to restore it, in the reader's language."""
        if self.file is not None:
            return say("backup-file", file=self.file.as_posix(), release=self.release_id)
        at = self.at.isoformat(timespec="seconds")
        return say("backup-point", point=self.point, at=at, release=self.release_id)


def backup(engine: Engine, now: datetime) -> Backup | None:
    """Makes a verified backup, None where there is nothing to lose yet.

    Raises:
        NotBackedUp: it cannot be written, or is not what the database holds.
    """
    if not inspect(engine).get_table_names():
        return None
    with reading(engine) as session:
        known = inspect(session.connection()).has_table(Release.__tablename__)
        release_id = (latest_id(session) or 0) if known else 0
    if engine.dialect.name == "postgresql":
        return Backup(release_id=release_id, point=_point(engine, release_id), at=now)
    source = engine.url.database
    if not source or source == ":memory:":
        return None
    file = _free(Path(source), release_id, now)
    try:
        copy(engine, file)
    except (OSError, sqlite3.Error) as error:
        raise NotBackedUp(str(error)) from error
    _tidy(file)
    return Backup(release_id=release_id, file=file, at=now)


def copy(engine: Engine, file: Path) -> None:
    """Copies a SQLite database in use into a file that only the owner reads, and verifies the copy.

    The file stands under its name once it is whole: what a kill leaves behind is called `*.part`.

    Raises:
        OSError: the file cannot be written.
        sqlite3.Error: the database cannot be read, or the copy does not hold.
    """
    with private.whole(file) as part:
        with _plain(engine) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        verify(part)


@contextmanager
def _plain(engine: Engine) -> Iterator[sqlite3.Connection]:
    """Gives the driver's own connection: VACUUM runs outside any transaction."""
    pooled = engine.raw_connection()
    try:
        connection = pooled.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError(type(connection))
        yield connection
    finally:
        pooled.close()


def verify(file: Path) -> None:
    """Looks through every page of a SQLite file.

    Raises:
        sqlite3.Error: it is none, or does not hold.
    """
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"]:
            raise sqlite3.DatabaseError(found[0] if found else "integrity_check")


def _free(source: Path, release_id: int, now: datetime) -> Path:
    """Returns a name that is not taken: `portal-release-3-20261102T021200Z.db`."""
    folder, stem = source.parent / FOLDER, source.stem
    base = f"{stem}-release-{release_id}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{base}{f'-{again}' if again else ''}.db" for again in range(1000))
    return next(file for name in names if not (file := folder / name).exists())


def _tidy(newest: Path) -> None:
    """Removes all but the last few backups of the same database, and what kills have left."""
    stem = newest.name.partition("-release-")[0]
    ours = [file for file in newest.parent.glob(f"{stem}-release-*.db") if _NAME.fullmatch(file.name)]
    ordered = sorted(ours, key=lambda file: (file.stat().st_mtime_ns, file.name))
    # A younger one may belong to an apply that is under way.
    stale = newest.stat().st_mtime - STALE_SECONDS
    left = [part for part in newest.parent.glob(f"{stem}-release-*.part") if part.stat().st_mtime < stale]
    for old in [*ordered[:-KEPT], *left]:
        with suppress(FileNotFoundError):
            old.unlink()


def _point(engine: Engine, release_id: int) -> str:
    """Names a restore point where the role may, else returns where the log stands now."""
    try:
        with engine.connect() as connection:
            name = f"portal-before-release-{release_id + 1}"
            place = connection.scalar(text("SELECT pg_create_restore_point(:name)"), {"name": name})
            return f"{name} ({place})"
    except ProgrammingError:
        pass  # only a superuser, or a role that was granted it, names one
    except DBAPIError:
        pass  # the server keeps no log for restoring (wal_level)
    try:
        with engine.connect() as connection:
            return str(connection.scalar(text("SELECT pg_current_wal_lsn()")))
    except DBAPIError as error:
        raise NotBackedUp(str(error.orig)) from error
