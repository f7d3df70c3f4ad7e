"""What happened, written in the same transaction as the act, each event chained to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.tables import ChainHead, Event

START = "0" * 64


def record(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    subject: str,
    subject_id: int,
    data: Mapping[str, object] | None = None,
) -> Event:
    """Adds an event and moves the head of the chain; the caller commits it together with the act."""
    head = session.scalar(select(ChainHead).with_for_update())
    if head is None:
        head = ChainHead(id=1, hash=START)
        session.add(head)
    event = Event(
        at=now,
        actor_id=actor.account_id,
        actor=actor.label,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        data=dict(data or {}),
        hash="",
    )
    event.hash = link(head.hash, event)
    head.hash = event.hash
    session.add(event)
    session.flush()
    return event


def link(before: str, event: Event) -> str:
    """Returns the hash of an event that follows another, in hexadecimal."""
    said = json.dumps(
        [
            event.at.isoformat(),
            event.actor_id,
            event.actor,
            event.kind,
            event.subject,
            event.subject_id,
            event.data,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{before}\n{said}".encode()).hexdigest()


def broken(session: Session) -> int | None:
    """Returns the id of the first event whose chain does not fit, None when all do."""
    before = START
    for event in session.scalars(select(Event).order_by(Event.id)):
        if event.hash != link(before, event):
            return event.id
        before = event.hash
    return None
