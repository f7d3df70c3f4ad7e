"""The Releases as people look back on them: who, when and why, what changed, the files as they were written.

Everything is read from the Release itself, so that it can be told whatever has become of the folder since.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from portal.plan import Plan, diff, from_json
from portal.releases import latest_id, schema_of
from portal.tables import Release

SCHEMA, LETTERS = "schema", "templates/letters"
"""The folders of the YAML and of the letter files, as `portal pull` lays them out."""


class UnknownRelease(LookupError):
    """There is no Release of that number; `newest` is the highest there is, 0 without any."""

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(number)
        self.number = number
        self.newest = newest


class NotEmpty(Exception):
    """The folder holds something already and nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One Release in the history."""

    number: int
    applied_at: datetime
    applied_by: str
    reason: str
    plan: Plan
    """What it changed, to be said in any reader's language."""
    backup: str
    """What the state before it can be restored from; empty where nothing was."""


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """One file that two Releases have differently, as the lines of a unified diff."""

    name: str
    lines: tuple[str, ...]


def entries(session: Session, *, most: int, below: int | None = None) -> tuple[Entry, ...]:
    """Returns the newest Releases, or the newest below a number, the newest first."""
    wanted = _entries().order_by(Release.id.desc()).limit(most)
    if below is not None:
        wanted = wanted.where(Release.id < below)
    return tuple(map(_entry, session.execute(wanted)))


def entry(session: Session, number: int) -> Entry:
    """Returns one Release.

    Raises:
        UnknownRelease: there is none of that number.
    """
    row = session.execute(_entries().where(Release.id == number)).one_or_none()
    if row is None:
        raise UnknownRelease(number, latest_id(session) or 0)
    return _entry(row)


def _entries() -> Select[tuple[int, datetime, str, str, dict[str, Any], str]]:
    head = (Release.id, Release.applied_at, Release.applied_by, Release.reason)
    return select(*head, Release.changes, Release.backup)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        number=row.id,
        applied_at=row.applied_at,
        applied_by=row.applied_by,
        reason=row.reason,
        plan=from_json(row.changes),
        backup=row.backup,
    )


def files(session: Session, number: int) -> Mapping[str, str]:
    """Returns every file of a Release by its path below the folder that `portal pull` writes.

    Raises:
        UnknownRelease: there is none of that number.
    """
    release = _release(session, number)
    found = {f"{SCHEMA}/{PurePosixPath(name).name}": text for name, text in release.sources.items()}
    return found | {f"{LETTERS}/{name}": text for name, text in release.templates.items()}


def between(session: Session, one: int, other: int) -> Plan:
    """Returns the plan that leads from one Release to another, in either direction.

    Raises:
        UnknownRelease: there is none of one of the numbers.
        UnknownFormat: a newer program wrote one of them.
    """
    before, after = _release(session, one), _release(session, other)
    return diff(
        schema_of(before.format, before.definition),
        schema_of(after.format, after.definition),
        templates_before=before.templates,
        templates_after=after.templates,
    )


def _release(session: Session, number: int) -> Release:
    release = session.get(Release, number)
    if release is None:
        raise UnknownRelease(number, latest_id(session) or 0)
    return release


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FileChange]:
    """Yields the files that differ, by name; one that is absent on a side counts as empty there."""
    for name in sorted({*before, *after}):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            sides = (f"{'a/' if name in before else ''}{name}", f"{'b/' if name in after else ''}{name}")
            lines = difflib.unified_diff(old.splitlines(), new.splitlines(), *sides, lineterm="")
            yield FileChange(name=name, lines=tuple(lines))


def write(found: Mapping[str, str], folder: Path, *, force: bool = False) -> None:
    """Writes files below a folder, byte for byte as they were applied.

    Args:
        force: also where something is already; files of other names stay.

    Raises:
        NotEmpty: the folder holds something.
        OSError: a file cannot be written.
    """
    if not force and folder.exists() and any(folder.iterdir()):
        raise NotEmpty(folder.as_posix())
    for name, text in found.items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            raise ValueError(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
