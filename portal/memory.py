"""What is remembered of immutable things, and while much is made, no search for what could be thrown away."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
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


@contextmanager
def uncollected() -> Iterator[None]:
    """Lets memory grow unsearched for the block: a large schema is a hundred thousand nodes, and all stay."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
