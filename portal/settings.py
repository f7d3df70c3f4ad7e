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
    export_rows: int = 100_000
    """At most so many rows leave in one file."""
    exports_a_day: int = 20
    """At most so many files for each person on one day."""

    @property
    def letters(self) -> Path:
        """The folder of the letter templates, beside the schema."""
        return self.schema.parent / "templates" / "letters"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings of the variables `PORTAL_...`."""
    environment = os.environ if environment is None else environment
    default = Settings()
    return Settings(
        schema=Path(environment.get("PORTAL_SCHEMA") or default.schema),
        database=environment.get("PORTAL_DATABASE_URL") or default.database,
        language=environment.get("PORTAL_LANGUAGE") or default.language,
        export_rows=_count(environment.get("PORTAL_EXPORT_ROWS"), default.export_rows),
        exports_a_day=_count(environment.get("PORTAL_EXPORTS_A_DAY"), default.exports_a_day),
    )


def _count(text: str | None, default: int) -> int:
    """Returns a number of the environment, the default where there is none that can be read."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
