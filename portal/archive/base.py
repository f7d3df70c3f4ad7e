"""What backup and restore share: why one cannot be made, and what an opened one is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.archive.manifest import Manifest

DATABASE = "database"
"""The member of an archive that holds the rows."""
MANIFEST = "manifest.json"
SECRET = ".key"  # noqa: S105 - the end of a file's name
"""How the file of the secret ends that stands beside a SQLite database."""
ERASURES = "erasures.json"
"""The list of what was erased, which stands beside the backups and names nobody."""
EXTRA = "extra-"
"""How the members are named that hold other files, such as the key of the evidence."""


class NotArchived(Exception):
    """A backup cannot be made or used; the slug says why and `<slug>-hint` the way out."""

    def __init__(self, slug: str, /, **values: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.values = values


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An archive laid out in a folder, every member as its manifest says."""

    manifest: Manifest
    source: Path
    """The backup itself."""
    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite file, or PostgreSQL's dump."""
        return self.folder / DATABASE

    @property
    def secret(self) -> Path:
        """The secret of the evidence, if the archive holds one."""
        return self.folder / f"{DATABASE}{SECRET}"


def digest_of(path: Path) -> str:
    """Returns the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
