"""What is written beside the steps: notes, visits, accompaniments and photos; withdrawn, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

from sqlalchemy import func, select

from portal.access import Actor, Forbidden, may_in
from portal.cases.base import At, event
from portal.duties import photos
from portal.duties.consent import covering, may_keep_photos
from portal.duties.emptying import is_emptied
from portal.releases import Live
from portal.rights import case_text
from portal.tables import Case, Note, Photo

Kind = Literal["note", "visit", "accompaniment"]
Audience = Literal["internal", "case"]
KINDS: tuple[Kind, ...] = ("note", "visit", "accompaniment")
AUDIENCES: tuple[Audience, ...] = ("internal", "case")
MOST_PHOTOS = 20
"""Of one case."""
EVENTS = {"note": "note-written", "visit": "visit-logged", "accompaniment": "accompaniment-logged"}


class NoteRefused(Exception):
    """It cannot be written or kept so; `slug` has words."""

    def __init__(self, slug: str, **values: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.values = values


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody writes: of a visit or an accompaniment also when, where and with whom."""

    kind: Kind
    text: str
    audience: Audience = "internal"
    day: date | None = None
    place: str | None = None
    company: str | None = None


def write(at: At, case: Case, written: Written) -> Note:
    """Adds a note to a case.

    Raises:
        Forbidden: the actor does not work on cases there.
        NoteRefused: the case was erased.
    """
    _permitted(at, case)
    note = Note(
        case_id=case.id,
        kind=written.kind,
        text=written.text,
        audience=written.audience,
        day=written.day,
        place=written.place,
        company=written.company,
        at=at.now,
        author=at.actor.account_id,
    )
    at.session.add(note)
    at.session.flush()
    event(at, case, EVENTS[written.kind], {"note": note.id})
    return note


def withdraw(at: At, case: Case, note: Note, reason: str) -> None:
    """Withdraws a note and removes its photos; its author does that, or whoever divides the work there.

    Raises:
        Forbidden: it is somebody else's.
        NoteRefused: it was withdrawn already.
    """
    if not may_withdraw(at.live, at.actor, case, note):
        raise Forbidden("note")
    if note.withdrawn_at is not None:
        raise NoteRefused("note-withdrawn-already")
    note.withdrawn_at, note.withdrawn_by, note.withdrawal = at.now, at.actor.account_id, reason
    event(at, case, "note-withdrawn", {"note": note.id})
    photos.remove(at.session, case.id, note.id, actor=at.actor, now=at.now)


def may_withdraw(live: Live, actor: Actor, case: Case, note: Note) -> bool:
    """Tells whether a person may withdraw a note."""
    own = note.author == actor.account_id and may_in(live.schema, actor, "work", case.area)
    return own or may_in(live.schema, actor, "assign", case.area)


def add_photo(at: At, case: Case, note: Note, image: bytes) -> Photo:
    """Keeps a photo that was made small already.

    Raises:
        Forbidden: the actor does not work on cases there.
        NoteRefused: the person did not agree, there are enough, or the note is none that has photos.
    """
    _permitted(at, case)
    why = why_no_photo(at, case)
    if why:
        raise NoteRefused(why, most=MOST_PHOTOS)
    if note.kind == "note" or note.withdrawn_at is not None:
        raise NoteRefused("photo-not-here")
    digest = sha256(image).hexdigest()
    same = select(Photo).where(Photo.note_id == note.id, Photo.digest == digest, Photo.removed_at.is_(None))
    known = at.session.scalars(same).first()
    if known is not None:
        return known
    photo = Photo(
        case_id=case.id, note_id=note.id, at=at.now, author=at.actor.account_id, digest=digest, image=image
    )
    at.session.add(photo)
    at.session.flush()
    event(at, case, "photo-added", {"note": note.id, "photo": photo.id})
    return photo


def offers_photos(live: Live) -> bool:
    """Tells whether the office declares a purpose for which people agree to photos."""
    return bool(covering(live, "photos"))


def why_no_photo(at: At, case: Case) -> str:
    """Returns the slug of why no photo can be added to a case, empty when one can."""
    if not offers_photos(at.live):
        return "photo-no-purpose"
    if case.resident_id is None:
        return "photo-nobody"
    standing = may_keep_photos(at.session, at.live, case.resident_id)
    if standing != "given":
        return f"photo-consent-{standing}"
    kept = select(func.count()).select_from(Photo).where(Photo.case_id == case.id, Photo.removed_at.is_(None))
    return "photo-enough" if (at.session.scalar(kept) or 0) >= MOST_PHOTOS else ""


def reads_notes(live: Live, actor: Actor, case: Case) -> frozenset[Audience]:
    """Returns the audiences to which a person belongs: who may not read what a case says reads no notes."""
    if not case_text(live.schema, actor, "answers", "x", case.area):
        return frozenset()
    inside = may_in(live.schema, actor, "work", case.area)
    return frozenset(AUDIENCES) if inside else frozenset({"case"})


def _permitted(at: At, case: Case) -> None:
    if not may_in(at.live.schema, at.actor, "work", case.area):
        raise Forbidden(case.area)
    if is_emptied(at.session, "case", case.id):
        raise NoteRefused("case-erased")
