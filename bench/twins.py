"""Measures finding duplicates among 100,000 residents, and the search box over 20,000 and 50,000 cases.

Run it from the repository: `python bench/twins.py [--residents N] [--rounds N] [--write]`. Duplicates are
asked for as a form asks, with candidates, scores and scope; the search box through the portal's ASGI app as
a browser does. `PORTAL_BENCH_POSTGRES` is the URL of a PostgreSQL server on which databases are made.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from asking import HOST, Contestant
from sqlalchemy import Engine, make_url, select, text

from portal import accounts, twins
from portal.access import SYSTEM, Actor, Granted
from portal.app import create_app
from portal.database import engine_of, reading, writing
from portal.load import load
from portal.migrate import apply
from portal.releases import Live, latest_id, live
from portal.seeding import seed
from portal.settings import Settings
from portal.tables import Case
from portal.wall import acting

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "twins.md"
NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
PASSWORD = "jendela terbuka di pagi hari"
SLIPS = (("u", "oe"), ("y", "j"), ("i", "ie"), ("a", "ah"), ("f", "p"), ("s", "ss"))


def filled(url: str, residents: int, cases: int) -> tuple[Engine, Live]:
    """Returns a database with made-up people and cases, its keys learnt."""
    engine = engine_of(url)
    loaded = load(ROOT / "schema")
    assert loaded.schema is not None
    with acting(SYSTEM):
        apply(engine, loaded.schema, {}, {}, actor=SYSTEM, now=NOW)
        with reading(engine) as session:
            current = live(session, latest_id(session) or 0)
        seed(engine, current, cases, residents=residents, now=NOW)
        with engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
    return engine, current


def people(engine: Engine, current: Live, many: int) -> list[dict[str, Any]]:
    """Returns what is typed of some residents, their names spelt otherwise."""
    table, chance = twins.table_of(current), random.Random(7)
    with acting(SYSTEM), reading(engine) as session:
        keys = session.scalars(select(table.c.id)).all()
        rows = session.execute(select(table).where(table.c.id.in_(chance.sample(list(keys), many)))).all()
    found = []
    for row in rows:
        values = {name.replace("_", "-"): each for name, each in row._mapping.items()} | dict(row._mapping)
        old, new = chance.choice(SLIPS)
        found.append(values | {"name": str(values["name"]).replace(old, new, 1)})
    return found


def finding(engine: Engine, current: Live, rounds: int) -> tuple[list[float], int]:
    """Returns the milliseconds of each look for duplicates, and how many found the one that was meant."""
    clerk = Actor(account_id=1, label="bench", grants=(Granted(role="supervisor", area="18.10"),))
    times, hits = [], 0
    for values in people(engine, current, rounds):
        key = values["id"]
        asked = {name: each for name, each in values.items() if name != "nik"}
        with acting(clerk, current), reading(engine) as session:
            start = time.perf_counter()
            found = twins.find(session, current, clerk, asked)
            times.append((time.perf_counter() - start) * 1000)
        hits += any(each.id == key for each in found.seen)
    return times, hits


async def searching(engine: Engine, url: str, current: Live, rounds: int) -> dict[str, list[float]]:
    """Returns the milliseconds of the search box by kind of search."""
    now = datetime.now(UTC)
    with acting(SYSTEM), writing(engine) as session:
        accounts.create(
            session,
            login="bench",
            label="Bench",
            password=PASSWORD,
            grants=(Granted(role="secretariat", area=""),),
            actor=SYSTEM,
            now=now,
            without_factor=True,
        )
        token = accounts.log_in(session, "bench", PASSWORD, now)
    box = Contestant(
        name="portal",
        app=create_app(Settings(schema=ROOT / "schema", database=url, hosts=(HOST.decode(),))),
        cookie=f"portal_session={token}",
        asks={},
    )
    with acting(SYSTEM), reading(engine) as session:
        numbers = session.scalars(select(Case.number).limit(rounds)).all()
    sample = people(engine, current, rounds)
    kinds: dict[str, Callable[[int], str]] = {
        "NIK": lambda n: str(sample[n]["nik"]),
        "case number": lambda n: str(numbers[n % len(numbers)]),
        "part of a name": lambda n: str(sample[n]["name"]).split()[0][:4],
        "name spelt otherwise": lambda n: str(sample[n]["name"]),
        "nobody": lambda n: f"Zzq{n}",
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(rounds):
        for kind, words in kinds.items():
            start = time.perf_counter()
            answer = await box.call("/cari", form={"words": words(number)})
            times[kind].append((time.perf_counter() - start) * 1000)
            assert answer.status in (200, 303), f"{kind}: {answer.status}"
    return times


def fresh(server: str, name: str) -> str:
    """Returns the URL of an empty database of a server, made anew."""
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def figures(times: list[float]) -> str:
    """Returns median and 95th percentile."""
    ordered = sorted(times)
    return f"{statistics.median(ordered):.1f} | {ordered[int(len(ordered) * 0.95) - 1]:.1f}"


def measure(url: str, name: str, residents: int, rounds: int, *, box: bool) -> list[str]:
    """Returns the lines of the table for one database."""
    engine, current = filled(url, 20_000 if box else residents, 50_000 if box else 0)
    if not box:
        times, hits = finding(engine, current, rounds)
        return [f"| {name}: duplicates of somebody ({hits} of {len(times)} found) | {figures(times)} |"]
    found = asyncio.run(searching(engine, url, current, rounds))
    return [f"| {name}: search by {kind} | {figures(times)} |" for kind, times in found.items()]


def main() -> None:
    """Measures, prints and perhaps writes the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--residents", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=200)
    asked.add_argument("--write", action="store_true")
    said = asked.parse_args()
    os.environ.setdefault("PORTAL_DEMO", "1")
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "secret"
        secret.write_text("5a" * 32)
        os.environ["PORTAL_SECRET_FILE"] = str(secret)
        for box in (False, True):
            url = f"sqlite:///{folder}/{box}.db"
            lines += measure(url, "SQLite", said.residents, said.rounds, box=box)
            if server := os.environ.get("PORTAL_BENCH_POSTGRES"):
                lines += measure(
                    fresh(server, f"twins_{box}".lower()), "PostgreSQL", said.residents, said.rounds, box=box
                )
    page = f"""# Duplicates and the search box

`python bench/twins.py --write` makes this page.
Duplicates are looked for among {said.residents:,} residents as a form asks: candidates, scores, scope.
The name is spelt otherwise than it is kept, and the NIK is not given.
The search box is asked through the portal's ASGI app, with log-in, scope, masks and access log.
It stands over 20,000 residents and 50,000 cases.

| ms | median | p95 |
|---|--:|--:|
{chr(10).join(lines)}

{said.rounds} rounds each in one process; {os.cpu_count()} cores, {platform.machine()}.
Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.
The load average of five minutes was {os.getloadavg()[1]:.0f} at the end.
"""
    print(page)
    if said.write:
        PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
