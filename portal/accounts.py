"""People who log in: their passwords, grants and sessions.

Passwords are kept as argon2id hashes, sessions on the server with only the hash of the browser's token. Five
wrong passwords in a row close an account for a while, so that guessing does not pay.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from portal.access import Actor, Granted
from portal.events import record
from portal.fields.base import legible
from portal.tables import Account, Grant, WebSession

SHORTEST_PASSWORD = 10
FAILURES = 5
LOCKED_FOR = timedelta(minutes=5)
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=1)
"""How often a session notes that it is still used; more often would make every page a write."""

_hasher = PasswordHasher()
_nobody = _hasher.hash(secrets.token_urlsafe())
"""Checked when there is no such account, so that the answer takes as long."""


class WeakPassword(ValueError):
    """The password is shorter than ten characters."""


class LoginTaken(ValueError):
    """There is an account of this name already."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who a session belongs to."""

    actor: Actor
    login: str
    language: str


def create(
    session: Session,
    *,
    login: str,
    label: str,
    password: str,
    grants: Sequence[Granted],
    actor: Actor,
    now: datetime,
) -> Account:
    """Adds an account with its grants.

    Raises:
        WeakPassword: the password is too short.
        LoginTaken: the name is in use.
    """
    name = login.strip().lower()
    if session.scalar(select(Account.id).where(Account.login == name)) is not None:
        raise LoginTaken(name)
    account = Account(login=name, label=label, password=_hash(password), created_at=now, failures=0)
    session.add(account)
    session.flush()
    session.add_all(Grant(account_id=account.id, role=each.role, area=each.area) for each in grants)
    said: dict[str, object] = {"login": name, "grants": [[each.role, each.area] for each in grants]}
    _event(session, account, "account-created", actor, now, said)
    return account


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(SHORTEST_PASSWORD)
    return _hasher.hash(password)


def _event(
    session: Session, account: Account, kind: str, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    record(session, actor=actor, now=now, kind=kind, subject="account", subject_id=account.id, data=data)


def find(session: Session, login: str) -> Account | None:
    """Returns the account of a name."""
    return session.scalar(_named(login))


def _named(login: str) -> Select[Account]:
    return select(Account).where(Account.login == legible(login).strip().lower())


def set_password(session: Session, account: Account, password: str, *, actor: Actor, now: datetime) -> None:
    """Changes a password and ends every session of the account.

    Raises:
        WeakPassword: the password is too short.
    """
    account.password, account.failures, account.locked_until = _hash(password), 0, None
    _end_all(session, account, now)
    _event(session, account, "password-changed", actor, now, {})


def disable(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Closes an account and ends its sessions; what it did stays under its name."""
    account.active = False
    _end_all(session, account, now)
    _event(session, account, "account-disabled", actor, now, {})


def _end_all(session: Session, account: Account, now: datetime) -> None:
    open_ones = (WebSession.account_id == account.id, WebSession.ended_at.is_(None))
    session.execute(update(WebSession).where(*open_ones).values(ended_at=now))


def log_in(session: Session, login: str, password: str, now: datetime) -> str | None:
    """Returns a new session's token, None when name or password are wrong or the account is closed."""
    account = session.scalar(_named(login).with_for_update(key_share=True))
    known = account.password if account else _nobody
    right = _matches(known, password)
    if account is None or not account.active or (account.locked_until and account.locked_until > now):
        return None
    if not right:
        account.failures += 1
        if account.failures >= FAILURES:
            account.failures, account.locked_until = 0, now + LOCKED_FOR
        return None
    account.failures, account.locked_until = 0, None
    if _hasher.check_needs_rehash(account.password):
        account.password = _hasher.hash(password)
    token = secrets.token_urlsafe(32)
    session.add(WebSession(token=_digest(token), account_id=account.id, started_at=now, seen_at=now))
    actor = Actor(account_id=account.id, label=account.label)
    _event(session, account, "logged-in", actor, now, {})
    return token


def matches(account: Account, password: str) -> bool:
    """Tells whether a password is the one of an account."""
    return _matches(account.password, password)


def _matches(known: str, password: str) -> bool:
    try:
        return _hasher.verify(known, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def visitor(session: Session, token: str, now: datetime) -> tuple[Visitor, bool] | None:
    """Returns who a token belongs to and whether to note its use, None when the session has ended."""
    found = session.execute(
        select(WebSession, Account).join(Account).where(WebSession.token == _digest(token))
    ).one_or_none()
    if found is None:
        return None
    web, account = found
    idle, old = now - web.seen_at > IDLE, now - web.started_at > LONGEST
    if web.ended_at is not None or not account.active or idle or old:
        return None
    grants = session.scalars(select(Grant).where(Grant.account_id == account.id).order_by(Grant.id))
    actor = Actor(
        account_id=account.id,
        label=account.label,
        grants=tuple(Granted(role=each.role, area=each.area) for each in grants),
    )
    seen = Visitor(actor=actor, login=account.login, language=account.language)
    return seen, now - web.seen_at > SEEN_EVERY


def note_use(session: Session, token: str, now: datetime) -> None:
    """Notes that a session is in use."""
    session.execute(update(WebSession).where(WebSession.token == _digest(token)).values(seen_at=now))


def log_out(session: Session, token: str, now: datetime) -> None:
    """Ends a session."""
    session.execute(update(WebSession).where(WebSession.token == _digest(token)).values(ended_at=now))
