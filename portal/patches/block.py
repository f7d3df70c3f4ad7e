"""Block maps and lists as chunks of whole lines, taken out, put in and moved with their comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.document import Child, Piece
from portal.patches.base import PatchRefused
from portal.patches.sheet import Sheet

_BREAK = re.compile(r"\r\n|\r|\n")
_PREFIX = re.compile(r"[ -]*\Z")


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """One entry or item: its lines, without the indentation of the first and without the last line end."""

    lead: str = ""
    """The comment lines above it, each with its line end."""
    body: str


@dataclass(kw_only=True)
class Block:
    """The lines of a block map or list, from the first comment of its first child to the end of its last."""

    start: int
    end: int
    prefix: str
    """What stands before the first child on its line: spaces, and the dashes of lists that begin there."""
    column: int
    line_end: str
    chunks: list[Chunk]
    gaps: list[str]
    """What lies between two chunks: line ends and the comments that belong to neither."""
    airy: bool
    """True where most chunks have a blank line between them."""
    head: str = ""
    tail: str = ""

    def text(self) -> str:
        """Returns all lines again, as they are now."""
        edge = self.prefix.find("-")
        parts = [self.head]
        for place, chunk in enumerate(self.chunks):
            lead, before = chunk.lead, " " * self.column
            if place == 0:
                before = self.prefix
                lead = shifted(lead, edge - self.column) if edge >= 0 else lead
            parts += [lead, before, chunk.body, self.gaps[place] if place < len(self.gaps) else ""]
        return "".join((*parts, self.tail))

    def insert(self, at: int, chunk: Chunk) -> None:
        """Puts a chunk in, with a blank line if most have one between them and so have those beside it."""
        beside = self.gaps[max(at - 1, 0) : max(at, 1)]
        between = self.line_end * (2 if self.airy and all(map(_is_blank, beside)) else 1)
        self.chunks.insert(at, chunk)
        self.gaps.insert(max(at - 1, 0), between)

    def take(self, at: int) -> Chunk:
        """Takes a chunk out that is not the only one; comments that do not belong to it stay."""
        chunk = self.chunks.pop(at)
        if at == 0:
            gap = self.gaps.pop(0)
            self.head += gap.lstrip("\r\n") if "#" in gap else ""
        elif at == len(self.chunks):
            gap = self.gaps.pop()
            self.tail = (gap.rstrip(" \r\n") if "#" in gap else "") + self.tail
        else:
            self.gaps[at - 1 : at + 1] = [_one_gap(*self.gaps[at - 1 : at + 1])]
        return chunk


def block_of(sheet: Sheet, piece: Piece) -> Block:
    """Returns the lines of a block map or list that has children.

    Raises:
        PatchRefused: keys are written with question marks, which we leave to people.
    """
    first, column = piece.children[0], sheet.column(piece.children[0].start)
    prefix = sheet.text[sheet.line_start(first.start) : first.start]
    if not _PREFIX.match(prefix) or any(sheet.column(child.start) != column for child in piece.children):
        raise PatchRefused("patch-form", line=str(sheet.line(first.start) + 1))
    spans = [(sheet.lead(child), sheet.stop(child)) for child in piece.children]
    gaps = [sheet.text[end:start] for (_, end), (start, _) in pairwise(spans)]
    return Block(
        start=spans[0][0],
        end=spans[-1][1],
        prefix=prefix,
        column=column,
        line_end=sheet.line_end,
        chunks=[_chunk(sheet, child) for child in piece.children],
        gaps=gaps,
        airy=2 * sum(map(_is_blank, gaps)) > len(gaps),
    )


def chunk_from(sheet: Sheet, piece: Piece, child: Child, *, column: int, line_end: str) -> Chunk:
    """Returns a child of a block elsewhere with its comments, as it is written in a given column here."""
    chunk, by = _chunk(sheet, child), column - sheet.column(child.start)
    lead, body = (_BREAK.sub(line_end, shifted(part, by)) for part in (chunk.lead, f"\n{chunk.body}"))
    return Chunk(lead=lead, body=body.removeprefix(line_end).lstrip(" "))


def shifted(lines: str, by: int) -> str:
    """Returns lines moved to the right, or to the left as far as there is room."""
    if by >= 0:
        return re.sub(r"(?m)^(?=[^\r\n])", " " * by, lines)
    return re.sub(rf"(?m)^ {{0,{-by}}}", "", lines)


def joined(lines: Sequence[str], line_end: str) -> str:
    """Returns lines as text that follows on another line."""
    return "".join(line_end + line for line in lines)


def _chunk(sheet: Sheet, child: Child) -> Chunk:
    start = sheet.line_start(child.start)
    return Chunk(
        lead=sheet.text[sheet.lead(child) : start],
        body=sheet.text[child.start : sheet.stop(child)],
    )


def _is_blank(gap: str) -> bool:
    return len(_BREAK.findall(gap)) > 1


def _one_gap(above: str, below: str) -> str:
    """What remains of the gaps above and below a chunk that is gone: every comment, and one blank line."""
    if "#" in above and "#" in below:
        return above.rstrip(" \r\n") + below
    if "#" in above or "#" in below:
        return above if "#" in above else below
    return max(above, below, key=lambda gap: len(_BREAK.findall(gap)))
