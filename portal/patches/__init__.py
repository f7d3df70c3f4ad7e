"""Changes of YAML text that touch only the bytes that they mean, and three texts merged by path.

Every function takes a text and returns a text: comments, order, quotes, spacing and line ends stay. Each
result is read again and must say what was meant, with every comment that was not to go; else it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from portal.document import Path, Plain
from portal.patches.base import (
    MISSING,
    Insert,
    Missing,
    Move,
    Operation,
    PatchRefused,
    Remove,
    Rename,
    said,
)
from portal.patches.differing import differences
from portal.patches.editing import edited
from portal.patches.intent import at as _at
from portal.patches.merging import Conflict, Merged, merge
from portal.patches.sheet import Sheet, with_mark

__all__ = [
    "MISSING",
    "Conflict",
    "Merged",
    "Missing",
    "PatchRefused",
    "insert",
    "insert_item",
    "merge",
    "move",
    "move_item",
    "remove",
    "rename",
    "set_value",
]


def set_value(text: str, path: Path, value: Plain) -> str:
    """Returns the text with a value at a path; a key that is missing becomes the last of its map.

    Where a map or list replaces another, only what differs between them is touched.

    Raises:
        PatchRefused: nothing but the last key may be missing.
    """

    def steps(sheet: Sheet) -> Iterable[Operation]:
        old = _at(sheet.plain, path)
        if not isinstance(old, Missing):
            return differences(old, value, path)
        return [Insert(path=path, value=value, at=len(_keys(sheet, path[:-1])))]

    return _changed(text, steps)


def insert(text: str, path: Path, value: Plain, *, after: str | None = None) -> str:
    """Returns the text with a new entry behind a key of the same map; without one it is the first.

    Raises:
        PatchRefused: the key is there already, or the one before it is not.
    """
    return _changed(
        text, lambda sheet: [Insert(path=path, value=value, at=_behind(_keys(sheet, path[:-1]), after))]
    )


def insert_item(text: str, path: Path, value: Plain, *, at: int) -> str:
    """Returns the text with a new item in the list at a path.

    Args:
        text: the text before.
        path: the path of the list.
        value: the item.
        at: its place, from 0 to the length of the list.

    Raises:
        PatchRefused: there is no such list, or no such place.
    """
    return _changed(text, lambda _: [Insert(path=(*path, at), value=value, at=at)])


def remove(text: str, path: Path) -> str:
    """Returns the text without an entry or item: its comment behind it and those directly above go with it.

    Raises:
        PatchRefused: the path is not there.
    """
    return _changed(text, lambda _: [Remove(path=path)])


def move(text: str, path: Path, *, after: str | None) -> str:
    """Returns the text with the lines of an entry behind another key of its map; without one it is the first.

    Raises:
        PatchRefused: one of the keys is not there.
    """

    def steps(sheet: Sheet) -> Iterable[Operation]:
        others = [key for key in _keys(sheet, path[:-1]) if key != str(path[-1])]
        return [Move(path=path, at=_behind(others, after))]

    return _changed(text, steps)


def move_item(text: str, path: Path, *, to: int) -> str:
    """Returns the text with the item of a list at another place, counted from 0.

    Raises:
        PatchRefused: there is no such item, or no such place.
    """

    def steps(sheet: Sheet) -> Iterable[Operation]:
        items = _at(sheet.plain, path[:-1])
        if not isinstance(items, list) or not 0 <= to < len(items):
            raise PatchRefused("patch-path-missing", path=said((*path[:-1], to)))
        return [Move(path=path, at=to)]

    return _changed(text, steps)


def rename(text: str, path: Path, key: str) -> str:
    """Returns the text with another key for an entry; what names the old key elsewhere is not looked for.

    Raises:
        PatchRefused: the path is not there, or the new key is.
    """
    return _changed(text, lambda _: [Rename(path=path, key=key)])


def _changed(text: str, steps: Callable[[Sheet], Iterable[Operation]]) -> str:
    sheet = Sheet(text)
    for operation in list(steps(sheet)):
        sheet = edited(sheet, operation)
    return with_mark(text, sheet.text)


def _keys(sheet: Sheet, path: Path) -> list[str]:
    found = _at(sheet.plain, path)
    if found is None or isinstance(found, dict):
        return list(found or ())
    raise PatchRefused("patch-path-missing", path=said(path))


def _behind(keys: list[str], after: str | None) -> int:
    if after is not None and after not in keys:
        raise PatchRefused("patch-path-missing", path=after)
    return 0 if after is None else keys.index(after) + 1
