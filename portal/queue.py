"""Keys of print jobs -> whichever worker is free, on this machine or another, through a queue in PostgreSQL.

procrastinate keeps the queue and works here and nowhere else. It holds nothing but keys: what is to be done,
and how far it is, stands in the rows of the jobs. So its tables, in a schema of their own, are made again
when the library has another version than they are of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued

SCHEMA = "portal_queue"
QUEUE, TASK = "letters", "print"
_LINE = 0x706F7274
"""The advisory lock of those who make the tables."""


class Queue:
    """The queue of one database."""

    def __init__(self, url: str) -> None:
        self.address = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._prepare()

    def put(self, job: int) -> None:
        """Adds the key of a job, unless it waits in the queue already."""
        connector = procrastinate.SyncPsycopgConnector(
            conninfo=self.address, kwargs=_OPTIONS, min_size=1, max_size=1
        )
        app = procrastinate.App(connector=connector)
        with app.open():
            task = app.configure_task(TASK, queue=QUEUE, queueing_lock=f"job-{job}", lock=f"job-{job}")
            with _unless_queued():
                task.defer(job=job)

    def work(self, carry_out: Callable[[int], object], *, wait: bool = True) -> None:
        """Carries out one job after another until the process is told to stop, or until none waits."""
        connector = procrastinate.PsycopgConnector(conninfo=self.address, kwargs=_OPTIONS, max_size=4)
        app = procrastinate.App(connector=connector)

        @app.task(name=TASK, queue=QUEUE)
        def carry(job: int) -> None:
            carry_out(job)

        app.run_worker(queues=[QUEUE], concurrency=1, wait=wait, delete_jobs="always")

    def _prepare(self) -> None:
        """Makes the tables of the queue, unless those of this version are there."""
        version = f"procrastinate {procrastinate.__version__}"
        with psycopg.connect(self.address, autocommit=False) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LINE,))
            found = connection.execute(
                "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", (SCHEMA,)
            ).fetchone()
            if found is not None and found[0] == version:
                return
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            connection.execute(f"CREATE SCHEMA {SCHEMA}")
            connection.execute(f"SET LOCAL search_path = {SCHEMA}")
            connection.execute(procrastinate.schema.SchemaManager.get_schema())
            connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{version}'")


_OPTIONS = {"options": f"-c search_path={SCHEMA}"}


@contextmanager
def _unless_queued() -> Iterator[None]:
    try:
        yield
    except AlreadyEnqueued:
        return
