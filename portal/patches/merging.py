"""Three texts -> one: what changed in mine since the base is done again in theirs, which keeps all else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from portal.document import Path, Plain
from portal.patches.base import MISSING, Insert, Missing, Move, Operation, Remove, same
from portal.patches.differing import differences, ordered
from portal.patches.editing import edited
from portal.patches.intent import at, intended
from portal.patches.sheet import Sheet, with_mark

Side: TypeAlias = Literal["mine", "theirs"]


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """What both changed, each otherwise: the text keeps theirs until somebody chooses."""

    path: Path
    base: Plain | Missing
    mine: Plain | Missing
    theirs: Plain | Missing
    about: Literal["value", "order"] = "value"
    """Of an order the three are the keys that all have, in the order of each."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The text of theirs with what could be taken over from mine, and what somebody has to decide."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


def merge(base: str, mine: str, theirs: str, *, chosen: Mapping[Path, Side] | None = None) -> Merged:
    """Returns three texts as one.

    Args:
        base: the text from which both started.
        mine: one of the changed texts, whose differences are done again in the other.
        theirs: the other one, whose comments, order and bytes stay.
        chosen: which side holds, by the path of a conflict.

    Raises:
        PatchRefused: one of the texts cannot be read, or a difference cannot be written.
    """
    source, sheet = Sheet(mine), Sheet(theirs)
    replay = _Replay(mine=source.plain, now=sheet.plain, chosen=chosen or {})
    replay.node((), Sheet(base).plain, source.plain, sheet.plain)
    for operation in replay.operations:
        sheet = edited(sheet, operation, source)
    return Merged(text=with_mark(theirs, sheet.text), conflicts=tuple(replay.conflicts))


@dataclass(kw_only=True)
class _Replay:
    """Collects what to do in theirs."""

    mine: Plain
    now: Plain
    """The tree of theirs after what is collected so far."""
    chosen: Mapping[Path, Side]
    operations: list[Operation] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def node(self, path: Path, base: Plain | Missing, mine: Plain | Missing, theirs: Plain | Missing) -> None:
        """Takes over what mine changed at a path and below."""
        if same(base, mine) or same(mine, theirs):
            return
        before = {} if base is MISSING or base is None else base
        if (
            isinstance(before, dict)
            and isinstance(mine, dict)
            and isinstance(theirs, dict)
            and mine
            and theirs
        ):
            self._map(path, before, mine, theirs)
        elif same(base, theirs) or self._decided(path, base, mine, theirs):
            self._take(path, mine)

    def _map(
        self, path: Path, base: dict[str, Plain], mine: dict[str, Plain], theirs: dict[str, Plain]
    ) -> None:
        self._order(path, base, mine, theirs)
        for key in mine:
            self.node((*path, key), *(each.get(key, MISSING) for each in (base, mine, theirs)))
        for key in base:
            if key not in mine:
                self.node((*path, key), base[key], MISSING, theirs.get(key, MISSING))

    def _order(self, path: Path, *sides: dict[str, Plain]) -> None:
        """Moves what mine moved; two new orders of the same keys are a conflict."""
        base, mine, theirs = ([k for k in side if all(k in s for s in sides)] for side in sides)
        if mine in (base, theirs):
            return
        if theirs != base and not self._decided(path, list(base), list(mine), list(theirs), about="order"):
            return
        now = at(self.now, path)
        for key, place in list(ordered(list(now) if isinstance(now, dict) else [], mine)):
            self._do(Move(path=(*path, key), at=place))

    def _take(self, path: Path, mine: Plain | Missing) -> None:
        """Puts the value of mine at a path; a new key comes behind the same neighbour as in mine."""
        now = at(self.now, path)
        if isinstance(mine, Missing):
            self._do(Remove(path=path))
        elif not isinstance(now, Missing):
            for operation in differences(now, mine, path):
                self._do(operation)
        else:
            self._do(Insert(path=path, value=mine, at=self._place(path), origin=path))

    def _place(self, path: Path) -> int:
        """The place behind the nearest key that stands before a new one in mine and is here too."""
        beside, now = at(self.mine, path[:-1]), at(self.now, path[:-1])
        keys = list(beside) if isinstance(beside, dict) else []
        here = list(now) if isinstance(now, dict) else []
        above = [key for key in keys[: keys.index(str(path[-1]))] if key in here]
        return here.index(above[-1]) + 1 if above else 0

    def _decided(
        self,
        path: Path,
        base: Plain | Missing,
        mine: Plain | Missing,
        theirs: Plain | Missing,
        about: Literal["value", "order"] = "value",
    ) -> bool:
        """Tells whether mine was chosen; notes a conflict where nothing was."""
        choice = self.chosen.get(path)
        if choice is None:
            self.conflicts.append(Conflict(path=path, base=base, mine=mine, theirs=theirs, about=about))
        return choice == "mine"

    def _do(self, operation: Operation) -> None:
        self.now = intended(self.now, (operation,))
        self.operations.append(operation)
