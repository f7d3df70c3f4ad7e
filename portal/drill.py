"""Backup, key -> the proof that an office could be restored from it: tried in a scratch place, then gone.

The database is put back, counted, compared with its Release, its chain is walked, and the portal is started
on it and asked for its pages; what it took is what a real restore will take.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from uuid import uuid4

from pyrage.x25519 import Identity
from sqlalchemy import URL, Engine, make_url, select, text
from sqlalchemy.exc import DBAPIError

from portal import keys, private
from portal.access import Actor, Granted
from portal.admin.walk import addresses, ask, site_for
from portal.archive import Manifest, NotArchived, opened, restore
from portal.database import engine_of, reading
from portal.drift import drift
from portal.duties.replay import after_restore
from portal.rehearsal import Fault, reason_of
from portal.releases import latest_id, live
from portal.tables import Case
from portal.words import say

NOTE = "last-drill.json"
"""What the last drill found, beside the backups."""
MOST_PAGES = 60


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """What a drill found."""

    manifest: Manifest
    pages: int
    seconds: float
    """How long it took until the portal answered."""
    faults: tuple[Fault, ...] = ()


def drill(file: Path, identity: Identity, server: URL, now: datetime) -> Drilled:
    """Restores a backup to a scratch place, tries it, and removes it.

    Args:
        server: on which PostgreSQL server a database may be made for as long as it lasts.

    Raises:
        NotArchived: the backup does not hold, or there is no place for it.
    """
    began = monotonic()
    with _place(file, identity, server) as (url, folder):
        secret = folder / "secret"
        restored = restore(file, identity, url, now, replays=(after_restore,), secret=secret, others=folder)
        engine = engine_of(url.render_as_string(hide_password=False))
        try:
            if secret.is_file():
                keys.use(engine, secret)
            faults = list(_looked_at(engine, restored.manifest))
            pages, failed = asyncio.run(_walked(engine, now))
        finally:
            engine.dispose()
    return Drilled(
        manifest=restored.manifest,
        pages=pages,
        seconds=monotonic() - began,
        faults=(*faults, *failed),
    )


def note(folder: Path, file: Path, done: Drilled, now: datetime) -> None:
    """Writes down beside the backups that a drill was held."""
    said = {"at": now.isoformat(), "file": file.name, "seconds": round(done.seconds, 1)}
    with suppress(OSError), private.whole(private.folder(folder) / NOTE) as part:
        part.write_text(json.dumps(said | {"faults": len(done.faults)}), "utf-8")


def last(folder: Path) -> datetime | None:
    """Returns when the last drill without a fault was held."""
    try:
        said = json.loads((folder / NOTE).read_text("utf-8"))
        return None if said["faults"] else datetime.fromisoformat(said["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _place(file: Path, identity: Identity, server: URL) -> Iterator[tuple[URL, Path]]:
    with TemporaryDirectory(prefix="portal-drill-") as folder:
        with opened(file, identity) as found:
            kind = found.manifest.kind
        if kind == "sqlite":
            yield make_url(f"sqlite:///{folder}/portal.db"), Path(folder)
            return
        if server.get_backend_name() != kind:
            raise NotArchived("archive-drill-server")
        with _database(server) as made:
            yield made, Path(folder)


@contextmanager
def _database(server: URL) -> Iterator[URL]:
    """Makes a database for a drill and drops it.

    Raises:
        NotArchived: the role may not make one.
    """
    name = f"drill_{uuid4().hex[:12]}"
    engine = engine_of(server.render_as_string(hide_password=False))
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
            except DBAPIError as error:
                reason = str(error.orig).splitlines()[0]
                raise NotArchived("archive-drill-database", reason=reason) from error
            try:
                yield server.set(database=name)
            finally:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()


def _looked_at(engine: Engine, manifest: Manifest) -> Iterator[Fault]:
    if manifest.broken_at is not None:
        yield Fault(place=say("drill-chain"), reason=say("drill-chain-broken", event=manifest.broken_at))
    for difference in drift(engine):
        yield Fault(place=say("drill-drift"), reason=difference.sentence())


async def _walked(engine: Engine, now: datetime) -> tuple[int, Sequence[Fault]]:
    """Starts the portal on a database and opens its pages; returns how many, and which did not open."""
    with reading(engine) as session:
        current = live(session, latest_id(session) or 0)
        everyone = tuple(Granted(role=role) for role in current.schema.roles)
        actor = Actor(account_id=None, label="portal", grants=everyone, everything=True)
        site = site_for(current, engine, actor, lambda: now)
        cases = session.scalars(select(Case.id).order_by(Case.id.desc()).limit(5)).all()
        waiting = [*addresses(site, session), *(f"/kasus/{key}" for key in cases)][:MOST_PAGES]
    faults = []
    for address in waiting:
        try:
            status = await ask(site, address)
        except Exception as error:
            faults.append(Fault(place=address, reason=reason_of(error)))
            continue
        if status >= 400:
            faults.append(Fault(place=address, reason=say("rehearsal-status", status=status)))
    return len(waiting), faults
