"""The signature on a letter: given by hand on paper, noted once in the history, and scanned back in."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Forbidden
from portal.cases.base import At, event, locked_case
from portal.rights import may_letter
from portal.tables import Case, Event, IssuedLetter, LetterFile

SIGNED, SCANNED = "letter-signed", "letter-scanned"
LARGEST = 10_000_000
"""The bytes that a scan may have."""
MOST = 10
"""So many scans a letter may have."""
_MEDIA = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/jpeg"}
"""How a file begins, and what it is kept as: pictures are made anew."""


class ScanRefused(Exception):
    """A file that cannot be kept as a scan; `code` has words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sign(at: At, issued: IssuedLetter) -> None:
    """Notes that a letter has been signed; a second time changes nothing.

    Raises:
        Forbidden: the actor may not record signatures on such letters here.
    """
    case = _mine(at, issued)
    if issued.id not in signatures(at.session, case):
        event(at, case, SIGNED, _said(issued))


def media_of(data: bytes) -> str:
    """Returns what a scan is kept as, judged by its first bytes.

    Raises:
        ScanRefused: it is empty, too large, or neither PDF nor picture.
    """
    if not data:
        raise ScanRefused("letter-scan-missing")
    if len(data) > LARGEST:
        raise ScanRefused("letter-scan-large")
    found = next((media for head, media in _MEDIA.items() if data.startswith(head)), None)
    if found is None:
        raise ScanRefused("letter-scan-kind")
    return found


def add_scan(at: At, issued: IssuedLetter, data: bytes, media: str) -> LetterFile:
    """Keeps the scan of a letter that was signed by pen, and notes the signature.

    Raises:
        Forbidden: the actor may not record signatures on such letters here.
        ScanRefused: it has as many scans as it may have.
    """
    case = _mine(at, issued)
    scans = select(LetterFile.id).where(LetterFile.letter_id == issued.id, LetterFile.kind == "scan")
    if len(at.session.scalars(scans).all()) >= MOST:
        raise ScanRefused("letter-scan-many")
    row = LetterFile(
        letter_id=issued.id,
        case_id=case.id,
        area=case.area,
        kind="scan",
        media_type=media,
        data=data,
        digest=sha256(data).hexdigest(),
        added_at=at.now,
        added_by=at.actor.account_id,
    )
    at.session.add(row)
    at.session.flush()
    sign(at, issued)
    event(at, case, SCANNED, {**_said(issued), "digest": row.digest})
    return row


def signatures(session: Session, case: Case) -> Mapping[int, Event]:
    """Returns the notes of the signatures on a case's letters, by the key of the letter."""
    query = select(Event).where(Event.subject == "case", Event.subject_id == case.id, Event.kind == SIGNED)
    return {int(each.data["issued_letter"]): each for each in session.scalars(query)}


def _mine(at: At, issued: IssuedLetter) -> Case:
    if issued.case_id is None:
        raise Forbidden(issued.letter)
    case = locked_case(at.session, issued.case_id)
    if not may_letter(at.live.schema, at.actor, issued.letter, "sign", case.area):
        raise Forbidden(issued.letter)
    return case


def _said(issued: IssuedLetter) -> dict[str, object]:
    return {"letter": issued.letter, "number": issued.number, "issued_letter": issued.id}
