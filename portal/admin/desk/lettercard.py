"""One issued letter as its page shows it: what it is, how it stands, what became of it, what may be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from portal import reads, wall
from portal.admin.desk.base import Here
from portal.cases.ending import has_left, may_end
from portal.cases.signing import is_signed, sealed_file
from portal.events import reason_of, values_of
from portal.facts import calendar, today
from portal.letters.checked import checks
from portal.letters.home import Home
from portal.releases import SessionNames
from portal.rights import may_letter, reads_all
from portal.schema import LetterAct
from portal.tables import Account, Case, Event, IssuedLetter, LetterFile
from portal.words import LANGUAGES, language, say
from portal.worktime import long_date, moment

KINDS: Mapping[str, str] = {"valid": "good", "expired": "soon"}
"""The badges of how a letter stands; every other one has ended."""
COPIED = "letter-copied"


@dataclass(frozen=True, kw_only=True)
class LetterCard:
    """A letter in words."""

    id: int
    case: Case | None
    page: str
    label: str
    number: str
    standing: str
    """valid, expired, void, withdrawn or superseded."""
    kind: str
    facts: Sequence[tuple[str, str]]
    files: Sequence[tuple[int, str]]
    history: Sequence[tuple[str, str, str, str]]
    """When, who, what, why."""
    acts: frozenset[str]
    """print, sign, void, withdrawn, replaced: what the person may do now."""
    replaced_by: int | None
    copies: int

    @property
    def ended(self) -> bool:
        """Whether it no longer holds."""
        return self.standing not in KINDS


def found_letter(session: Session, here: Here, key: int, act: LetterAct = "see") -> tuple[IssuedLetter, Home]:
    """Returns a letter within the person's sight, with what it belongs to.

    Raises:
        HTTPException: 404, there is none, or the person may not do that with it: the answer is the same.
    """
    schema, actor = here.live.schema, here.actor
    found = session.execute(
        select(IssuedLetter, Case)
        .join(Case, Case.id == IssuedLetter.case_id)
        .where(IssuedLetter.id == key, wall.cases(schema, actor, "issued_letter"))
    ).one_or_none()
    if found is not None:
        home = Home(issued=found[0], case=found[1])
    else:
        query = select(IssuedLetter).where(IssuedLetter.id == key, IssuedLetter.case_id.is_(None))
        alone = session.scalar(query)
        if alone is None or not reads_all(schema, actor, alone.area):
            raise HTTPException(404)
        home = Home(issued=alone, case=None)
    if not may_letter(schema, actor, home.issued.letter, act, home.area):
        raise HTTPException(404)
    return home.issued, home


def standing_of(here: Here, row: IssuedLetter) -> str:
    """Returns how a letter stands today."""
    if row.status != "issued":
        return row.status
    over = row.valid_until is not None and row.valid_until < today(here.live.schema, here.now)
    return "expired" if over else "valid"


def card(session: Session, here: Here, key: int) -> LetterCard:
    """Returns what the page of a letter shows.

    Raises:
        HTTPException: 404, as `found_letter`.
    """
    row, home = found_letter(session, here, key)
    schema = here.live.schema
    letter = schema.known.letters.get(row.letter)
    standing = standing_of(here, row)
    told = _events(session, home)
    if home.case is not None:
        reads.note("case", (home.case.id,), {"letters": "plain"})
    return LetterCard(
        id=key,
        case=home.case,
        page=home.page,
        label=letter.label if letter else row.letter,
        number=row.number or "",
        standing=standing,
        kind=KINDS.get(standing, "late"),
        facts=tuple(_facts(session, here, home)),
        files=tuple(_files(session, here, row)),
        history=tuple(_history(session, here, told)),
        acts=frozenset(_acts(session, here, home)),
        replaced_by=row.replaced_by,
        copies=sum(1 for each in told if each.kind == COPIED),
    )


def _facts(session: Session, here: Here, home: Home) -> Iterator[tuple[str, str]]:
    row, case = home.issued, home.case
    schema, zone = here.live.schema, calendar(here.live.schema).zone
    names = SessionNames(session, here.live, here.actor)
    subject = schema.subject()
    place = schema.known.destinations.get(row.destination or "")
    said: tuple[tuple[str, str], ...] = (
        ("check-number", row.number or say("letter-unnumbered")),
        ("letter-numbered", say(f"letter-numbered-{row.numbered}") if row.number else ""),
        ("desk-person", names.record(subject, case.resident_id) if case and case.resident_id else ""),
        ("letter-case-number", case.number if case else ""),
        ("listed-period", str(row.data.get("period", {}).get("label") or "")),
        ("check-date", long_date(row.issued_at.astimezone(zone).date())),
        ("check-office", _office(row)),
        ("letter-signers", ", ".join(_signers(row.data))),
        ("export-letter-to", place.label if place else ""),
        ("check-valid-until", long_date(row.valid_until) if row.valid_until else ""),
        ("letter-issued-by", _who(session, row.issued_by)),
        ("check-fingerprint", row.pdf_digest or say("check-not-printed")),
        ("check-checked", _checked(session, here, row)),
    )
    return ((say(slug), text) for slug, text in said if text)


def _checked(session: Session, here: Here, row: IssuedLetter) -> str:
    """How often the letter was checked on the public page and when last; empty when it never was."""
    zone = calendar(here.live.schema).zone
    known = checks(session, row.id)
    return say("check-times", count=known.count, at=moment(known.last_at.astimezone(zone))) if known else ""


def _office(row: IssuedLetter) -> str:
    said = row.data.get("office", "")
    return str(said.get("label", "")) if isinstance(said, dict) else ""


def _signers(data: Mapping[str, Any]) -> Iterator[str]:
    for each in data.get("signers", ()):
        yield f"{each['name']} ({' '.join(str(each['post']).split())})"


def _who(session: Session, account: int) -> str:
    return session.scalar(select(Account.label).where(Account.id == account)) or ""


def _files(session: Session, here: Here, row: IssuedLetter) -> Iterator[tuple[int, str]]:
    zone = calendar(here.live.schema).zone
    query = select(LetterFile).where(LetterFile.letter_id == row.id, LetterFile.digest != "")
    for each in session.scalars(query.order_by(LetterFile.id)):
        yield each.id, say(f"letter-file-{each.kind}", at=moment(each.added_at.astimezone(zone)))


def _events(session: Session, home: Home) -> Sequence[Event]:
    subject, key = home.subject
    subjects = ("case", "work") if subject == "case" else (subject,)
    mine = (Event.subject.in_(subjects), Event.subject_id == key, Event.kind.like("letter-%"))
    found = session.scalars(select(Event).where(*mine).order_by(Event.id)).all()
    return [each for each in found if each.data.get("issued_letter") == home.issued.id]


def _history(session: Session, here: Here, told: Sequence[Event]) -> Iterator[tuple[str, str, str, str]]:
    zone, known = calendar(here.live.schema).zone, LANGUAGES[language()]
    why = values_of(session, [each.id for each in told])
    for each in told:
        slug = f"letter-event-{each.kind.removeprefix('letter-')}"
        if slug in known:
            reason = reason_of(why.get(each.id, {}))
            yield moment(each.at.astimezone(zone)), each.actor, say(slug), reason


def _acts(session: Session, here: Here, home: Home) -> Iterator[str]:
    at, schema, row = here.at(session), here.live.schema, home.issued
    if may_letter(schema, here.actor, row.letter, "print", home.area):
        yield "print"
    letter = schema.known.letters.get(row.letter)
    signed = is_signed(session, home)
    signs = may_letter(schema, here.actor, row.letter, "sign", home.area)
    if row.status != "issued" or letter is None:
        return
    if letter.signers and signs and letter.signing != "pen":
        if not signed and sealed_file(session, row.id) is None:
            yield "seal"
    elif letter.signers and signs:
        yield "scan"
        if not signed:
            yield "sign"
    if may_end(at, row, home.area, "void") and not has_left(at, home):
        yield "void"
    if may_end(at, row, home.area, "withdrawn"):
        yield "withdrawn"
    if home.case is not None and row.letter in schema.letters and may_end(at, row, home.area, "replaced"):
        yield "replaced"
