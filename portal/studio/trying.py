"""The scenarios of a draft, tried before it is asked for: what would go another way than was expected.

A limit that is changed on purpose moves the days that scenarios expect. That is shown, and taken over with
one press; a case that reaches another step or ends otherwise is for people to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from portal.access import SYSTEM
from portal.changes import Change, SopChanged, SopReworded
from portal.diagnostics import Diagnostic
from portal.history import SCHEMA
from portal.schema import digest
from portal.simulate import simulate
from portal.studio.workbench import Checked, checked
from portal.wall import acting

ROUNDS = 4
"""So often days are taken over: one that moved may move what follows it."""
_DAY = "scenario-due-differs"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What became of the scenarios."""

    differences: tuple[Diagnostic, ...]
    adjusted: Mapping[str, str]
    """The files whose expected days would be those of now, by name; empty where that is not all."""

    @property
    def digest(self) -> str:
        """What somebody says who takes over the days that they were shown, and no others."""
        return digest("".join(f"{name}\n{text}" for name, text in sorted(self.adjusted.items())))


def trial(files: Mapping[str, str], changes: Iterable[Change]) -> Trial:
    """Returns what differs from what the scenarios of files expect; files with errors are not tried.

    Args:
        changes: what the plan says; where only procedures differ, only their scenarios are tried.
    """
    with acting(SYSTEM):  # the scenarios' own made-up cases, in a database of their own
        return _trial(files, _procedures(changes))


def _trial(files: Mapping[str, str], only: tuple[str | None, ...]) -> Trial:
    found = checked(files)
    differences, adjusted = _differences(found, only), dict[str, str]()
    left = differences
    for _ in range(ROUNDS):
        if not left or any(each.code != _DAY for each in left):
            break
        adjusted |= _moved({**files, **adjusted}, left)
        left = _differences(checked({**files, **adjusted}), only)
    return Trial(differences=differences, adjusted={} if left else adjusted)


def _procedures(changes: Iterable[Change]) -> tuple[str | None, ...]:
    """Returns the procedures whose scenarios may differ; None stands for all of them."""
    keys = [each.key if isinstance(each, SopChanged | SopReworded) else None for each in changes]
    return (None,) if None in keys else tuple(dict.fromkeys(keys))


def _differences(found: Checked, only: tuple[str | None, ...]) -> tuple[Diagnostic, ...]:
    if found.schema is None:
        return ()
    return tuple(
        replace(each, mark=replace(each.mark, file=f"{SCHEMA}/{PurePosixPath(each.mark.file).name}"))
        for sop in only
        for each in simulate(found.schema, found.loaded.root, found.letters, only=sop).diagnostics
    )


def _moved(files: Mapping[str, str], differences: Iterable[Diagnostic]) -> dict[str, str]:
    """Returns the files that expect days, with those of now in their place."""
    lines: dict[str, list[str]] = {}
    # From the end of a line to its beginning, so that the columns of what is left stay true.
    for each in sorted(differences, key=lambda found: found.mark, reverse=True):
        text = lines.setdefault(each.mark.file, files[each.mark.file].split("\n"))
        line, start = text[each.mark.line - 1], each.mark.column - 1
        end = start + each.mark.length
        if line[start:end].strip("\"'") == each.values["expected"]:
            text[each.mark.line - 1] = line[:start] + each.values["actual"] + line[end:]
    return {name: "\n".join(text) for name, text in lines.items()}
