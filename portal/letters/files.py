"""The files of the letters' folder by name, as a plan compares them and a Release keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SUFFIXES = (".html", ".css", ".svg")
"""Templates, style sheets and emblems; anything else in the folder is not of the letters."""


class NotText(ValueError):
    """A file of the letters' folder is not UTF-8; `file` says which."""

    def __init__(self, file: Path) -> None:
        super().__init__(file.as_posix())
        self.file = file


def letter_files(folder: Path) -> Mapping[str, str]:
    """Returns the text of every letter file by its path inside the folder, none without the folder.

    Raises:
        NotText: a file is not UTF-8.
        OSError: a file cannot be read.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    return {path.relative_to(folder).as_posix(): _text(path) for path in files}


def _text(file: Path) -> str:
    try:
        # Not read_text: it would change the ends of lines, and a Release keeps a file to the last byte.
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotText(file) from error
