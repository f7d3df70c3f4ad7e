"""One operation done in a text: the bytes that it means are replaced, in block or flow, and no others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from portal.document import Piece, Plain
from portal.patches import flow, scalars, writing
from portal.patches.base import Insert, Move, Operation, PatchRefused, Put, Remove, Rename, said, same
from portal.patches.block import Block, Chunk, block_of, chunk_from, joined
from portal.patches.intent import at, intended
from portal.patches.putting import Done, models, put
from portal.patches.sheet import Sheet


def edited(sheet: Sheet, operation: Operation, source: Sheet | None = None) -> Sheet:
    """Returns the text after one operation.

    Args:
        sheet: the text before.
        operation: what changes.
        source: the text that inserted entries come from, with the comments that they have there.

    Raises:
        PatchRefused: the path is not there, or the result would say something else or lack a comment.
    """
    meant = intended(sheet.plain, (operation,))
    done = _done(sheet, operation, source)
    after = _proved(sheet, done, meant)
    if after is None and done.added and isinstance(operation, Insert):
        after = _proved(sheet, _done(sheet, replace(operation, origin=None), None), meant)
    if after is None and not done.text.endswith(sheet.line_end):
        # A block of text at the end of a file may need the line end that the file did without.
        after = _proved(sheet, replace(done, text=done.text + sheet.line_end), meant)
    if after is None:
        raise PatchRefused("patch-result-differs", path=said(operation.path))
    return after


def _proved(sheet: Sheet, done: Done, meant: Plain) -> Sheet | None:
    """Reads the result again: it must say what is meant, with every comment that was not to go."""
    try:
        after = Sheet(done.text)
    except PatchRefused:
        return None
    before, now = (Counter(comment.text for comment in each.comments) for each in (sheet, after))
    expected = before - Counter(done.dropped) + Counter(done.added)
    return after if same(after.plain, meant) and now == expected else None


def _done(sheet: Sheet, operation: Operation, source: Sheet | None) -> Done:
    path = operation.path
    if isinstance(operation, Put):
        return put(sheet, path, operation.value, like=_origin(operation, source))
    if isinstance(operation, Insert):
        return _insert(sheet, operation, source)
    piece, child = sheet.owner(path)
    place = piece.children.index(child)
    if isinstance(operation, Rename):
        old = child.key or child.value
        new = scalars.key(operation.key, old.style, flow=piece.style == "flow")
        return Done(text=f"{sheet.text[: old.start]}{new}{sheet.text[old.end :]}")
    if isinstance(operation, Move):
        return _move(sheet, piece, place, operation.at)
    return _remove(sheet, operation, piece, place)


def _insert(sheet: Sheet, operation: Insert, source: Sheet | None) -> Done:
    path, value = operation.path, operation.value
    piece, name = sheet.piece(path[:-1]), path[-1]
    if not piece.children:
        return put(sheet, path[:-1], [value] if isinstance(name, int) else {name: value})
    if piece.style == "flow":
        new = writing.inline([value] if isinstance(name, int) else {name: value})
        return Done(text=flow.insert(sheet, piece, operation.at, new[1:-1]))
    block = block_of(sheet, piece)
    chunk, added = _copied(sheet, operation, source, block) or (_chunk(sheet, operation, block), ())
    block.insert(operation.at, chunk)
    return Done(text=_with(sheet, block), added=added)


def _chunk(sheet: Sheet, operation: Insert, block: Block) -> Chunk:
    """The lines of a new entry or item, in the style of those beside it."""
    name, alike = operation.path[-1], models(sheet, operation.path)
    if isinstance(name, int):
        new = writing.item(operation.value, column=block.column, models=alike)
    else:
        new = writing.entry(name, operation.value, column=block.column, models=alike)
    return Chunk(body=new.first + joined(new.rest, sheet.line_end))


def _copied(
    sheet: Sheet, operation: Insert, source: Sheet | None, block: Block
) -> tuple[Chunk, tuple[str, ...]] | None:
    """The lines of an entry as they are written in the text that it comes from, and their comments."""
    if source is None or operation.origin is None or _origin(operation, source) is None:
        return None
    piece, child = source.owner(operation.origin)
    if piece.style == "flow":
        return None
    chunk = chunk_from(source, piece, child, column=block.column, line_end=sheet.line_end)
    return chunk, tuple(source.said_between(source.lead(child), source.stop(child)))


def _origin(operation: Put | Insert, source: Sheet | None) -> Piece | None:
    """The same value in the text that it comes from."""
    origin = operation.origin
    if source is None or origin is None or not same(at(source.plain, origin), operation.value):
        return None
    return source.piece(origin)


def _remove(sheet: Sheet, operation: Remove, piece: Piece, place: int) -> Done:
    if piece.style == "flow":
        return Done(text=flow.remove(sheet, piece, place))
    if len(piece.children) == 1:
        return put(sheet, operation.path[:-1], {} if piece.kind == "map" else [])
    child, block = piece.children[place], block_of(sheet, piece)
    block.take(place)
    dropped = sheet.said_between(sheet.lead(child), sheet.stop(child))
    return Done(text=_with(sheet, block), dropped=tuple(dropped))


def _move(sheet: Sheet, piece: Piece, place: int, to: int) -> Done:
    if piece.style == "flow":
        return Done(text=flow.move(sheet, piece, place, to))
    block = block_of(sheet, piece)
    if place != to:
        block.insert(to, block.take(place))
    return Done(text=_with(sheet, block))


def _with(sheet: Sheet, block: Block) -> str:
    return f"{sheet.text[: block.start]}{block.text()}{sheet.text[block.end :]}"
