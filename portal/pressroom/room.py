"""The queues of letters, and the threads that keep printers at work: single letters before batches."""

from __future__ import annotations

import signal
from collections import deque
from pathlib import Path
from threading import Condition, Lock, Thread

from portal.pressroom.crew import Printer, Zygote, stopped
from portal.pressroom.jobs import Order, Outcome, PrintStopped, outcome_of

PATIENCE = 8
"""So many single letters overtake a batch; then one of its letters is printed."""


class Room:
    """The printers of one process of the portal, and the letters that wait for them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.turn = Condition()
        self.singles: deque[Order] = deque()
        self.batches: deque[Order] = deque()
        self.overtaken = 0
        self.keepers = 0
        self.idle = 0
        self.open = True
        self.forking = Lock()
        self.zygote: Zygote | None = None
        self.printers: list[Printer] = []

    def order(self, order: Order, queue: deque[Order]) -> Order:
        """Puts a letter into a queue; one more printer starts when all are busy and there may be more."""
        with self.turn:
            if not self.open:
                order.outcome.set_result(_closed())
                return order
            queue.append(order)
            waiting = len(self.singles) + len(self.batches)
            if waiting > self.idle and self.keepers < self.size:
                self.keepers += 1
                Thread(target=self._keep, name="printer", daemon=True).start()
            self.turn.notify()
        return order

    def _keep(self) -> None:
        """Keeps one printer at work, in a thread of the portal."""
        mine: Printer | None = None
        while (order := self._next()) is not None:
            if order.outcome.set_running_or_notify_cancel():
                mine, outcome = self._printed(order, mine)
                order.outcome.set_result(outcome)
        if mine is not None:
            self._end(mine)

    def _next(self) -> Order | None:
        with self.turn:
            self.idle += 1
            self.turn.wait_for(lambda: self.singles or self.batches or not self.open)
            self.idle -= 1
            if not self.open:
                return None
            if self.singles and not (self.batches and self.overtaken >= PATIENCE):
                self.overtaken += bool(self.batches)
                return self.singles.popleft()
            self.overtaken = 0
            return self.batches.popleft()

    def _printed(self, order: Order, mine: Printer | None) -> tuple[Printer | None, Outcome]:
        try:
            mine = self._ready(mine, order.job.assets)
        except (OSError, ValueError) as error:
            return None, PrintStopped("letter-print-broken", type(error).__name__)
        try:
            return mine, outcome_of(mine.ask(order))
        except TimeoutError:
            self._end(mine)
            return None, stopped(signal.SIGALRM)
        except (OSError, ValueError, KeyError, TypeError):
            return None, stopped(self._end(mine))

    def _ready(self, mine: Printer | None, assets: Path) -> Printer:
        if mine is not None and mine.usable:
            return mine
        if mine is not None:
            self._end(mine)
        return self._fresh(assets)

    def _fresh(self, assets: Path) -> Printer:
        with self.forking:
            try:
                made = self._warm(assets).fork()
            except OSError:  # it was ended from outside, or the first one could not start
                self._cool()
                made = self._warm(assets).fork()
            self.printers.append(made)
            return made

    def _warm(self, assets: Path) -> Zygote:
        if self.zygote is None:
            self.zygote = Zygote(assets)
        return self.zygote

    def _cool(self) -> None:
        if self.zygote is not None:
            self.zygote.close()
        self.zygote = None

    def _end(self, mine: Printer) -> int:
        """Ends a printer and tells how it ended, as `os.waitpid` does; 0 when nobody knows."""
        mine.room.close()
        with self.forking:
            self.printers.remove(mine)
            try:
                return self.zygote.end(mine.process) if self.zygote else 0
            except (OSError, ValueError):
                return 0

    def close(self) -> None:
        """Ends every printer; who still waits for a letter is told that it was stopped."""
        with self.turn:
            self.open = False
            for each in (*self.singles, *self.batches):
                if each.outcome.set_running_or_notify_cancel():
                    each.outcome.set_result(_closed())
            self.turn.notify_all()
        with self.forking:
            self._cool()

    def forget(self) -> None:
        """Lets go of the printers in a process that was forked from the portal: they are its parent's."""
        for each in self.printers:
            each.room.close()
        if self.zygote is not None:
            self.zygote.control.close()


def _closed() -> PrintStopped:
    return PrintStopped("letter-print-broken", "closed")
