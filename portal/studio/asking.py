"""What is asked and said of a draft: put it in force, on which day, with whose approval; or send it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.access import Actor, Forbidden, may
from portal.releases import latest_id
from portal.schema import Schema
from portal.studio.keeping import ASKED, DUE, OPEN, NotOpen, Overtaken, locked, owner
from portal.tables import RuleDraft

SUBJECT = "rule-draft"
"""What events about drafts are about."""


class Behind(Exception):
    """The rules have changed since the draft was begun: putting it in force would undo that."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How a draft is to be put in force."""

    reason: str
    digest: str
    """The digest of the plan that was looked at."""
    on: date | None = None
    """The day from which it is to hold; None for at once."""
    moves: bool = False
    """Whether running cases that can follow it are moved."""


def alone(schema: Schema, actor: Actor) -> bool:
    """Tells whether a person puts a draft of their own in force without somebody else's approval."""
    return may(schema, actor, "publish") and not schema.office.four_eyes


def ask(session: Session, schema: Schema, actor: Actor, version: int, wish: Wish, now: datetime) -> RuleDraft:
    """Asks that the draft a person works on be put in force; whoever may do so alone has decided it by that.

    Raises:
        Forbidden: the person may not change rules.
        Overtaken: the draft has another version by now.
        Behind: the rules have another Release by now.
    """
    if not may(schema, actor, "rules"):
        raise Forbidden
    draft = locked(session, actor)
    if draft is None or draft.version != version:
        raise Overtaken
    if draft.release_id != latest_id(session):
        raise Behind
    draft.reason, draft.on, draft.moves, draft.digest = wish.reason, wish.on, wish.moves, wish.digest
    draft.status, draft.asked_at, draft.problem = ASKED, now, ""
    draft.version += 1
    _told(session, actor, draft, "rules-asked", now, wish.reason)
    if alone(schema, actor):
        _decide(session, actor, draft, now)
    return draft


def approve(
    session: Session, schema: Schema, actor: Actor, key: int, version: int, now: datetime
) -> RuleDraft:
    """Lets a draft that was asked for be put in force.

    Raises:
        Forbidden: the person may not, or asked for it and a second person is wanted.
        NotOpen: it is not waiting any more.
        Overtaken: it is not what the person looked at.
    """
    draft = _waiting(session, key, (ASKED,))
    own = draft.account_id == owner(actor)
    if not may(schema, actor, "publish") or (own and schema.office.four_eyes):
        raise Forbidden
    if draft.version != version:
        raise Overtaken
    draft.version += 1
    _decide(session, actor, draft, now)
    return draft


def send_back(
    session: Session, schema: Schema, actor: Actor, key: int, reason: str, now: datetime
) -> RuleDraft:
    """Gives a draft back to whoever asked for it; they may call it back themselves until it is in force.

    Raises:
        Forbidden: the person may neither put rules in force nor asked for it.
        NotOpen: it is not on its way any more.
    """
    draft = _waiting(session, key, (ASKED, DUE))
    if not may(schema, actor, "publish") and draft.account_id != owner(actor):
        raise Forbidden
    returned(session, draft, reason, now)
    _told(session, actor, draft, "rules-sent-back", now, reason)
    return draft


def returned(session: Session, draft: RuleDraft, why: str, now: datetime) -> None:
    """Makes a draft that was asked for the one that its author is working on."""
    draft.status, draft.problem, draft.approved_by = OPEN, why, None
    draft.asked_at, draft.taken_at = None, None
    draft.version, draft.saved_at = draft.version + 1, now
    session.flush()


def _waiting(session: Session, key: int, statuses: tuple[str, ...]) -> RuleDraft:
    wanted = select(RuleDraft).where(RuleDraft.id == key).with_for_update()
    draft = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if draft is None or draft.status not in statuses:
        raise NotOpen(key)
    return draft


def _decide(session: Session, actor: Actor, draft: RuleDraft, now: datetime) -> None:
    draft.status, draft.approved_by = DUE, owner(actor)
    _told(session, actor, draft, "rules-approved", now)


def _told(
    session: Session, actor: Actor, draft: RuleDraft, kind: str, now: datetime, reason: str = ""
) -> None:
    events.record(
        session,
        actor=actor,
        now=now,
        kind=kind,
        subject=SUBJECT,
        subject_id=draft.id,
        data={"files": sorted(draft.files), "plan": draft.digest},
        reason=reason,
    )
