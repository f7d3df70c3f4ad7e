"""Measures lists of a million residents: our generated screens, plain sqladmin and Django admin on one file.

Run it from the repository with the `bench` extra: `python bench/lists.py [--rows N] [--rounds N] [--write]`.
Every app answers in this process through raw ASGI calls, in interleaved rounds; the table has the medians.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

from asking import ON_A_PAGE, Answer, Contestant, Sample, get
from django_app import django_admin
from sqlalchemy import select

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.app import create_app
from portal.database import engine_of, reading, writing
from portal.load import load
from portal.migrate import apply
from portal.releases import Live, latest_id, live
from portal.seeding import seed
from portal.settings import Settings
from portal.wall import acting

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "lists.md"
PASSWORD = "kata-sandi-ukur-2026"
MEASURES = (
    "first page", "next page", "deep page", "search by NIK", "search by part of a name",
    "search by a rare part", "detail", "edit form",
)  # fmt: skip


def ours(url: str, token: str, sample: Sample) -> Contestant:
    """Returns the portal; a search is a POST that leads to the list."""
    path = "/data/resident/list"

    def search(words: str, rows: int) -> Callable[[Contestant], Awaitable[Answer]]:
        async def ask(contestant: Contestant) -> Answer:
            kept = await contestant.call(path, form={"words": words})
            assert kept.status == 303, f"search: {kept.status}"
            return await get(path, kept.headers["location"].partition("?")[2], rows=rows)(contestant)

        return ask

    async def follow(contestant: Contestant) -> Answer:
        return await get(path, next_page, rows=ON_A_PAGE)(contestant)

    next_page = f"after={sample.rows - ON_A_PAGE + 1}"
    return Contestant(
        name="Satu Pintu",
        app=create_app(Settings(schema=ROOT / "schema", database=url)),
        cookie=f"portal_session={token}",
        asks={
            "first page": get(path, rows=ON_A_PAGE),
            "next page": follow,
            "deep page": get(path, f"after={sample.rows // 2}", rows=ON_A_PAGE),
            "search by NIK": search(sample.nik, 1),
            "search by part of a name": search(sample.part, ON_A_PAGE),
            "search by a rare part": search(sample.rare, ON_A_PAGE),
            "detail": get(f"/data/resident/details/{sample.key}", shows=sample.nik),
            "edit form": get(f"/data/resident/edit/{sample.key}", shows=sample.nik),
        },
    )


def sqladmin_plain(url: str, current: Live, sample: Sample) -> Contestant:
    """Returns sqladmin as its documentation shows it, with our class and as many rows on a page."""
    from sqladmin import Admin, ModelView
    from starlette.applications import Starlette

    model = current.models.records["resident"]
    listed = [model.name, model.nik, model.birth_date, model.area]
    view = type(
        "ResidentView",
        (ModelView,),
        {"column_list": listed, "column_searchable_list": [model.nik, model.name], "page_size": ON_A_PAGE},
        model=model,
    )
    app = Starlette()
    Admin(app, engine_of(url)).add_view(view)
    path = "/admin/resident"
    deep = sample.rows // 2 // ON_A_PAGE
    return Contestant(
        name="sqladmin",
        app=app,
        asks={
            "first page": get(f"{path}/list", rows=ON_A_PAGE),
            "next page": get(f"{path}/list", "page=2", rows=ON_A_PAGE),
            "deep page": get(f"{path}/list", f"page={deep}", rows=ON_A_PAGE),
            "search by NIK": get(f"{path}/list", urlencode({"search": sample.nik}), rows=1),
            "search by part of a name": get(f"{path}/list", f"search={sample.part}", rows=ON_A_PAGE),
            "search by a rare part": get(f"{path}/list", f"search={sample.rare}", rows=ON_A_PAGE),
            "detail": get(f"{path}/details/{sample.key}", shows=sample.nik),
            "edit form": get(f"{path}/edit/{sample.key}", shows=sample.nik),
        },
    )


def prepared(file: Path, rows: int) -> tuple[str, Live]:
    """Returns the URL of the seeded file and its Release, made when it is not there."""
    url, now = f"sqlite:///{file}", datetime.now(UTC)
    engine = engine_of(url)
    with sqlite3.connect(file) as plain:
        known = plain.execute("SELECT count(*) FROM sqlite_master WHERE name = 'record_resident'").fetchone()
    if not known[0]:
        loaded = load(ROOT / "schema")
        assert loaded.schema is not None, "portal check says why"
        apply(engine, loaded.schema, loaded.sources, {}, actor=SYSTEM, now=now)
    with reading(engine) as session:
        current = live(session, latest_id(session) or 0)
    if not known[0]:
        begun = time.perf_counter()
        told = lambda done, total: print(f"\r{done:,} of {total:,}", end="", flush=True)  # noqa: E731
        print(seed(engine, current, rows, now=now, progress=told))
        print(f"seeded in {time.perf_counter() - begun:,.0f} s")
    return url, current


def token_of(url: str) -> str:
    """Returns the session of an account that sees and edits everyone, as the district's secretariat does."""
    engine, now = engine_of(url), datetime.now(UTC)
    with writing(engine) as session:
        if accounts.find(session, "bench") is None:
            grants = (Granted(role="secretariat", area=""),)
            accounts.create(
                session,
                login="bench",
                label="Bench",
                password=PASSWORD,
                grants=grants,
                actor=SYSTEM,
                now=now,
                without_factor=True,
            )
        token = accounts.log_in(session, "bench", PASSWORD, now)
    assert token is not None
    return token


def sample_of(url: str, current: Live, rows: int) -> Sample:
    """Returns the resident in the middle, with a common part of its name and a rare one."""
    table = current.models.records["resident"].__table__
    with reading(engine_of(url)) as session:
        key, name, nik = session.execute(
            select(table.c.id, table.c.name, table.c.nik).where(table.c.id == rows // 2)
        ).one()
    words = name.lower().split()
    rare = f"{words[0][-4:]} {words[-1][:8]}"
    return Sample(key=key, nik=nik, part=words[0][-5:], rare=rare.split()[1], rows=rows)


async def measured(contestants: list[Contestant], rounds: int) -> Mapping[tuple[str, str], float]:
    """Returns the median of each measure and contestant in milliseconds; the first round only warms up."""
    taken: dict[tuple[str, str], list[float]] = {}
    for turn in range(rounds + 1):
        for measure in MEASURES:
            order = contestants[turn % len(contestants) :] + contestants[: turn % len(contestants)]
            for contestant in order:
                if measure not in contestant.asks:
                    continue
                begun = time.perf_counter()
                await contestant.asks[measure](contestant)
                spent = (time.perf_counter() - begun) * 1000
                if turn:
                    taken.setdefault((measure, contestant.name), []).append(spent)
        print(f"\rround {turn} of {rounds}", end="", flush=True)
    print()
    return {key: statistics.median(times) for key, times in taken.items()}


def table_of(contestants: list[Contestant], medians: Mapping[tuple[str, str], float]) -> str:
    """Returns the medians as a Markdown table."""
    lines = [
        "| ms | " + " | ".join(each.name for each in contestants) + " |",
        "|---" + "|--:" * len(contestants) + "|",
    ]
    for measure in MEASURES:
        cells = [medians.get((measure, each.name)) for each in contestants]
        lines.append(f"| {measure} | " + " | ".join("" if c is None else f"{c:,.1f}" for c in cells) + " |")
    return "\n".join(lines)


def surroundings(rows: int, rounds: int, sample: Sample) -> str:
    """Returns what the figures depend on."""
    libraries = ("sqlalchemy", "sqladmin", "starlette", "django")
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    masked = re.sub(r"\d(?=\d{4})", "•", sample.nik)
    return (
        f"{rows:,} residents and {rows:,} cases in one SQLite file; median of {rounds} interleaved rounds in "
        f"one process; {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {versions}.\n"
        f'Searched for: NIK {masked}, the part "{sample.part}" of a name, the rare part "{sample.rare}".'
    )


def main() -> None:
    """Seeds the file when needed, measures, prints, and writes the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--file", type=Path, help="the SQLite file; var/bench-<rows>.db when left out")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    typed = parser.parse_args()
    file: Path = typed.file or ROOT / "var" / f"bench-{typed.rows}.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    url, current = prepared(file, typed.rows)
    sample = sample_of(url, current, typed.rows)
    contestants = [
        ours(url, token_of(url), sample),
        sqladmin_plain(url, current, sample),
        django_admin(file, current, sample),
    ]
    medians = asyncio.run(measured(contestants, typed.rounds))
    found, around = table_of(contestants, medians), surroundings(typed.rows, typed.rounds, sample)
    print(f"{found}\n\n{around}")
    if typed.write:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(
            f"# Lists of a million residents\n\n{_INTRODUCTION}\n\n{found}\n\n{around}\n", "utf-8"
        )


_INTRODUCTION = (
    "`python bench/lists.py --write` makes this page.\n"
    "A search is measured as a person meets it: for the portal the POST that keeps the words and the list it "
    "leads to.\n"
    "Plain sqladmin and Django admin are set up as their documentation shows, with the same columns, search "
    "and SQLite cache and 25 rows on a page; Django admin shows a record only as a form.\n"
    "The portal and Django admin ask who is logged in and what they may do; plain sqladmin asks nobody."
)


if __name__ == "__main__":
    with acting(SYSTEM):
        main()
