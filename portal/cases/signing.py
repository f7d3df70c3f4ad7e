"""The signature on a letter: given by hand on paper, noted once in the history, and scanned back in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Forbidden
from portal.cases.base import At, locked_case
from portal.events import record
from portal.facts import today
from portal.letters.context import issuing_centre, office_of
from portal.letters.home import Home
from portal.rights import may_letter
from portal.tables import Account, Case, Event, IssuedLetter, LetterFile

SIGNED, SCANNED, SEALED_NOW = "letter-signed", "letter-scanned", "letter-sealed"
SEALED = ("certificate", "bsre")
"""The kinds of files that bear an electronic signature."""
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
    home = _mine(at, issued)
    if not is_signed(at.session, home):
        tell(at, home, SIGNED)


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
    home = _mine(at, issued)
    scans = select(LetterFile.id).where(LetterFile.letter_id == issued.id, LetterFile.kind == "scan")
    if len(at.session.scalars(scans).all()) >= MOST:
        raise ScanRefused("letter-scan-many")
    row = _kept(at, home, "scan", media, data)
    sign(at, issued)
    tell(at, home, SCANNED, {"digest": row.digest})
    return row


def add_signed(at: At, issued: IssuedLetter, data: bytes, way: str) -> LetterFile:
    """Keeps the file of a letter that was signed electronically; it is what is given out from then on.

    Raises:
        Forbidden: the actor may not sign such letters here, or it has a signature already.
    """
    home = _mine(at, issued)
    done = select(LetterFile.id).where(LetterFile.letter_id == issued.id, LetterFile.kind.in_(SEALED))
    if at.session.scalar(done.limit(1)) is not None or issued.status != "issued":
        raise Forbidden(issued.letter)
    row = _kept(at, home, way, "application/pdf", data)
    names = [str(each["name"]) for each in issued.data.get("signers", ()) if each["role"] == "main"]
    row.signer = names[0][:120] if names else None
    sign(at, issued)
    tell(at, home, SEALED_NOW, {"way": way, "digest": row.digest})
    return row


def sealed_file(session: Session, issued_id: int) -> LetterFile | None:
    """Returns the file of a letter that bears an electronic signature."""
    query = select(LetterFile).where(LetterFile.letter_id == issued_id, LetterFile.kind.in_(SEALED))
    return session.scalar(query.order_by(LetterFile.id.desc()).limit(1))


def is_signer(at: At, letter_id: str, case: Case | None, area: str, on: datetime) -> bool:
    """Tells whether the person is the one whose name stands below, where the office says who that is.

    Args:
        case: None for a paper about many; then it is of the office of the area.
        on: when the letter was issued, or is: a deputy signs the letters of their own days.
    """
    letter = at.live.schema.known.letters[letter_id]
    _, centre = (
        issuing_centre(at.live, letter, case) if case is not None else office_of(at.live, letter, area)
    )
    main = next((each.officer for each in letter.signers if each.role == "main"), None)
    officer = centre.officers.get(main or "")
    person = officer.on(today(at.live.schema, on)) if officer else None
    if person is None or person.login is None:
        return True
    return at.session.scalar(select(Account.id).where(Account.login == person.login)) == at.actor.account_id


def _kept(at: At, home: Home, kind: str, media: str, data: bytes) -> LetterFile:
    row = LetterFile(
        letter_id=home.issued.id,
        case_id=home.issued.case_id,
        area=home.area,
        kind=kind,
        media_type=media,
        data=data,
        digest=sha256(data).hexdigest(),
        added_at=at.now,
        added_by=at.actor.account_id,
    )
    at.session.add(row)
    at.session.flush()
    return row


def signatures(session: Session, case: Case) -> Mapping[int, Event]:
    """Returns the notes of the signatures on a case's letters, by the key of the letter."""
    query = select(Event).where(Event.subject == "case", Event.subject_id == case.id, Event.kind == SIGNED)
    return {int(each.data["issued_letter"]): each for each in session.scalars(query)}


def is_signed(session: Session, home: Home) -> bool:
    """Tells whether a signature on a letter is noted."""
    subject, key = home.subject
    query = select(Event).where(Event.subject == subject, Event.subject_id == key, Event.kind == SIGNED)
    return any(each.data["issued_letter"] == home.issued.id for each in session.scalars(query))


def tell(
    at: At, home: Home, kind: str, more: Mapping[str, object] | None = None, *, reason: str = ""
) -> Event:
    """Writes down what became of a letter, in the history of what it belongs to."""
    issued, (subject, key) = home.issued, home.subject
    said = {"letter": issued.letter, "number": issued.number, "issued_letter": issued.id, **(more or {})}
    return record(
        at.session,
        actor=at.actor,
        now=at.now,
        kind=kind,
        subject=subject,
        subject_id=key,
        data=said,
        reason=reason,
    )


def locked_home(session: Session, issued: IssuedLetter) -> Home:
    """Returns where a letter belongs, locked until the transaction ends: its case, or the letter itself."""
    if issued.case_id is None:
        session.refresh(issued, with_for_update=True)
        return Home(issued=issued, case=None)
    return Home(issued=issued, case=locked_case(session, issued.case_id))


def _mine(at: At, issued: IssuedLetter) -> Home:
    home = locked_home(at.session, issued)
    if not may_letter(at.live.schema, at.actor, issued.letter, "sign", home.area):
        raise Forbidden(issued.letter)
    return home
