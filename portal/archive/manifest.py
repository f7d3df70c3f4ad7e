"""What an archive says of itself: program, Release, rows of each table, and a digest of each member."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from portal.archive.base import NotArchived

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Member:
    """A file of the archive."""

    size: int
    digest: str
    place: str = ""
    """Where the file stood, for files beside the database."""
    secret: bool = False
    """Whether it is the secret that stood beside a SQLite database under its name."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What an archive holds."""

    kind: str
    """sqlite or postgresql."""
    program: str
    """The version of the program that made it."""
    release: int
    """The Release that was in force, 0 for none."""
    made_at: datetime
    counts: Mapping[str, int]
    """Rows by table."""
    broken_at: int | None = None
    """The first event that did not fit the chain when the backup was made."""
    members: Mapping[str, Member] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(self.counts.values())

    def text(self) -> str:
        """Returns the manifest as it is written."""
        said = asdict(self) | {"made_at": self.made_at.isoformat(), "format": FORMAT}
        return json.dumps(said, indent=1, sort_keys=True)


def read(text: str) -> Manifest:
    """Returns the manifest of a text.

    Raises:
        NotArchived: it is none, or of a newer program.
    """
    try:
        said: dict[str, Any] = json.loads(text)
        if said.pop("format") != FORMAT:
            raise NotArchived("archive-newer")
        members = {name: Member(**each) for name, each in said.pop("members").items()}
        made_at = datetime.fromisoformat(said.pop("made_at"))
        return Manifest(members=members, made_at=made_at, **said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotArchived("archive-damaged", part=type(error).__name__) from error
