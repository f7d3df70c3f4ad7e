"""The ASVS map has every requirement of levels 1 and 2 once, and names tests that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
MAP = (CHECKOUT / "docs" / "explanation" / "asvs.md").read_text("utf-8")
COUNTS = {1: 70, 2: 183}
"""How many requirements each level of version 5.0.0 adds."""
HIGHEST = """1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 3.6.1 3.7.3 3.7.4
3.7.5 4.1.4 4.1.5 4.2.2 4.2.3 4.2.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3"""
"""Some of level 3, which the map leaves out."""


def requirements() -> Iterator[str]:
    """Yields the numbers of the map, ranges such as `V1.2.6-8` one by one."""
    for section, first, last in re.findall(r"^\| V(\d+\.\d+)\.(\d+)(?:-(\d+))? ", MAP, flags=re.MULTILINE):
        yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def test_every_requirement_of_level_two_has_one_row() -> None:
    found = list(requirements())
    assert len(found) == len(set(found)) == sum(COUNTS.values())
    assert not set(HIGHEST.split()) & set(found)


def test_every_row_has_an_answer_and_a_reason() -> None:
    rows = re.findall(r"^\| V[\d.-]+ [^|]+\| (\w+|n/a) \| (.+) \|$", MAP, flags=re.MULTILINE)
    assert len(rows) == len(re.findall(r"^\| V\d", MAP, flags=re.MULTILINE))
    assert {answer for answer, _ in rows} == {"yes", "office", "n/a", "part", "no"}


def test_the_tests_of_the_map_are_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", MAP))
    assert [name for name in sorted(named) if not (CHECKOUT / name).exists()] == []
