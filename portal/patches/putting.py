"""Another value at a path: in the quotes, the block or the braces of the old one as far as it fits."""

from __future__ import annotations

from dataclasses import dataclass

from portal.document import Child, Path, Piece, Plain
from portal.patches import flow, scalars, writing
from portal.patches.block import block_of, joined
from portal.patches.sheet import Sheet
from portal.patches.writing import Lines

_NARROW = 72
"""Columns: a block that is narrower tells nothing about how wide its lines may become."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """A text after an operation, and the comments that went or came with what went or came."""

    text: str
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def put(sheet: Sheet, path: Path, value: Plain, *, like: Piece | None = None) -> Done:
    """Returns the text with another value at a path that is there.

    Args:
        sheet: the text before.
        path: where it stands.
        value: what is to stand there.
        like: how it is written in the text that it comes from.

    Raises:
        PatchRefused: the path is not there, or the value cannot be written there.
    """
    if not path:
        return _root(sheet, value)
    piece, child = sheet.owner(path)
    if piece.style == "flow":
        if isinstance(value, str):
            said = scalars.scalar(value, child.value.style if child.value.kind == "scalar" else "", flow=True)
        else:
            said = writing.inline(value) if child.key else writing.inline([value])[1:-1]
        return Done(text=flow.put(sheet, child, said))
    alike = [child.value] if child.value.children else models(sheet, path)
    alike = [like] if like and child.value.kind != like.kind else alike
    if child.value.style == "block":
        return _over_block(sheet, child, value, alike)
    return _over_line(sheet, child, value, alike)


def _root(sheet: Sheet, value: Plain) -> Done:
    root = sheet.root
    start, end = root.start, root.end
    if root.is_empty:
        above = sheet.text and not sheet.text.endswith(("\r", "\n"))
        said = joined(writing.below(value, column=0), sheet.line_end).removeprefix(
            "" if above else sheet.line_end
        )
        return Done(text=f"{sheet.text}{said}{sheet.line_end}")
    if root.style == "block":
        block = block_of(sheet, root)
        start, end = block.start, block.end
    said = sheet.line_end.join(writing.below(value, column=0)) if value else "{}"
    dropped = tuple(sheet.said_between(start, end))
    return Done(text=f"{sheet.text[:start]}{said}{sheet.text[end:]}", dropped=dropped)


def models(sheet: Sheet, path: Path) -> list[Piece]:
    """Returns what a value at a path looks like elsewhere: under the same key in the maps beside its own.

    Where there is no such, the values beside it.
    """
    piece, name = sheet.piece(path[:-1]), path[-1]
    cousins: list[Piece] = []
    if len(path) > 1 and isinstance(name, str):
        parents = [other.value for other in sheet.piece(path[:-2]).children if other.value is not piece]
        entries = [entry for parent in parents for entry in parent.children]
        cousins = [e.value for e in entries if e.key and e.key.text == name and e.value.children]
    return cousins or [other.value for other in piece.children]


def _written(sheet: Sheet, child: Child, value: Plain, alike: list[Piece]) -> Lines:
    old, column = child.value, sheet.column(child.start)
    head = (child.key.end if child.key else child.start) + 1 - child.start
    if value is not None and not isinstance(value, str):
        return writing.lines(value, column=column, head=head, models=alike)
    if old.kind != "scalar" or old.is_empty or value is None:
        return writing.text(value, column=column, head=head)
    if old.style in ("|", ">"):
        return _block_again(sheet, old, value, column)
    if "\n" in value:
        return writing.text(value, column=column, head=head)
    return Lines(first=scalars.scalar(value, old.style))


def _block_again(sheet: Sheet, old: Piece, value: str, column: int) -> Lines:
    """A block in the indentation of the old one and, unless it is a narrow one, in its width."""
    rows = [row for row in sheet.text[old.start : old.end].splitlines()[1:] if row.strip()]
    indent = len(rows[0]) - len(rows[0].lstrip(" ")) if rows else column + writing.STEP
    longest = max(map(len, rows), default=0)
    width = longest if len(rows) > 1 and longest >= _NARROW else scalars.WIDTH
    return writing.text(value, column=indent - writing.STEP, head=0, style=old.style, width=width)


def _over_line(sheet: Sheet, child: Child, value: Plain, alike: list[Piece]) -> Done:
    """Replaces a scalar or a flow value; a comment behind it stays on the line of its key."""
    text, old = sheet.text, child.value
    new = _written(sheet, child, value, alike)
    end = sheet.line_stop(old.end)
    remark = _remark_of_header(sheet, old) if old.style in ("|", ">") else text[old.end : end]
    begins = old.start
    if not (new.first or remark or child.key):
        # Its other lines are indented for one space behind the dash.
        begins, new = child.start + 1, new.beside()
    before = text[:begins] if new.first else text[:begins].rstrip(" \r\n")
    space = " " if new.first and not before.endswith(" ") else ""
    said = f"{before}{space}{new.first}{remark}{joined(new.rest, sheet.line_end)}{text[end:]}"
    gone = () if old.kind == "scalar" else sheet.said_between(old.start, old.end)
    return Done(text=said, dropped=tuple(gone))


def _remark_of_header(sheet: Sheet, old: Piece) -> str:
    """The comment behind the `|` or `>` of a block, with the spaces before it."""
    header = sheet.text[old.start : sheet.line_stop(old.start)]
    return header[len(header.split("#")[0].rstrip(" ")) :]


def _over_block(sheet: Sheet, child: Child, value: Plain, alike: list[Piece]) -> Done:
    """Replaces the lines of a block map or list; comments above its first entry stay."""
    text, block = sheet.text, block_of(sheet, child.value)
    new = _written(sheet, child, value, alike)
    if "-" in block.prefix:
        # Lines of a new block are indented for one space behind the dash.
        prefix = block.prefix if new.first else f"{block.prefix.rstrip(' ')} "
        new = new if new.first else new.beside()
        head = f"{text[: block.start]}{prefix}{new.first}".rstrip(" ")
        said = head + joined(new.rest, sheet.line_end)
    else:
        colon = (text.index(":", child.key.end) if child.key else child.start) + 1
        stop = sheet.line_stop(colon)
        head = f"{text[:colon]} {new.first}".rstrip(" ") + text[colon:stop]
        above = text[stop : block.start].removesuffix("\n").removesuffix("\r")
        lines = joined(new.rest, sheet.line_end)
        said = head + (lines + above if new.first else above + lines)
    return Done(text=said + text[block.end :], dropped=tuple(sheet.said_between(block.start, block.end)))
