"""The text of the entries of a section as they were written: what a person reads of an old version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from portal.document.nodes import MapNode
from portal.document.reader import read


def excerpts(sources: Mapping[str, str], section: str) -> Mapping[str, str]:
    """Returns the lines of every entry of a section by its key, with the comments inside it.

    Args:
        sources: the text of YAML files by name.
    """
    top = re.compile(rf"^[\"']?{re.escape(section)}[\"']?\s*:", re.MULTILINE)
    return {
        key: said
        for name, text in sources.items()
        if top.search(text)
        for key, said in _entries(name, text, section)
    }


def _entries(name: str, text: str, section: str) -> Iterator[tuple[str, str]]:
    root, lines = read(name, text).root, text.splitlines()
    found = root.entry(section) if isinstance(root, MapNode) else None
    for entry in found.value.entries if found and isinstance(found.value, MapNode) else ():
        yield entry.key.text, _entry(lines[entry.key.mark.line - 1 :])


def _entry(lines: list[str]) -> str:
    """The first line and all below it that are indented further, without the indent of the first."""
    edge, last = _indent(lines[0]), 0
    for place, line in enumerate(lines[1:], start=1):
        blank, inside = not line.strip(), _indent(line) > edge
        if not blank and not inside and not line.lstrip().startswith("#"):
            break
        last = place if inside and not blank else last
    return "".join(f"{line[edge:] if _indent(line) >= edge else line}\n" for line in lines[: last + 1])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
