"""What a person agreed to, kept with how and when, until it is withdrawn; and what a referral asks of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.duties.photos import forget
from portal.events import record
from portal.releases import Live
from portal.tables import Case, Consent
from portal.wall import unscoped

How = Literal["signed", "oral", "step", "refused"]
Standing = Literal["none", "given", "withdrawn"]
Covers = Literal["sharing", "photos", "other"]


class ConsentRefused(Exception):
    """It cannot be kept as it was said; `slug` has words."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def give(
    session: Session,
    live: Live,
    *,
    resident: int,
    purpose: str,
    how: How,
    actor: Actor,
    now: datetime,
    witness: str = "",
    recipient: str | None = None,
    case: int | None = None,
) -> Consent:
    """Keeps that a person agreed; an oral consent needs a witness.

    Raises:
        ConsentRefused: the purpose or recipient is unknown, or the witness is missing.
    """
    if purpose not in live.schema.office.purposes:
        raise ConsentRefused("consent-purpose-unknown")
    if recipient is not None and recipient not in live.schema.known.destinations:
        raise ConsentRefused("consent-recipient-unknown")
    if how == "oral" and not witness.strip():
        raise ConsentRefused("consent-witness-missing")
    row = Consent(
        resident_id=resident,
        case_id=case,
        purpose=purpose,
        recipient=recipient,
        how=how,
        witness=witness.strip() or None,
        given_at=now,
        taken_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    _told(session, live, row, "consent-given", actor, now)
    return row


def refuse(
    session: Session,
    live: Live,
    *,
    resident: int,
    purpose: str,
    actor: Actor,
    now: datetime,
    case: int | None = None,
) -> Consent:
    """Keeps that a person was asked and said no: from then on it stands as a consent that was withdrawn.

    Raises:
        ConsentRefused: the purpose is unknown.
    """
    if purpose not in live.schema.office.purposes:
        raise ConsentRefused("consent-purpose-unknown")
    row = Consent(
        resident_id=resident,
        case_id=case,
        purpose=purpose,
        how="refused",
        given_at=now,
        taken_by=actor.account_id,
        withdrawn_at=now,
        withdrawn_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    _told(session, live, row, "consent-refused", actor, now)
    return row


def withdraw(session: Session, live: Live, consent: int, said: str, *, actor: Actor, now: datetime) -> None:
    """Ends a consent from this moment on; what was done under it stays lawful.

    Raises:
        ConsentRefused: it was withdrawn already.
    """
    row = session.get(Consent, consent, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise ConsentRefused("consent-withdrawn-already")
    row.withdrawn_at, row.withdrawn_by, row.withdrawal = now, actor.account_id, said.strip() or None
    _told(session, live, row, "consent-withdrawn", actor, now)
    if row.purpose in covering(live, "photos") and may_keep_photos(session, live, row.resident_id) != "given":
        forget(session, row.resident_id, actor=actor, now=now)


def _told(session: Session, live: Live, row: Consent, kind: str, actor: Actor, now: datetime) -> None:
    """The history of the person says that it happened; a case's own history says it as well."""
    subject, data = live.schema.subject(), {"purpose": row.purpose, "consent": row.id}
    about = [(subject, row.resident_id), *([("case", row.case_id)] if row.case_id else [])]
    for each, key in about:
        record(session, actor=actor, now=now, kind=kind, subject=each, subject_id=key, data=data)


def consents_of(session: Session, resident: int) -> tuple[Consent, ...]:
    """Returns what a person agreed to, the newest first."""
    rows = select(Consent).where(Consent.resident_id == resident)
    return tuple(session.scalars(rows.order_by(Consent.given_at.desc(), Consent.id.desc())))


def covering(live: Live, covers: Covers) -> list[str]:
    """Returns the purposes that cover something."""
    return [key for key, each in live.schema.office.purposes.items() if each.covers == covers]


def may_keep_photos(session: Session, live: Live, resident: int | None) -> Standing:
    """Tells how a person stands to photos being taken and kept."""
    purposes = covering(live, "photos")
    if resident is None or not purposes:
        return "none"
    mine = select(Consent).where(Consent.resident_id == resident, Consent.purpose.in_(purposes))
    return _standing(session, mine)


def _standing(session: Session, of: Select[Consent]) -> Standing:
    with unscoped("whether somebody agreed is asked, also by who sees only the case"):
        rows = session.scalars(of).all()
    if any(row.withdrawn_at is None for row in rows):
        return "given"
    return "withdrawn" if rows else "none"


def may_share(session: Session, live: Live, resident: int | None, destination: str) -> Standing:
    """Tells how a person stands to being referred to a destination that needs consent.

    The newest word counts: a consent after a withdrawal holds again.
    """
    sharing = covering(live, "sharing")
    if resident is None or not sharing:
        return "none"
    mine = select(Consent).where(Consent.resident_id == resident, Consent.purpose.in_(sharing))
    to = mine.where(or_(Consent.recipient.is_(None), Consent.recipient == destination))
    return _standing(session, to)


def note_referral(
    session: Session, live: Live, case: Case, destination: str, *, actor: Actor, now: datetime
) -> None:
    """Keeps the consent that a referral was made out with, unless it is kept already."""
    sharing = covering(live, "sharing")
    if case.resident_id is None or not sharing:
        return
    if may_share(session, live, case.resident_id, destination) == "none":
        give(
            session, live, resident=case.resident_id, purpose=sharing[0], how="step", actor=actor, now=now,
            recipient=destination, case=case.id,
        )  # fmt: skip
