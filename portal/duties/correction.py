"""A person's request to put data right -> an answer within 3 x 24 hours, tied to the edit that did it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.events import record
from portal.releases import Live
from portal.tables import Correction, Event

LIMIT = timedelta(hours=72)
"""UU 27/2022 art. 30: 3 x 24 hours after the request."""


class CorrectionRefused(Exception):
    """The request or its answer lacks something; `slug` has words."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def ask(
    session: Session, live: Live, *, resident: int, wanted: str, evidence: str, actor: Actor, now: datetime
) -> Correction:
    """Keeps what a person wants corrected and what shows it.

    Raises:
        CorrectionRefused: nothing was said.
    """
    if not wanted.strip() or not evidence.strip():
        raise CorrectionRefused("correction-incomplete")
    row = Correction(
        resident_id=resident,
        wanted=wanted.strip(),
        evidence=evidence.strip(),
        asked_at=now,
        asked_by=actor.account_id,
        due_at=now + LIMIT,
    )
    session.add(row)
    session.flush()
    _told(session, live, row, "correction-asked", actor, now)
    return row


def answer(
    session: Session, live: Live, correction: int, *, done: bool, said: str, actor: Actor, now: datetime
) -> Correction:
    """Ends a request: done by an edit of the record since then, or refused with a reason.

    Raises:
        CorrectionRefused: it was answered already, nothing was changed since, or there is no reason.
    """
    row = session.get(Correction, correction, with_for_update=True)
    if row is None or row.status != "open":
        raise CorrectionRefused("correction-answered")
    if not said.strip():
        raise CorrectionRefused("correction-answer-missing")
    row.event_id = _edit_since(session, live, row) if done else None
    if done and row.event_id is None:
        raise CorrectionRefused("correction-not-edited")
    row.status, row.answer = "done" if done else "refused", said.strip()
    row.answered_at, row.answered_by = now, actor.account_id
    _told(session, live, row, f"correction-{row.status}", actor, now)
    return row


def _edit_since(session: Session, live: Live, row: Correction) -> int | None:
    """The newest change of the person's record after the request."""
    changed = select(Event.id).where(
        Event.subject == live.schema.subject(),
        Event.subject_id == row.resident_id,
        Event.kind == "record-changed",
        Event.at >= row.asked_at,
    )
    return session.scalar(changed.order_by(Event.id.desc()).limit(1))


def open_corrections(session: Session, residents: Iterable[int] | None = None) -> tuple[Correction, ...]:
    """Returns the requests without an answer, the most urgent first; of some residents only, when named."""
    found = select(Correction).where(Correction.status == "open")
    if residents is not None:
        found = found.where(Correction.resident_id.in_(tuple(residents)))
    return tuple(session.scalars(found.order_by(Correction.due_at, Correction.id)))


def _told(session: Session, live: Live, row: Correction, kind: str, actor: Actor, now: datetime) -> None:
    record(
        session, actor=actor, now=now, kind=kind, subject=live.schema.subject(), subject_id=row.resident_id,
        data={"correction": row.id},
    )  # fmt: skip
