"""The web server's log: method, path and status, and nothing that tells of a person.

An address belongs to somebody, and what follows the question mark is what somebody searched for.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable

_DIGITS = re.compile(r"[0-9]{6,}")
"""Longer runs than any key of a page needs for years: a NIK, a telephone number."""

_CODE = re.compile(r"(?<=^/undangan/).+|(?<=^/rujukan/)[^/]+|(?<=^/[vV]/).+")
"""The code of an invitation lets somebody in; that of a letter opens its page, or half of what does."""


class AccessFormatter(logging.Formatter):
    """Writes one request a line, such as `2026-11-02 09:12:00 GET /cases/12 200`."""

    def format(self, record: logging.LogRecord) -> str:
        when = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        if not isinstance(record.args, tuple) or len(record.args) != 5:
            return f"{when} {record.levelname}"
        _, method, address, _, status = record.args
        return f"{when} {method} {without_people(str(address))} {status}"


def without_people(address: str) -> str:
    """Returns the path of an address without its query, long runs of digits as an ellipsis."""
    return _DIGITS.sub("…", _CODE.sub("…", address.partition("?")[0]))


class Sparing(logging.Filter):
    """Lets so many lines through at once and then one every few seconds, and says how many were left out.

    Whoever makes the portal complain ten thousand times must not fill its disk with the complaints.
    """

    def __init__(
        self, burst: int = 40, seconds: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self.burst, self.seconds, self.clock = burst, seconds, clock
        self._left, self._at, self._silent = float(burst), clock(), 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Tells whether a line is written."""
        now = self.clock()
        self._left = min(self.burst, self._left + (now - self._at) / self.seconds)
        self._at = now
        if self._left < 1:
            self._silent += 1
            return False
        self._left -= 1
        if self._silent:
            record.msg, record.args = f"{record.getMessage()} (+{self._silent} left out before)", ()
            self._silent = 0
        return True


def write_log() -> None:
    """Sends the web server's log to standard error: requests, and of the rest what went wrong."""
    said = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    kinds = {
        "uvicorn.access": (logging.INFO, AccessFormatter()),
        "uvicorn.error": (logging.WARNING, said),
        "portal": (logging.WARNING, said),
        "asyncio": (logging.WARNING, said),
    }
    for name, (level, formatter) in kinds.items():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter)
        if level > logging.INFO:
            handler.addFilter(Sparing())
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], not name.startswith("uvicorn")
        logger.setLevel(level)
