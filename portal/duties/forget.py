"""Takes personal data out of events that were written already, and keeps their chain checkable.

An event keeps its hash, which the next one builds on; what it says now is bound by a digest in a later event.
This is the one place that rewrites events: whoever changes how they are kept changes it here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.events import START, link, record
from portal.tables import ChainHead, Event

KEPT = frozenset(
    {
        "complaint", "destination", "documents", "from", "id", "issued_letter", "letter", "number", "outcome",
        "priority", "program", "record", "reply", "sop", "sop_version", "step", "to", "wording",
    }
)  # fmt: skip
"""What an event of a case may say without saying anything of a person: ids, kinds and numbers."""
FORGOTTEN = "events-forgotten"


def forget_events(session: Session, subject: str, ids: Iterable[int], *, actor: Actor, now: datetime) -> int:
    """Empties what the events of some subjects say of a person; returns how many were changed.

    The caller commits. The rewriting is itself an event, with the digest of each event as it reads now.
    """
    digests: dict[str, str] = {}
    keys = sorted(set(ids))
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        found = select(Event).where(Event.subject == subject, Event.subject_id.in_(some))
        for event in session.scalars(found.order_by(Event.id)):
            left = _left(event)
            if left != event.data:
                event.data = left | {"forgotten": sorted(event.data.keys() - left.keys())}
                digests[str(event.id)] = _digest(event.data)
    if digests:
        session.flush()
        said = {"of": subject, "events": digests}
        record(session, actor=actor, now=now, kind=FORGOTTEN, subject=subject, subject_id=0, data=said)
    return len(digests)


def _left(event: Event) -> dict[str, object]:
    """Of a record's event, whose keys are fields, only the names of the fields that were changed stay."""
    kept = KEPT if event.subject == "case" else {"fields"} if event.kind == "record-changed" else set()
    return {key: value for key, value in event.data.items() if key in kept or key == "forgotten"}


def _digest(data: Mapping[str, object]) -> str:
    said = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def broken(session: Session) -> int | None:
    """Returns the id of the first event that fits neither the chain nor what was rightly forgotten."""
    rewritten: dict[str, str] = {}
    for event in session.scalars(select(Event).where(Event.kind == FORGOTTEN).order_by(Event.id)):
        rewritten |= {str(key): str(value) for key, value in event.data["events"].items()}
    before, last = START, 0
    for event in session.scalars(select(Event).order_by(Event.id).execution_options(yield_per=1000)):
        forgotten = rewritten.get(str(event.id)) == _digest(event.data)
        if event.hash != link(before, event) and not forgotten:
            return event.id
        before, last = event.hash, event.id
    head = session.scalar(select(ChainHead.hash))
    return None if (head or START) == before else last + 1
