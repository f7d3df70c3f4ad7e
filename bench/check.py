"""Measures what somebody waits for who types in the editor: from the text of a draft to its problems.

Run it from the repository: `python bench/check.py [--rounds N] [--write]`.
The shipped office stands around the draft; its procedures are parted, so that the one being typed in has a
thousand lines. Each round is a text that nobody has seen before, as after each pause of a person who types.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import re
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from portal.editor import found_in, problems
from portal.load import load

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "check.md"
LINES, GOAL = 1000, 0.150
SLIPS = (("role: front-office", "role: front-ofice"), ("otherwise:", "otherwse:"))
_INTRODUCTION = (
    "`python bench/check.py --write` makes this page.\n"
    "Whoever types in the editor sees what is wrong after each pause: this is the time from the text to the "
    "list of problems with their fixes, every check of the whole shipped office included.\n"
    "What nobody touched is not read again: other files by their bytes, letter templates by their text."
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One text of the office that is being edited."""

    name: str
    file: str
    text: str
    folder: Path

    def seconds(self, number: int) -> float:
        """Returns how long it takes from a text that was not seen before to its problems."""
        text = self.text.replace("label: ", f"label: {number} ", 1)
        gc.collect()
        began = time.perf_counter()
        found = found_in(lambda t: load(self.folder, instead={self.file: t}), self.file, text)
        assert len(problems(found, self.file, "id")) == text.count("front-ofice") + text.count("otherwse:")
        return time.perf_counter() - began


def drafts(folder: Path) -> list[Draft]:
    """Returns the texts to measure: right and with slips, of a thousand lines and as shipped."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copytree(ROOT / "schema", folder / "schema")
    shutil.copytree(ROOT / "schema", folder / "whole")
    whole = (ROOT / "schema" / "sop.yaml").read_text("utf-8")
    first, second = _parted(whole)
    (folder / "schema" / "sop.yaml").write_text(first, "utf-8")
    (folder / "schema" / "sop-2.yaml").write_text(second, "utf-8")
    made = []
    for text, place in ((first, folder / "schema"), (whole, folder / "whole")):
        size = f"{len(text.splitlines()):,} lines"
        for name, typed in (("no problem", text), ("a role and a key misspelt", slipped(text))):
            made.append(Draft(name=f"{size}, {name}", file="sop.yaml", text=typed, folder=place))
    return made


def _parted(text: str) -> tuple[str, str]:
    """Returns the procedures in two files, the first of which has about a thousand lines."""
    starts = [found.start() for found in re.finditer(r"(?m)^  [a-z][a-z0-9-]*:$", text)]
    at = next(start for start in starts if text.count("\n", 0, start) >= LINES)
    return text[:at], "sops:\n" + text[at:]


def slipped(text: str) -> str:
    """Returns a text with a misspelt role and a misspelt key."""
    for right, wrong in SLIPS:
        text = text.replace(right, wrong, 1)
    return text


def main() -> None:
    """Measures and prints, and writes the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    typed = parser.parse_args()
    lines = ["| ms | the first time | median | p95 | longest |", "|---|--:|--:|--:|--:|"]
    with tempfile.TemporaryDirectory() as made:
        for draft in drafts(Path(made)):
            first, *others = (draft.seconds(number) for number in range(typed.rounds + 1))
            cuts = statistics.quantiles(others, n=20)
            shown = (first, statistics.median(others), cuts[-1], max(others))
            lines.append(f"| {draft.name} | {' | '.join(f'{each * 1000:,.0f}' for each in shown)} |")
    lines += ["", _around(typed.rounds)]
    print("\n".join(lines))
    if typed.write:
        PAGE.write_text("\n".join(["# Checking while one types", "", _INTRODUCTION, "", *lines, ""]), "utf-8")


def _around(rounds: int) -> str:
    return (
        f"{rounds} texts each; the goal is a p95 below {GOAL * 1000:.0f} ms for a thousand lines; "
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; "
        f"load of the machine {os.getloadavg()[0]:.1f}."
    )


if __name__ == "__main__":
    main()
