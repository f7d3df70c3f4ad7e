"""Runs `portal` commands in forks of a process that has imported everything, and ends them when told.

It reads one JSON object a line: `argv`, the file `output`, `live`, `at` and `report` of `points`, `delay` in
seconds. It answers each with how the fork ended and after how many seconds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import points
import weasyprint  # noqa: F401 - imported before the forks, for their speed

import portal.cli
import portal.publish


def run(wish: dict[str, Any]) -> dict[str, Any]:
    """Runs one command and returns its end: `code`, or `signal`, and `seconds`."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        said = os.open(wish["output"], os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        for stream in (0, 1, 2):
            os.dup2(said, stream)
        points.Points(wish["live"], wish.get("at", 0), wish.get("report", "")).install()
        os._exit(portal.cli.main(wish["argv"]))
    status = waited(child, began + wish["delay"]) if wish.get("delay") else os.waitpid(child, 0)[1]
    return {
        "code": os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "seconds": time.monotonic() - began,
    }


def waited(child: int, until: float) -> int:
    """Ends a child at a moment, unless it has ended before."""
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
