"""Serves a portal in forks of a process that has imported everything, and ends them as a power cut would.

It reads a command a line: `start` with the words of `portal`, or `kill`; it answers each when it is done.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import weasyprint  # noqa: F401 - imported before the forks, for their speed

import portal.app
import portal.cli
import portal.publish


def start(words: list[str], log: str) -> int:
    """Forks a server and returns its process."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (0, 1, 2):
        os.dup2(said, stream)
    os._exit(portal.cli.main(words))


def kill(child: int) -> int:
    """Ends a server with all that it has started; returns the signal that ended it, 0 when none did."""
    os.killpg(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == "__main__":
    running = 0
    for line in sys.stdin:
        wish = json.loads(line)
        if "start" in wish:
            answer = running = start(wish["start"], wish["log"])
        else:
            answer, running = kill(running), 0
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    if running:
        kill(running)
