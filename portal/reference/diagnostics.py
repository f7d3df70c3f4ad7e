"""The page of diagnostics: every code with its words and an example that `portal check` gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from portal import checks, document, load
from portal.reference.page import NOTE
from portal.words import LANGUAGES

_INTRODUCTION = """\
# Diagnostics

What `portal check` can say, by its code.
Each has an example from `tests/bad/`: a mistake laid over a good office, and the answer in Indonesian.
Words between braces are values.
"""
_FAMILIES = (
    ("Reading a file", document.CODES),
    ("Shape: what the language allows at a place", load.CODES),
    ("Meaning: what has the right shape and yet cannot work", checks.CODES),
)


def diagnostics(bad: Path) -> str:
    """Returns the page of every diagnostic.

    Args:
        bad: the folder with an example per code.
    """
    lines = [_INTRODUCTION]
    for title, codes in _FAMILIES:
        lines += [f"## {title}", "", ", ".join(f"[{code}](#{code})" for code in sorted(codes)), ""]
    every = sorted({code for _, codes in _FAMILIES for code in codes})
    lines += [line for code in every for line in _entry(code, bad / code / "expected.txt")]
    return NOTE + "\n".join(lines)


def _entry(code: str, example: Path) -> Iterator[str]:
    words = LANGUAGES["en"]
    yield from (f"## {code}", "", f"*{_sentence(words[code])}*", "")
    if hint := words.get(f"{code}-hint"):
        yield from (f"Hint: {_sentence(hint)}.", "")
    yield from ("```text", _told(code, example.read_text("utf-8")), "```", "")


def _sentence(words: str) -> str:
    """Returns words with their gaps plain: `{maybe}` is only there when a near name is known."""
    return re.sub(r"([*_<>\[\]|])", r"\\\1", words.replace("{maybe}", "").strip())


def _told(code: str, expected: str) -> str:
    """Returns the one entry of an expected answer that tells of the code."""
    entries = re.split(r"\n(?=\S)", expected.rstrip("\n"))
    return next((entry for entry in entries if f"[{code}]" in entry.partition("\n")[0]), expected)
