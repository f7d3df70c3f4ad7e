"""Measures `portal sweep` over many open tasks of which some are late, and once there is nothing to do.

Run it as `python bench/sweep.py [TASKS] [LATE] [URL]`; without a URL a SQLite file in a temporary folder.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from casework import EDITS, HERE, TEMPLATES
from clockwork import CLOCKS
from schemas import small_schema
from small import account
from sqlalchemy import Engine, insert, update

from portal.access import SYSTEM
from portal.database import engine_of, writing
from portal.migrate import apply, prepare
from portal.sweep import REST_SECONDS, sweep
from portal.tables import Account, Case, Clock, Task
from portal.wall import acting

START = datetime(2026, 11, 2, 2, 12, tzinfo=UTC)


def fill(engine: Engine, count: int, late: int) -> None:
    """Makes an office with so many open cases of one open task each, the clocks of some of them late."""
    prepare(engine)
    done = apply(engine, small_schema({**EDITS, **CLOCKS}), {}, TEMPLATES, actor=SYSTEM, now=START)
    with writing(engine) as session:
        session.add(account(1))
    for first in range(1, count + 1, 5000):
        keys = range(first, min(first + 5000, count + 1))
        usual = {"area": HERE, "access": "normal", "status": "open", "version": 1}
        opened = {key: START - timedelta(days=key % 100) for key in keys}
        cases = [
            {
                **usual, "id": key, "number": f"UJI-{key}", "centre": "madani", "channel": "walk-in",
                "program": "pbi-jk", "complaint": "no-card", "priority": "normal", "description": "uji",
                "sop": "pbi", "sop_version_id": 1, "stage": "received", "opened_by": 1,
                "opened_at": opened[key], "due_at": opened[key] + timedelta(days=14),
            }
            for key in keys
        ]  # fmt: skip
        tasks = [
            {
                **usual, "id": key, "case_id": key, "step": "register", "role": "front-office", "why": "",
                "opened_at": opened[key], "due_at": opened[key] + timedelta(days=2),
            }
            for key in keys
        ]  # fmt: skip
        clocks = [
            {
                "case_id": key, "kind": "step", "subject_id": key, "step": "register", "level": 0,
                "limits": "2 working days", "state": "running", "started_at": START,
                "due_at": START + timedelta(days=4), "warn_at": START + timedelta(days=3),
                "next_at": START - timedelta(hours=1) if key <= late else START + timedelta(days=3),
            }
            for key in keys
        ]  # fmt: skip
        with writing(engine) as session:
            session.execute(insert(Case), cases)
            session.execute(insert(Task), tasks)
            session.execute(insert(Clock), clocks)
    with writing(engine) as session:
        passed = {"warn_at": START - timedelta(hours=2), "due_at": START - timedelta(hours=1)}
        session.execute(update(Clock).where(Clock.subject_id <= late).values(passed))
    assert done.release_id == 1


def worst_wait(engine: Engine, stop: threading.Event, found: list[float]) -> None:
    """Writes a row every tenth of a second as a clerk would, and keeps how long each took."""
    with acting(SYSTEM):
        while not stop.wait(0.1):
            began = time.perf_counter()
            with writing(engine) as session:
                session.execute(update(Account).where(Account.id == 1).values(label="Uji"))
            found.append(time.perf_counter() - began)


def timed(label: str, engine: Engine, now: datetime) -> None:
    """Sweeps once and says what it took, and how long others waited meanwhile."""
    stop = threading.Event()
    waits: list[float] = []
    other = threading.Thread(target=worst_wait, args=(engine, stop, waits))
    other.start()
    began = time.perf_counter()
    found = sweep(engine, lambda: now)
    took = time.perf_counter() - began
    stop.set()
    other.join()
    waits.sort()
    p95, most = (waits[int(len(waits) * 0.95)], waits[-1]) if waits else (0.0, 0.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{label}: {took:.2f} s, {found.settled} cases settled, {found.rung} levels rung, "
        f"{len(found.failed)} failed; another writer waited p95 {p95 * 1000:.0f} ms, at most "
        f"{most * 1000:.0f} ms; {peak} MiB",
        flush=True,
    )


def main() -> None:
    """Fills a database and sweeps it three times."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = tempfile.TemporaryDirectory()
    late = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    url = sys.argv[3] if len(sys.argv) > 3 else f"sqlite:///{folder.name}/portal.db"
    engine = engine_of(url)
    print(f"{count} open tasks, {engine.dialect.name}, rests of {REST_SECONDS * 1000:.0f} ms", flush=True)
    with acting(SYSTEM):
        fill(engine, count, late)
    timed(f"{late} late", engine, START)
    timed("again, nothing to do", engine, START)
    timed("a minute later", engine, START + timedelta(minutes=1))
    engine.dispose()


if __name__ == "__main__":
    main()
