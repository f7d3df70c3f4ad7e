"""A warm process that forks printers for the portal; each prints letters one by one, within limits.

The first process sets up the press, prints a trial letter and forks; a printer shares that memory and starts
at once. Neither has secrets in its environment or opens a database; both end when the portal hangs up.
"""

from __future__ import annotations

import base64
import gc
import itertools
import math
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal import press
from portal.press import Printed, PrintRefused
from portal.pressroom.wire import NO_MEMORY, receive, send

COLLECTED = 10
"""After so many letters a printer clears away what they left, while nobody waits for it."""
_MESSAGE = 64
"""The bytes that a message between the portal and the first process has at most."""
_TRIAL = (
    "<!doctype html><html lang='id'><title>Surat</title><h1>Surat</h1><p>Halo <b>dunia</b> <i>raya</i></p>"
    "<table class='grid'><tr><th>Nama</th><td>Contoh</td></tr></table><ol><li>Satu</ol>"
    "<img alt='Kode' src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 2'%3E"
    "%3Cpath d='M0 0h1v1z'/%3E%3C/svg%3E\">"
)


def start(control: socket.socket, assets: Path) -> None:
    """Sets up the press and forks printers for the portal until it hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever stops the portal at its terminal stops us by that
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for folder in (assets, press.SHEET):
        with suppress(Exception):  # a broken style sheet is told to who prints with it
            press.pdf(_TRIAL, assets=folder)
    gc.collect()
    gc.freeze()
    printers: set[int] = set()
    try:
        while _heard(control, printers):
            pass
    finally:
        for printer in printers:
            os.kill(printer, signal.SIGKILL)


def _heard(control: socket.socket, printers: set[int]) -> bool:
    """Does one thing that the portal asks for: a printer on a socket, or the end of one."""
    said, rooms, _, _ = socket.recv_fds(control, _MESSAGE, 1)
    if not said:
        return False
    if rooms:
        printer = os.fork()
        if printer == 0:
            _print_only(control, socket.socket(fileno=rooms[0]))
        os.close(rooms[0])
        printers.add(printer)
        control.send(str(printer).encode())
    else:
        control.send(str(_ended(int(said), printers)).encode())
    return True


def _ended(printer: int, printers: set[int]) -> int:
    """Ends a printer and returns how it ended; 0 when it is none of ours."""
    if printer not in printers:
        return 0
    # Nobody else waits for it, so that the number is still its own; of two deaths the first counts.
    os.kill(printer, signal.SIGKILL)
    printers.remove(printer)
    return os.waitpid(printer, 0)[1]


def _print_only(control: socket.socket, room: socket.socket) -> None:
    """Turns this process into a printer; it does not come back."""
    code = 0
    try:
        control.close()
        work(room)
    except MemoryError:  # so little was left that it could not even say so
        code = NO_MEMORY
    finally:
        os._exit(code)


def work(room: socket.socket) -> None:
    """Prints what is asked until nobody asks any more."""
    gc.disable()
    with suppress(OSError):  # the portal is gone
        for count in itertools.count(1):
            asked = receive(room)
            if asked is None:
                return
            send(room, {**_answer(asked), "resident": _resident()})
            if count % COLLECTED == 0:
                gc.collect()


def _answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    limits = asked["limits"]
    try:
        with _within(limits):
            made = _printed(asked)
    except PrintRefused as error:
        return {"refused": error.asked}
    except FileNotFoundError as error:
        return {"absent": str(error.filename)}
    except press.TooManyPages:
        return {"stopped": "letter-print-pages"}
    except RecursionError:
        return {"stopped": "letter-print-deep"}
    except Exception as error:  # whatever a letter breaks, the portal is told and goes on
        if _is_of_memory(error):
            return {"stopped": "letter-print-memory"}
        return {"stopped": "letter-print-broken", "reason": type(error).__name__}
    if len(made.data) > limits["size"]:
        return {"stopped": "letter-print-large"}
    return {"printed": {**asdict(made), "data": base64.b64encode(made.data).decode()}}


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether there was no memory: what a library made of that is another error, with the first behind it."""
    while error is not None:
        if isinstance(error, MemoryError | SystemError):  # Python's own C code may say the second
            return True
        error = error.__cause__ or error.__context__
    return False


def _printed(asked: Mapping[str, Any]) -> Printed:
    assets, pages, attach = Path(asked["assets"]), asked["limits"]["pages"], asked["attach"]
    if asked["roll"] is not None:
        style, width = asked["roll"]
        return press.roll_pdf(asked["html"], assets=assets, style=style, width=width)
    data = None if attach is None else base64.b64decode(attach)
    return press.pdf(asked["html"], assets=assets, attach=data, pages=pages)


@contextmanager
def _within(limits: Mapping[str, Any]) -> Iterator[None]:
    """Lets the kernel end this process when the letter takes too long, and refuse it too much memory."""
    _limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + limits["processor"])
    _limit(resource.RLIMIT_AS, limits["memory"])
    signal.setitimer(signal.ITIMER_REAL, limits["seconds"])
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
            _limit(kind, resource.RLIM_INFINITY)


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    known = [each for each in (most, hard) if each != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(known, default=resource.RLIM_INFINITY), hard))


def _resident() -> int:
    """Returns the bytes of memory that this process has at hand, its share of the first one's among them."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    # Whatever a library says aloud goes to the log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    start(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
