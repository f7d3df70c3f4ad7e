"""`portal work`: carries out print jobs from PostgreSQL's queue; a server carries them out or queues them.

Without a queue each `portal serve` prints by itself, in a thread that only coordinates. With one it only puts
the jobs into the queue, again and again until somebody has taken them: a lost message loses no job.
"""

from __future__ import annotations

import logging
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from portal.cli import exits
from portal.cli.database import address_of, opened, released
from portal.cli.failure import Failure
from portal.cli.output import tell
from portal.cli.parser import Parser
from portal.settings import Settings
from portal.words import say

if TYPE_CHECKING:
    from portal.queue import Queue

SECONDS = 1.0
"""How often a server looks for jobs; one that is asked for begins within that time."""
AGAIN = timedelta(seconds=30)
"""After so long a job that nobody has taken goes into the queue once more."""
_log = logging.getLogger("portal.bulk")
Clock = Callable[[], datetime]
Take = Callable[[Engine, int, Clock], object]


def add(tree: Parser) -> None:
    """Adds `work`."""
    tree.command("work").set_defaults(run=_work)


def _now() -> datetime:
    return datetime.now(UTC)


def _work(typed: Namespace, settings: Settings) -> int:
    if address_of(settings).get_backend_name() != "postgresql":
        raise Failure("work-sqlite", code=exits.USAGE)
    with released(settings) as (engine, _):
        queue = _queue(settings)
        tell(say("work-started"))
        with suppress(KeyboardInterrupt):
            queue.work(partial(_carry_out, engine, clock=_now))
    return exits.OK


def _carry_out(engine: Engine, job: int, clock: Clock) -> None:
    from portal.bulk import work

    work(engine, job, clock)


def _queue(settings: Settings) -> Queue:
    """Opens the queue of the settings' database.

    Raises:
        Failure: its library is not installed.
    """
    try:
        from portal.queue import Queue
    except ImportError as error:
        raise Failure("work-library") from error
    return Queue(address_of(settings).render_as_string(hide_password=False))


@contextmanager
def printing(settings: Settings, clock: Clock = _now) -> Iterator[None]:
    """Carries out print jobs, or puts them into the queue, until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(settings, stop, clock), name="printing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def _watch(settings: Settings, stop: threading.Event, clock: Clock) -> None:
    while not stop.wait(SECONDS):
        try:
            with opened(settings) as engine:
                take = _handing_on(settings) if settings.print_queue else _carry_out
                _look(engine, take, stop, clock)
        except Exception as error:  # a database that is away for a while must not end the watch
            _log.error("printing: %s", type(error).__name__)


def _look(engine: Engine, take: Take, stop: threading.Event, clock: Clock) -> None:
    from portal.bulk import waiting

    while not stop.wait(SECONDS):
        for job in waiting(engine, clock()):
            if stop.is_set():
                return
            take(engine, job, clock)


def _handing_on(settings: Settings) -> Take:
    queue, handed = _queue(settings), dict[int, datetime]()

    def hand_on(_engine: Engine, job: int, clock: Clock) -> None:
        if job not in handed or clock() - handed[job] >= AGAIN:
            queue.put(job)
            handed[job] = clock()

    return hand_on
