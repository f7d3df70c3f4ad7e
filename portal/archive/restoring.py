"""File and key -> the database again: on a machine that has nothing, or with the one it had put aside."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyrage.x25519 import Identity
from sqlalchemy import URL, Engine, inspect, text

from portal import keys, private
from portal.archive import postgres
from portal.archive.base import DATABASE, SECRET, NotArchived, Opened, digest_of
from portal.archive.box import opened
from portal.archive.making import look_through, rows_of, server_of
from portal.archive.manifest import Manifest
from portal.database import engine_of
from portal.migrate import prepare
from portal.settings import from_environment


@dataclass(frozen=True, kw_only=True)
class Since:
    """Where to learn what was done after a backup."""

    backups: Path
    """The folder of the backup, in which the list of erasures stands."""
    before: str
    """The database before: a file, a schema of the same database, or empty when there was none."""
    now: datetime


Replay = Callable[[Engine, Since], int]
"""Does again in a restored database what was done after the backup; returns how much."""
REPLAYS: tuple[Replay, ...] = ()
"""What is done to a database before anybody sees it again: erasures that came after the backup."""


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A database that is there again."""

    manifest: Manifest
    aside: str = ""
    """Where the one before it is now: a file, or a schema of the same database."""
    beside: tuple[tuple[str, Path], ...] = ()
    """Other files of the backup: where they stood, and where they are now."""
    replayed: int = 0


def verify(file: Path, identity: Identity) -> Manifest:
    """Opens a backup, looks through it, and returns what it says of itself.

    Raises:
        NotArchived: it does not hold.
    """
    with opened(file, identity) as found:
        look_through(found.database, found.manifest)
        return found.manifest


def restore(
    file: Path,
    identity: Identity,
    url: URL,
    now: datetime,
    *,
    confirmed: str = "",
    replays: Sequence[Replay] | None = None,
    secret: Path | None = None,
    others: Path | None = None,
) -> Restored:
    """Puts a backup where a database is to be.

    Args:
        confirmed: the name of the database that is there already, typed by who wants it replaced.
        secret: where the secret of the evidence goes; without it beside a SQLite database, or where the
            settings name it.
        others: where other files of the backup go; beside a SQLite database, or in `var`, when not said.

    Raises:
        NotArchived: the backup does not hold, is of another kind of database, or one is there already.
        OSError: a file cannot be read or written.
    """
    kind = url.get_backend_name()
    beside = private.folder(Path(str(url.database)).parent) if kind == "sqlite" else None
    replays = REPLAYS if replays is None else replays
    with opened(file, identity, beside) as found:
        if found.manifest.kind != kind:
            raise NotArchived("archive-other-kind", kind=found.manifest.kind)
        look_through(found.database, found.manifest)
        put = _put_file if kind == "sqlite" else _put_rows
        wanted = _Wanted(
            url=url,
            now=now,
            confirmed=confirmed,
            replays=replays,
            secret=secret or (Path(f"{url.database}{SECRET}") if beside else from_environment().secret_file),
            others=others or beside or Path("var"),
        )
        return put(found, wanted)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What is to come of a backup."""

    url: URL
    now: datetime
    confirmed: str
    replays: Sequence[Replay]
    secret: Path | None
    others: Path

    @property
    def stamp(self) -> str:
        """The moment as a part of names."""
        return self.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _put_file(found: Opened, wanted: _Wanted) -> Restored:
    target, stamp = Path(str(wanted.url.database)), wanted.stamp
    _ask(target.exists(), target.name, wanted.confirmed)
    before = target.as_posix() if target.exists() else ""
    replayed = _finished(f"sqlite:///{found.database}", found, before, wanted)
    _fold(found.database)
    aside = _aside(target, stamp)
    private.sync(found.database)
    found.database.chmod(private.FILE)
    found.database.rename(target)
    kept = _beside(found, wanted)
    private.sync(target.parent)
    return Restored(manifest=found.manifest, aside=aside, beside=kept, replayed=replayed)


def _ask(there: bool, name: str, confirmed: str) -> None:
    if there and confirmed != name:
        raise NotArchived("archive-exists", name=name)


def _finished(address: str, found: Opened, before: str, wanted: _Wanted) -> int:
    """Brings the tables to this program's version and does again what came after the backup."""
    engine = engine_of(address)
    since = Since(backups=found.source.resolve().parent, before=before, now=wanted.now)
    try:
        if found.secret.is_file():
            keys.use(engine, found.secret)
        prepare(engine)
        return sum(replay(engine, since) for replay in wanted.replays)
    finally:
        engine.dispose()


def _fold(file: Path) -> None:
    """Puts everything of a SQLite database into its one file.

    Raises:
        NotArchived: another program has it open.
    """
    try:
        with closing(sqlite3.connect(file, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise NotArchived("archive-in-use", name=file.name) from error
    except sqlite3.DatabaseError:
        return  # what is no database any more is put aside as it is


def _aside(target: Path, stamp: str) -> str:
    if not target.exists():
        return ""
    _fold(target)
    aside = target.with_name(f"{target.name}.before-{stamp}")
    for end in ("", "-wal", "-shm"):
        there = Path(f"{target}{end}")
        if there.exists():
            there.rename(Path(f"{aside}{end}"))
    return aside.as_posix()


def _beside(found: Opened, wanted: _Wanted) -> tuple[tuple[str, Path], ...]:
    """Lays out the other files of a backup: the secret in its place, others in a folder of their own."""
    kept = []
    for name, member in found.manifest.members.items():
        if name == DATABASE:
            continue
        old = Path(member.place)
        if member.secret and wanted.secret is not None:
            place = wanted.secret
        else:
            place = private.folder(wanted.others / f"restored-{wanted.stamp}") / old.name
        if place.is_file() and digest_of(place) == member.digest:
            continue
        if place.exists():
            place.rename(place.with_name(f"{place.name}.before-{wanted.stamp}"))
        with private.whole(place) as part:
            shutil.copyfile(found.folder / name, part)
        kept.append((member.place, place))
    return tuple(kept)


def _put_rows(found: Opened, wanted: _Wanted) -> Restored:
    url, stamp = wanted.url, wanted.stamp
    address = url.render_as_string(hide_password=False)
    engine = engine_of(address)
    try:
        aside = _schema_aside(engine, f"before_{stamp.lower()}", str(url.database), wanted.confirmed)
        try:
            with engine.connect() as connection:
                server = server_of(connection)
            postgres.load(url, found.database, server)
            with engine.connect() as connection:
                if rows_of(connection) != found.manifest.counts:
                    raise NotArchived("archive-differs")
            replayed = _finished(address, found, aside, wanted)
        except BaseException:
            _schema_back(engine, aside)
            raise
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()
    kept = _beside(found, wanted)
    return Restored(manifest=found.manifest, aside=aside, beside=kept, replayed=replayed)


def _schema_aside(engine: Engine, aside: str, name: str, confirmed: str) -> str:
    """Renames the schema of the tables that are there; the extension of the word search stays usable."""
    with engine.begin() as connection:
        if not inspect(connection).get_table_names():
            return ""
        _ask(True, name, confirmed)
        schema = connection.scalar(text("SELECT current_schema()"))
        connection.execute(text(f'ALTER SCHEMA "{schema}" RENAME TO "{aside}"'))
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
        known = text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if connection.scalar(known):
            connection.execute(text(f'ALTER EXTENSION pg_trgm SET SCHEMA "{schema}"'))
    return aside


def _schema_back(engine: Engine, aside: str) -> None:
    if not aside:
        return
    with engine.begin() as connection:
        schema = connection.scalar(text("SELECT current_schema()"))
        connection.execute(text(f'ALTER EXTENSION pg_trgm SET SCHEMA "{aside}"'))
        connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        connection.execute(text(f'ALTER SCHEMA "{aside}" RENAME TO "{schema}"'))
