"""The one secret that stands outside the database, and the keys that are derived from it.

It is read from the file that `PORTAL_SECRET_FILE` names, else from `<database>.key` beside a SQLite file. A
copy of the database without that file can be read, but nobody can write evidence into it that holds.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from portal.settings import from_environment

LENGTH = 32
"""How many bytes the secret has; the file holds them in hexadecimal."""
_held: WeakKeyDictionary[Engine, bytes] = WeakKeyDictionary()
_lent: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


class KeyMissing(Exception):
    """There is no secret, or it cannot be read; `file` says where it was looked for, if that is known."""

    def __init__(self, file: Path | None) -> None:
        super().__init__("no file is named" if file is None else file.as_posix())
        self.file = file


def file_of(engine: Engine) -> Path | None:
    """Returns where the secret of a database stands; None for one that has no place of its own."""
    named = from_environment().secret_file
    if named is not None:
        return named
    return beside(engine, ".key")


def beside(engine: Engine, ending: str) -> Path | None:
    """Returns the file beside a SQLite database that is called like it with an ending; None without one."""
    name = engine.url.database
    on_disk = engine.dialect.name == "sqlite" and name and name != ":memory:"
    return Path(f"{name}{ending}") if on_disk else None


def derive(engine: Engine, purpose: str) -> bytes:
    """Returns the key of one purpose: 32 bytes that tell nothing of the secret or of other purposes' keys.

    Raises:
        KeyMissing: there is no secret.
    """
    return hmac.digest(_secret(engine), f"satu-pintu {purpose}".encode(), "sha256")


def need(engine: Engine) -> None:
    """Refuses a database whose secret has no place, before anything is tried with it.

    Raises:
        KeyMissing: nothing says where to keep it, which on PostgreSQL only `PORTAL_SECRET_FILE` does.
    """
    if file_of(engine) is None and engine.dialect.name != "sqlite":
        raise KeyMissing(None)


def make(engine: Engine) -> None:
    """Makes the secret of a new database, readable by its owner alone; one that is there stays.

    Raises:
        KeyMissing: nothing says where to keep it.
    """
    need(engine)
    file = file_of(engine)
    if file is None or file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(place, "w", encoding="ascii") as opened:
        opened.write(f"{secrets.token_hex(LENGTH)}\n")
        opened.flush()
        os.fsync(opened.fileno())


def lend(source: Engine, copy: Engine) -> None:
    """Lets a copy of a database that lives for a moment use the secret of the database it was made from."""
    _lent[copy] = source


def use(engine: Engine, file: Path) -> None:
    """Lets a database that is not in its place, such as one out of a backup, use the secret of a file.

    Raises:
        KeyMissing: it holds none.
    """
    _held[engine] = _read(file)


def _secret(engine: Engine) -> bytes:
    known = _held.get(engine)
    if known is not None:
        return known
    file = file_of(engine)
    if engine in _lent and not (file and file.is_file()):
        return _secret(_lent[engine])
    if file is None and engine.dialect.name == "sqlite":
        # Kept in memory, the database ends with the process, and so does its secret.
        return _held.setdefault(engine, secrets.token_bytes(LENGTH))
    return _held.setdefault(engine, _read(file))


def _read(file: Path | None) -> bytes:
    if file is None:
        raise KeyMissing(None)
    try:
        secret = bytes.fromhex(file.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise KeyMissing(file) from error
    if len(secret) < LENGTH:
        raise KeyMissing(file)
    return secret
