"""The printers as the portal sees them: processes that are forked, asked, watched and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.pressroom.jobs import Order, PrintStopped
from portal.pressroom.wire import NO_MEMORY, receive, send

LETTERS = 2000
"""After so many letters a printer makes room for a fresh one."""
RESIDENT = 300 * 1024**2
"""With so many bytes of memory at hand it does as well."""
GRACE = 5.0
"""In seconds: a printer ends itself at its limit; after so long it is ended."""
START = 60.0
"""How long the first process may take to set up the press, in seconds."""
_BY_SIGNAL = {
    signal.SIGALRM: "letter-print-slow",
    signal.SIGXCPU: "letter-print-slow",
    # GLib ends the process where it gets no memory; nothing else in it does.
    signal.SIGABRT: "letter-print-memory",
    signal.SIGTRAP: "letter-print-memory",
}
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")


@dataclass(kw_only=True)
class Printer:
    """A process that prints, and the socket to it."""

    process: int
    room: socket.socket
    printed: int = 0
    resident: int = 0
    whole: bool = True
    """False once a letter has broken or filled it."""

    @property
    def usable(self) -> bool:
        """Tells whether another letter may be printed with it."""
        return self.whole and self.printed < LETTERS and self.resident < RESIDENT and not self._has_hung_up()

    def _has_hung_up(self) -> bool:
        self.room.settimeout(0)
        try:
            self.room.recv(1)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True  # it has ended, or says something that nobody asked for

    def ask(self, order: Order) -> dict[str, Any]:
        """Has a letter printed.

        Raises:
            OSError: the printer ended, or did not answer in time.
            ValueError: it answers nothing that makes sense.
        """
        self.whole = False
        self.printed += 1
        self.room.settimeout(order.seconds + GRACE)
        send(self.room, order.message())
        answer = receive(self.room, 2 * order.limits.size + 100_000)
        if answer is None:
            raise ConnectionResetError
        self.resident = int(answer["resident"])
        self.whole = "stopped" not in answer
        return answer


class Zygote:
    """The process that has set up the press and forks printers."""

    def __init__(self, assets: Path) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.settimeout(START)
        known = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # The same program and the same modules, wherever this one has them from.
        places = (str(Path(__file__).parents[1]), *sys.path)
        known["PYTHONPATH"] = os.pathsep.join(each for each in places if each)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "portal.pressroom.worker", str(theirs.fileno()), str(assets)],
                stdin=subprocess.DEVNULL,
                env=known,
                pass_fds=[theirs.fileno()],
            )

    def fork(self) -> Printer:
        """Returns a fresh printer.

        Raises:
            OSError: the process has ended.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self.control, [b"fork"], [theirs.fileno()])
            return Printer(process=self._said(), room=ours)
        except BaseException:
            ours.close()
            raise

    def end(self, process: int) -> int:
        """Ends a printer and returns how it ended, as `os.waitpid` tells it.

        Raises:
            OSError: this process has ended itself.
        """
        self.control.send(str(process).encode())
        return self._said()

    def _said(self) -> int:
        said = self.control.recv(64)
        if not said:
            raise ConnectionResetError
        return int(said)

    def close(self) -> None:
        """Ends the process and every printer."""
        self.control.close()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def stopped(status: int) -> PrintStopped:
    """Returns why a printer ended that printed a letter, from its status as `os.waitpid` tells it."""
    if not os.WIFSIGNALED(status):
        short = os.waitstatus_to_exitcode(status) == NO_MEMORY
        return PrintStopped("letter-print-memory" if short else "letter-print-broken", str(status))
    ended = signal.Signals(os.WTERMSIG(status))
    return PrintStopped(_BY_SIGNAL.get(ended, "letter-print-broken"), ended.name)
