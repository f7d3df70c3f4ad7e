"""The database of one command: opened for as long as it lasts, and the Release that it serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, inspect, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from portal import events
from portal.audit import Keeper
from portal.cli import exits
from portal.cli.failure import Failure
from portal.database import engine_of, reading
from portal.releases import Live, latest_id, live
from portal.settings import Settings
from portal.tables import Release

KINDS = ("sqlite", "postgresql")


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """Opens the database of the settings and closes its connections at the end; a SQLite file is made."""
    engine = engine_of(address_of(settings).render_as_string(hide_password=False))
    events.watch(engine, Keeper(engine=engine))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def released(settings: Settings) -> Iterator[tuple[Engine, Live]]:
    """Opens a database that has a Release, and yields that as well; makes no file where there is none.

    Raises:
        Failure: nothing was applied yet; says what to run.
    """
    if is_missing(settings):
        raise Failure("command-no-release", database=shown(settings))
    with opened(settings) as engine:
        yield engine, _newest(engine, settings)


def address_of(settings: Settings) -> URL:
    """Returns the address of the database.

    Raises:
        Failure: it is none, or of a kind that the portal does not know.
    """
    try:
        address = make_url(settings.database)
    except (ArgumentError, ValueError) as error:
        raise Failure("command-database-malformed", code=exits.USAGE) from error
    if address.get_backend_name() not in KINDS:
        raise Failure("command-database-malformed", code=exits.USAGE)
    return address


def is_missing(settings: Settings) -> bool:
    """Tells whether the database is a SQLite file that is not there."""
    address = address_of(settings)
    file = address.database if address.get_backend_name() == "sqlite" else None
    return bool(file) and file != ":memory:" and not Path(str(file)).exists()


def shown(settings: Settings) -> str:
    """Returns the address of the database without its password."""
    return address_of(settings).render_as_string(hide_password=True)


def has_release(settings: Settings) -> bool:
    """Tells whether anything was applied to the database; makes no file where there is none."""
    if is_missing(settings):
        return False
    with opened(settings) as engine, reading(engine) as session:
        return _newest_id(session) is not None


def _newest(engine: Engine, settings: Settings) -> Live:
    with reading(engine) as session:
        newest = _newest_id(session)
        if newest is None:
            raise Failure("command-no-release", database=shown(settings))
        return live(session, newest)


def _newest_id(session: Session) -> int | None:
    there = inspect(session.connection()).has_table(Release.__tablename__)
    return latest_id(session) if there else None
