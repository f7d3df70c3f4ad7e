"""What happened, written in the same transaction as the act, each event chained to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

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
    head = hold(session)
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


def hold(session: Session) -> ChainHead | None:
    """Returns the head of the chain, locked until the transaction ends; None before the first event.

    Whoever locks more than the rows of one case holds the chain before anything else, so that two who write
    never wait for each other in a circle.
    """
    return session.scalar(select(ChainHead).with_for_update().execution_options(populate_existing=True))


def link(before: str, event: Event) -> str:
    """Returns the hash of an event that follows another, in hexadecimal."""
    said = json.dumps(
        [
            event.at.astimezone(UTC).isoformat(),
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
    """Returns the id of the first event that does not fit the chain, None when all do.

    When the newest events are missing it is the id after the last one that is there.
    """
    before, last = START, 0
    for event in session.scalars(select(Event).order_by(Event.id).execution_options(yield_per=1000)):
        if event.hash != link(before, event):
            return event.id
        before, last = event.hash, event.id
    head = session.scalar(select(ChainHead.hash))
    return None if (head or START) == before else last + 1
