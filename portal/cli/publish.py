"""`portal publish`: puts drafts of the studio in force whose time has come; a server asks for it by itself.

It runs in a process of its own: a Release is tried on a copy of everything, and the pages of the server stay
quick meanwhile.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from portal.cli import exits
from portal.cli.database import released
from portal.cli.output import complain, tell, working
from portal.cli.parser import Parser
from portal.settings import Settings
from portal.words import say

if TYPE_CHECKING:
    from sqlalchemy import Engine

SECONDS = 2.0
"""How often a server looks for drafts; one that is to hold at once is tried within that time."""
RESTED = 60.0
"""How many seconds it rests after a process that ended by itself, such as one that found no memory."""
_log = logging.getLogger("portal.publish")


def add(tree: Parser) -> None:
    """Adds `publish`."""
    tree.command("publish").set_defaults(run=_publish)


def _publish(typed: Namespace, settings: Settings) -> int:
    from portal.releasing import carry_out, due

    code = exits.OK
    with released(settings) as (engine, _):
        for key in due(engine, _now()):
            with working(say("command-applying")):
                done = carry_out(engine, key, _now(), settings.language)
            if done is None:
                continue
            if done.release_id is None:
                complain(say("publish-back", draft=key, why=done.problem))
                code = exits.REFUSED
            else:
                tell(say("publish-done", draft=key, release=done.release_id, moved=done.moved))
    return code


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def publishing(settings: Settings) -> Iterator[None]:
    """Has drafts put in force whose time has come, until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(settings, stop), name="publishing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def _watch(settings: Settings, stop: threading.Event) -> None:
    while not stop.wait(SECONDS):
        try:
            with released(settings) as (engine, _):
                _look(settings, stop, engine)
        except Exception as error:  # a database that is away for a while must not end the watch
            _log.error("publishing: %s", type(error).__name__)


def _look(settings: Settings, stop: threading.Event, engine: Engine) -> None:
    from portal.releasing import due

    while not stop.wait(SECONDS):
        if due(engine, _now()):
            _in_its_own_process(settings, stop)


def _in_its_own_process(settings: Settings, stop: threading.Event) -> None:
    known = {"PORTAL_DATABASE_URL": settings.database, "PORTAL_LANGUAGE": settings.language}
    child = subprocess.Popen(
        [sys.executable, "-m", "portal", "publish"],
        env={**os.environ, **known},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while child.poll() is None:
        if stop.wait(0.2):
            child.terminate()  # its transaction is undone, and the draft is taken up again later
            child.wait()
            return
    if child.returncode not in (exits.OK, exits.REFUSED):
        _log.error("publishing: exit code %s", child.returncode)
        stop.wait(RESTED)
