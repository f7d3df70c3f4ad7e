"""What the doctor looks at and says: facts as plain values, and findings with name, words and weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from portal.words import say

Weight = Literal["fatal", "warn"]
Found = Mapping[str, object] | None
"""The values of the sentence that says what was found, None when there is nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Facts of the computer and of the process."""

    root: bool = False
    temporary: bool = True
    """Whether files can be written where the system has its temporary ones."""
    open_files: int = 4096
    free: int = 10 * 2**30
    """Bytes left on the disk of the database, or of the current folder."""
    encoding: str = "utf-8"
    zone: bool = True
    """Whether the time zones of Indonesia are known."""
    printing: str = ""
    """Why letters cannot be printed: what the system says of its libraries."""
    fonts: int = 1
    debug: tuple[str, ...] = ()
    """Variables of the environment that make programs talkative."""
    dumps: bool = False
    """Whether a crash writes the memory of the process to the disk."""


@dataclass(frozen=True, kw_only=True)
class Files:
    """Facts of the files around the database."""

    open: tuple[str, ...] = ()
    """Those that others than their owner may read."""
    open_folders: tuple[str, ...] = ()
    network: str = ""
    """The kind of network file system that a SQLite file is on."""
    secret: str = ""
    """Where the secret of the evidence is expected; empty where none is needed."""
    secret_there: bool = True
    secret_weak: bool = False
    secret_in_checkout: bool = False
    secret_with_backups: bool = False
    identities: tuple[str, ...] = ()
    """Files near database and backups that hold the secret key of backups."""


@dataclass(frozen=True, kw_only=True)
class Store:
    """Facts of the database as a program."""

    kind: str = "sqlite"
    version: tuple[int, ...] = (3, 45)
    trigrams: bool = True
    journal: str = "wal"
    synchronous: int = 2
    foreign_keys: bool = True
    secure_delete: bool = True
    superuser: bool = False
    bypasses: bool = False
    owner: bool = False
    encoding: str = "UTF8"
    collation_moved: bool = False
    """Whether the system sorts otherwise than when the indexes were made."""
    fsync: bool = True
    full_pages: bool = True
    synchronous_commit: bool = True
    remote: bool = False
    encrypted: bool = True
    """Whether the connection is."""


@dataclass(frozen=True, kw_only=True)
class Office:
    """Facts of what the database holds."""

    release: int = 1
    pending: bool = False
    """Whether our own tables wait to be brought to the version of the program."""
    newer: bool = False
    """Whether a newer program has written tables or Release."""
    drift: int = 0
    broken_at: int | None = None
    ahead: float = 0.0
    """Seconds by which the newest event is later than now."""
    holidays: tuple[int, ...] = ()
    """The years of which holidays are known."""
    unrung: float = 0.0
    """For how many hours a time limit has waited to be looked at."""
    unswept: int = 0
    """Cases whose clocks the sweep could not ring."""
    style: bool = True
    """Whether letters have their style sheet."""
    signing: tuple[str, ...] = ()
    """The electronic ways in which letters are to be signed: certificate, bsre."""
    demo: tuple[str, ...] = ()
    """Accounts that the public password of the demonstration opens."""
    idle: int = 0
    """Accounts that nobody has used for ninety days."""
    managers: int = 1
    empty_roles: tuple[str, ...] = ()
    single_factor: tuple[str, ...] = ()
    """Accounts that publish, export or manage accounts without a second factor."""


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Facts of how the portal is, or is to be, reached."""

    host: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    trial: bool = False
    """Whether PORTAL_DEMO lets the portal be served with fatal settings."""
    openapi: bool = False

    @property
    def local(self) -> bool:
        """Whether only this computer reaches it."""
        return self.host in ("", "localhost", "::1") or self.host.startswith("127.")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Facts of the backups."""

    recipient: bool = True
    recipient_good: bool = True
    last: datetime | None = None
    drill: datetime | None = None
    same_disk: bool = False
    plain: tuple[str, ...] = ()
    """Copies of the database that are not encrypted, kept for longer than a week."""
    extra_missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """Facts of what letters are signed with electronically."""

    certificate: bool = False
    """Whether one of the office is named."""
    readable: bool = True
    key: bool = True
    """Whether the file holds the key of the certificate, as far as that shows without its passphrase."""
    since: datetime | None = None
    until: datetime | None = None
    """From when until when the certificate holds; None where that does not show."""
    open: tuple[str, ...] = ()
    """The settings whose file everybody on this machine may read."""
    bsre: bool = False
    """Whether the service of BSrE is named, be it in part."""
    bsre_wrong: tuple[str, ...] = ()
    """Its settings that are missing or not to be used."""
    bsre_plain: bool = False
    """Whether passphrases go to another machine over an open line."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that the doctor knows."""

    now: datetime
    machine: Machine = field(default_factory=Machine)
    files: Files = field(default_factory=Files)
    store: Store = field(default_factory=Store)
    office: Office = field(default_factory=Office)
    serving: Serving = field(default_factory=Serving)
    kept: Kept = field(default_factory=Kept)
    signatures: Signatures = field(default_factory=Signatures)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One setting that may be wrong; `doctor-<slug>`, `-found` and `-remedy` are its words."""

    slug: str
    weight: Weight
    look: Callable[[Facts], Found]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One setting that is wrong."""

    slug: str
    weight: Weight
    values: Mapping[str, object]

    def sentence(self) -> str:
        """Returns name, what was found and the remedy, in the reader's language."""
        slug = f"doctor-{self.slug}"
        name = f"{say(f'doctor-{self.weight}')}: {say(slug)} [{self.slug}]"
        found = say(f"{slug}-found", **self.values)
        return f"{name}\n  {found}\n  {say('diagnostic-hint')}: {say(f'{slug}-remedy', **self.values)}"
