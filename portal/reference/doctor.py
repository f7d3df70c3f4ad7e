"""The page of wrong settings: what the doctor looks for, how heavy it is, and the remedy."""

from __future__ import annotations

from collections.abc import Iterator

from portal.doctor import CHECKS
from portal.doctor.base import Check
from portal.reference.page import NOTE, cell
from portal.words import LANGUAGES

_INTRODUCTION = """\
# Wrong settings

What `portal doctor` looks for, {count} settings, each by its name.
`portal serve` does not start with a fatal one; `portal demo` does not ask.
Words between braces are values.

| name | weight | what is wrong | what was found | remedy |
|---|---|---|---|---|
"""


def doctor() -> str:
    """Returns the page of every check of the doctor."""
    rows = "\n".join(f"| {' | '.join(_cells(check))} |" for check in CHECKS)
    return f"{NOTE}{_INTRODUCTION.format(count=len(CHECKS))}{rows}\n"


def _cells(check: Check) -> Iterator[str]:
    words = LANGUAGES["en"]
    yield from (f"`{check.slug}`", check.weight)
    yield from (cell(words[f"doctor-{check.slug}{part}"]) for part in ("", "-found", "-remedy"))
