"""What a change of a text is: an operation on a path, the refusal of one, and how two trees are compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from portal.document import Path, Plain


class Missing(Enum):
    """The value of a path that is not in a text."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class PatchRefused(Exception):
    """The text cannot be changed so and is left as it is; `code` has words that `values` fill."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values = values


@dataclass(frozen=True, kw_only=True)
class Put:
    """The value at a path becomes another one."""

    path: Path
    value: Plain
    origin: Path | None = None
    """Where the same value stands in the text that it comes from, if there is one."""


@dataclass(frozen=True, kw_only=True)
class Insert:
    """A path that ends in a new key, or in the place of a new item in its list."""

    path: Path
    value: Plain
    at: int
    """The place among the entries of the map, from 0; for an item the same as the end of its path."""
    origin: Path | None = None
    """Where the same entry stands in the text that it comes from, if there is one."""


@dataclass(frozen=True, kw_only=True)
class Remove:
    """An entry or an item goes."""

    path: Path


@dataclass(frozen=True, kw_only=True)
class Move:
    """An entry or an item stands at another place of its map or list."""

    path: Path
    at: int
    """Its place afterwards."""


@dataclass(frozen=True, kw_only=True)
class Rename:
    """An entry gets another key and keeps its place."""

    path: Path
    key: str


Operation: TypeAlias = Put | Insert | Remove | Move | Rename


def same(one: Plain | Missing, other: Plain | Missing) -> bool:
    """Tells whether two trees are the same, the order of their keys included."""
    return one is other or (one is not MISSING and other is not MISSING and written(one) == written(other))


def written(tree: Plain | Missing) -> str:
    """Returns a tree as one text: equal for equal trees with equal order."""
    return "-" if isinstance(tree, Missing) else json.dumps(tree)


def said(path: Path) -> str:
    """Returns a path as people read it."""
    return ".".join(map(str, path))
