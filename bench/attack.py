"""Attacks the running demonstration from outside and prints what came of each attempt.

Run it from the repository: `python bench/attack.py [--database FILE] [--write] [--open]`.
It serves the demonstration on a free port, knows only its address and what a log-in shows, and reads the
database to tell whose rows are whose. The exit code is the number of attempts that got through.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from attacks import GROUPS
from attacks.base import ROOT, Row, World, demonstration

PAGE = ROOT / "docs" / "benchmarks" / "attacks.md"
BEGIN, END = "<!-- rows: written by bench/attack.py --write -->", "<!-- end of rows -->"


def main() -> int:
    """Runs every attack and returns how many are open."""
    typed = _parser().parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="portal-attack-") as folder,
        demonstration(Path(folder), typed.database) as world,
    ):
        rows = tuple(_all(world))
    shown = [row for row in rows if not row.closed] if typed.open else rows
    print(_table(shown))
    found = [row for row in rows if not row.closed]
    print(f"{len(rows)} attacks, {len(found)} open")
    if typed.write:
        _write(rows)
    return min(len(found), 250)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Attacks the running demonstration from outside.")
    parser.add_argument(
        "--database", type=Path, help="a demonstration made before, to save the minute it takes"
    )
    parser.add_argument("--open", action="store_true", help="show only what got through")
    parser.add_argument(
        "--write", action="store_true", help="write the table into docs/benchmarks/attacks.md"
    )
    return parser


def _all(world: World) -> Iterator[Row]:
    for group in GROUPS:
        begun, count = time.perf_counter(), 0
        name = group.__module__.rpartition(".")[2]
        try:
            for row in group(world):
                count += 1
                yield row
        except Exception as error:  # an attack that cannot be carried out is not closed
            said = f"{type(error).__name__}: {error}"[:100]
            yield Row(group=name, name="could not be carried out", expected="-", seen=said, closed=False)
        print(f"{name}: {count} in {time.perf_counter() - begun:.0f} s", file=sys.stderr)


def _table(rows: Sequence[Row]) -> str:
    lines = ["| attack | expected | seen | |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    end = "closed" if row.closed else "**open**"
    return f"| {row.group}: {_cell(row.name)} | {row.expected} | {_cell(row.seen)} | {end} |"


def _cell(text: str) -> str:
    shown = "".join(each if each.isprintable() else "·" for each in text).replace("|", "\\|")
    return shown.replace("<", "&lt;").replace("{", "&#123;")


def _write(rows: Sequence[Row]) -> None:
    groups = Counter(row.group for row in rows)
    open_ones = Counter(row.group for row in rows if not row.closed)
    lines = ["| group | attacks | open |", "|---|--:|--:|"]
    lines += [f"| {name} | {count} | {open_ones[name]} |" for name, count in groups.items()]
    lines += [f"| all | {len(rows)} | {sum(open_ones.values())} |"]
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(
        ["", *lines, "", "<details><summary>every row</summary>", "", _table(rows), "", "</details>", ""]
    )
    PAGE.write_text(f"{before}{BEGIN}{body}{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
