"""Database in use -> a verified, encrypted backup of one state of it.

What is sealed is opened again before the file gets its name: besides the office's keys, a key that exists in
memory only for as long as this takes is among the recipients. So the office's secret key stays away from the
machine, and still no backup counts that was not decrypted and looked through.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pyrage.x25519 import Identity
from sqlalchemy import Connection, Engine, func, inspect, select, table, text
from sqlalchemy.orm import Session

from portal import events, keys, private
from portal.archive import postgres
from portal.archive.base import DATABASE, ERASURES, EXTRA, SECRET, NotArchived, digest_of
from portal.archive.box import opened, seal
from portal.archive.keeping import name_of, tidy
from portal.archive.keys import recipients_of
from portal.archive.manifest import Manifest, Member
from portal.backup import FOLDER, copy, verify
from portal.database import engine_of, reading
from portal.migrate import VERSION
from portal.releases import latest_id
from portal.settings import Backups
from portal.tables import Release

_DERIVED = "_words"
"""How the tables of a word search are named, which are made from the rows again at any time."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A backup that was made and looked through."""

    file: Path
    manifest: Manifest
    removed: tuple[Path, ...] = ()
    """Older backups that it was time for."""


def stem_of(engine: Engine) -> str:
    """Returns what the backups of a database are called."""
    name = engine.url.database or "portal"
    stem = Path(name).stem if engine.dialect.name == "sqlite" else name
    return re.sub(r"[^A-Za-z0-9_.]+", "-", stem).strip("-") or "portal"


def folder_of(engine: Engine, keep: Backups) -> Path:
    """Returns where the backups of a database are kept."""
    if keep.folder is not None:
        return keep.folder
    source = engine.url.database
    beside = engine.dialect.name == "sqlite" and source and source != ":memory:"
    return Path(str(source)).parent / FOLDER if beside else Path("var") / FOLDER


def make(
    engine: Engine, keep: Backups, now: datetime, *, folder: Path | None = None, recipient: str = ""
) -> Made:
    """Makes a backup, looks through it, and removes those that need not stay.

    Args:
        folder: where to, when not where the settings say.
        recipient: to which public keys, when not those of the settings.

    Raises:
        NotArchived: there is no key to encrypt to, or the backup is not what the database holds.
        OSError: it cannot be written.
    """
    readers = recipients_of(recipient or keep.recipient)
    if not readers:
        raise NotArchived("archive-no-recipient")
    place, stem = private.folder(folder or folder_of(engine, keep)), stem_of(engine)
    once = Identity.generate()
    with _taken(engine, now) as (state, manifest):
        members = {DATABASE: state, **_extra(engine, keep.extra)}
        secret = _secret(engine)
        known = {
            name: Member(
                size=path.stat().st_size,
                digest=digest_of(path),
                place="" if name == DATABASE else str(path.resolve()),
                secret=path == secret,
            )
            for name, path in members.items()
        }
        manifest = Manifest(**{**vars(manifest), "members": known})
        with private.whole(place / name_of(stem, now)) as part:
            seal(part, members, manifest.text(), [*readers, once.to_public()])
            with opened(part, once, state.parent) as found:
                look_through(found.database, found.manifest)
    _bring_erasures(engine, place)
    return Made(file=place / name_of(stem, now), manifest=manifest, removed=tidy(place, stem, keep))


def _bring_erasures(engine: Engine, place: Path) -> None:
    """Puts the list of erasures beside the backups: who has those must have it as well."""
    source = folder_of(engine, Backups()) / ERASURES
    if source.is_file() and source.resolve() != (place / ERASURES).resolve():
        with private.whole(place / ERASURES) as part:
            shutil.copyfile(source, part)


def _extra(engine: Engine, wanted: Iterable[Path]) -> Mapping[str, Path]:
    """The other files that a restored office needs: the secret of the database, and what is told."""
    secret = _secret(engine)
    files = [*([secret] if secret else []), *wanted]
    return {f"{EXTRA}{place}": path for place, path in enumerate(dict.fromkeys(files))}


def _secret(engine: Engine) -> Path | None:
    """The file of the secret of a database."""
    file = keys.file_of(engine)
    return file if file is not None and file.is_file() else None


@contextmanager
def _taken(engine: Engine, now: datetime) -> Iterator[tuple[Path, Manifest]]:
    """Gives a copy of one state of the database in a private folder, and what it holds."""
    source = engine.url.database
    beside = Path(str(source)).parent if engine.dialect.name == "sqlite" else None
    with TemporaryDirectory(prefix="portal-", dir=beside) as made:
        state = Path(made) / "taken"
        if engine.dialect.name == "sqlite":
            try:
                copy(engine, state)
            except sqlite3.Error as error:
                raise NotArchived("archive-damaged", part="SQLite") from error
            if secret := _secret(engine):
                shutil.copyfile(secret, private.file(Path(f"{state}{SECRET}")))
            yield state, described(state, now)
        else:
            yield state, _dumped(engine, state, now)


def described(file: Path, now: datetime) -> Manifest:
    """Returns what a SQLite file holds; a secret beside it comes before any other.

    Raises:
        KeyMissing: that secret is none.
    """
    engine = engine_of(f"sqlite:///{file}")
    secret = Path(f"{file}{SECRET}")
    if secret.is_file():
        keys.use(engine, secret)
    try:
        with reading(engine) as session:
            return told(session, now)
    finally:
        engine.dispose()


def _dumped(engine: Engine, state: Path, now: datetime) -> Manifest:
    """Dumps what one snapshot sees, and counts in the same snapshot."""
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        connection.begin(),
        Session(bind=connection, autoflush=False) as session,
    ):
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        postgres.dump(engine.url, private.file(state), snapshot=snapshot, server=server_of(connection))
        return told(session, now)


def server_of(connection: Connection) -> int:
    """Returns the major version of a PostgreSQL server."""
    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000


def told(session: Session, now: datetime) -> Manifest:
    """Returns what the database of a session holds: Release, rows of each table, whether the chain holds.

    Raises:
        NotArchived: there is nothing in it.
    """
    connection = session.connection()
    counts = rows_of(connection)
    if Release.__tablename__ not in counts:
        raise NotArchived("archive-nothing")
    return Manifest(
        kind=connection.dialect.name,
        program=VERSION,
        release=latest_id(session) or 0,
        made_at=now,
        counts=counts,
        broken_at=events.broken(session),
    )


def rows_of(connection: Connection) -> dict[str, int]:
    """Returns how many rows each table has; what is derived from others is left out."""
    names = sorted(name for name in inspect(connection).get_table_names() if _DERIVED not in name)
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def look_through(database: Path, manifest: Manifest) -> None:
    """Fails unless what was laid out holds what its manifest says.

    Raises:
        NotArchived: it does not.
    """
    if manifest.kind == "sqlite":
        try:
            verify(database)
            found = described(database, manifest.made_at)
        except sqlite3.Error as error:
            raise NotArchived("archive-damaged", part="SQLite") from error
        same = (found.counts, found.broken_at) == (manifest.counts, manifest.broken_at)
    else:
        counted = postgres.counted(database)
        same = all(counted.get(name, 0) == rows for name, rows in manifest.counts.items())
    if not same:
        raise NotArchived("archive-differs")
