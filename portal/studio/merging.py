"""A draft over an older Release -> the same changes over the newest one, and what somebody has to decide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from portal.document import Path, Plain
from portal.patches import MISSING, Conflict, Missing, PatchRefused, merge
from portal.patches.merging import Side


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One thing that the draft and the newest Release have both changed, each otherwise."""

    file: str
    path: Path
    """Empty for a file that is taken as a whole."""
    mine: str
    theirs: str

    @property
    def key(self) -> str:
        """What it is called in the form that decides it."""
        return json.dumps([self.file, *self.path], ensure_ascii=False)

    @property
    def place(self) -> str:
        """Where in the file it is, as people read it."""
        return " / ".join(map(str, self.path))


@dataclass(frozen=True, kw_only=True)
class Rebased:
    """The files of the draft over the newest Release; of what is not decided, they hold what is in force."""

    files: Mapping[str, str]
    clashes: tuple[Clash, ...]


def rebased(
    base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str], chosen: Mapping[str, Side]
) -> Rebased:
    """Returns the changed files of a draft over another Release.

    Args:
        base: the files of the Release that the draft began with.
        mine: the files that the draft changes.
        theirs: the files of the newest Release.
        chosen: which side holds, by the key of a clash.
    """
    files, clashes = dict[str, str](), list[Clash]()
    for name, text in mine.items():
        now = theirs.get(name, "")
        if now in (base.get(name, ""), text):
            files[name] = text
            continue
        merged, found = _merged(name, base.get(name, ""), text, now, chosen)
        files[name] = merged
        clashes += found
    return Rebased(files=files, clashes=tuple(clashes))


def _merged(
    name: str, base: str, mine: str, theirs: str, chosen: Mapping[str, Side]
) -> tuple[str, list[Clash]]:
    whole = Clash(file=name, path=(), mine=mine, theirs=theirs)
    if not name.endswith(".yaml"):
        return _as_a_whole(whole, chosen)
    sides = {
        tuple(path): side for key, side in chosen.items() for file, *path in [json.loads(key)] if file == name
    }
    try:
        done = merge(base, mine, theirs, chosen=sides)
    except PatchRefused:
        return _as_a_whole(whole, chosen)
    return done.text, [_clash(name, each) for each in done.conflicts]


def _as_a_whole(clash: Clash, chosen: Mapping[str, Side]) -> tuple[str, list[Clash]]:
    """Returns the chosen text of a file that is no YAML, or that cannot be read."""
    side = chosen.get(clash.key)
    return (clash.mine if side == "mine" else clash.theirs), [] if side else [clash]


def _clash(name: str, found: Conflict) -> Clash:
    return Clash(file=name, path=found.path, mine=_shown(found.mine), theirs=_shown(found.theirs))


def _shown(value: Plain | Missing) -> str:
    """Returns a value as people can compare it; empty where there is none."""
    if value is MISSING or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


__all__ = ["Clash", "Rebased", "Side", "rebased"]
