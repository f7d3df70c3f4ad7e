"""HTML becomes a PDF in a process of its own: what takes too long or too much is stopped.

The child is started with the first letter and stays warm; it has no secrets in its environment and opens no
database. It ends with the portal, as the pipe between them closes.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import resource
import selectors
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import IO, Any

from portal import press
from portal.press import Printed, PrintRefused

SECONDS = 60
"""How long one letter may take, with the start of the child."""
MEMORY = 2 * 1024**3
"""The bytes of address space that the child may have."""
LETTERS = 500
"""After so many letters the child makes room for a fresh one."""
_LENGTH = struct.Struct(">I")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")


class PrintStopped(Exception):
    """A letter took too long or too much memory, or the printing process broke; nothing was printed."""


@dataclass(kw_only=True)
class _Child:
    """The process that prints."""

    process: subprocess.Popen[bytes]
    printed: int = 0

    @property
    def usable(self) -> bool:
        return self.process.poll() is None and self.printed < LETTERS

    def ask(self, asked: dict[str, str], until: float) -> dict[str, Any]:
        assert self.process.stdin is not None
        _send(self.process.stdin, asked)
        self.printed += 1
        head = self._read(_LENGTH.size, until)
        answer: dict[str, Any] = json.loads(self._read(_LENGTH.unpack(head)[0], until))
        return answer

    def _read(self, length: int, until: float) -> bytes:
        stream, found = self.process.stdout, bytearray()
        assert stream is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(stream, selectors.EVENT_READ)
            while len(found) < length:
                if not waiting.select(max(0.0, until - monotonic())):
                    raise TimeoutError
                part = os.read(stream.fileno(), length - len(found))
                if not part:
                    raise EOFError
                found += part
        return bytes(found)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass(kw_only=True)
class _Room:
    """The one child of this process, and whose turn it is."""

    lock: Lock = field(default_factory=Lock)
    child: _Child | None = None
    owner: int = 0

    def ready(self) -> _Child:
        if self.owner != os.getpid():  # a forked process must not share its parent's child
            self.child, self.owner = None, os.getpid()
        if self.child is None or not self.child.usable:
            self.close()
            self.child = _Child(process=_started())
        return self.child

    def close(self) -> None:
        if self.child is not None and self.owner == os.getpid():
            self.child.end()
        self.child = None


_ROOM = _Room()
atexit.register(_ROOM.close)


def pdf(html: str, *, assets: Path, seconds: float = SECONDS) -> Printed:
    """Prints as `press.pdf` does, with the same bytes, in the printing process; one letter at a time.

    Raises:
        PrintRefused: the letter asks for a file it may not have.
        FileNotFoundError: the folder has no style sheet.
        PrintStopped: it took longer than `seconds`, too much memory, or the process broke.
    """
    with _ROOM.lock:
        child = _ROOM.ready()
        try:
            answer = child.ask({"html": html, "assets": str(assets)}, monotonic() + seconds)
        except (TimeoutError, EOFError, OSError, ValueError) as error:
            _ROOM.close()
            raise PrintStopped(type(error).__name__) from error
    if "refused" in answer:
        raise PrintRefused(tuple(answer["refused"]))
    if "absent" in answer:
        raise FileNotFoundError(answer["absent"])
    if "broken" in answer:
        raise PrintStopped(answer["broken"])
    return Printed(
        data=base64.b64decode(answer.pop("data")), **{**answer, "warnings": tuple(answer["warnings"])}
    )


def _started() -> subprocess.Popen[bytes]:
    known = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # The same program and the same modules, wherever this one has them from.
    places = (str(Path(__file__).parents[1]), *sys.path)
    known["PYTHONPATH"] = os.pathsep.join(each for each in places if each)
    return subprocess.Popen(
        [sys.executable, "-m", "portal.pressroom"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=known
    )


def _send(stream: IO[bytes], said: dict[str, Any]) -> None:
    data = json.dumps(said).encode()
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _answer(asked: dict[str, str]) -> dict[str, Any]:
    try:
        made = press.pdf(asked["html"], assets=Path(asked["assets"]))
    except PrintRefused as error:
        return {"refused": error.asked}
    except FileNotFoundError as error:
        return {"absent": str(error.filename)}
    except (Exception, MemoryError) as error:  # whatever a letter breaks, the portal is told and goes on
        return {"broken": type(error).__name__}
    return {**asdict(made), "data": base64.b64encode(made.data).decode()}


def work(asks: IO[bytes], answers: IO[bytes]) -> None:
    """Prints what is asked until nobody asks any more."""
    while len(head := asks.read(_LENGTH.size)) == _LENGTH.size:
        _send(answers, _answer(json.loads(asks.read(_LENGTH.unpack(head)[0]))))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Whatever a library says aloud goes to the log and not between the answers.
    spoken = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    work(sys.stdin.buffer, spoken)
