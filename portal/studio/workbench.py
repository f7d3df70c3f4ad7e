"""The files of a draft -> Schema and everything that is wrong in them, as `portal check` says it of a folder.

Reading takes folders, so each process lays the files out in one of its own: what has not changed since the
last check stays as it lies there, and reading remembers what it made of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from portal.checks import check
from portal.diagnostics import Diagnostic, in_order
from portal.editor import found_in
from portal.history import LETTERS, SCHEMA
from portal.load import Loaded, load
from portal.schema import Schema


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the files of a draft declare, and what is wrong in them."""

    loaded: Loaded
    diagnostics: tuple[Diagnostic, ...]
    """With the names of files as the draft has them, such as `schema/sop.yaml`."""
    letters: Mapping[str, str]
    """The letter files by name."""

    @property
    def schema(self) -> Schema | None:
        """The whole Schema, None while anything is an error."""
        broken = any(each.severity == "error" for each in self.diagnostics)
        return None if broken else self.loaded.schema

    @property
    def sources(self) -> Mapping[str, str]:
        """The YAML files by name, as a Release keeps them."""
        return self.loaded.sources


@dataclass(kw_only=True)
class Workbench:
    """One folder in which drafts are checked, one after another."""

    lock: Lock = field(default_factory=Lock)
    folder: tempfile.TemporaryDirectory[str] | None = None
    written: dict[str, str] = field(default_factory=dict)

    def check(self, files: Mapping[str, str]) -> Checked:
        """Returns what files declare, by their paths as `portal pull` writes them."""
        with self.lock:
            place = self._laid_out(files)
            loaded = load(place / SCHEMA, place / LETTERS)
            found = in_order([*loaded.diagnostics, *check(loaded)])
        prefix = f"{LETTERS}/"
        return Checked(
            loaded=loaded,
            diagnostics=tuple(_placed(each, f"{place.as_posix()}/") for each in found),
            letters={
                name.removeprefix(prefix): text for name, text in files.items() if name.startswith(prefix)
            },
        )

    def typed(self, files: Mapping[str, str], name: str, text: str) -> tuple[Diagnostic, ...]:
        """Returns what is wrong with a text in place of one of the files, as an editor shows it."""
        with self.lock:
            place = self._laid_out(files)
            short = name.rpartition("/")[2]
            return found_in(
                lambda each: load(place / SCHEMA, place / LETTERS, instead={short: each}), short, text
            )

    def _laid_out(self, files: Mapping[str, str]) -> Path:
        if self.folder is None:
            self.folder = tempfile.TemporaryDirectory(prefix="portal-studio-")
        place = Path(self.folder.name)
        for name in self.written.keys() - files.keys():
            (place / name).unlink(missing_ok=True)
            del self.written[name]
        for name, text in files.items():
            if self.written.get(name) != text:
                file = place / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text.encode("utf-8"))
                self.written[name] = text
        return place


def _placed(found: Diagnostic, prefix: str) -> Diagnostic:
    """Returns a diagnostic that names files as the draft does."""
    values = {key: value.removeprefix(prefix) for key, value in found.values.items()}
    return replace(found, mark=replace(found.mark, file=found.mark.file.removeprefix(prefix)), values=values)


_workbench = Workbench()


def checked(files: Mapping[str, str]) -> Checked:
    """Returns what the files of a draft declare, and what is wrong in them."""
    return _workbench.check(files)


def typed(files: Mapping[str, str], name: str, text: str) -> tuple[Diagnostic, ...]:
    """Returns what is wrong with a text in place of one of the files: root causes alone, each once."""
    return _workbench.typed(files, name, text)
