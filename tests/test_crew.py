"""Several processes serve from one door: one that is killed is replaced, and all end together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import copied
from clerk import Clerk

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Gives a portal of two processes and its port."""
    office = copied(tmp_path)
    words = ["serve", "--port", "0", "--workers", "2", "--database", str(office.engine.url)]
    office.engine.dispose()
    known = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "portal", *words], env=known, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = re.search(r":(\d+)/", process.stdout.readline())
        assert told is not None
        yield process, int(told[1])
        process.terminate()


def children(process: subprocess.Popen[str]) -> set[int]:
    said = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
    return set(map(int, said.split()))


def wait_until(process: subprocess.Popen[str], count: int, besides: set[int]) -> None:
    until = time.monotonic() + 20
    while len(children(process) - besides) < count:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_process_that_is_killed_is_replaced(crew: tuple[subprocess.Popen[str], int]) -> None:
    process, port = crew
    wait_until(process, 2, set())
    (first, *_) = sorted(children(process))
    os.kill(first, signal.SIGKILL)
    wait_until(process, 2, {first})
    clerk = Clerk(port=port)
    assert [clerk.get("/masuk").status for _ in range(4)] == [200] * 4
    clerk.leave()


def test_all_end_together(crew: tuple[subprocess.Popen[str], int]) -> None:
    process, _ = crew
    wait_until(process, 2, set())
    process.terminate()
    assert process.wait(20) == 0
