"""Which referrals wait for somebody who is late: to hand over, to answer, to serve, to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.referrals.states import LEGACY, NEXT, OPEN, Party, State, state_of
from portal.tables import Case, Referral, Task

Kind = Literal["hand-over", "answer", "serve", "papers", "confirm"]
KINDS: dict[State, Kind] = {
    "issued": "hand-over",
    "handed-over": "answer",
    "received": "answer",
    "accepted": "serve",
    "returned": "papers",
    "served": "confirm",
}
KEPT: tuple[str, ...] = (*OPEN, *(was for was, now in LEGACY.items() if now in OPEN))
"""How the open states may stand in rows, also in old ones."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One referral that waits for somebody longer than it should."""

    referral: int
    case: int
    area: str
    role: str
    """The role of the case's open task, who at the office sees to it; empty where none is open."""
    destination: str
    state: State
    kind: Kind
    party: Party
    """Who has to act: the office itself, or the agency that it should ask."""
    due: datetime


def reminders(session: Session, now: datetime) -> Iterator[Reminder]:
    """Yields the open referrals whose next act is overdue, the longest first, of what the caller may see.

    It changes nothing: whoever sends notices asks it as often as it likes.
    """
    rows = session.execute(
        select(Referral, Case)
        .join(Case, Case.id == Referral.case_id)
        .where(Case.status == "open", Referral.status.in_(KEPT), Referral.act_by < now)
        .order_by(Referral.act_by, Referral.id)
    ).all()
    roles = _roles(session)
    for row, case in rows:
        state = state_of(row.status)
        assert row.act_by is not None
        yield Reminder(
            referral=row.id,
            case=case.id,
            area=case.area,
            role=roles.get(case.id, ""),
            destination=row.destination,
            state=state,
            kind=KINDS[state],
            party=NEXT[state],
            due=row.act_by,
        )


def _roles(session: Session) -> dict[int, str]:
    """The role of the open task of each case that has an open referral; the first where there are several."""
    open_ones = select(Referral.case_id).where(Referral.status.in_(KEPT))
    wanted = select(Task.case_id, Task.role).where(Task.status == "open", Task.case_id.in_(open_ones))
    return dict(session.execute(wanted.order_by(Task.id.desc())).all())
