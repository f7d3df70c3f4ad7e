"""Two doors without an account: the agency's page of a letter, and the resident's page of a ticket.

Unknown codes, wrong PINs, pages that are over and such as are shut are answered alike, and counted alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor
from portal.accounts import Wait, throttling
from portal.database import writing
from portal.events import record
from portal.referrals.base import AGENCY
from portal.referrals.codes import SHUT_AFTER, Pair, counted, opens, visit, visits
from portal.referrals.opening import PAGE, TICKET
from portal.tables import Case, Referral
from portal.wall import acting

VISITOR = Actor(account_id=None, label=AGENCY)
RESIDENT = Actor(account_id=None, label="Warga")


@dataclass(frozen=True, kw_only=True)
class Entered:
    """Somebody gave the right PIN."""

    key: int
    """The key of the referral or case that it opens."""
    visit: str = ""
    """What the forms behind the PIN carry in its place."""


def enter_page(engine: Engine, pair: Pair, address: str, now: datetime) -> Entered | Wait | None:
    """Opens the page of a letter; None when it stays shut, whatever the reason."""
    with acting(SYSTEM), writing(engine) as session:
        until = _begun(session, PAGE, pair.code, address, now)
        if until is not None:
            return Wait(until=until)
        row = session.scalar(select(Referral).where(Referral.page_code == pair.code).with_for_update())
        secret = row.page_secret if row is not None and answers(row, now) else None
        if not opens(session, PAGE, pair, secret):
            if row is not None and row.page_failures < SHUT_AFTER:
                row.page_failures += 1
                _wrong(session, row.case_id, "referral-pin-wrong", VISITOR, now, row)
            return None
        assert row is not None
        assert secret is not None
        throttling.succeed(session, counted(PAGE, pair.code, address))
        return Entered(key=row.id, visit=visit(session, PAGE, pair.code, secret, now))


def visited(session: Session, code: str, said: str, now: datetime) -> Referral | None:
    """Returns the referral of a form that comes from behind the PIN, None for any other."""
    row = session.scalar(select(Referral).where(Referral.page_code == code))
    secret = row.page_secret if row is not None and answers(row, now) else None
    right = visits(session, PAGE, code, secret or "", said, now)
    return row if right and secret is not None else None


def answers(row: Referral, now: datetime) -> bool:
    """Tells whether the page of a letter still answers: valid, not withdrawn, not guessed at too often."""
    over = row.page_until is None or row.page_until < now
    return not over and row.status != "withdrawn" and row.page_failures < SHUT_AFTER


def enter_ticket(engine: Engine, pair: Pair, address: str, now: datetime) -> Entered | Wait | None:
    """Opens the page of a ticket; None when it stays shut, whatever the reason."""
    with acting(SYSTEM), writing(engine) as session:
        until = _begun(session, TICKET, pair.code, address, now)
        if until is not None:
            return Wait(until=until)
        row = session.scalar(select(Case).where(Case.ticket_code == pair.code).with_for_update())
        secret = row.ticket_secret if row is not None and row.ticket_failures < SHUT_AFTER else None
        if not opens(session, TICKET, pair, secret):
            if row is not None and row.ticket_failures < SHUT_AFTER:
                row.ticket_failures += 1
                _wrong(session, row.id, "ticket-pin-wrong", RESIDENT, now)
            return None
        assert row is not None
        throttling.succeed(session, counted(TICKET, pair.code, address))
        return Entered(key=row.id)


def _begun(session: Session, purpose: str, code: str, address: str, now: datetime) -> datetime | None:
    until, _ = throttling.begin(session, counted(purpose, code, address), now)
    return until


def _wrong(
    session: Session, case: int, kind: str, who: Actor, now: datetime, row: Referral | None = None
) -> None:
    """That somebody guessed is told in the history of the case: a clerk sees it and may give a new PIN."""
    data = {"destination": row.destination, "referral": row.id} if row else {}
    record(session, actor=who, now=now, kind=kind, subject="case", subject_id=case, data=data)
