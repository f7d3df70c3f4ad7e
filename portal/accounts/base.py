"""What all of the drawer stands on: finding an account, and writing down what happened to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.access import Actor, Granted
from portal.events import record
from portal.fields.base import legible
from portal.tables import Account, Grant


def login_of(text: str) -> str:
    """Returns a log-in name as accounts have it."""
    return legible(text).strip().lower()[:80]


def named(login: str) -> Select[Account]:
    """Returns the query of an account by its log-in name."""
    return select(Account).where(Account.login == login_of(login))


def find(session: Session, login: str) -> Account | None:
    """Returns the account of a name."""
    return session.scalar(named(login))


def holds(now: datetime) -> ColumnElement[bool]:
    """Returns the condition that a grant holds at a moment: a deputy's does between its dates."""
    return and_(or_(Grant.since.is_(None), Grant.since <= now), or_(Grant.until.is_(None), Grant.until > now))


def grants_of(session: Session, account_id: int, now: datetime) -> tuple[Granted, ...]:
    """Returns the roles that an account holds at a moment."""
    rows = session.scalars(select(Grant).where(Grant.account_id == account_id, holds(now)).order_by(Grant.id))
    return tuple(Granted(role=each.role, area=each.area, acting=each.acting) for each in rows)


def note(
    session: Session,
    account_id: int,
    kind: str,
    actor: Actor,
    now: datetime,
    data: Mapping[str, object] | None = None,
) -> None:
    """Writes an event about an account."""
    record(session, actor=actor, now=now, kind=kind, subject="account", subject_id=account_id, data=data)


def oneself(account: Account) -> Actor:
    """Returns an account as the one who acts, before its roles matter."""
    return Actor(account_id=account.id, label=account.label)


def digest(token: str) -> str:
    """Returns the form in which a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
