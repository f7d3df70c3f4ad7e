"""The portal's settings, read from the environment once; command-line options override them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Backups:
    """To whom backups are encrypted, where they go, and how many stay."""

    recipient: str = ""
    """The public keys, parted by commas; the secret ones are not on the machine."""
    folder: Path | None = None
    """Where they are kept; `backups` beside a SQLite database when nothing is said."""
    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    extra: tuple[Path, ...] = ()
    """Other files that a restored office needs."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the schema and the database are, and in which language the portal speaks by default."""

    schema: Path = Path("schema")
    database: str = "sqlite:///var/portal.db"
    language: str = "id"
    backups: Backups = field(default_factory=Backups)

    @property
    def letters(self) -> Path:
        """The folder of the letter templates, beside the schema."""
        return self.schema.parent / "templates" / "letters"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings of the variables whose names begin with `PORTAL_`."""
    environment = os.environ if environment is None else environment
    default = Settings()
    return Settings(
        schema=Path(environment.get("PORTAL_SCHEMA") or default.schema),
        database=environment.get("PORTAL_DATABASE_URL") or default.database,
        language=environment.get("PORTAL_LANGUAGE") or default.language,
        backups=_backups(environment),
    )


def _backups(environment: Mapping[str, str]) -> Backups:
    """Returns what `PORTAL_BACKUP_RECIPIENT`, `_FOLDER`, `_KEEP` (such as `7 4 12`) and `_EXTRA` say.

    The file that `PORTAL_SECRET_FILE` names goes into every backup as well.
    """
    default = Backups()
    usual = (default.daily, default.weekly, default.monthly)
    kept = environment.get("PORTAL_BACKUP_KEEP", "").split()
    counts = [int(count) for count in kept if count.isascii() and count.isdigit()]
    daily, weekly, monthly = counts if len(counts) == len(kept) == len(usual) else usual
    folder = environment.get("PORTAL_BACKUP_FOLDER")
    said = (environment.get("PORTAL_SECRET_FILE", ""), environment.get("PORTAL_BACKUP_EXTRA", ""))
    extra = filter(None, os.pathsep.join(said).split(os.pathsep))
    return Backups(
        recipient=environment.get("PORTAL_BACKUP_RECIPIENT", ""),
        folder=Path(folder) if folder else None,
        daily=daily,
        weekly=weekly,
        monthly=monthly,
        extra=tuple(map(Path, extra)),
    )
