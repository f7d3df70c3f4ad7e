"""Issued letters -> their kept bytes, many at a time; no database connection is held while they print."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from portal import pressroom
from portal.access import SYSTEM
from portal.letters import job_of, keep_printed, pdf_of
from portal.press import PrintRefused
from portal.pressroom import Job, Outcome, PrintStopped
from portal.wall import acting

_log = logging.getLogger("portal.bulk")


def printed(engine: Engine, letters: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Prints letters and keeps them; yields each with what went wrong, empty for nothing.

    What needs no paper to be laid out comes last: it is printed already, was erased, or cannot be laid out.
    """
    asked: deque[int] = deque()
    rest: dict[int, str] = {}
    for outcome in pressroom.pdf_many(_jobs(engine, letters, asked, rest)):
        key = asked.popleft()
        yield key, _kept(engine, key, outcome)
    for key, problem in rest.items():
        yield key, problem or _kept_before(engine, key)


def _jobs(engine: Engine, letters: Sequence[int], asked: deque[int], rest: dict[int, str]) -> Iterator[Job]:
    """Yields what is to be laid out, with its letter in `asked`; the others go to `rest`, with why."""
    for key in letters:
        try:
            with acting(SYSTEM):
                job = job_of(engine, key)
        except OperationalError:
            raise
        except Exception as error:  # one bad letter never stops the others
            _log.error("letter %d: %s", key, type(error).__name__)
            rest[key] = "broken"
            continue
        if job is None:
            rest[key] = ""
            continue
        asked.append(key)
        yield job


def _kept_before(engine: Engine, key: int) -> str:
    try:
        with acting(SYSTEM):
            pdf_of(engine, key)
    except PrintStopped:
        return "print-stopped"
    return ""


def _kept(engine: Engine, key: int, outcome: Outcome) -> str:
    if isinstance(outcome, PrintRefused):
        return "print-refused"
    if isinstance(outcome, PrintStopped):
        return "print-stopped"
    if isinstance(outcome, FileNotFoundError):
        return "broken"
    try:
        with acting(SYSTEM):
            keep_printed(engine, key, outcome, original=True)
    except LookupError:
        return "erased"
    return ""
