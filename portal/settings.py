"""The portal's settings, read from the environment once; command-line options override them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOCAL = ("localhost", "127.0.0.1", "[::1]")
"""The names by which a machine calls itself."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the schema and the database are, and in which language the portal speaks by default."""

    schema: Path = Path("schema")
    database: str = "sqlite:///var/portal.db"
    language: str = "id"
    hosts: tuple[str, ...] = LOCAL
    """The names under which browsers may ask for the portal, with a port where only that one is meant."""
    proxies: tuple[str, ...] = ()
    """The addresses of the proxies whose word is taken for who asks and whether by https."""
    openapi: bool = False
    """Whether `/openapi.json` lists every route; for tests and attacks, never for an office."""
    secret: Path | None = None
    """The file of the secret; without one it stands beside a SQLite database, called like it with `.key`."""

    @property
    def letters(self) -> Path:
        """The folder of the letter templates, beside the schema."""
        return self.schema.parent / "templates" / "letters"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings of the variables whose names begin with `PORTAL_`.

    They are `PORTAL_SCHEMA`, `PORTAL_DATABASE_URL`, `PORTAL_LANGUAGE`, `PORTAL_SECRET_FILE`, `PORTAL_HOSTS`
    and `PORTAL_PROXIES` (both parted by commas) and `PORTAL_OPENAPI` (`1` for yes).
    """
    environment = os.environ if environment is None else environment
    default, secret = Settings(), environment.get("PORTAL_SECRET_FILE")
    return Settings(
        schema=Path(environment.get("PORTAL_SCHEMA") or default.schema),
        database=environment.get("PORTAL_DATABASE_URL") or default.database,
        language=environment.get("PORTAL_LANGUAGE") or default.language,
        hosts=_listed(environment.get("PORTAL_HOSTS", "")) or default.hosts,
        proxies=_listed(environment.get("PORTAL_PROXIES", "")),
        openapi=environment.get("PORTAL_OPENAPI") == "1",
        secret=Path(secret) if secret else None,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip().lower() for each in text.split(",") if each.strip())
