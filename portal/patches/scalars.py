"""A scalar as it is written: in the style asked for if that says the same when it is read, else in quotes."""

from __future__ import annotations

import re
from functools import lru_cache

from portal.document import Plain, plain, read
from portal.patches.base import PatchRefused

WIDTH = 110
"""Columns within which new lines stay."""

_SPACE = re.compile(r"(?<=\S) (?=\S)")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@lru_cache(maxsize=1024)
def scalar(text: str, style: str = "", *, flow: bool = False) -> str:
    """Returns a text on one line: plain, or in the quotes of a style.

    Raises:
        PatchRefused: YAML cannot hold one of its characters.
    """
    for candidate in _candidates(text, style):
        value = (
            f"k: {candidate}\nl:\n- {candidate}\n"
            if not flow
            else f"k: {{v: {candidate}}}\nl: [{candidate}]\n"
        )
        if _reads(value, {"k": {"v": text} if flow else text, "l": [text]}):
            return candidate
    raise PatchRefused("patch-unwritable", text=text)


@lru_cache(maxsize=1024)
def key(text: str, style: str = "", *, flow: bool = False) -> str:
    """Returns a key, without its colon.

    Raises:
        PatchRefused: it is empty, too long, or YAML cannot hold one of its characters.
    """
    for candidate in _candidates(text, style):
        if _reads(f"{{{candidate}: x}}\n" if flow else f"{candidate}: x\n", {text: "x"}):
            return candidate
    raise PatchRefused("patch-unwritable", text=text)


def block(text: str, style: str, *, indent: int, width: int) -> tuple[str, list[str]] | None:
    """Returns header and lines of a `|` or `>` block, or None where a block cannot say this text."""
    content = text.rstrip("\n")
    ends = len(text) - len(content)
    if not content or ends > 1:
        return None
    header, lines = style + ("" if ends else "-"), content.split("\n")
    if style == ">":
        lines = [line for part in lines for line in (*_wrapped(part, width - indent), "")][:-1]
    sample = "".join(f"  {line}\n" if line else "\n" for line in lines)
    if not _reads(f"k: {header}\n{sample}", {"k": text}):
        return None
    return header, [" " * indent + line if line else "" for line in lines]


def _wrapped(text: str, width: int) -> list[str]:
    """Breaks at single spaces only: everywhere else a break would be read as something different."""
    lines = [""]
    for place, word in enumerate(_SPACE.split(text)):
        if place and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        elif place:
            lines.append(word)
        else:
            lines[0] = word
    return lines


def _candidates(text: str, style: str) -> tuple[str, ...]:
    single = "'" + text.replace("'", "''") + "'"
    double = '"' + "".join(_escaped(character) for character in text) + '"'
    ascii_only = '"' + "".join(_escaped(character, all_of_them=True) for character in text) + '"'
    first = {"": (text,), "'": (single,)}.get(style, ())
    return (*first, double, ascii_only)


def _escaped(character: str, *, all_of_them: bool = False) -> str:
    point = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if point >= 32 and (point < 127 or not all_of_them) and point != 127:
        return character
    return f"\\x{point:02x}" if point < 256 else f"\\u{point:04x}" if point < 65536 else f"\\U{point:08x}"


def _reads(sample: str, expected: Plain) -> bool:
    document = read("", sample)
    return document.root is not None and not document.diagnostics and plain(document.root) == expected
