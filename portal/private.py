"""Folders and files that only their owner reads, whatever the umask of the process that makes them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
OTHERS = 0o077
"""The rights of the group and of everybody else."""
BESIDE = ("-wal", "-shm", "-journal", ".key", ".lock")
"""What stands beside a SQLite database, by the end of its name, and is as private as it."""


def folder(path: Path) -> Path:
    """Makes a folder and those above it where they are missing; one that is there keeps its rights.

    Raises:
        OSError: it cannot be made.
    """
    if not path.is_dir():
        folder(path.parent)
        try:
            path.mkdir(mode=FOLDER)
            path.chmod(FOLDER)
        except FileExistsError as error:
            if not path.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path)) from error
    return path


def file(path: Path) -> Path:
    """Makes an empty file where there is none.

    Raises:
        OSError: it cannot be made.
    """
    folder(path.parent)
    try:
        number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE)
    except FileExistsError:
        return path
    try:
        os.fchmod(number, FILE)
    finally:
        os.close(number)
    return path


def keep(path: Path) -> None:
    """Takes the rights of others away from a file that is there."""
    try:
        if path.stat().st_mode & OTHERS:
            path.chmod(FILE)
    except FileNotFoundError:
        return


def sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Gives an empty file beside a path, which takes its name once the block has ended well.

    What a kill leaves behind is called `*.part`.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    file(part)
    try:
        yield part
        sync(part)
        part.rename(path)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)
