"""Where every key and value of a text begins and ends: what a change that keeps all other bytes needs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import yaml
from yaml import events
from yaml._yaml import Mark

from portal.document.characters import repaired
from portal.document.reader import parsed

_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK_END = re.compile(r"(?:(?:\r\n|\r|\n)[ \t]*)+\Z")
_ONE_BREAK = re.compile(r"(?:\r\n|\r|\n)\Z")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A value as it stands in the text, from its first character to behind its last one."""

    kind: Literal["map", "list", "scalar"]
    style: str
    """`block` or `flow` of a map or list; of a scalar `|`, `>`, a quotation mark, or nothing if plain."""
    start: int
    end: int
    """A block ends behind its last line that is not blank, without the line end."""
    text: str = ""
    children: tuple[Child, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where nothing was written."""
        return self.kind == "scalar" and self.start == self.end


@dataclass(frozen=True, kw_only=True)
class Child:
    """An entry of a map or an item of a list."""

    start: int
    """Where its key begins, the dash of an item in a block list, or the item itself in a flow list."""
    key: Piece | None
    value: Piece

    @property
    def end(self) -> int:
        """Behind its last character."""
        return max(self.value.end, self.key.end if self.key else 0)


def outline(text: str) -> Piece:
    """Returns the pieces of a text that can be read without an error and has no byte order mark."""
    return _Outliner(text).root()


class _Outliner:
    """Turns the events of one text into pieces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = (0, *(found.end() for found in _BREAK.finditer(text)))
        self.events: Iterator[yaml.Event] = parsed(repaired(text))

    def root(self) -> Piece:
        for event in self.events:
            if isinstance(event, (events.ScalarEvent, events.CollectionStartEvent)):
                return self._piece(event)
        return Piece(kind="scalar", style="", start=len(self.text), end=len(self.text))

    def _piece(self, event: yaml.Event) -> Piece:
        if isinstance(event, events.ScalarEvent):
            return self._scalar(event)
        start = self._offset(event.start_mark)
        column = start - self.starts[bisect_right(self.starts, start) - 1]
        style = "flow" if event.flow_style else "block"  # type: ignore[attr-defined]
        kind: Literal["map", "list"] = "map" if isinstance(event, events.MappingStartEvent) else "list"
        children: list[Child] = []
        for inner in self.events:
            if isinstance(inner, events.CollectionEndEvent):
                break
            key = self._piece(inner) if kind == "map" else None
            value = self._piece(next(self.events) if key else inner)
            first = key.start if key else value.start
            if kind == "list" and style == "block":
                first = self._dash(children[-1].end, value.start, column) if children else start
            children.append(Child(start=first, key=key, value=value))
        end = children[-1].end if style == "block" else self._offset(inner.end_mark)
        return Piece(kind=kind, style=style, start=start, end=end, children=tuple(children))

    def _scalar(self, event: events.ScalarEvent) -> Piece:
        start, end = self._offset(event.start_mark), self._offset(event.end_mark)
        style = event.style or ""
        if style in ("|", ">"):
            header = re.split(r"[\r\n#]", self.text[start:end], maxsplit=1)[0]
            ended = (_ONE_BREAK if "+" in header else _BLANK_END).search(self.text, start, end)
            end = ended.start() if ended else end
        return Piece(kind="scalar", style=style, start=start, end=end, text=event.value)

    def _dash(self, floor: int, below: int, column: int) -> int:
        """The dash of an item is the first in the list's column on a line below the item above."""
        for start in self.starts[bisect_right(self.starts, floor) :]:
            place = start + column
            if place > below:
                break
            if self.text[place : place + 1] == "-" and not self.text[start:place].strip():
                return place
        return below

    def _offset(self, mark: object) -> int:
        assert isinstance(mark, Mark)
        return min(self.starts[min(mark.line, len(self.starts) - 1)] + mark.column, len(self.text))
