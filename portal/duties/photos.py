"""Photos that may no longer be kept: their bytes go, in the transaction that says why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.duties.emptying import empty_photo
from portal.events import record
from portal.tables import Case, Photo
from portal.wall import unscoped

FORGETTING = "photos go with the consent wherever they are kept, and are not shown"


def forget(session: Session, resident: int, *, actor: Actor, now: datetime) -> int:
    """Removes every photo of a person, whose consent was withdrawn; returns how many."""
    with unscoped(FORGETTING):
        kept = (
            select(Photo.case_id, Photo.id)
            .join(Case, Case.id == Photo.case_id)
            .where(Case.resident_id == resident, Photo.removed_at.is_(None))
        )
        found = session.execute(kept.order_by(Photo.id)).all()
        for case in dict.fromkeys(case for case, _ in found):
            mine = [photo for of, photo in found if of == case]
            _remove(session, case, mine, "consent", actor=actor, now=now)
    return len(found)


def remove(session: Session, case: int, note: int, *, actor: Actor, now: datetime) -> int:
    """Removes the photos of a note that was withdrawn; returns how many."""
    kept = select(Photo.id).where(Photo.note_id == note, Photo.case_id == case, Photo.removed_at.is_(None))
    found = list(session.scalars(kept.order_by(Photo.id)))
    if found:
        _remove(session, case, found, "note", actor=actor, now=now)
    return len(found)


def _remove(session: Session, case: int, photos: list[int], why: str, *, actor: Actor, now: datetime) -> None:
    for photo in photos:
        empty_photo(session, photo, now, None, why)
    data = {"photos": photos, "count": len(photos), "removal": why}
    record(session, actor=actor, now=now, kind="photos-removed", subject="case", subject_id=case, data=data)
