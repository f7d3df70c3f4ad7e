"""Measures printing: one letter, batches, standards, memory, waiting and reprints, beside three other ways.

Run it from the repository with the `test` extra: `python bench/letters.py [--only ROW] [--write]`.
A is a naive `HTML(string=...).write_pdf()` in one warm process, B a warm page of headless Chromium, C a fresh
`weasyprint` process; all print the worked referral letter in the same fonts, in interleaved rounds, and the
medians are told. Rows that were measured stay in var/, so that the page can be written from several runs.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from threading import Thread

import pikepdf

from portal import press, pressroom, templating
from portal.access import SYSTEM
from portal.database import engine_of
from portal.letters import printed_before
from portal.migrate import prepare
from portal.pressroom import Job
from portal.tables import IssuedLetter
from portal.wall import acting

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

LETTERS = ROOT / "templates" / "letters"
PAGE = ROOT / "docs" / "benchmarks" / "letters.md"
KEPT = ROOT / "var" / "bench-letters.json"
CHROMIUM = os.environ.get("PORTAL_TEST_CHROMIUM", "/usr/bin/chromium")
ANSWER = os.environ.get("BENCH_ANSWER") == "1"
"""Whether the letter has its answer sheet."""
BATCH, CORES, CLEARED = 100, 2, 10
FACES = (
    ("Regular", 400, "normal"),
    ("Bold", 700, "normal"),
    ("Italic", 400, "italic"),
    ("BoldItalic", 700, "italic"),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    what: str
    goal: str
    found: str
    detail: str
    load: float
    """Of the machine when it was measured."""


def row(what: str, goal: str, found: str, detail: str) -> Row:
    """Returns a line with the load of the machine now."""
    return Row(what=what, goal=goal, found=found, detail=detail, load=round(os.getloadavg()[0], 1))


@cache
def letter() -> str:
    """Returns the worked referral letter on F4: one page, or two with the sheet that the answer comes on."""
    from letters.example import example_context

    data = example_context()
    data["letter"]["paper"] = "F4"
    if not ANSWER:
        data["reply"] = {**data["reply"], "code": None, "qr": None}
    return templating.render(templating.environment(LETTERS), "referral.html", data)


@cache
def alone() -> str:
    """Returns the same letter with its style and fonts named inside, as others print it."""
    faces = "".join(
        f"@font-face {{ font-family: Arimo; font-weight: {weight}; font-style: {slant}; "
        f"src: url({(press.FONTS / f'Arimo-{name}.ttf').as_uri()}) }}\n"
        for name, weight, slant in FACES
    )
    style = f"<style>{faces}{(LETTERS / press.STYLE).read_text('utf-8')}</style>"
    return letter().replace("</head>", f"{style}</head>")


def naive() -> bytes:
    """Prints as the first page of WeasyPrint's manual does."""
    from weasyprint import HTML

    data: bytes = HTML(string=alone(), base_url=f"{LETTERS.as_uri()}/").write_pdf()
    return data


def archival() -> bytes:
    """Prints as a printer does."""
    return press.pdf(letter(), assets=LETTERS).data


def plain() -> bytes:
    """Prints as a printer does, without any standard."""
    with press._LOCK, press._listening() as warnings:
        document = press._Sheet.of(letter(), LETTERS, warnings).fitted()
        document.color_profiles = {}
        data: bytes = document.write_pdf()
    return data


def processor(rounds: int, first: Callable[[], bytes], second: Callable[[], bytes]) -> tuple[float, float]:
    """Returns the median seconds of a processor that a letter takes in two ways, in turns of ten."""
    times: dict[Callable[[], bytes], list[float]] = {first: [], second: []}
    for turn in range(rounds + 1):
        for way in (first, second) if turn % 2 else (second, first):
            taken = spent(way)
            if turn:  # the first round only warms up
                times[way].append(taken)
    return statistics.median(times[first]), statistics.median(times[second])


def spent(way: Callable[[], bytes]) -> float:
    """Returns the seconds of a processor for each of ten letters, with clearing away what they left."""
    gc.collect()
    if way is not naive:  # a printer has frozen what it began with, and clears away after the answer
        gc.freeze()
        gc.disable()
    begun = time.process_time()
    for _ in range(CLEARED):
        way()
    if way is not naive:
        gc.collect()
    taken = (time.process_time() - begun) / CLEARED
    gc.enable()
    gc.unfreeze()
    return taken


def took(act: Callable[[], object]) -> float:
    """Returns the seconds on the clock that something takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def ask() -> None:
    """Asks for one letter and waits for it."""
    pressroom.pdf(letter(), assets=LETTERS)


def warm(rounds: int) -> Iterator[Row]:
    """One letter from a warm printer against a fresh process."""
    with tempfile.TemporaryDirectory() as made:
        html = Path(made) / "letter.html"
        html.write_text(alone(), "utf-8")
        command = [sys.executable, "-m", "weasyprint", "-u", f"{LETTERS.as_uri()}/", str(html), f"{html}.pdf"]
        ask()
        pairs = [
            (took(ask), took(lambda: subprocess.run(command, check=True, capture_output=True)))
            for _ in range(rounds)
        ]
    ours, fresh = (statistics.median(each) for each in zip(*pairs, strict=True))
    detail = f"{ours * 1000:.0f} ms from request to bytes, {fresh * 1000:.0f} ms by a fresh process"
    yield row("one letter from a warm printer, against C", "6.5x", f"{fresh / ours:.1f}x", detail)


def cpu(rounds: int) -> Iterator[Row]:
    """The work of one letter against the naive way, both without a standard."""
    theirs, ours = processor(rounds, naive, plain)
    detail = f"{ours * 1000:.0f} ms of a processor, {theirs * 1000:.0f} ms the naive way; both plain PDF"
    yield row("CPU per letter in one process, against A", "1.40x", f"{theirs / ours:.2f}x", detail)


def standards(rounds: int) -> Iterator[Row]:
    """What the standards cost."""
    without, both = processor(rounds, plain, archival)
    detail = f"{both * 1000:.0f} ms of a processor, {without * 1000:.0f} ms without"
    yield row("PDF/A-2a with UA-1 over plain", "1.12x", f"{both / without:.2f}x", detail)


def archived(letters: Iterable[bytes], folder: Path) -> None:
    """Keeps each letter as a row of its own and merges them into one file to print."""
    base = sqlite3.connect(folder / f"{random.random()}.db")
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("CREATE TABLE letter (id INTEGER PRIMARY KEY, pdf BLOB)")
    merged, opened = pikepdf.new(), []
    for data in letters:
        base.execute("INSERT INTO letter (pdf) VALUES (?)", (data,))
        base.commit()
        opened.append(pikepdf.open(BytesIO(data)))
        merged.pages.extend(opened[-1].pages)
    merged.save(folder / "print.pdf")
    base.close()


def by_printers() -> Iterator[bytes]:
    """Prints a batch as the portal does."""
    for each in pressroom.pdf_many(Job(html=letter(), assets=LETTERS) for _ in range(BATCH)):
        assert isinstance(each, press.Printed), each
        yield each.data


@contextmanager
def chromium() -> Iterator[Callable[[], bytes]]:
    """Gives a warm page that prints the letter."""
    from playwright.sync_api import sync_playwright

    html = alone().replace("<head>", f'<head><base href="{LETTERS.as_uri()}/">')
    with sync_playwright() as tool, tempfile.NamedTemporaryFile("w", suffix=".html") as file:
        browser = tool.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page()
        page.goto(Path(file.name).as_uri())  # a page of the disk may open the emblems and fonts

        def printed() -> bytes:
            page.set_content(html, wait_until="load")
            data: bytes = page.pdf(prefer_css_page_size=True)
            return data

        printed()
        yield printed
        browser.close()


def batch(rounds: int) -> Iterator[Row]:
    """A batch of a hundred with archive and merge, against the naive loop and a browser."""
    pressroom.hire(CORES)
    times: dict[str, list[float]] = {"ours": [], "naive": [], "browser": []}
    with chromium() as page, tempfile.TemporaryDirectory() as made:
        acts = {
            "ours": by_printers,
            "naive": lambda: (naive() for _ in range(BATCH)),
            "browser": lambda: (page() for _ in range(BATCH)),
        }
        ask()
        naive()
        for turn in range(rounds):
            for name in itertools.islice(itertools.cycle(acts), turn, turn + len(acts)):
                times[name].append(took(lambda act=acts[name]: archived(act(), Path(made))) / BATCH)
    ours, theirs, browser = (statistics.median(times[name]) * 1000 for name in ("ours", "naive", "browser"))
    shared = f"{ours:.0f} ms a letter on the clock, with PDF/A and UA"
    what = f"batch of {BATCH} on {CORES} cores with archive and merge"
    yield row(
        f"{what}, against A", "2.8x", f"{theirs / ours:.2f}x", f"{shared}; {theirs:.0f} ms the naive way"
    )
    found = f"{ours / browser:.2f}x of its time"
    yield row("the same against B, serial", "0.9x", found, f"{shared}; {browser:.0f} ms by the browser")


def memory(rounds: int) -> Iterator[Row]:
    """What a printer grows by; `rounds` does not matter."""
    pressroom.hire(1)
    kept: list[int] = []
    for each in pressroom.pdf_many(Job(html=letter(), assets=LETTERS) for _ in range(1000)):
        assert isinstance(each, press.Printed), each
        kept.append(pressroom._rooms[0].printers[0].resident)
    early, late = (statistics.median(kept[end - 10 : end]) / 1024**2 for end in (100, 1000))
    detail = f"{early:.0f} MB at letter 100, {late:.0f} MB at letter 1,000"
    yield row("memory of a printer between letter 100 and 1,000", "+5 MB", f"{late - early:+.1f} MB", detail)
    pressroom.hire(0)


def waiting(rounds: int) -> Iterator[Row]:
    """One letter asked for while a batch runs, against one when nothing else does."""
    pressroom.hire(CORES)
    ask()
    idle = statistics.median(took(ask) for _ in range(rounds))
    came = pressroom.pdf_many(Job(html=letter(), assets=LETTERS) for _ in range(1000))
    wanted = True

    def consume() -> None:
        for _ in came:
            if not wanted:
                break

    consumer = Thread(target=consume)
    consumer.start()
    time.sleep(1)
    busy = []
    for _ in range(2 * rounds):
        time.sleep(random.uniform(0.05, 0.5))
        busy.append(took(ask))
    wanted = False
    consumer.join()
    late = statistics.median(busy)
    detail = f"{late * 1000:.0f} ms (longest {max(busy) * 1000:.0f}), {idle * 1000:.0f} ms idle"
    yield row("one letter asked for while a batch of 1,000 runs", "2x", f"{late / idle:.2f}x", detail)


def reprint(rounds: int) -> Iterator[Row]:
    """Reading a letter that is kept against printing it; twenty reads for each print."""
    with tempfile.TemporaryDirectory() as made:
        engine = engine_of(f"sqlite:///{Path(made) / 'portal.db'}")
        with acting(SYSTEM):
            prepare(engine)
            _issued(Path(made) / "portal.db")
            ask()
            pairs = [
                (took(ask), statistics.median(took(lambda: printed_before(engine, 1)) for _ in range(20)))
                for _ in range(rounds)
            ]
        engine.dispose()
    render, read = (statistics.median(each) * 1000 for each in zip(*pairs, strict=True))
    detail = f"{read:.2f} ms to read it from the database, {render:.0f} ms from a warm printer"
    yield row("reprint against render", "500x", f"{render / read:.0f}x", detail)


def _issued(file: Path) -> None:
    """Adds a printed letter to a database that has nothing else."""
    data = pressroom.pdf(letter(), assets=LETTERS).data
    given = {
        "id": 1, "area": "18.10.03.2007", "letter": "referral", "numbered": "counter", "release_id": 1,
        "template_digest": "", "data": "{}", "issued_at": datetime.now(UTC).isoformat(" "), "issued_by": 1,
        "status": "issued", "pdf": data,
    }  # fmt: skip
    with sqlite3.connect(file) as base:
        table = IssuedLetter.__tablename__
        places = ", ".join("?" * len(given))
        base.execute(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({places})", tuple(given.values()))
    base.close()


ROWS: Mapping[str, tuple[Callable[[int], Iterator[Row]], int]] = {
    "warm": (warm, 15),
    "cpu": (cpu, 9),
    "batch": (batch, 3),
    "standards": (standards, 9),
    "memory": (memory, 1),
    "waiting": (waiting, 15),
    "reprint": (reprint, 15),
}
"""What is measured, and in how many rounds."""


def table_of(kept: Mapping[str, Sequence[Mapping[str, object]]]) -> str:
    """Returns what was measured as a Markdown table."""
    lines = ["| | goal | measured | | load |", "|---|--:|--:|---|--:|"]
    for name in ROWS:
        for each in kept.get(name, ()):
            lines.append("| {what} | {goal} | {found} | {detail} | {load} |".format(**each))
    return "\n".join(lines)


def page_of(stored: Mapping[str, Mapping[str, Sequence[Mapping[str, object]]]]) -> str:
    """Returns the page with what the figures depend on."""
    around = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"WeasyPrint {version('weasyprint')}, SQLite {sqlite3.sqlite_version}; "
        "the load is that of the machine at the end of each row, which other work may share."
    )
    parts = [f"## {title}\n\n{table_of(kept)}" for title, kept in sorted(stored.items(), reverse=True)]
    return "\n\n".join(["# Printing letters", _INTRODUCTION, *parts, around]) + "\n"


_INTRODUCTION = """\
`python bench/letters.py --write` makes this page; `--only ROW` measures a part, and earlier parts stay.
All ways print the same letter in the same font files, in interleaved rounds, and medians are told.
It is the worked referral letter on F4, of one page, and with `BENCH_ANSWER=1` the same with its answer sheet.
A is a naive `HTML(string=...).write_pdf()` in one warm process, B one warm page of headless Chromium, \
C a fresh `weasyprint` process.
A, B and C write a plain PDF; the printers write PDF/A-2a with UA-1 unless a row says otherwise.
A browser knows no running footer: its sheet holds the same, in another order."""
TITLE = "Two pages, with the answer sheet" if ANSWER else "One page"


def main() -> None:
    """Measures, prints, and writes the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=ROWS, metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--rounds", type=int, help="instead of the usual count of each row")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    KEPT.parent.mkdir(exist_ok=True)
    stored = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
    for name in ROWS if given.only is None else given.only:
        measure, usual = ROWS[name]
        rows = [asdict(each) for each in measure(given.rounds or usual)]
        stored.setdefault(TITLE, {})[name] = rows
        print(table_of({name: rows}), flush=True)
        KEPT.write_text(json.dumps(stored), "utf-8")
    if given.write:
        PAGE.write_text(page_of(stored), "utf-8")


if __name__ == "__main__":
    main()
