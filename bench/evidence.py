"""Measures what evidence costs: writing events and log rows, pages with and without the log, verifying.

Usage: python bench/evidence.py [--rows 20000] [--url sqlite:////tmp/evidence.db]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import Engine

from portal import accesslog
from portal.access import SYSTEM, Actor
from portal.audit import verify
from portal.database import engine_of, reading, writing
from portal.events import record
from portal.migrate import prepare
from portal.wall import acting

CLERK = Actor(account_id=1, label="Ratna Contoh")
NOW = datetime(2026, 11, 2, tzinfo=UTC)
PAGE = {"resident": tuple(range(100_000, 100_025))}
FIELDS = {"resident": dict.fromkeys(("name", "nik", "birth_date", "household", "area"), "plain")}
EACH = 500


def _event(engine: Engine, number: int) -> None:
    with writing(engine) as session:
        said = {"name": ("Siti", f"Siti {number}"), "nik": (None, "1810035708890002")}
        record(
            session,
            actor=CLERK,
            now=NOW,
            kind="record-changed",
            subject="resident",
            subject_id=1,
            values=said,
        )


def _page(engine: Engine, _: int) -> None:
    with writing(engine) as session:
        accesslog.note(session, actor=CLERK, now=NOW, page="GET /data/x/list", shown=PAGE, fields=FIELDS)


def _fill(engine: Engine, count: int) -> None:
    """Writes many rows of both chains in long transactions."""
    for start in range(0, count, 2_000):
        with writing(engine) as session:
            for number in range(start, min(start + 2_000, count)):
                said = {"name": ("Siti", f"Siti {number}")}
                record(
                    session,
                    actor=CLERK,
                    now=NOW,
                    kind="record-changed",
                    subject="resident",
                    subject_id=number,
                    values=said,
                )
                session.expunge_all()


def _milliseconds(act: Callable[[Engine, int], None], engine: Engine) -> str:
    began, worked = perf_counter(), process_time()
    for number in range(EACH):
        act(engine, number)
    wall, cpu = (
        (end - start) / EACH * 1000 for end, start in ((perf_counter(), began), (process_time(), worked))
    )
    return f"{wall:.2f} ms, {cpu:.2f} of them the processor's"


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--url", default="")
    typed = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_of(typed.url or f"sqlite:///{Path(folder) / 'evidence.db'}")
        prepare(engine)
        print(f"one event with two values: {_milliseconds(_event, engine)}")
        print(f"one row of the access log, 25 residents: {_milliseconds(_page, engine)}")
        began = perf_counter()
        _fill(engine, typed.rows)
        print(f"{typed.rows} events in long transactions: {perf_counter() - began:.1f} s")
        began = perf_counter()
        with reading(engine) as session:
            found = verify(session)
        took = perf_counter() - began
        rows = found.events + found.reads
        print(f"verify {rows} rows: {took:.1f} s, {rows / took:.0f} a second, {len(found.findings)} findings")
        engine.dispose()


if __name__ == "__main__":
    with acting(SYSTEM):
        main()
