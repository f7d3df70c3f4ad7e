"""HTML becomes a PDF in one of a few warm processes: what takes too long or too much is stopped.

Letters that somebody waits for come first, batches in between. The printers start with the first letter, are
forked from one process that has set up the press, and end with the portal, as the sockets between them close.
"""

from __future__ import annotations

import atexit
import os
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.press import Printed, PrintRefused
from portal.pressroom.jobs import Job, Limits, Order, Outcome, PrintStopped
from portal.pressroom.room import Room

__all__ = ("Job", "Limits", "Outcome", "PrintStopped", "hire", "pdf", "pdf_many", "printers", "roll_pdf")

SECONDS = 60.0
"""How long one letter may take on the clock, once it is its turn."""
LIMITS = Limits()
MOST = 4
"""At most so many printers work where nobody says how many."""
AHEAD = 8
"""A batch has so many letters in the queue for each printer; more are taken as these are done."""


def _usual() -> int:
    return max(1, min(len(os.sched_getaffinity(0)), MOST))


_rooms = [Room(_usual())]


def hire(count: int) -> None:
    """Sets how many letters this process prints at once; 0 is as many as it has cores, at most four."""
    if (count or _usual()) != printers():
        _rooms[0].close()
        _rooms[0] = Room(count or _usual())


def printers() -> int:
    """Returns how many letters this process prints at once."""
    return _rooms[0].size


def pdf(
    html: str,
    *,
    assets: Path,
    attach: bytes | None = None,
    seconds: float = SECONDS,
    limits: Limits = LIMITS,
) -> Printed:
    """Prints as `press.pdf` does, with the same bytes, in a printer; before any batch.

    Raises:
        PrintRefused: the letter asks for a file it may not have.
        FileNotFoundError: the folder has no style sheet.
        PrintStopped: it took longer than `seconds` or more than its limits, or the printer broke.
    """
    return _single(Job(html=html, assets=assets, attach=attach), seconds, limits)


def roll_pdf(html: str, *, assets: Path, style: str, width: int, seconds: float = SECONDS) -> Printed:
    """Prints a slip as `press.roll_pdf` does, in a printer.

    Raises:
        PrintRefused: the slip asks for a file it may not have.
        PrintStopped: it took longer than `seconds` or more than its limits, or the printer broke.
    """
    return _single(Job(html=html, assets=assets, roll=(style, width)), seconds, LIMITS)


def _single(job: Job, seconds: float, limits: Limits) -> Printed:
    room = _rooms[0]
    outcome = room.order(Order(job=job, seconds=seconds, limits=limits), room.singles).outcome.result()
    if isinstance(outcome, Printed):
        return outcome
    raise outcome


def pdf_many(
    jobs: Iterable[Job], *, seconds: float = SECONDS, limits: Limits = LIMITS
) -> Iterator[Printed | PrintStopped | PrintRefused]:
    """Prints a batch on all printers and yields what came of each letter, in order; single letters overtake.

    A letter that cannot be printed is yielded as its error and stops nothing. Jobs are taken as they are
    needed; whoever closes the iterator gives up the letters that are not begun.
    """
    room = _rooms[0]
    waiting: deque[Order] = deque()
    try:
        for job in jobs:
            waiting.append(room.order(Order(job=job, seconds=seconds, limits=limits), room.batches))
            if len(waiting) >= AHEAD * room.size:
                yield _told(waiting.popleft().outcome.result())
        while waiting:
            yield _told(waiting.popleft().outcome.result())
    finally:
        for each in waiting:
            each.outcome.cancel()


def _told(outcome: Outcome) -> Printed | PrintStopped | PrintRefused:
    if isinstance(outcome, FileNotFoundError):
        return PrintRefused((str(outcome.filename),))
    return outcome


def _forked() -> None:
    _rooms[0].forget()
    _rooms[0] = Room(_rooms[0].size)


os.register_at_fork(after_in_child=_forked)
atexit.register(lambda: _rooms[0].close())
