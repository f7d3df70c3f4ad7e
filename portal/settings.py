"""The portal's settings, read from the environment once; command-line options override them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the schema and the database are, and in which language the portal speaks by default."""

    schema: Path = Path("schema")
    database: str = "sqlite:///var/portal.db"
    language: str = "id"
    secret: Path | None = None
    """The file of the secret; without one it stands beside a SQLite database, called like it with `.key`."""

    @property
    def letters(self) -> Path:
        """The folder of the letter templates, beside the schema."""
        return self.schema.parent / "templates" / "letters"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings of the variables `PORTAL_SCHEMA`, `_DATABASE_URL`, `_LANGUAGE`, `_SECRET_FILE`."""
    environment = os.environ if environment is None else environment
    default, secret = Settings(), environment.get("PORTAL_SECRET_FILE")
    return Settings(
        schema=Path(environment.get("PORTAL_SCHEMA") or default.schema),
        database=environment.get("PORTAL_DATABASE_URL") or default.database,
        language=environment.get("PORTAL_LANGUAGE") or default.language,
        secret=Path(secret) if secret else None,
    )
