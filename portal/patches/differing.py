"""Two trees -> the operations that lead from one to the other, as few and as deep down as can be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from portal.document import Path, Plain
from portal.patches.base import Insert, Move, Operation, Put, Remove, same, written


def differences(old: Plain, new: Plain, path: Path = (), origin: Path | None = None) -> Iterator[Operation]:
    """Yields what makes the new tree of the old one, in an order in which it can be done.

    Args:
        old: the tree at the path now.
        new: the tree that is meant.
        path: where the tree stands in its text.
        origin: where the new tree stands in the text that it comes from.
    """
    origin = path if origin is None else origin
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() & new.keys():
        yield from _entries(old, new, path, origin)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _items(old, new, path, origin)
    else:
        yield Put(path=path, value=new, origin=origin)


def ordered(now: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yields which keys to move where, one after the other, so that those wanted stand in that order.

    As few as possible are moved. Keys that are not wanted stay behind what stands before them now.
    """
    order = list(now)
    resting = _longest_rising([order.index(key) for key in wanted])
    stay = {order[place] for place in resting}
    for place, key in enumerate(wanted):
        if key not in stay:
            order.remove(key)
            at = order.index(wanted[place - 1]) + 1 if place else 0
            order.insert(at, key)
            yield key, at


def _entries(old: dict[str, Plain], new: dict[str, Plain], path: Path, origin: Path) -> Iterator[Operation]:
    order = list(old)
    for key, at in ordered(order, [key for key in new if key in old]):
        order.remove(key)
        order.insert(at, key)
        yield Move(path=(*path, key), at=at)
    above: str | None = None
    for key, value in new.items():
        if key in old:
            yield from differences(old[key], value, (*path, key), (*origin, key))
        else:
            at = order.index(above) + 1 if above is not None else 0
            order.insert(at, key)
            yield Insert(path=(*path, key), value=value, at=at, origin=(*origin, key))
        above = key
    for key in old:
        if key not in new:
            yield Remove(path=(*path, key))


def _items(old: list[Plain], new: list[Plain], path: Path, origin: Path) -> Iterator[Operation]:
    was, becomes = [written(item) for item in old], [written(item) for item in new]
    if len(set(was)) == len(was) and sorted(was) == sorted(becomes):
        order = list(was)
        for item, at in ordered(was, becomes):
            yield Move(path=(*path, order.index(item)), at=at)
            order.remove(item)
            order.insert(at, item)
        return
    # From the end, so that the places before stay what they are.
    for _, first, end, start, stop in reversed(SequenceMatcher(None, was, becomes, False).get_opcodes()):
        both = min(end - first, stop - start)
        for place in reversed(range(first + both, end)):
            yield Remove(path=(*path, place))
        for place in range(start + both, stop):
            at = first + place - start
            yield Insert(path=(*path, at), value=new[place], at=at, origin=(*origin, place))
        for place in range(both):
            there, here = (*path, first + place), (*origin, start + place)
            yield from differences(old[first + place], new[start + place], there, here)


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The longest part of a sequence whose numbers rise: what need not be moved."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(ends, number)
        before[number] = ends[length - 1] if length else None
        ends[length : length + 1] = [number]
    found: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found
