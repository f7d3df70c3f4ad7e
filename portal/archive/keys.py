"""The two halves of the key of a backup: whoever has the public one can write, only the secret one reads.

The secret half belongs on paper or a stick in a safe, never on the machine: who takes the machine then has
the database, but not the years of backups.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from portal import private
from portal.archive.base import NotArchived

SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how a secret key begins


@dataclass(frozen=True, kw_only=True)
class Keys:
    """A new pair of keys, of which the secret half stands in a file."""

    recipient: str
    file: Path


def generate(file: Path, now: datetime) -> Keys:
    """Makes a pair of keys and writes the secret half into a new private file, as `age-keygen` does.

    Raises:
        NotArchived: the file is there already.
        OSError: it cannot be written.
    """
    made = Identity.generate()
    recipient = str(made.to_public())
    text = f"# created: {now.isoformat(timespec='seconds')}\n# public key: {recipient}\n{made}\n"
    private.folder(file.parent)
    try:
        number = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, private.FILE)
    except FileExistsError as error:
        raise NotArchived("archive-key-exists", file=file) from error
    with os.fdopen(number, "w", encoding="ascii") as stream:
        os.fchmod(number, private.FILE)
        stream.write(text)
    private.sync(file)
    return Keys(recipient=recipient, file=file)


def identity_of(file: Path) -> Identity:
    """Returns the secret key in a file.

    Raises:
        NotArchived: the file holds none.
        OSError: it cannot be read.
    """
    lines = file.read_text("utf-8", errors="replace").splitlines()
    for line in lines:
        if line.strip().startswith(SECRET):
            try:
                return Identity.from_str(line.strip())
            except IdentityError as error:
                raise NotArchived("archive-key-malformed", file=file) from error
    raise NotArchived("archive-key-none", file=file)


def recipients_of(text: str) -> tuple[Recipient, ...]:
    """Returns the public keys of a text, parted by commas or spaces; none for an empty one.

    Raises:
        NotArchived: a word of it is no public key.
    """
    found = []
    for word in text.replace(",", " ").split():
        try:
            found.append(Recipient.from_str(word))
        except RecipientError as error:
            raise NotArchived("archive-recipient-malformed", text=word[:16]) from error
    return tuple(found)
