"""A memory for immutable things that have no hash of their own: the same object gives the same result."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """What was made of some objects, the last few, told apart by which objects they are.

    The objects are kept with the result, so that none of them is mistaken for a later one in its place.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[tuple[object, ...], Made]] = OrderedDict()
        self._lock = Lock()

    def get(self, of: tuple[object, ...], make: Callable[[], Made], *also: Hashable) -> Made:
        """Returns what is kept for the objects (and whatever else it depends on), or makes it."""
        key = (*map(id, of), *also)
        found = self._kept.get(key)
        if found is not None:
            return found[1]
        made = make()
        with self._lock:
            self._kept[key] = (of, made)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
