"""What operations mean on plain data: the tree that a changed text must have, known before it is changed."""

from __future__ import annotations

from collections.abc import Iterable

from portal.document import Path, Plain
from portal.patches.base import MISSING, Insert, Missing, Move, Operation, PatchRefused, Put, Remove, said


def intended(tree: Plain, operations: Iterable[Operation]) -> Plain:
    """Returns the tree after all operations; the one given stays as it is.

    Raises:
        PatchRefused: a path is not there, or a key is there already.
    """
    for operation in operations:
        tree = _after(tree, operation.path, operation)
    return tree


def at(tree: Plain, path: Path) -> Plain | Missing:
    """Returns what stands at a path, or `MISSING`."""
    for part in path:
        if isinstance(tree, dict) and str(part) in tree:
            tree = tree[str(part)]
        elif isinstance(tree, list) and isinstance(part, int) and 0 <= part < len(tree):
            tree = tree[part]
        else:
            return MISSING
    return tree


def _after(tree: Plain, rest: Path, operation: Operation) -> Plain:
    """Returns a copy of a tree in which the operation is done at the rest of its path."""
    if not rest:
        if isinstance(operation, Put):
            return operation.value
        raise PatchRefused("patch-path-missing", path=said(operation.path))
    if len(rest) > 1 or isinstance(operation, Put):
        below = at(tree, rest[:1])
        if below is MISSING:
            raise PatchRefused("patch-path-missing", path=said(operation.path))
        changed = _after(below, rest[1:], operation)
        if isinstance(tree, dict):
            return {key: changed if key == str(rest[0]) else value for key, value in tree.items()}
        return [changed if place == rest[0] else item for place, item in enumerate(_items(tree))]
    if isinstance(operation, Insert) and (tree is None or tree == [] or tree == {}):
        tree = [] if isinstance(rest[0], int) else {}
    if isinstance(tree, dict):
        return dict(_entries(list(tree.items()), str(rest[0]), operation))
    if isinstance(tree, list) and isinstance(rest[0], int):
        return _listed(list(tree), rest[0], operation)
    raise PatchRefused("patch-path-missing", path=said(operation.path))


def _entries(entries: list[tuple[str, Plain]], key: str, operation: Operation) -> list[tuple[str, Plain]]:
    keys = [known for known, _ in entries]
    new = key if isinstance(operation, Insert) else getattr(operation, "key", None)
    if new in keys:
        raise PatchRefused("patch-key-exists", key=str(new))
    if isinstance(operation, Insert):
        return [*entries[: operation.at], (key, operation.value), *entries[operation.at :]]
    if key not in keys:
        raise PatchRefused("patch-path-missing", path=said(operation.path))
    place = keys.index(key)
    _, value = entries.pop(place)
    if isinstance(operation, Move):
        entries.insert(operation.at, (key, value))
    elif not isinstance(operation, Remove):
        entries.insert(place, (str(new), value))
    return entries


def _listed(items: list[Plain], place: int, operation: Operation) -> Plain:
    if isinstance(operation, Insert) and 0 <= place <= len(items):
        return [*items[:place], operation.value, *items[place:]]
    if isinstance(operation, (Move, Remove)) and 0 <= place < len(items):
        item = items.pop(place)
        if isinstance(operation, Move):
            items.insert(operation.at, item)
        return items
    raise PatchRefused("patch-path-missing", path=said(operation.path))


def _items(tree: Plain) -> list[Plain]:
    return tree if isinstance(tree, list) else []
