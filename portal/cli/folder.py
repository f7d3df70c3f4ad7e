"""The schema folder as commands take it: read and checked, or every mistake of it told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.checks import check
from portal.cli import exits
from portal.cli.failure import Failure
from portal.cli.output import complain
from portal.diagnostics import Diagnostic, in_order, render_text, summary
from portal.document import MapNode
from portal.letters.files import NotText, letter_files
from portal.load import Loaded, load
from portal.schema import Schema
from portal.settings import Settings

UNREADABLE = ("folder-missing", "folder-empty", "file-unreadable")
"""The codes that say that there is nothing to judge."""


class Mistakes(Failure):
    """The folder has mistakes; all of them have been told."""

    def __init__(self) -> None:
        super().__init__("command-mistakes", code=exits.MISTAKES)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A schema folder without mistakes."""

    schema: Schema
    sources: Mapping[str, str]
    """The YAML files by name, as they are written."""
    letters: Mapping[str, str]
    """The letter files by name."""
    root: MapNode
    """The tree of all files, with the place of everything."""


def diagnose(settings: Settings) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    """Returns what a folder declares and everything that is wrong in it."""
    loaded = load(settings.schema, settings.letters)
    return loaded, in_order([*loaded.diagnostics, *check(loaded)])


def checked(settings: Settings) -> Checked:
    """Returns the folder of the settings; warnings are told and do not stand in the way.

    Raises:
        Mistakes: something in it is wrong.
    """
    loaded, found = diagnose(settings)
    if found:
        complain(render_text(found))
        complain(summary(found))
    if loaded.schema is None or any(each.severity == "error" for each in found):
        raise Mistakes
    return Checked(
        schema=loaded.schema,
        sources=loaded.sources,
        letters=letters_of(settings.letters),
        root=loaded.root,
    )


def letters_of(folder: Path) -> Mapping[str, str]:
    """Returns the letter files of a folder.

    Raises:
        Failure: one of them is not text.
    """
    try:
        return letter_files(folder)
    except NotText as error:
        raise Failure("command-file-not-text", file=error.file.as_posix(), code=exits.MISTAKES) from error
