"""The portal's settings, read from the environment once; command-line options override them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOCAL = ("localhost", "127.0.0.1", "[::1]")
"""The names by which a machine calls itself."""


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
class Signing:
    """What electronic signatures are made with; passphrases are typed for each act and kept nowhere."""

    certificate: Path | None = None
    """The office's PKCS#12 file."""
    timestamps: str = ""
    """The address of the authority that confirms the time (RFC 3161)."""
    bsre_url: str = ""
    bsre_user: str = ""
    bsre_password_file: Path | None = None
    bsre_version: str = "2"


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
    secret_file: Path | None = None
    """The file of the secret; without one it stands beside a SQLite database, called like it with `.key`."""
    password_rules: str = "nist"  # noqa: S105 - the name of a set of rules
    """`nist` (long passphrases) or `bssn` (composition, age, history)."""
    breached_file: Path | None = None
    """A sorted list of SHA-1 hashes of leaked passwords."""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret_file: Path | None = None
    backups: Backups = field(default_factory=Backups)
    signing: Signing = field(default_factory=Signing)
    export_rows: int = 100_000
    """At most so many rows leave in one file."""
    exports_a_day: int = 20
    """At most so many files for each person on one day."""
    sweep_minutes: int = 5
    """How often `portal serve` looks at the clocks of cases; 0 leaves that to `portal sweep` and a timer."""
    printers: int = 0
    """How many letters each process of the portal prints at once; 0 is one for each core, at most four."""
    print_queue: bool = False
    """Whether print jobs go into PostgreSQL's queue for `portal work`; else `portal serve` prints them."""

    @property
    def letters(self) -> Path:
        """The folder of the letter templates, beside the schema."""
        return self.schema.parent / "templates" / "letters"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings that the variables `PORTAL_...` name, the default of what they leave out."""
    environment = os.environ if environment is None else environment
    default = Settings()
    return Settings(
        schema=Path(environment.get("PORTAL_SCHEMA") or default.schema),
        database=environment.get("PORTAL_DATABASE_URL") or default.database,
        language=environment.get("PORTAL_LANGUAGE") or default.language,
        hosts=_listed(environment.get("PORTAL_HOSTS", "")) or default.hosts,
        proxies=_listed(environment.get("PORTAL_PROXIES", "")),
        openapi=environment.get("PORTAL_OPENAPI") == "1",
        secret_file=_file(environment, "PORTAL_SECRET_FILE"),
        password_rules=environment.get("PORTAL_PASSWORD_RULES") or default.password_rules,
        breached_file=_file(environment, "PORTAL_BREACHED_FILE"),
        oidc_issuer=environment.get("PORTAL_OIDC_ISSUER") or "",
        oidc_client=environment.get("PORTAL_OIDC_CLIENT") or "",
        oidc_secret_file=_file(environment, "PORTAL_OIDC_SECRET_FILE"),
        backups=_backups(environment),
        signing=_signing(environment),
        export_rows=_count(environment.get("PORTAL_EXPORT_ROWS"), default.export_rows),
        exports_a_day=_count(environment.get("PORTAL_EXPORTS_A_DAY"), default.exports_a_day),
        sweep_minutes=_count(environment.get("PORTAL_SWEEP_MINUTES"), default.sweep_minutes),
        printers=_count(environment.get("PORTAL_PRINTERS"), default.printers),
        print_queue=environment.get("PORTAL_PRINT_QUEUE") == "1",
    )


def _signing(environment: Mapping[str, str]) -> Signing:
    """Returns what `PORTAL_CERTIFICATE_FILE`, `PORTAL_TIMESTAMP_URL` and `PORTAL_BSRE_...` name."""
    return Signing(
        certificate=_file(environment, "PORTAL_CERTIFICATE_FILE"),
        timestamps=environment.get("PORTAL_TIMESTAMP_URL") or "",
        bsre_url=environment.get("PORTAL_BSRE_URL") or "",
        bsre_user=environment.get("PORTAL_BSRE_USER") or "",
        bsre_password_file=_file(environment, "PORTAL_BSRE_PASSWORD_FILE"),
        bsre_version=environment.get("PORTAL_BSRE_VERSION") or "2",
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


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip().lower() for each in text.split(",") if each.strip())


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    said = environment.get(name)
    return Path(said) if said else None


def _count(text: str | None, default: int) -> int:
    """Returns a number of the environment, the default where there is none that can be read."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
