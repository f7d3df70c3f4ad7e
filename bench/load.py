"""Measures an office at work: 50 clerks on one portal, with the real mix of pages, forms and letters.

Run it from the repository: `python bench/load.py [--clerks 50] [--seconds 60] [--think 5] [--cases 2000]
[--postgres URL] [--workers N] [--bare] [--write]`. The portal runs as `portal serve` does, in processes of
its own; the clerks are threads of another one on the same machine. `--bare` serves without the wall, to see
what it costs. `--write` puts the row into docs/benchmarks/load.md, beside those measured otherwise.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from clerk import Clerk, Form, Page  # noqa: E402
from sqlalchemy import create_engine, make_url, text  # noqa: E402

from portal import accounts  # noqa: E402
from portal.access import SYSTEM, Granted  # noqa: E402
from portal.cli import main  # noqa: E402
from portal.database import engine_of, reading, writing  # noqa: E402
from portal.releases import latest_id, live  # noqa: E402
from portal.tables import Case  # noqa: E402
from portal.wall import acting  # noqa: E402

PAGE = ROOT / "docs" / "benchmarks" / "load.md"
PASSWORD = "kata-sandi-ukur-2026"
ACTS = {"tasks": 30, "search": 20, "case": 15, "intake": 15, "step": 10, "letter": 10}
"""How often each act comes, of a hundred: what clerks of a Puskesos do in an hour, roughly."""
WORDS = ("Siti", "Budi", "Sari", "Wati", "Agus", "rtini", "1810030101")
LABELS = {
    "tasks": "open the tasks",
    "search": "search",
    "case": "open a case",
    "intake": "register a complaint (form and save)",
    "step": "carry out a step (page and save)",
    "letter": "make a letter and open its PDF",
}
HEAD = """# An office at work

`python bench/load.py --write` adds a row to each table.
50 clerks with a log-in of their own, all of the same two roles in villages of one district, on the example office.
Of a hundred acts 30 open the tasks, 20 search, 15 open a case, 15 register a complaint, 10 carry out a step and 10 make a letter and open its PDF.
An act is everything a clerk waits for: the form and the answer to it, or the letter and its bytes.
Between two acts a clerk thinks as long as the row says on average; with 0 the row says how much the machine can do.
Portal, database and clerks share the cores, so an office sees better figures.
The sweep of the clocks has caught up before; while the clerks work it runs as in an office.
"""  # noqa: E501


@dataclass(kw_only=True)
class Tally:
    """What all clerks have waited, by act, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, act: str, seconds: float, error: str) -> None:
        with self.lock:
            self.seconds[act].append(seconds)
            if error:
                self.errors.append(f"{act}: {error}")


class Odd(Exception):
    """An answer that a clerk does not expect."""


def expect(page: Page, *statuses: int) -> Page:
    if page.status not in statuses:
        hints = re.findall(r'<a href="#[^<]*', page.text)[:3]
        raise Odd(f"{page.status} {hints}")
    return page


def form_of(page: Page, action: str) -> Form:
    found = expect(page, 200).form(action)
    if found is None:
        raise Odd(f"no form for {action}")
    return found


@dataclass(kw_only=True)
class Worker:
    """One clerk at work."""

    number: int
    clerk: Clerk
    chance: random.Random
    own: list[str] = field(default_factory=list)
    """The pages of cases that this clerk has registered."""
    fresh: list[str] = field(default_factory=list)
    """Those whose first step is still to be done."""

    def act(self, name: str) -> None:
        if name in ("step", "letter", "case") and not self.own:
            name = "intake"
        getattr(self, name)()

    def tasks(self) -> None:
        expect(self.clerk.get("/tugas"), 200)

    def search(self) -> None:
        page = self.clerk.send(Form(action="/cari"), {"words": self.chance.choice(WORDS)})
        if expect(page, 200, 303).status == 303:
            expect(self.clerk.get(page.led), 200)

    def case(self) -> None:
        expect(self.clerk.get(self.chance.choice(self.own)), 200)

    def intake(self) -> None:
        form = form_of(self.clerk.get("/aduan/baru"), "/aduan/baru")
        nik = f"18100301{self.chance.randint(1, 28):02}0190{self.number:02}{self.chance.randint(1, 99):02}"
        typed = {
            "who": "new",
            "name": f"Warga Ukur {self.chance.randint(1, 10**6)}",
            "nik": nik,
            "sex": "male",
            "program": "pbi-jk",
            "complaint": "kes-01",
            "description": "Belum punya kartu.",
            "save": "1",
        }
        if self.chance.random() < 0.5:
            typed |= {"who": "anonymous", "name": "", "nik": "", "sex": ""}
        page = expect(self.clerk.send(form, typed), 303, 422)
        if page.status == 422:
            return  # a NIK drawn twice: the form comes back with a sentence, as it should
        self.own.append(page.led.partition("?")[0])
        self.fresh.append(self.own[-1])

    def step(self) -> None:
        if not self.fresh:
            return self.intake()
        page = self.clerk.get(self.fresh.pop())
        form = form_of(page, "/langkah/")
        papers = {name: "brought" for name in form.choices if name.startswith("doc-")}
        expect(self.clerk.send(form, {"condition": "chronic", **papers}), 303)
        return None

    def letter(self) -> None:
        address = self.chance.choice(self.own)
        form = form_of(self.clerk.get(address), f"{address}/surat")
        page = expect(self.clerk.send(form, {"letter": "receipt"}), 200, 303)
        if page.status == 200:
            page = expect(self.clerk.send(form_of(page, "/surat"), {"issue": "1"}), 303)
        expect(self.clerk.get(page.led), 200)

    def work(self, tally: Tally, think: float, counts: Event, stop: Event) -> None:
        """Acts and thinks until told to stop; what is done before counting begins warms the portal up."""
        names, weights = list(ACTS), list(ACTS.values())
        stop.wait(self.chance.uniform(0, think or 0.5))
        while not stop.is_set():
            name, began, error = self.chance.choices(names, weights)[0], time.perf_counter(), ""
            try:
                self.act(name)
            except Odd as odd:
                error = str(odd)
            except (OSError, http.client.HTTPException) as broken:
                error = type(broken).__name__
                self.clerk.leave()
            if counts.is_set() and not stop.is_set():
                tally.add(name, time.perf_counter() - began, error)
            stop.wait(self.chance.expovariate(1 / think) if think else 0)


@contextmanager
def database(postgres: str, file: Path) -> Iterator[str]:
    """Gives the address of an empty database that is gone afterwards."""
    if not postgres:
        yield f"sqlite:///{file}"
        return
    name = f"bench_load_{os.getpid()}"
    url = make_url(postgres).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def furnished(address: str, clerks: int, cases: int) -> None:
    """Applies the example office, seeds it and adds the clerks."""
    where = ["--database", address, "--language", "en"]
    assert main(["apply", "--schema", str(ROOT / "schema"), *where]) == 0
    if cases:
        assert main(["seed", "--cases", str(cases), *where]) == 0
        assert main(["sweep", *where]) == 0  # as an office does every few minutes: nothing is left over
    engine, now = engine_of(address), datetime.now(UTC)
    with reading(engine) as session:
        schema = live(session, latest_id(session) or 0).schema
        villages = sorted(key for key in schema.areas if key.count(".") == 3)
    with writing(engine) as session:
        for number in range(clerks):
            area = villages[number % len(villages)]
            grants = tuple(Granted(role=role, area=area) for role in ("front-office", "back-office"))
            accounts.create(
                session,
                login=f"clerk{number}",
                label=f"Petugas Ukur {number}",
                password=PASSWORD,
                grants=grants,
                actor=SYSTEM,
                now=now,
            )
    engine.dispose()


@contextmanager
def served(address: str, workers: int, bare: bool, log: Path) -> Iterator[int]:
    """Serves a database as an office does, and gives the port."""
    program = [str(ROOT / "bench" / "bare.py")] if bare else ["-m", "portal"]
    words = ["serve", "--port", "0", "--workers", str(workers), "--database", address]
    known = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PORTAL_DEMO": "1"}
    with (
        log.open("w") as said,
        subprocess.Popen(
            [sys.executable, *program, *words], env=known, stdout=subprocess.PIPE, stderr=said, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            told = re.search(r":(\d+)/", process.stdout.readline())
            assert told is not None, log.read_text()
            yield int(told[1])
        finally:
            process.terminate()


def measured(port: int, clerks: int, think: float, seconds: float) -> tuple[Tally, float]:
    """Lets the clerks work and returns what they waited, and for how long it was counted."""
    tally, counts, stop = Tally(), Event(), Event()
    crew = []
    for number in range(clerks):
        clerk = Clerk(port=port, seconds=60)
        clerk.log_in(f"clerk{number}", PASSWORD)
        crew.append(Worker(number=number, clerk=clerk, chance=random.Random(number)))
    threads = [Thread(target=each.work, args=(tally, think, counts, stop)) for each in crew]
    for thread in threads:
        thread.start()
    time.sleep(min(10.0, seconds / 3))
    counts.set()
    began = time.perf_counter()
    time.sleep(seconds)
    stop.set()
    lasted = time.perf_counter() - began
    for thread in threads:
        thread.join()
    for each in crew:
        each.clerk.leave()
    return tally, lasted


def at(waits: list[float], share: float) -> str:
    ordered = sorted(waits)
    return f"{ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000:,.0f}" if ordered else ""


def told(tally: Tally, lasted: float, setting: str) -> tuple[str, list[str]]:
    """Returns the row of the run, and a row for each act."""
    every = [wait for waits in tally.seconds.values() for wait in waits]
    figures = f"{len(every) / lasted:,.1f} | {at(every, 0.5)} | {at(every, 0.95)} | {at(every, 0.99)}"
    row = f"| {setting} | {figures} | {len(tally.errors)} of {len(every):,} |"
    acts = [
        f"| {setting} | {LABELS[act]} | {len(tally.seconds[act])} | {at(tally.seconds[act], 0.5)} "
        f"| {at(tally.seconds[act], 0.95)} |"
        for act in ACTS
    ]
    return row, acts


RUNS = "| run | acts per second | p50 ms | p95 ms | p99 ms | errors |\n|---|--:|--:|--:|--:|--:|"
EACH = "| run | act | times | p50 ms | p95 ms |\n|---|---|--:|--:|--:|"


def write(setting: str, row: str, acts: list[str]) -> None:
    """Puts the rows of a run into the page in place of an earlier run of the same setting."""
    old = PAGE.read_text("utf-8").splitlines() if PAGE.exists() else []
    rows = [
        line for line in old if line.startswith("| ") and not line.startswith(("| run", f"| {setting} |"))
    ]
    runs = sorted([*(line for line in rows if " of " in line.rsplit("|", 2)[1]), row])
    each = [*(line for line in rows if " of " not in line.rsplit("|", 2)[1]), *acts]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}."
    parts = [HEAD, RUNS, *runs, "", "## By act", "", EACH, *sorted(each), "", machine]
    PAGE.write_text("\n".join(parts) + "\n", "utf-8")


def run() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clerks", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    kind = "PostgreSQL" if chosen.postgres else "SQLite"
    setting = f"{kind}, {chosen.workers} process{'es' if chosen.workers > 1 else ''}, {chosen.clerks} clerks"
    setting += f", think {chosen.think:g} s" + (", without the wall" if chosen.bare else "")
    place = Path(tempfile.mkdtemp(prefix="portal-load-"))
    os.environ["PORTAL_SECRET_FILE"] = str(place / "secret")
    try:
        with database(chosen.postgres, place / "portal.db") as address:
            furnished(address, chosen.clerks, chosen.cases)
            with served(address, chosen.workers, chosen.bare, place / "serve.log") as port:
                tally, lasted = measured(port, chosen.clerks, chosen.think, chosen.seconds)
            engine = engine_of(address)
            with reading(engine) as session:
                print(f"{session.query(Case).count():,} cases in the end")
            engine.dispose()
    finally:
        shutil.rmtree(place)
    row, acts = told(tally, lasted, setting)
    print(RUNS, row, "", EACH, *acts, *tally.errors[:10], sep="\n")
    if chosen.write:
        write(setting, row, acts)


if __name__ == "__main__":
    with acting(SYSTEM):
        run()
