"""Access in an emergency: one case, a typed reason, four hours; a manager judges every one of them.

It is for people who work with residents and lack just this case: never for a role that sees no personal data,
never outside the person's own area, never for a case that may concern the office itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor, Forbidden
from portal.events import record
from portal.schema import Schema
from portal.tables import Case, Emergency
from portal.wall import acting, unscoped

LASTS = timedelta(hours=4)
TAKEN = "emergency-taken"
"""The kind of the event that holds the reason."""
LEAST_REASON = 15
"""How many letters a reason has at least: "darurat" alone is none."""


class ReasonTooShort(ValueError):
    """The reason is too short to judge it by."""


def may_ask(schema: Schema, actor: Actor, area: str | None = None) -> bool:
    """Tells whether a person may open a case in an emergency: they work with personal data (there)."""
    return any(
        role.sensitive_fields != "hidden" and "work" in role.may and (area is None or granted.covers(area))
        for granted in actor.grants
        if (role := schema.roles.get(granted.role)) is not None
    )


def take(session: Session, schema: Schema, case_number: str, reason: str, actor: Actor, now: datetime) -> int:
    """Gives the actor a case for four hours and returns it.

    Raises:
        ReasonTooShort: nobody could judge the reason.
        Forbidden: there is no such case, or not for this person; which of the two is not told.
    """
    said = " ".join(reason.split())[:500]
    if len(said) < LEAST_REASON:
        raise ReasonTooShort
    with unscoped("a case is asked for in an emergency because one does not see it"):
        return _take(session, schema, case_number, said, actor, now)


def _take(session: Session, schema: Schema, case_number: str, said: str, actor: Actor, now: datetime) -> int:
    case = session.scalar(select(Case).where(Case.number == case_number.strip().upper()))
    if actor.account_id is None or case is None or case.access == "protected":
        raise Forbidden
    if not may_ask(schema, actor, case.area):
        raise Forbidden
    until = now + LASTS
    session.add(
        Emergency(account_id=actor.account_id, case_id=case.id, reason=said, asked_at=now, until=until)
    )
    record(
        session, actor=actor, now=now, kind=TAKEN, subject="case", subject_id=case.id,
        data={"until": until.isoformat()}, reason=said,
    )  # fmt: skip
    session.flush()
    return case.id


def open_cases(session: Session, account_id: int, now: datetime) -> tuple[int, ...]:
    """Returns the cases that an account may see for now."""
    running = (Emergency.account_id == account_id, Emergency.until > now, Emergency.asked_at <= now)
    with acting(SYSTEM):  # it is part of who somebody is, and so comes before the wall
        return tuple(session.scalars(select(Emergency.case_id).where(*running).distinct()))


def judge(
    session: Session, emergency: Emergency, *, justified: bool, note: str, actor: Actor, now: datetime
) -> None:
    """Writes what a manager finds; what was not justified ends at once.

    Raises:
        Forbidden: nobody judges their own.
    """
    if emergency.account_id == actor.account_id:
        raise Forbidden
    emergency.judged_at, emergency.judged_by = now, actor.account_id
    emergency.justified, emergency.note = justified, " ".join(note.split())[:500]
    if not justified:
        emergency.until = min(emergency.until, now)
    kind, data = "emergency-confirmed" if justified else "emergency-refuted", {"emergency": emergency.id}
    with unscoped("who answers for accounts judges an emergency, and need not see its case"):
        record(
            session, actor=actor, now=now, kind=kind, subject="case", subject_id=emergency.case_id, data=data
        )
