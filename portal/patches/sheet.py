"""A text that is about to be changed: its pieces by path, its lines, its comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from portal.document import Child, Path, Piece, Plain, outline, plain, read
from portal.patches.base import PatchRefused, said

_MARK = "\ufeff"
_BREAK = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")
_HEADING = re.compile(r"# ?-{3,}\s*[^\s-]")
"""`# --- Kesehatan` stands above a group of entries: it belongs to none of them."""


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment with its place."""

    start: int
    text: str


class Sheet:
    """One text, taken without its byte order mark, which can be read without an error; it may be empty.

    Raises:
        PatchRefused: it cannot.
    """

    def __init__(self, text: str) -> None:
        text = text.removeprefix(_MARK)
        document = read("", text)
        wrong = [found for found in document.diagnostics if found.severity == "error"]
        if wrong and [found.code for found in wrong] != ["file-empty"]:
            raise PatchRefused("patch-unreadable", line=str(wrong[0].mark.line))
        self.text = text
        self.plain: Plain = plain(document.root) if document.root else {}
        self.root: Piece = outline(text)
        self.starts = (0, *(found.end() for found in _BREAK.finditer(text)))

    @cached_property
    def line_end(self) -> str:
        """The line end of the text: that of its first line."""
        found = _BREAK.search(self.text)
        return found[0] if found else "\n"

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """Every comment, in order: outside of scalars a `#` can begin nothing else."""
        found, floor = [], 0
        for start, end in (*_scalars(self.text, self.root), (len(self.text), len(self.text))):
            found += [Comment(start=c.start(), text=c[0]) for c in _COMMENT.finditer(self.text, floor, start)]
            floor = max(end, floor)
        return tuple(found)

    @cached_property
    def remarks(self) -> dict[int, Comment]:
        """The comments that have a line for themselves, by line."""
        return {
            self.line(comment.start): comment
            for comment in self.comments
            if not self.text[self.line_start(comment.start) : comment.start].strip()
        }

    @cached_property
    def header(self) -> int:
        """How many lines of comment the file begins with: they belong to the file."""
        count = 0
        while count in self.remarks:
            count += 1
        return count

    def owner(self, path: Path) -> tuple[Piece, Child]:
        """Returns the map or list that holds what a path ends in, and its child there."""
        piece = self.piece(path[:-1])
        return piece, self._child(piece, path)

    def piece(self, path: Path) -> Piece:
        """Returns the value at a path.

        Raises:
            PatchRefused: there is none.
        """
        piece = self.root
        for depth in range(len(path)):
            piece = self._child(piece, path[: depth + 1]).value
        return piece

    def _child(self, piece: Piece, path: Path) -> Child:
        last = path[-1]
        for place, child in enumerate(piece.children):
            if (child.key.text == str(last)) if child.key else (place == last):
                return child
        raise PatchRefused("patch-path-missing", path=said(path))

    def line(self, offset: int) -> int:
        """Returns the 0-based line of an offset."""
        return bisect_right(self.starts, offset) - 1

    def line_start(self, offset: int) -> int:
        """Returns where the line of an offset begins."""
        return self.starts[self.line(offset)]

    def line_stop(self, offset: int) -> int:
        """Returns where the line of an offset ends, without its line end."""
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def column(self, offset: int) -> int:
        """Returns how far an offset is from the start of its line."""
        return offset - self.line_start(offset)

    def lead(self, child: Child) -> int:
        """Returns where the comments begin that stand directly above a child in its column, else its line."""
        line, column = self.line(child.start), self.column(child.start)
        if self.text[self.starts[line] : child.start].strip():
            return self.starts[line]
        while line > self.header and line - 1 in self.remarks:
            above = self.remarks[line - 1]
            if self.column(above.start) != column or _HEADING.match(above.text):
                break
            line -= 1
        return self.starts[line]

    def stop(self, child: Child) -> int:
        """Returns the end of the last line of a child; comments that follow further inside are its own."""
        column, last = self.column(child.start), self.line(child.end)
        for line in range(last + 1, len(self.starts)):
            remark = self.remarks.get(line)
            if remark and self.column(remark.start) > column:
                last = line
            elif remark or self.text[self.starts[line] : self.line_stop(self.starts[line])].strip():
                break
        return self.line_stop(max(self.starts[last], child.end))

    def said_between(self, start: int, end: int) -> list[str]:
        """Returns the comments of a part of the text."""
        return [comment.text for comment in self.comments if start <= comment.start < end]


def with_mark(before: str, after: str) -> str:
    """Returns a changed text with the byte order mark that it had before."""
    return _MARK + after if before.startswith(_MARK) else after


def _scalars(text: str, piece: Piece) -> Iterator[tuple[int, int]]:
    """Yields from where to where there are scalars; the first line of a block is free for a comment."""
    if piece.kind == "scalar":
        begins = _BREAK.search(text, piece.start, piece.end) if piece.style in ("|", ">") else None
        yield (begins.start() if begins else piece.start), piece.end
    for child in piece.children:
        if child.key:
            yield from _scalars(text, child.key)
        yield from _scalars(text, child.value)
