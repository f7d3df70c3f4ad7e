"""Deputies: a role over an area for some days, as Plt. of a vacant post or Plh. of somebody who is away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.access import Actor, Granted
from portal.accounts import sessions
from portal.accounts.base import note
from portal.tables import Account, Grant

KINDS = ("plt", "plh")
"""Pelaksana tugas and pelaksana harian."""


class WrongDates(ValueError):
    """The last day is before the first, or over already."""


def depute(
    session: Session,
    account: Account,
    granted: Granted,
    *,
    stands_in_for: Account | None,
    since: datetime,
    until: datetime,
    actor: Actor,
    now: datetime,
) -> Grant:
    """Gives a role for some days; it begins and ends by itself.

    Args:
        granted: role, area and `plt` or `plh`.
        stands_in_for: whose post it is, if somebody holds it.
        since: its first moment.
        until: the first moment after it.

    Raises:
        WrongDates: there is no time in it.
    """
    if until <= max(since, now):
        raise WrongDates
    grant = Grant(
        account_id=account.id,
        role=granted.role,
        area=granted.area,
        acting=granted.acting,
        for_id=stands_in_for.id if stands_in_for else None,
        since=since,
        until=until,
    )
    session.add(grant)
    said: dict[str, object] = {
        "role": granted.role,
        "area": granted.area,
        "acting": granted.acting,
        "for": grant.for_id,
        "since": since.isoformat(),
        "until": until.isoformat(),
    }
    note(session, account.id, "deputy-appointed", actor, now, said)
    return grant


def dismiss(session: Session, grant: Grant, *, actor: Actor, now: datetime) -> None:
    """Ends a deputy's role before its date, and the deputy's sessions."""
    session.execute(delete(Grant).where(Grant.id == grant.id))
    sessions.end(session, grant.account_id, now)
    said = {"role": grant.role, "area": grant.area, "acting": grant.acting}
    note(session, grant.account_id, "deputy-dismissed", actor, now, said)


def of_account(session: Session, account_id: int, now: datetime) -> tuple[Grant, ...]:
    """Returns the deputy's roles of an account that hold or are to come."""
    acting = (Grant.account_id == account_id, Grant.acting != "", Grant.until > now)
    return tuple(session.scalars(select(Grant).where(*acting).order_by(Grant.since, Grant.id)))
