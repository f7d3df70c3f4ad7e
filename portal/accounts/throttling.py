"""Guessing is slowed down: failures are counted per account, address and browser, waits double up to a limit.

The counts are in the database, so that several workers agree. An attempt is counted before it is looked at:
whoever sends a hundred at once gains nothing. Nobody is locked out for ever, and a browser from which
somebody got in before has a count of its own, which strangers cannot drive up (OWASP's device cookies).
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.tables import Attempts

FREE = {"account": 5, "browser": 5, "address": 30, "code": 5, "check": 30}
"""How many failures cost nothing; a whole office may share one address."""
FIRST = timedelta(seconds=15)
OF_ADDRESSES = ("address-", "check-")
"""How the keys of counts by address begin: one success takes back itself, not the failures before it."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=12)
"""After so long without an attempt the count begins anew."""


def counted_by(kind: str, what: str) -> str:
    """Returns the key under which attempts of a kind are counted; it does not tell the address or name."""
    said = hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()
    return f"{kind}-{said[:48]}"


def network(address: str) -> str:
    """Returns what attempts from an address are counted by: IPv6 hands each machine a whole /64."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else address


def wait_after(kind: str, failures: int) -> timedelta:
    """Returns how long the next attempt has to wait."""
    over = failures - FREE[kind]
    return timedelta(0) if over < 0 else min(FIRST * 2 ** min(over, 12), LONGEST_WAIT)


def begin(session: Session, keys: Iterable[str], now: datetime) -> tuple[datetime | None, bool]:
    """Counts an attempt, as a failure until `succeed` says otherwise.

    Returns:
        until when nothing is looked at (None when this attempt may go on), and whether a wait begins with it.
    """
    rows = [_row(session, key, now) for key in sorted(keys)]
    waits = [row.until for row in rows if row.until and now < row.until <= now + LONGEST_WAIT]
    if waits:
        return max(waits), False
    begins = [_count(row, now) for row in rows]
    return None, True in begins


def _count(row: Attempts, now: datetime) -> bool:
    """Adds one; tells whether the first wait begins."""
    kind = row.key.partition("-")[0]
    row.count = 1 if now - row.last_at > FORGOTTEN else row.count + 1
    row.last_at = now
    wait = wait_after(kind, row.count)
    row.until = now + wait if wait else None
    return row.count == FREE[kind]


def _row(session: Session, key: str, now: datetime) -> Attempts:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(Attempts).values(key=key, count=0, last_at=now)
    session.execute(fresh.on_conflict_do_nothing())
    known = select(Attempts).where(Attempts.key == key).with_for_update()
    return session.scalars(known.execution_options(populate_existing=True)).one()


def succeed(session: Session, keys: Iterable[str]) -> None:
    """Forgets the failures of an account or browser, and takes this attempt back from its address.

    An address keeps its other failures: who has one account must not guess at others without end.
    """
    for key in sorted(keys):
        if not key.startswith(OF_ADDRESSES):
            session.execute(delete(Attempts).where(Attempts.key == key))
        elif (row := session.get(Attempts, key)) is not None:
            row.count, row.until = max(row.count - 1, 0), None


def sweep(session: Session, now: datetime) -> None:
    """Removes counts that have been forgotten."""
    session.execute(delete(Attempts).where(Attempts.last_at < now - FORGOTTEN))
