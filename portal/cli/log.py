"""The web server's log: method, path and status, and nothing that tells of a person.

An address belongs to somebody, and what follows the question mark is what somebody searched for.
"""

from __future__ import annotations

import logging
import re
import sys

_DIGITS = re.compile(r"[0-9]{6,}")
"""Longer runs than any key of a page needs for years: a NIK, a telephone number."""

_CODE = re.compile(r"(?<=^/undangan/).+")
"""The code of an invitation lets somebody in."""


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


def write_log() -> None:
    """Sends the web server's log to standard error: requests, and of the rest what went wrong."""
    kinds = {
        "uvicorn.access": (logging.INFO, AccessFormatter()),
        "uvicorn.error": (logging.WARNING, logging.Formatter("%(asctime)s %(levelname)s %(message)s")),
    }
    for name, (level, formatter) in kinds.items():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter)
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
