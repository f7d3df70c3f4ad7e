"""Keys for what the database must not be able to open or forge by itself, derived from one secret file.

The secret lies outside the database, so that a stolen copy of the one is of no use without the other. Each
purpose has a key of its own, by HKDF (RFC 5869): who learns one of them learns nothing of the others.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from portal.settings import Settings

LENGTH = 32
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///(?P<file>[^?]+)")


class KeyMissing(Exception):
    """There is no secret file, or it is too short to be one; `file` says where it was looked for."""

    def __init__(self, file: Path) -> None:
        super().__init__(file.as_posix())
        self.file = file


def secret_file(settings: Settings) -> Path:
    """Returns where the secret lies: `PORTAL_SECRET_FILE`, else beside the SQLite database, else in var/."""
    if settings.secret_file is not None:
        return settings.secret_file
    found = _SQLITE.fullmatch(settings.database)
    file = found["file"] if found else ""
    return Path("var/portal.secret") if file in ("", ":memory:") else Path(file).with_suffix(".secret")


def ensure(settings: Settings) -> Path:
    """Makes the secret file, readable by its owner alone, unless it is there; returns where it lies."""
    file = secret_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(LENGTH) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return file


def key(settings: Settings, purpose: str) -> bytes:
    """Returns the 32 bytes of a purpose.

    Raises:
        KeyMissing: there is no secret to derive them from.
    """
    file = secret_file(settings)
    try:
        master = file.read_bytes().strip()
    except FileNotFoundError as error:
        raise KeyMissing(file) from error
    if len(master) < LENGTH:
        raise KeyMissing(file)
    return derived(master, purpose)


def derived(master: bytes, purpose: str) -> bytes:
    """Returns the key of a purpose: HKDF-SHA256 without salt, one block."""
    extracted = hmac.new(b"\0" * LENGTH, master, hashlib.sha256).digest()
    return hmac.new(extracted, purpose.encode() + b"\x01", hashlib.sha256).digest()
