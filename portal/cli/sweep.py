"""`portal sweep`: rings the clocks that are due, once; and the same beside a server, every few minutes."""

from __future__ import annotations

import logging
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from portal.cli import exits
from portal.cli.database import released
from portal.cli.output import complain, tell
from portal.cli.parser import Parser
from portal.settings import Settings
from portal.words import say

FIRST_SECONDS = 5.0
"""How long after the start of a server its first sweep begins; whoever waits for pages goes first."""
_log = logging.getLogger("portal.sweep")


def add(tree: Parser) -> None:
    """Adds `sweep`."""
    tree.command("sweep").set_defaults(run=_sweep)


def _now() -> datetime:
    return datetime.now(UTC)


def _sweep(typed: Namespace, settings: Settings) -> int:
    from portal.sweep import sweep

    with released(settings) as (engine, _):
        found = sweep(engine, _now)
    if found.busy:
        tell(say("sweep-busy"))
        return exits.OK
    tell(say("sweep-done", rung=found.rung, settled=found.settled))
    if found.failed:
        complain(say("sweep-failed", count=len(found.failed), cases=", ".join(map(str, found.failed[:20]))))
        return exits.MISTAKES
    return exits.OK


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """Sweeps every few minutes until the block ends; of several processes the lease lets one at a time."""
    minutes = settings.sweep_minutes
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(settings, minutes * 60, stop), name="sweep", daemon=True)
    if minutes:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if minutes:
            thread.join(timeout=10)


def _watch(settings: Settings, seconds: float, stop: threading.Event) -> None:
    from portal.sweep import sweep

    wait = FIRST_SECONDS
    while not stop.wait(wait):
        wait = seconds
        try:
            with released(settings) as (engine, _):
                sweep(engine, _now)
        except Exception as error:  # a database that is away for a while must not end the watch
            _log.error("sweep: %s", type(error).__name__)
