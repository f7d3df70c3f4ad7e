"""What anybody may learn of a letter who has its code or its file: whether it holds, and little else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.accounts import Wait, throttling
from portal.database import writing
from portal.facts import today
from portal.indonesian import nama_samar
from portal.letters.proof import CODE, check_digest
from portal.letters.stub import ERASED
from portal.schema import Schema
from portal.tables import Case, IssuedLetter, LetterFile
from portal.wall import acting

Standing = Literal["valid", "expired", "withdrawn", "superseded", "void"]
SEALED = ("certificate", "bsre")
"""The kinds of files that bear an electronic signature with a certificate."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A letter as its public page tells it."""

    id: int
    case: int | None
    standing: Standing
    number: str
    on: date
    office: str
    kind: str = ""
    """The label of the letter; empty for a confidential one, as is the person."""
    person: str = ""
    """The masked name of whom it is about."""
    valid_until: date | None = None
    fingerprint: str | None = None
    """The SHA-256 of the PDF in hexadecimal, None before it is printed."""
    sealed: bool = False
    """Whether a file of it bears an electronic signature."""
    replaced_by: str | None = None
    ended: date | None = None
    same: bool | None = None
    """Whether the file that was given is the one that the office keeps; None when none was given."""


def check(
    engine: Engine, schema: Schema, code: str, file: str | None, address: str, now: datetime
) -> Checked | Wait | None:
    """Looks a letter up by its code, or by the SHA-256 of a file; None when there is none.

    Args:
        code: as somebody typed it, empty when only a file is given.
        address: where the question comes from: whoever asks in vain too often waits.
    """
    with acting(SYSTEM), writing(engine) as session:
        counted = (throttling.counted_by("check", throttling.network(address)),)
        until, _ = throttling.begin(session, counted, now)
        if until is not None:
            return Wait(until=until)
        row = _by_code(session, code) if code else _by_file(session, file or "")
        if row is None:
            return None
        throttling.succeed(session, counted)
        same = _is_of(session, row, file) if file else None
        return _told(session, schema, row, same, now)


def _by_code(session: Session, code: str) -> IssuedLetter | None:
    # The hash takes as long for a code that nobody has: the answer's time tells nothing.
    hashed = check_digest(session, CODE.typed(code))
    return session.scalar(select(IssuedLetter).where(IssuedLetter.check_digest == hashed))


def _by_file(session: Session, file: str) -> IssuedLetter | None:
    signed = select(LetterFile.letter_id).where(LetterFile.digest == file)
    letters = select(IssuedLetter).where(IssuedLetter.check_digest.is_not(None)).limit(1)
    own = session.scalar(letters.where(IssuedLetter.pdf_digest == file))
    return own or session.scalar(letters.where(IssuedLetter.id.in_(signed)))


def _is_of(session: Session, row: IssuedLetter, file: str) -> bool:
    signed = select(LetterFile.id).where(LetterFile.letter_id == row.id, LetterFile.digest == file)
    return row.pdf_digest == file or session.scalar(signed) is not None


def _told(session: Session, schema: Schema, row: IssuedLetter, same: bool | None, now: datetime) -> Checked:
    case = session.get(Case, row.case_id) if row.case_id is not None else None
    said = row.data.get(ERASED, row.data)
    open_ = case is None or case.access == "normal"
    erased = ERASED in row.data
    office = said["office"] if erased else said["office"]["label"]
    name = None if erased else (said.get("resident") or {}).get("name")
    successor = session.get(IssuedLetter, row.replaced_by) if row.replaced_by is not None else None
    sealed = select(LetterFile.id).where(LetterFile.letter_id == row.id, LetterFile.kind.in_(SEALED))
    return Checked(
        id=row.id,
        case=row.case_id,
        standing=_standing(row, today(schema, now)),
        number=row.number or "",
        on=today(schema, row.issued_at),
        office=office,
        kind=(said["label"] if erased else said["letter"]["title"]) if open_ else "",
        person=nama_samar(name) if name and open_ else "",
        valid_until=row.valid_until,
        fingerprint=row.pdf_digest,
        sealed=session.scalar(sealed.limit(1)) is not None,
        replaced_by=successor.number if successor else None,
        ended=today(schema, row.ended_at) if row.ended_at else None,
        same=same,
    )


def _standing(row: IssuedLetter, day: date) -> Standing:
    if row.status != "issued":
        return cast("Standing", row.status)
    return "expired" if row.valid_until is not None and row.valid_until < day else "valid"
