"""What the parts of a print job share: how large and how old it may be, and whose it is at this moment."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import events
from portal.access import SYSTEM
from portal.database import writing
from portal.tables import PrintJob
from portal.wall import acting

MOST = 2000
"""So many letters one job has at most."""
NUMBERED = 25
"""So many numbers are drawn in one transaction; whoever writes meanwhile waits for it."""
REST_SECONDS = 0.12
"""How long others may write between two such transactions: SQLite asks again every tenth second."""
LEASE = timedelta(seconds=90)
"""After so long without a sign of its worker a job is taken over; one letter may take a minute."""
BEAT = timedelta(seconds=5)
"""How often a worker says that it is alive while it prints."""
KEPT = timedelta(days=7)
"""How long what was put together can be fetched; the letters themselves stay."""
REMEMBERED = timedelta(days=90)
"""How long a job can be looked at; its events stay as long as all others."""
OPEN = ("waiting", "running")
"""A job that a worker takes, or has taken."""


class Lost(Exception):
    """The job was cancelled, or another worker has taken it over; this one stops."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One worker's hold on one job."""

    engine: Engine
    job_id: int
    clock: Callable[[], datetime]
    rest: float = REST_SECONDS
    worker: str = field(default_factory=lambda: secrets.token_hex(16))

    @contextmanager
    def writing(self, *, told: bool = False) -> Iterator[tuple[Session, PrintJob]]:
        """Opens a transaction of the portal's own in which the job is still this worker's, and says so.

        Args:
            told: whether events are written in it; their chain is then held before anything else.

        Raises:
            Lost: the job is not this worker's any more.
        """
        with acting(SYSTEM), writing(self.engine) as session:
            if told:
                events.hold(session)
            job = locked(session, self.job_id)
            if job is None or job.status != "running" or job.worker != self.worker:
                raise Lost(self.job_id)
            job.seen_at = self.clock()
            yield session, job


def locked(session: Session, job_id: int) -> PrintJob | None:
    """Returns a job as it is now, locked until the transaction ends; None when there is none."""
    query = select(PrintJob).where(PrintJob.id == job_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()
