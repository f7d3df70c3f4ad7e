"""Letter + Case -> IssuedLetter with number and frozen data -> HTML -> PDF, kept as bytes.

A letter is issued in the transaction of the step that issues it: number, data and row are committed first.
The PDF is printed after that from the row alone, so that no database connection waits for it and a crash in
between costs neither number nor letter.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, bindparam, select, update
from sqlalchemy.orm import Session, undefer

from portal import press, pressroom, templating
from portal.access import SYSTEM, Actor
from portal.database import reading, writing
from portal.events import hold, record
from portal.facts import today
from portal.letters.context import Wanted, context, issuing_centre
from portal.letters.numbers import LETTER_NUMBER, Given, book_of, give
from portal.letters.proof import prove
from portal.letters.stub import is_erased, print_stub
from portal.releases import Live, live
from portal.schema import Letter, digest
from portal.tables import Case, IssuedLetter
from portal.words import speaking

DATES = {
    "letter": ("date", "valid_until"),
    "case": ("opened",),
    "registry": ("checked_on",),
    "resident": (),
    "family": ("birth_date",),
    "period": ("since", "until"),
    "cases": ("opened", "settled"),
}
"""Where a letter's data holds dates; JSON keeps them as text."""


def issue(
    session: Session, live: Live, case: Case, wanted: Wanted, *, actor: Actor, now: datetime
) -> IssuedLetter:
    """Draws the number, freezes the data and adds the row; the caller commits."""
    hold(session)
    letter = live.schema.known.letters[wanted.letter]
    centre_id, centre = issuing_centre(live, letter, case)
    day = today(live.schema, now)
    typed = wanted.form.get(LETTER_NUMBER)
    given = give(session, book_of(live.schema, wanted.letter, centre_id, now, case.area), str(typed or ""))
    valid_until = last_day(letter, day)
    with speaking("id"):
        data = context(session, live, case, wanted, now=now, number=given.number, valid_until=valid_until)
    frozen = Frozen(
        letter=wanted.letter,
        area=case.area,
        office=centre.area,
        data=data,
        given=given,
        case_id=case.id,
        destination=wanted.destination,
        valid_until=valid_until,
    )
    issued = freeze(session, live, frozen, actor=actor, now=now)
    said = {"letter": wanted.letter, "number": given.number, "issued_letter": issued.id}
    record(session, actor=actor, now=now, kind="letter-issued", subject="case", subject_id=case.id, data=said)
    return issued


def last_day(letter: Letter, day: date) -> date | None:
    """Returns until when a letter of a day is valid, None for one that does not end."""
    return day + timedelta(days=letter.valid_for.amount) if letter.valid_for else None


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """What is kept of a letter at its issue."""

    letter: str
    area: str
    office: str
    """The area of the office whose key seals it."""
    data: dict[str, Any]
    given: Given
    case_id: int | None = None
    destination: str | None = None
    valid_until: date | None = None


def freeze(session: Session, live: Live, frozen: Frozen, *, actor: Actor, now: datetime) -> IssuedLetter:
    """Adds the row of a letter with its code to check; a number that was set aside is used with it."""
    letter, given = live.schema.known.letters[frozen.letter], frozen.given
    proof = prove(session, live.schema, letter, frozen.office, frozen.data, number=given.number)
    frozen.data["letter"] |= proof.printed
    issued = IssuedLetter(
        case_id=frozen.case_id,
        area=frozen.area,
        letter=frozen.letter,
        number=given.number,
        series=given.series,
        period=given.period,
        sequence=given.sequence,
        numbered=given.numbered,
        destination=frozen.destination,
        release_id=live.release_id,
        template_digest=templates_digest(live.templates),
        data=frozen.data,
        valid_until=frozen.valid_until,
        issued_at=now,
        issued_by=actor.account_id,
        check_digest=proof.check_digest,
        statement=proof.statement,
    )
    session.add(issued)
    session.flush()
    if given.reserved is not None:
        given.reserved.status, given.reserved.letter_id, given.reserved.changed_at = "used", issued.id, now
    return issued


def templates_digest(templates: Mapping[str, str]) -> str:
    """Returns the digest of all templates, style sheets and emblems of a Release."""
    return digest(json.dumps(dict(sorted(templates.items())), ensure_ascii=False))


def restored(data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a letter's stored data with its dates as dates again."""
    return {key: _dated(value, DATES.get(key, ())) for key, value in data.items()} | {
        "reply_by": _date(data.get("reply_by"))
    }


def _dated(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_dated(each, names) for each in value]
    if isinstance(value, dict):
        return {key: _date(each) if key in names else each for key, each in value.items()}
    return value


def _date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def template_folder(templates: Mapping[str, str]) -> Path:
    """Returns a folder with a Release's templates, where the printing press can open them.

    They are written once per process and Release, and again when something has tidied the folder away.
    """
    folder = _written(tuple(sorted(templates.items())))
    if not all((folder / name).is_file() for name in templates):
        _written.cache_clear()
        folder = _written(tuple(sorted(templates.items())))
    return folder


@lru_cache(maxsize=8)
def _written(templates: tuple[tuple[str, str], ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="letters-"))
    for name, text in templates:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def html(templates: Mapping[str, str], template: str, data: Mapping[str, Any]) -> str:
    """Returns the HTML of a letter from its stored data."""
    return templating.render(templating.fixed(template_folder(templates)), template, restored(data))


def print_pdf(templates: Mapping[str, str], template: str, data: Mapping[str, Any]) -> press.Printed:
    """Prints a letter from its stored data."""
    folder = template_folder(templates)
    return pressroom.pdf(html(templates, template, data), assets=folder)


_PDF = select(IssuedLetter.pdf).where(IssuedLetter.id == bindparam("letter"))


def printed_before(engine: Engine, issued_id: int) -> bytes | None:
    """Returns the bytes of an issued letter that are kept, None before it is printed."""
    with reading(engine) as session:
        return session.scalar(_PDF, {"letter": issued_id})


def pdf_of(engine: Engine, issued_id: int) -> bytes:
    """Returns the bytes of an issued letter, printing them first if that has not been done yet.

    They are printed with the templates of the Release that the letter was issued under, and printed once:
    whoever comes second reads what the first one kept.
    """
    job = job_of(engine, issued_id)
    if job is not None:
        printed = pressroom.pdf(job.html, assets=job.assets, attach=job.attach)
        return keep_printed(engine, issued_id, printed, original=True)
    with reading(engine) as session:
        issued = session.get_one(IssuedLetter, issued_id, options=[undefer(IssuedLetter.pdf)])
        if issued.pdf is not None:
            return issued.pdf
        data = dict(issued.data)
    return keep_printed(engine, issued_id, print_stub(data), original=False)


def job_of(engine: Engine, issued_id: int) -> pressroom.Job | None:
    """Returns what the press prints for an issued letter, None for one that is printed or was erased."""
    with reading(engine) as session:
        issued = session.get_one(IssuedLetter, issued_id)
        kept = session.scalar(select(IssuedLetter.pdf.is_not(None)).where(IssuedLetter.id == issued_id))
        if kept or is_erased(issued.data):
            return None
        under, data = live(session, issued.release_id), dict(issued.data)
    letter = under.schema.known.letters[issued.letter]
    inside = json.dumps(data, ensure_ascii=False, sort_keys=True).encode() if letter.data_inside else None
    text = html(under.templates, letter.template, data)
    return pressroom.Job(html=text, assets=template_folder(under.templates), attach=inside)


def keep_printed(engine: Engine, issued_id: int, printed: press.Printed, *, original: bool) -> bytes:
    """Keeps what was printed, unless somebody was quicker; a stub leaves the digest of the original alone.

    Raises:
        LookupError: the letter's data were erased while it was being printed.
    """
    values = {"pdf": printed.data, "engine": printed.engine}
    if original:
        values["pdf_digest"] = printed.sha256
    with writing(engine) as session:
        issued = session.get_one(IssuedLetter, issued_id, with_for_update=True)
        if issued.pdf is None and is_erased(issued.data) == (not original):
            session.execute(update(IssuedLetter).where(IssuedLetter.id == issued_id).values(values))
            _note_printed(session, issued.case_id, issued_id, printed)
        kept = session.scalar(select(IssuedLetter.pdf).where(IssuedLetter.id == issued_id))
    if kept is None:
        raise LookupError(issued_id)
    return kept


def _note_printed(session: Session, case: int | None, issued_id: int, printed: press.Printed) -> None:
    """Writes down the digest of the bytes, of the case or else of the letter: an exchanged file is found."""
    record(
        session,
        actor=SYSTEM,
        now=datetime.now(UTC),
        kind="letter-printed",
        subject="work" if case is not None else "letter",
        subject_id=issued_id if case is None else case,
        data={"issued_letter": issued_id, "pdf": printed.sha256},
    )
