"""A lock that is given in the order of asking: whoever came first is first, however many come after."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turns:
    """One at a time, the longest waiting next; Python's locks and SQLite's let others overtake."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    @contextmanager
    def turn(self, seconds: float) -> Iterator[bool]:
        """Waits for the turn and gives it back at the end; tells False when it did not come in time."""
        mine = self._take(seconds)
        try:
            yield mine
        finally:
            if mine:
                self._give()

    def _take(self, seconds: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            gate = Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=seconds):
            return True
        with self._guard:
            if gate in self._waiting:
                self._waiting.remove(gate)
                return False
        return True  # it came at the last moment

    def _give(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
