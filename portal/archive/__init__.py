"""Database -> one encrypted file that holds everything, and from file and key alone the database again.

The file is a tar, encrypted by age to the keys of the office: `portal restore` opens it, and so do the tools
`age` and `tar` should the portal itself be lost.
"""

from __future__ import annotations

from portal.archive.base import NotArchived, Opened
from portal.archive.box import opened
from portal.archive.keeping import archives, surplus
from portal.archive.keys import Keys, generate, identity_of, recipients_of
from portal.archive.making import Made, folder_of, make
from portal.archive.manifest import Manifest
from portal.archive.restoring import REPLAYS, Replay, Restored, Since, restore, verify

__all__ = [
    "REPLAYS",
    "Keys",
    "Made",
    "Manifest",
    "NotArchived",
    "Opened",
    "Replay",
    "Restored",
    "Since",
    "archives",
    "folder_of",
    "generate",
    "identity_of",
    "make",
    "opened",
    "recipients_of",
    "restore",
    "surplus",
    "verify",
]
