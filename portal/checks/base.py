"""What a check sees of a schema folder, and how it says what is wrong there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as Folder
from typing import Protocol, TypeAlias

from portal.diagnostics import Diagnostic, Mark, listed, nearest
from portal.document import MapNode, Node, Path, key_mark, node_at, value_mark
from portal.schema import Office, Schema


class Reading(Protocol):
    """A schema folder as it was loaded."""

    @property
    def parts(self) -> Schema:
        """What has the right shape; an entry that has not is left out, and `office` may be."""

    @property
    def schema(self) -> Schema | None:
        """The whole Schema, None when something has the wrong shape."""

    @property
    def root(self) -> MapNode:
        """The tree of all files, with the place of everything."""

    @property
    def unread(self) -> bool:
        """True when a file could not be read, so that nobody knows what it declares."""

    @property
    def templates(self) -> Folder:
        """The folder of the letter templates."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The entries that have the right shape, and the way from each to its place."""

    reading: Reading

    @property
    def schema(self) -> Schema:
        """The entries to look at; `office` is to be asked from `office`."""
        return self.reading.parts

    @property
    def office(self) -> Office | None:
        """The office, None when it is missing or has not the right shape."""
        return getattr(self.reading.parts, "office", None)

    @property
    def whole(self) -> bool:
        """True when every file and entry is here: only then can something be said to be used nowhere."""
        return self.reading.schema is not None

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files in the folder of the letter templates."""
        folder = self.reading.templates
        return tuple(
            sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        )

    @cached_property
    def _declared(self) -> dict[str, tuple[str, ...]]:
        return {}

    def declared(self, section: str) -> tuple[str, ...]:
        """Returns the ids that a section declares, also those whose entry has not the right shape."""
        if section not in self._declared:
            self._declared[section] = tuple(self._ids(section))
        return self._declared[section]

    def _ids(self, section: str) -> Iterator[str]:
        node = node_at(self.reading.root, (section,))
        if node is self.reading.root or not isinstance(node, MapNode):
            return
        yield from (entry.key.text for entry in node.entries)

    def knows(self, section: str, name: str) -> bool:
        """Tells whether an id may be declared; what nobody could read is given the benefit of the doubt."""
        absent = Schema.model_fields[section].is_required() and not self.declared(section)
        return self.reading.unread or absent or name in self.declared(section)

    def wrong(self, code: str, path: Path, /, **values: str) -> Diagnostic:
        """Returns an error at the value of a path."""
        return Diagnostic(code=code, mark=value_mark(self.reading.root, path), values=values)

    def wrong_key(self, code: str, path: Path, /, **values: str) -> Diagnostic:
        """Returns an error at the key of a path."""
        return Diagnostic(code=code, mark=key_mark(self.reading.root, path), values=values)

    def warn(self, code: str, path: Path, /, **values: str) -> Diagnostic:
        """Returns a warning at the value of a path."""
        return replace(self.wrong(code, path, **values), severity="warning")

    def warn_key(self, code: str, path: Path, /, **values: str) -> Diagnostic:
        """Returns a warning at the key of a path."""
        return replace(self.wrong_key(code, path, **values), severity="warning")

    def mark_within(self, path: Path, key: str) -> Mark:
        """Returns the place of a key somewhere below a path, where a condition names it; else of the path."""
        found = _find(node_at(self.reading.root, path), key)
        return found if found is not None else value_mark(self.reading.root, path)


Check: TypeAlias = Callable[[Checked], Iterable[Diagnostic]]
"""What a file of this drawer yields: everything of its family that is wrong."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """One file of this drawer: its check and the codes that it can give."""

    run: Check
    codes: tuple[str, ...]


def choice(name: str, known: Iterable[str]) -> dict[str, str]:
    """Returns the values of a message about a name that is none of the known ones."""
    names = tuple(known)
    return {"name": name, "near": nearest(name, names) or "", "known": listed(names) or "-"}


def repeated(values: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yields each (id, value) whose value an earlier id has, with that id."""
    first: dict[str, str] = {}
    for key, value in values:
        if value in first:
            yield key, value, first[value]
        first.setdefault(value, key)


def _find(node: Node, key: str) -> Mark | None:
    if isinstance(node, MapNode):
        for entry in node.entries:
            found = entry.key.mark if entry.key.text == key else _find(entry.value, key)
            if found is not None:
                return found
    for item in getattr(node, "items", ()):
        found = _find(item, key)
        if found is not None:
            return found
    return None
