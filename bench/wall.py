"""Measures what the wall costs: the same pages with its hooks in place and taken down, in interleaved rounds.

Run it from the repository with the `bench` extra: `python bench/wall.py [--rows N] [--rounds N] [--write]`.
Taken down, pages still ask `access` for their scope, as they did before the wall; the difference is what the
wall adds: looking at each statement, scoping what nobody scoped, checking each flush.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from asking import Answer, Contestant, Sample, get
from lists import ROOT, ours, prepared, sample_of, surroundings
from sqlalchemy import event, func, select

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.database import engine_of, reading, writing
from portal.tables import Case
from portal.wall import HOOKS, acting

PAGE = ROOT / "docs" / "benchmarks" / "wall.md"
PASSWORD = "kata-sandi-ukur-2026"
WALLED, OPEN = "with the wall", "without"


def token_of(url: str, role: str, area: str) -> str:
    """Returns the session of an account that holds one role over an area."""
    engine, now, login = engine_of(url), datetime.now(UTC), f"bench-{role}"
    with writing(engine) as session:
        if accounts.find(session, login) is None:
            held = (Granted(role=role, area=area),)
            accounts.create(
                session,
                login=login,
                label="Bench",
                password=PASSWORD,
                grants=held,
                actor=SYSTEM,
                now=now,
                without_factor=True,
            )
        token = accounts.log_in(session, login, PASSWORD, now)
    assert token is not None
    return token


def asks_of(url: str, sample: Sample, role: str, area: str) -> Contestant:
    """Returns the pages of one officer."""
    made = ours(url, token_of(url, role, area), sample)
    with reading(engine_of(url)) as session:
        case = session.scalar(select(func.max(Case.id)).where(Case.area == sample_area(url, sample)))
    kept = {name: made.asks[name] for name in ("first page", "detail", "edit form")}
    extra = {"case list": get("/kasus"), "tasks": get("/tugas"), "case page": get(f"/kasus/{case}")}
    searches = {"search by part of a name": found(sample.part)}
    return Contestant(name=role, app=made.app, cookie=made.cookie, asks={**kept, **searches, **extra})


def found(words: str) -> Callable[[Contestant], Awaitable[Answer]]:
    """Returns a search of the list, however many it finds."""

    async def ask(officer: Contestant) -> Answer:
        kept = await officer.call("/data/resident/list", form={"words": words})
        path, _, query = kept.headers["location"].partition("?")
        return await get(path, query)(officer)

    return ask


def sample_area(url: str, sample: Sample) -> str:
    """Returns the village of the sample."""
    with reading(engine_of(url)) as session:
        return session.scalars(select(Case.area).where(Case.resident_id == sample.key).limit(1)).one()


@contextmanager
def taken_down(*, down: bool) -> Iterator[None]:
    """Takes the wall down for one page."""
    for target, name, hook in HOOKS if down else ():
        event.remove(target, name, hook)
    try:
        yield
    finally:
        for target, name, hook in HOOKS if down else ():
            event.listen(target, name, hook)


async def measured(officers: list[Contestant], rounds: int) -> Mapping[tuple[str, str, str], float]:
    """Returns the median of each officer's page either way in milliseconds; the first round only warms up."""
    taken: dict[tuple[str, str, str], list[float]] = {}
    for turn in range(rounds + 1):
        for officer in officers:
            for page, ask in officer.asks.items():
                for way in (WALLED, OPEN) if turn % 2 else (OPEN, WALLED):
                    with taken_down(down=way == OPEN):
                        begun = time.perf_counter()
                        await ask(officer)
                        spent = (time.perf_counter() - begun) * 1000
                    if turn:
                        taken.setdefault((officer.name, page, way), []).append(spent)
    return {key: statistics.median(times) for key, times in taken.items()}


def table_of(officers: list[Contestant], medians: Mapping[tuple[str, str, str], float]) -> str:
    """Returns the medians as a Markdown table."""
    lines = [f"| ms | {OPEN} | {WALLED} | more |", "|---|--:|--:|--:|"]
    for officer in officers:
        for page in officer.asks:
            without, walled = (medians[officer.name, page, way] for way in (OPEN, WALLED))
            lines.append(
                f"| {officer.name}: {page} | {without:.1f} | {walled:.1f} | {walled - without:+.1f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Seeds the file when needed, measures, prints, and writes the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--file", type=Path, help="the SQLite file; var/bench-<rows>.db when left out")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    file = given.file or ROOT / "var" / f"bench-{given.rows}.db"
    file.parent.mkdir(exist_ok=True)
    url, current = prepared(file, given.rows)
    sample = sample_of(url, current, given.rows)
    village = sample_area(url, sample)
    officers = [asks_of(url, sample, "back-office", village), asks_of(url, sample, "secretariat", "")]
    table = table_of(officers, asyncio.run(measured(officers, given.rounds)))
    print(table)
    if given.write:
        about = surroundings(given.rows, given.rounds, sample).splitlines()[0]
        said = "The same pages with the wall and with its hooks taken down (`bench/wall.py`)."
        PAGE.write_text(f"# What the wall costs\n\n{said}\n{about}\n\n{table}\n", "utf-8")


if __name__ == "__main__":
    with acting(SYSTEM):
        main()
