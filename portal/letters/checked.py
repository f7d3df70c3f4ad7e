"""What anybody may learn of a letter who has its code or its file: whether it holds, and little else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, cast

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.accounts import Wait, throttling
from portal.database import writing
from portal.facts import today
from portal.indonesian import nama_samar
from portal.letters.proof import CODE, check_digest
from portal.letters.stub import ERASED
from portal.schema import Schema
from portal.tables import Case, IssuedLetter, LetterCheck, LetterFile
from portal.wall import acting

Standing = Literal["valid", "expired", "withdrawn", "superseded", "void"]
SEALED = ("certificate", "bsre")
"""The kinds of files that bear an electronic signature with a certificate."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A letter as its public page tells it; a confidential one says only how it stands, number and office."""

    case: int | None
    standing: Standing
    number: str
    office: str
    same: bool | None
    """Whether the file that was given is the one that the office keeps; None when none was given."""
    confidential: bool = False
    kind: str = ""
    """The label of the letter."""
    on: date | None = None
    person: str = ""
    """The masked name of whom it is about."""
    valid_until: date | None = None
    fingerprint: str | None = None
    """The SHA-256 of the PDF in hexadecimal, None before it is printed."""
    sealed: bool = False
    """Whether a file of it bears an electronic signature."""
    replaced_by: str | None = None
    ended: date | None = None


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
        row = _by_code(session, code) if code else _by_file(session, file) if file else None
        if row is None:
            return None
        throttling.succeed(session, counted)
        _count(session, row, now)
        same = _is_of(session, row, file) if file else None
        return _told(session, schema, row, same, now)


def checks(session: Session, letter_id: int) -> LetterCheck | None:
    """Returns how often a letter was checked and when last, None when it never was."""
    return session.scalar(select(LetterCheck).where(LetterCheck.letter_id == letter_id))


def _count(session: Session, row: IssuedLetter, now: datetime) -> None:
    """Counts a check that found its letter; two at once are two."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(LetterCheck).values(
        letter_id=row.id, case_id=row.case_id, area=row.area, count=1, last_at=now
    )
    again = {"count": LetterCheck.count + 1, "last_at": now}
    session.execute(first.on_conflict_do_update(index_elements=[LetterCheck.letter_id], set_=again))


def _by_code(session: Session, code: str) -> IssuedLetter | None:
    # The hash takes as long for a code that nobody has: the answer's time tells nothing.
    hashed = check_digest(session, CODE.typed(code))
    return session.scalar(select(IssuedLetter).where(IssuedLetter.check_digest == hashed))


def _by_file(session: Session, file: str) -> IssuedLetter | None:
    signed = select(LetterFile.letter_id).where(LetterFile.digest == file)
    newest = select(IssuedLetter).order_by(IssuedLetter.id.desc()).limit(1)
    own = session.scalar(newest.where(IssuedLetter.pdf_digest == file))
    return own or session.scalar(newest.where(IssuedLetter.id.in_(signed)))


def _is_of(session: Session, row: IssuedLetter, file: str) -> bool:
    signed = select(LetterFile.id).where(LetterFile.letter_id == row.id, LetterFile.digest == file)
    return row.pdf_digest == file or session.scalar(signed) is not None


def _told(session: Session, schema: Schema, row: IssuedLetter, same: bool | None, now: datetime) -> Checked:
    case = session.get(Case, row.case_id) if row.case_id is not None else None
    erased = row.data.get(ERASED)
    told = Checked(
        case=row.case_id,
        standing=_standing(row, today(schema, now)),
        number=row.number or "",
        office=erased["office"] if erased else row.data["office"]["label"],
        same=same,
        confidential=case is not None and case.access != "normal",
    )
    return told if told.confidential else _in_full(session, schema, row, told)


def _in_full(session: Session, schema: Schema, row: IssuedLetter, told: Checked) -> Checked:
    erased = row.data.get(ERASED)
    successor = session.get(IssuedLetter, row.replaced_by) if row.replaced_by is not None else None
    sealed = select(LetterFile.id).where(LetterFile.letter_id == row.id, LetterFile.kind.in_(SEALED))
    name = (row.data.get("resident") or {}).get("name")
    return replace(
        told,
        kind=erased["label"] if erased else row.data["letter"]["title"],
        on=today(schema, row.issued_at),
        person=nama_samar(name) if name else "",
        valid_until=row.valid_until,
        fingerprint=row.pdf_digest,
        sealed=session.scalar(sealed.limit(1)) is not None,
        replaced_by=successor.number if successor else None,
        ended=today(schema, row.ended_at) if row.ended_at else None,
    )


def _standing(row: IssuedLetter, day: date) -> Standing:
    if row.status != "issued":
        return cast("Standing", row.status)
    return "expired" if row.valid_until is not None and row.valid_until < day else "valid"
