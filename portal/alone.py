"""One process applies at a time: a lock that none waits for so long that readers behind it would notice."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import TypeVar

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.database import writing

PAUSES = (0.1, 0.3, 0.6, 1.0)
"""How many seconds to wait before trying again for a lock that another holds."""

_LOCK_WAIT = "2s"
_APPLYING = 7_210_310
"""The key of the advisory lock, any number that nothing else in the database uses."""
_BUSY = ("55P03", "40P01")
"""PostgreSQL's lock_not_available and deadlock_detected."""
_SQLITE_BUSY = 5
"""The lower byte of SQLite's codes for a lock that another connection holds."""

_Done = TypeVar("_Done")


class NotApplied(Exception):
    """Nothing was applied and the database is unchanged."""

    slug: str
    """The words that say why; `<slug>-hint` says what to do."""


class Busy(NotApplied):
    """Others held a lock for longer than we wait."""

    slug = "apply-busy"


def alone(engine: Engine, work: Callable[[Session], _Done]) -> _Done:
    """Runs work in a writing transaction while no other process applies; tries again when a lock is held."""
    for pause in (*PAUSES, None):
        try:
            with writing(engine) as session:
                if engine.dialect.name == "postgresql":
                    session.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'"))
                    session.execute(select(func.pg_advisory_xact_lock(_APPLYING)))
                return work(session)
        except OperationalError as error:
            if not _is_busy(error):
                raise
            if pause is None or engine.dialect.name == "sqlite":
                raise Busy from error
            sleep(pause)
    raise AssertionError("the last try returns or raises")


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return getattr(error.orig, "sqlstate", None) in _BUSY or code & 0xFF == _SQLITE_BUSY
