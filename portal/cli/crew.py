"""Several processes that serve from one door: each takes the next call, and one that ends is replaced."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from portal.cli import exits

PAUSE_SECONDS = 1.0
"""How long to wait before a process that ended at once is replaced."""
ENDS = (signal.SIGTERM, signal.SIGINT)


def share(count: int, serve: Callable[[], int]) -> int:
    """Runs a server in several processes until told to stop; returns an exit code.

    The processes are forked, so nothing may have started a thread yet, and no connection may be open.
    """
    crew: dict[int, float] = {}
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for process in list(crew):
            os.kill(process, signal.SIGTERM)

    before = {number: signal.signal(number, stop) for number in ENDS}
    try:
        while crew or not stopping:
            while len(crew) < count and not stopping:
                crew[_forked(serve, quiet=bool(crew))] = time.monotonic()
            ended, _ = os.wait()
            began = crew.pop(ended, 0.0)
            if not stopping and time.monotonic() - began < PAUSE_SECONDS:
                time.sleep(PAUSE_SECONDS)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return exits.OK


def _forked(serve: Callable[[], int], *, quiet: bool) -> int:
    """Forks a process that serves; only the first says where."""
    child = os.fork()
    if child:
        return child
    for number in ENDS:
        signal.signal(number, signal.SIG_DFL)
    code = exits.UNEXPECTED
    try:
        if quiet:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = serve()
    finally:
        os._exit(code)
