"""What reaches the terminal: results on standard output, the rest and progress on standard error."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic

FIRST_SECONDS = 1.0
"""How long something may take before its progress is told."""
EVERY_SECONDS = 5.0
"""How often it is told where lines cannot be overwritten, such as in a log."""


def tell(text: str) -> None:
    """Prints a result; an empty one is no line."""
    if text:
        print(text.rstrip("\n"))


def complain(text: str) -> None:
    """Prints what is not a result: a mistake, a warning, a note on the way."""
    if text:
        sys.stdout.flush()
        # Nobody may be left to read it, and there is nowhere else to say so.
        with suppress(BrokenPipeError):
            print(f"{_cleared()}{text.rstrip()}", file=sys.stderr, flush=True)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Returns rows as lines whose columns stand under each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def hand_over(data: bytes) -> None:
    """Writes bytes to standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def tolerate_any_encoding() -> None:
    """Lets a terminal that has not every character show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def discard_output() -> None:
    """Sends what is still to be written nowhere, once the reader of a pipe has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        # Not a real file, such as a test's: nothing is flushed to it at the end either.
        return
    finally:
        os.close(nowhere)


@dataclass(kw_only=True)
class _Ticker:
    """Tells from a thread of its own what is going on, at first after a second."""

    text: str
    began: float = field(default_factory=monotonic)
    told: float | None = None
    done: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def run(self) -> None:
        overwrites = sys.stderr.isatty()
        while not self.done.wait(0.2 if overwrites else 1.0):
            self._tick(overwrites)
        if self.told is not None:
            print(_cleared(), end="", file=sys.stderr, flush=True)

    def _tick(self, overwrites: bool) -> None:
        now = monotonic()
        if now - self.began < FIRST_SECONDS:
            return
        with self.lock:
            line = f"{self.text} ({now - self.began:.0f} s)"
        if overwrites:
            print(f"{_cleared()}{line[: _width()]}", end="", file=sys.stderr, flush=True)
            self.told = now
        elif self.told is None or now - self.told >= EVERY_SECONDS:
            print(line, file=sys.stderr, flush=True)
            self.told = now

    def note(self, text: str) -> None:
        with self.lock:
            self.text = text


def _cleared() -> str:
    """Returns what clears a line of progress; nothing where lines stay."""
    return "\r\x1b[K" if sys.stderr.isatty() else ""


def _width() -> int:
    try:
        return max(os.get_terminal_size(sys.stderr.fileno()).columns - 1, 20)
    except (OSError, ValueError):
        return 79


@contextmanager
def working(text: str) -> Iterator[Callable[[str], None]]:
    """Tells what goes on while the block takes more than a second; yields how to change the text."""
    ticker = _Ticker(text=text)
    thread = Thread(target=ticker.run, daemon=True)
    thread.start()
    try:
        yield ticker.note
    finally:
        ticker.done.set()
        thread.join()
