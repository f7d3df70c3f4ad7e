"""Files <-> one encrypted file: a tar streamed through age, so that nothing readable is left beside it."""

from __future__ import annotations

import io
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import BinaryIO

import pyrage
from pyrage.x25519 import Identity, Recipient

from portal import private
from portal.archive.base import DATABASE, MANIFEST, SECRET, NotArchived, Opened, digest_of
from portal.archive.manifest import read

_NAME = re.compile(rf"{DATABASE}|{re.escape(MANIFEST)}|extra-\d+")
_LARGEST_MANIFEST = 16 * 1024 * 1024


def seal(target: Path, members: Mapping[str, Path], manifest: str, recipients: Sequence[Recipient]) -> None:
    """Writes the members with their manifest into a file that only the recipients read.

    Raises:
        OSError: it cannot be written.
    """

    def write(stream: BinaryIO) -> None:
        with tarfile.open(fileobj=stream, mode="w|") as tar:
            said = manifest.encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size, entry.mode = len(said), private.FILE
            tar.addfile(entry, io.BytesIO(said))
            for name, path in members.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = path.stat().st_size, private.FILE
                with path.open("rb") as content:
                    tar.addfile(entry, content)

    with target.open("wb") as sealed:
        _piped(write, lambda stream: pyrage.encrypt_io(stream, sealed, list(recipients)))


@contextmanager
def opened(file: Path, identity: Identity, beside: Path | None = None) -> Iterator[Opened]:
    """Lays out an archive in a private folder, which is gone afterwards.

    Args:
        beside: where the folder is made; otherwise where the system has such folders.

    Raises:
        NotArchived: it is none, of another key, or damaged.
        OSError: it cannot be read, or the disk is full.
    """
    with TemporaryDirectory(prefix="portal-", dir=beside) as made:
        folder = Path(made)
        _unseal(file, identity, folder)
        try:
            manifest = read((folder / MANIFEST).read_text("utf-8"))
        except FileNotFoundError as error:
            raise NotArchived("archive-damaged", part=MANIFEST) from error
        for name, member in manifest.members.items():
            path = folder / name
            if not path.is_file() or (path.stat().st_size, digest_of(path)) != (member.size, member.digest):
                raise NotArchived("archive-damaged", part=name)
            if member.secret:
                shutil.copyfile(path, private.file(folder / f"{DATABASE}{SECRET}"))
        if DATABASE not in manifest.members:
            raise NotArchived("archive-damaged", part=DATABASE)
        yield Opened(manifest=manifest, source=file, folder=folder)


def _unseal(file: Path, identity: Identity, folder: Path) -> None:
    def extract(stream: BinaryIO) -> None:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for entry in tar:
                content = tar.extractfile(entry) if entry.isfile() and _NAME.fullmatch(entry.name) else None
                if content is None or (entry.name == MANIFEST and entry.size > _LARGEST_MANIFEST):
                    raise NotArchived("archive-damaged", part="tar")
                path = private.file(folder / entry.name)
                with path.open("wb") as target:
                    shutil.copyfileobj(content, target, 1 << 20)
        stream.read()

    try:
        with file.open("rb") as sealed:
            _piped(lambda stream: pyrage.decrypt_io(sealed, stream, [identity]), extract)
    except pyrage.DecryptError as error:
        # What the library says names neither key nor content.
        slug = "archive-other-key" if "match" in str(error).lower() else "archive-damaged"
        raise NotArchived(slug, part="age", file=file) from error
    except tarfile.TarError as error:
        raise NotArchived("archive-damaged", part="tar") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise NotArchived("archive-damaged", part="age") from error


def _piped(write: Callable[[BinaryIO], object], take: Callable[[BinaryIO], object]) -> None:
    """Runs one function that writes into a pipe beside another that reads from it; raises what either does.

    The writer's fault comes first: the reader's is then only that the pipe ended early.
    """
    out, into = os.pipe()
    faults: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(into, "wb") as stream:
                write(stream)
        except BaseException as error:
            faults.append(error)

    thread = Thread(target=run)
    thread.start()
    failed: Exception | None = None
    try:
        with os.fdopen(out, "rb") as stream:
            take(stream)
    except Exception as error:
        failed = error
    thread.join()
    if faults and not (failed and isinstance(faults[0], BrokenPipeError)):
        raise faults[0]
    if failed is not None:
        raise failed
