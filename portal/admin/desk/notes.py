"""The notes of a case as a person reads them, and what the form of a note asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import reads
from portal.access import may_in
from portal.admin.desk.base import Here
from portal.cases.notes import KINDS, Audience, Kind, may_withdraw, offers_photos, reads_notes
from portal.facts import calendar
from portal.fields import ChoiceField, DateField, FieldType, LongTextField, TextField
from portal.tables import Account, Case, Note, Photo
from portal.words import say
from portal.worktime import long_date, moment


@dataclass(frozen=True, kw_only=True)
class NoteLine:
    """One note as a page shows it."""

    id: int
    kind: str
    about: str
    """When, where and with whom it was, in one line; empty for a plain note."""
    text: str
    who: str
    at: str
    audience: str
    withdrawn: str
    """Who withdrew it and why, empty when it stands."""
    photos: tuple[int, ...]
    may_withdraw: bool


@dataclass(frozen=True, kw_only=True)
class Notes:
    """What is written beside the steps of a case, the newest first."""

    lines: Sequence[NoteLine]
    may_read: bool
    may_write: bool
    photos: bool
    """Whether the office declares what people agree to when photos are taken."""


def notes_of(session: Session, here: Here, case: Case, only: int | None = None) -> Notes:
    """Returns the notes of a case that a person may read, or one of them."""
    seen = reads_notes(here.live, here.actor, case)
    query = select(Note).where(Note.case_id == case.id, Note.audience.in_(seen))
    if only is not None:
        query = query.where(Note.id == only)
    rows = session.scalars(query.order_by(Note.id.desc())).all()
    accounts = {key for row in rows for key in (row.author, row.withdrawn_by) if key is not None}
    people = dict(session.execute(select(Account.id, Account.label).where(Account.id.in_(accounts))).all())
    kept = select(Photo.note_id, Photo.id).where(Photo.case_id == case.id, Photo.removed_at.is_(None))
    photos: dict[int, list[int]] = {}
    for note, photo in session.execute(kept.order_by(Photo.id)):
        photos.setdefault(note, []).append(photo)
    if rows:
        reads.note("case", (case.id,), {"notes": "plain"})
    return Notes(
        lines=tuple(_line(here, case, row, people, photos.get(row.id, ())) for row in rows),
        may_read=bool(seen),
        may_write=bool(seen) and may_in(here.live.schema, here.actor, "work", case.area),
        photos=offers_photos(here.live),
    )


def _line(here: Here, case: Case, row: Note, people: Mapping[int, str], photos: Sequence[int]) -> NoteLine:
    zone = calendar(here.live.schema).zone
    about = (long_date(row.day) if row.day else "", row.place or "", row.company or "")
    stands = row.withdrawn_at is None
    by = people.get(row.withdrawn_by or 0, "")
    return NoteLine(
        id=row.id,
        kind=row.kind,
        about=" · ".join(each for each in about if each),
        text=row.text if stands else "",
        who=people.get(row.author, ""),
        at=moment(row.at.astimezone(zone)),
        audience=row.audience,
        withdrawn="" if stands else say("note-withdrawn-why", who=by, reason=row.withdrawal or "–"),
        photos=tuple(photos) if stands else (),
        may_withdraw=stands and may_withdraw(here.live, here.actor, case, row),
    )


def note_fields(kind: Kind) -> dict[str, FieldType]:
    """Returns what the form of a note asks, in the reader's language."""
    fields: dict[str, FieldType] = {}
    if kind != "note":
        fields |= {
            "day": DateField(type="date", label=say("note-day"), required=True),
            "place": TextField(type="text", label=say("note-place"), required=True, max_length=120),
            "company": TextField(
                type="text", label=say("note-company"), help=say("note-company-help"), max_length=120
            ),
        }
    fields["text"] = LongTextField(
        type="long-text",
        label=say("note-text" if kind == "note" else "note-result"),
        help=say("note-text-help"),
        required=True,
    )
    audiences: dict[str, str] = {each: say(f"note-audience-{each}") for each in ("internal", "case")}
    fields["audience"] = ChoiceField(
        type="choice", label=say("note-audience"), required=True, choices=audiences
    )
    return fields


def kind_in(text: object) -> Kind:
    """Returns the kind of note that an address or a form names, a plain note when it names none."""
    return next((each for each in KINDS if each == text), "note")


def audience_in(value: object) -> Audience:
    """Returns the audience that a form names; whoever sends none is read by few."""
    return "case" if value == "case" else "internal"


def day_in(value: object) -> date | None:
    """Returns a day that a form holds."""
    return value if isinstance(value, date) else None
