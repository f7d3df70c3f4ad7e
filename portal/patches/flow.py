"""Changes inside `{...}` and `[...]`: entries come and go with their comma, everything else stays."""

from __future__ import annotations

import re
from itertools import pairwise

from portal.document import Child, Piece
from portal.patches.base import PatchRefused
from portal.patches.scalars import WIDTH
from portal.patches.sheet import Sheet


def insert(sheet: Sheet, piece: Piece, at: int, said: str) -> str:
    """Returns the text with a new entry or item in a flow map or list that has children."""
    text, children = sheet.text, piece.children
    _refuse_comments(sheet, piece)
    between = _one_each(sheet, piece) or ", "
    if at == 0:
        place = children[0].start
        return f"{text[:place]}{said}{between}{text[place:]}"
    if at == len(children):
        between = _at_end(sheet, piece, between, len(said))
    place = children[at - 1].end
    return f"{text[:place]}{between}{said}{text[place:]}"


def remove(sheet: Sheet, piece: Piece, at: int) -> str:
    """Returns the text without an entry or item of a flow map or list."""
    text, children = sheet.text, piece.children
    _refuse_comments(sheet, piece)
    if len(children) == 1:
        return f"{text[: piece.start + 1]}{text[piece.end - 1 :]}"
    if at + 1 < len(children):
        return f"{text[: children[at].start]}{text[children[at + 1].start :]}"
    return f"{text[: children[at - 1].end]}{text[children[at].end :]}"


def move(sheet: Sheet, piece: Piece, start: int, to: int) -> str:
    """Returns the text with an entry or item at another place; what stands between the places stays."""
    _refuse_comments(sheet, piece)
    order = [_slice(sheet, child) for child in piece.children]
    order.insert(to, order.pop(start))
    parts, floor = [], piece.start
    for child, said in zip(piece.children, order, strict=True):
        parts += [sheet.text[floor : child.start], said]
        floor = child.end
    return f"{sheet.text[: piece.start]}{''.join(parts)}{sheet.text[floor:]}"


def put(sheet: Sheet, child: Child, said: str) -> str:
    """Returns the text with another value of a child of a flow map or list; nothing becomes nothing."""
    text, value = sheet.text, child.value
    if not value.is_empty or child.key is None:
        return f"{text[: value.start]}{said}{text[value.end :]}"
    colon = text[child.key.end : value.start].rstrip(" ")
    return f"{text[: child.key.end]}{colon or ':'} {said}{text[value.start :].removeprefix(' ')}"


def _at_end(sheet: Sheet, piece: Piece, between: str, length: int) -> str:
    """Before a last entry with which the line would become too long a new one begins, below the first."""
    column, last = sheet.column(piece.children[0].start), piece.children[-1].end
    used = sheet.line_stop(last) - sheet.line_start(last)
    if between != ", " or used + len(between) + length <= WIDTH or column + length >= WIDTH:
        return between
    return f",{sheet.line_end}{' ' * column}"


def _one_each(sheet: Sheet, piece: Piece) -> str | None:
    """What stands between the entries, if each begins on a line of its own."""
    gaps = {sheet.text[one.end : other.start] for one, other in pairwise(piece.children)}
    return gaps.pop() if len(gaps) == 1 and re.search(r"[\r\n]", next(iter(gaps))) else None


def _refuse_comments(sheet: Sheet, piece: Piece) -> None:
    """Whose a comment among commas is, nobody can tell: a person has to decide."""
    if sheet.said_between(piece.start, piece.end):
        raise PatchRefused("patch-comment-inside", line=str(sheet.line(piece.start) + 1))


def _slice(sheet: Sheet, child: Child) -> str:
    return sheet.text[child.start : child.end]
