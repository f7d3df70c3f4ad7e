"""Lets sqlmap try the queries and forms of the running demonstration, and says what it found.

Run it with the extra `attack`: `python bench/sqlmap_run.py [--database FILE] [--level N] [--seconds N]`.
The exit code is the number of places that sqlmap calls injectable.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from attacks.base import World, demonstration, hidden


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where sqlmap tries its luck."""

    name: str
    path: str
    parameter: str
    data: str = ""
    cookie: bool = True


def places(world: World) -> Iterator[Place]:
    """Yields the queries and forms that reach the database."""
    yield Place(
        name="log-in", path="/masuk", parameter="username", data="username=x&password=y", cookie=False
    )
    yield Place(name="search", path="/cari", parameter="words", data="words=Sumarni")
    yield Place(name="list: filter", path="/data/resident/list?filter-sex=male", parameter="filter-sex")
    yield Place(
        name="list: link", path="/data/resident/list?filter-household=1", parameter="filter-household"
    )
    yield Place(name="list: order", path="/data/resident/list?sort=name", parameter="sort")
    yield Place(name="list: place", path="/data/resident/list?after=1", parameter="after")
    yield Place(name="list: search", path="/data/resident/list", parameter="words", data="words=Sumarni")
    yield Place(name="cases: state", path="/kasus?status=open", parameter="status")
    yield Place(name="cases: place", path="/kasus?after=9", parameter="after")
    yield Place(name="complaint: person", path="/aduan/baru?warga=1", parameter="warga")
    said = hidden(world.as_("front-office").get("/data/resident/create").text, "/data/resident/create")
    form = urlencode({**said, "name": "Uji Contoh", "sex": "male", "nik": "1"}, doseq=True)
    yield Place(name="new resident: name", path="/data/resident/create", parameter="name", data=form)
    yield Place(name="new resident: NIK", path="/data/resident/create", parameter="nik", data=form)


def main() -> int:
    """Tries each place and returns how many are injectable."""
    parser = argparse.ArgumentParser(description="Lets sqlmap try the running demonstration.")
    parser.add_argument("--database", type=Path, help="a demonstration made before")
    parser.add_argument("--level", default="1", help="sqlmap's level, 1 to 5")
    parser.add_argument("--dbms", default="SQLite", help="whose language sqlmap speaks")
    parser.add_argument("--seconds", type=int, default=240, help="how long one place may take")
    typed = parser.parse_args()
    print("| place | requests | answers | injectable | server errors |\n|---|--:|---|---|--:|")
    wrong = 0
    with (
        tempfile.TemporaryDirectory(prefix="portal-sqlmap-") as folder,
        demonstration(Path(folder), typed.database) as world,
    ):
        for place in places(world):
            said = _tried(world, place, Path(folder), typed.level, typed.dbms, typed.seconds)
            found = "sqlmap identified the following injection" in said
            wrong += found
            note = "**yes**" if found else "no, cut short" if said.endswith("[cut]") else "no"
            asked = world.log.read_text("utf-8", "replace")
            statuses = Counter(re.findall(r" (\d{3})$", asked, re.M))
            errors = sum(count for status, count in statuses.items() if status >= "500")
            wrong += errors
            kinds = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
            row = (place.name, str(sum(statuses.values())), kinds, note, str(errors))
            print(f"| {' | '.join(row)} |", flush=True)
            world.log.write_text("")
    return min(wrong, 250)


def _tried(world: World, place: Place, folder: Path, level: str, dbms: str, seconds: int) -> str:
    headers = f"Origin: {world.address}\\nSec-Fetch-Site: same-origin"
    command = [
        str(Path(sys.executable).with_name("sqlmap")),
        "--batch",
        "--disable-coloring",
        "--flush-session",
        f"--output-dir={folder / 'sqlmap'}",
        f"--level={level}",
        "--risk=1",
        "--threads=2",
        "--timeout=20",
        "--ignore-code=*",
        f"--dbms={dbms}",
        f"--headers={headers}",
        f"-u{world.address}{place.path}",
        f"-p{place.parameter}",
    ]
    command += [f"--data={place.data}"] if place.data else []
    if place.cookie:
        token = "; ".join(f"{each.name}={each.value}" for each in world.as_("front-office").cookies.jar)
        command.append(f"--cookie={token}")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, cwd=folder, check=False
        )
    except subprocess.TimeoutExpired as late:
        return f"{late.stdout!r} [cut]"
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
