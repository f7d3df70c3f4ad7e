"""Measures publishing: check and plan of a large office, and a new column on a million residents in use.

Run it from the repository: `python bench/publish.py [--rows N] [--file DB] [--postgres URL] [--write]`.
Readers are processes of their own that page through the residents by key, as the lists do, while the column
is applied; what they waited is told beside what they wait when nothing is applied.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import platform
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path

from large import enlarge
from lists import prepared
from sqlalchemy import Engine, text

from portal.access import SYSTEM
from portal.checks import check
from portal.database import engine_of, writing
from portal.letters.files import letter_files
from portal.load import Loaded, load
from portal.migrate import apply
from portal.plan import diff
from portal.plan import text as sentences
from portal.schema import Schema
from portal.wall import acting

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "publish.md"
TIMES, ROUNDS, READERS, QUIET_SECONDS = 10, 5, 4, 3.0
PAGE_OF_ROWS = text("SELECT * FROM record_resident WHERE id > :after ORDER BY id LIMIT 25")


@dataclass(frozen=True, kw_only=True)
class Published:
    """How long an apply took and readers waited, in seconds."""

    apply: float
    quiet: float
    busy: float
    reads: int


def checked_and_planned() -> tuple[str, list[float]]:
    """Returns what the large office is, and the seconds of load, check and plan, medians of cold rounds."""
    with tempfile.TemporaryDirectory() as made:
        folder = enlarge(ROOT / "schema", Path(made), TIMES)
        letters = letter_files(Path(made) / "templates" / "letters")
        before = _whole(load(folder))
        changed = folder / "sops-05.yaml"
        changed.write_text(
            changed.read_text("utf-8").replace("within: 1 working day", "within: 2 working days")
        )
        rounds = [_round(folder, before, letters, number) for number in range(ROUNDS)]
    size = f"{len(before.sops)} SOPs, {len(before.programs)} programmes"
    return size, [statistics.median(each) for each in zip(*rounds, strict=True)]


def _round(folder: Path, before: Schema, letters: dict[str, str], number: int) -> tuple[float, ...]:
    # A byte more in each file, so that nothing is known from the round before.
    for path in folder.glob("*.yaml"):
        path.write_text(f"{path.read_text('utf-8')}# {number}\n", "utf-8")
    gc.collect()
    times = [_now()]
    loaded = load(folder)
    times.append(_now())
    found = check(loaded)
    times.append(_now())
    plan = diff(before, _whole(loaded), templates_before=letters, templates_after=letters)
    assert sentences(plan)
    times.append(_now())
    assert not [each for each in found if each.severity == "error"]
    assert not plan.empty
    return tuple(
        late - early for earlier, later in pairwise(times) for early, late in zip(earlier, later, strict=True)
    )


def _now() -> tuple[float, float]:
    """Returns the clock on the wall and that of this process alone, in seconds."""
    return time.perf_counter(), time.process_time()


def _whole(loaded: Loaded) -> Schema:
    assert loaded.schema is not None, loaded.diagnostics[:3]
    return loaded.schema


def with_column(name: str) -> Loaded:
    """Returns the shipped office with one more field of residents."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "schema"
        shutil.copytree(ROOT / "schema", folder)
        path = folder / "records.yaml"
        field = f"    fields:\n      {name}: {{label: Catatan {name}, type: text}}\n"
        path.write_text(path.read_text("utf-8").replace("    fields:\n", field, 1), "utf-8")
        return load(folder, ROOT / "templates" / "letters")


def published(url: str, rows: int) -> Published:
    """Applies one more column while readers read, and returns what it cost them."""
    loaded = with_column(f"note_{random.randrange(10**6)}")
    letters = letter_files(ROOT / "templates" / "letters")
    context = multiprocessing.get_context("spawn")
    stop, busy, ready = context.Event(), context.Event(), context.Semaphore(0)
    told: multiprocessing.Queue[tuple[float, float, int]] = context.Queue()
    readers = [
        context.Process(target=read, args=(url, rows, (stop, busy, ready), told)) for _ in range(READERS)
    ]
    for each in readers:
        each.start()
    for _ in readers:
        ready.acquire()
    time.sleep(QUIET_SECONDS)
    engine = engine_of(url)
    busy.set()
    begun = time.perf_counter()
    apply(engine, _whole(loaded), loaded.sources, letters, actor=SYSTEM, now=datetime.now(UTC))
    spent = time.perf_counter() - begun
    time.sleep(0.5)
    stop.set()
    waits = [told.get() for _ in readers]
    for each in readers:
        each.join()
    engine.dispose()
    return Published(
        apply=spent,
        quiet=max(quiet for quiet, _, _ in waits),
        busy=max(late for _, late, _ in waits),
        reads=sum(count for _, _, count in waits),
    )


def read(
    url: str,
    rows: int,
    signs: tuple[Event, Event, Semaphore],
    told: multiprocessing.Queue[tuple[float, float, int]],
) -> None:
    """Reads pages from anywhere in the list until it is told to stop; tells its longest waits."""
    stop, busy, ready = signs
    engine = engine_of(url)
    _page(engine, rows)
    ready.release()
    longest = {False: 0.0, True: 0.0}
    count = 0
    while not stop.is_set():
        during, begun = busy.is_set(), time.perf_counter()
        _page(engine, rows)
        longest[during] = max(longest[during], time.perf_counter() - begun)
        count += during
    told.put((longest[False], longest[True], count))
    engine.dispose()


def _page(engine: Engine, rows: int) -> None:
    with engine.connect() as connection:
        connection.execute(PAGE_OF_ROWS, {"after": random.randrange(rows)}).all()


def on_sqlite(file: Path, rows: int, copy: Path) -> str:
    """Returns the URL of a copy of the seeded file."""
    prepared(file, rows)
    with sqlite3.connect(file) as original:
        original.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(file, copy)
    return f"sqlite:///{copy}"


def on_postgres(url: str, rows: int) -> str:
    """Fills an empty PostgreSQL database with made-up residents and returns its URL."""
    engine = engine_of(url)
    loaded = load(ROOT / "schema")
    letters = letter_files(ROOT / "templates" / "letters")
    apply(engine, _whole(loaded), loaded.sources, letters, actor=SYSTEM, now=datetime.now(UTC))
    with writing(engine) as session:
        session.execute(
            text(
                "INSERT INTO record_resident (name, nik, sex, area, version,"
                " created_at, created_by, changed_at, changed_by)"
                " SELECT 'Warga ' || n, lpad(n::text, 16, '0'), 'female', '18.10.03.2007',"
                " 1, now(), 0, now(), 0"
                " FROM generate_series(1, :rows) AS n"
            ),
            {"rows": rows},
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE record_resident"))
    engine.dispose()
    return url


def main() -> None:
    """Measures, prints, and writes the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="the seeded SQLite file; var/bench-<rows>.db when left out")
    parser.add_argument("--postgres", help="the URL of an empty PostgreSQL database")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    typed = parser.parse_args()
    size, spent = checked_and_planned()
    wall, alone = spent[::2], spent[1::2]
    lines = [
        "| s | on the clock | of a processor |",
        "|---|--:|--:|",
        f"| load | {wall[0]:.2f} | {alone[0]:.2f} |",
        f"| check | {wall[1]:.2f} | {alone[1]:.2f} |",
        f"| plan with its text | {wall[2]:.2f} | {alone[2]:.2f} |",
        f"| together | {sum(wall):.2f} | {sum(alone):.2f} |",
        "",
        f"{size}: the shipped schema with its SOPs and programmes {TIMES} times; median of {ROUNDS} rounds.",
        "",
        "| ms | apply | longest wait of a reader meanwhile | longest wait without it |",
        "|---|--:|--:|--:|",
    ]
    file = typed.file or ROOT / "var" / f"bench-{typed.rows}.db"
    copy = file.parent / f"publish-{os.getpid()}.db"
    databases: list[tuple[str, Callable[[], str]]] = [
        ("SQLite", lambda: on_sqlite(file, typed.rows, copy)),
    ]
    if typed.postgres:
        databases.append(("PostgreSQL", lambda: on_postgres(typed.postgres, typed.rows)))
    for name, made in databases:
        done = published(made(), typed.rows)
        lines.append(
            f"| {name} | {done.apply * 1000:,.0f} | {done.busy * 1000:,.0f} | {done.quiet * 1000:,.0f} |"
        )
    for path in file.parent.glob(f"{copy.name}*"):
        path.unlink()
    lines += ["", _around(typed.rows)]
    print("\n".join(lines))
    if typed.write:
        PAGE.write_text("\n".join(["# Publishing", "", _INTRODUCTION, "", *lines, ""]), "utf-8")


def _around(rows: int) -> str:
    load_now = os.getloadavg()[0]
    return (
        f"{rows:,} residents, one text field added, {READERS} readers in processes of their own; "
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; load of the machine {load_now:.1f}."
    )


_INTRODUCTION = (
    "`python bench/publish.py --postgres URL --write` makes this page.\n"
    "The first table is what a person waits for after saving a file: reading every file anew, every check, "
    "and the plan against the last state in words.\n"
    "The second is what those who work meanwhile notice when a field is added to the residents: readers page "
    "through them by key as fast as they can, and the longest of their waits is told."
)


if __name__ == "__main__":
    with acting(SYSTEM):
        main()
