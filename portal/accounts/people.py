"""Accounts themselves: made, changed, closed and opened again, each with its event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.access import Actor, Granted
from portal.accounts import passwords, sessions
from portal.accounts.base import login_of, named, note
from portal.accounts.passwords import NIST, Rules
from portal.tables import Account, Grant, Invitation, PastPassword


class LoginTaken(ValueError):
    """There is an account of this name already."""


def create(
    session: Session,
    *,
    login: str,
    label: str,
    password: str | None = None,
    grants: Sequence[Granted],
    actor: Actor,
    now: datetime,
    rules: Rules = NIST,
    without_factor: bool = False,
) -> Account:
    """Adds an account with its grants; without a password nobody gets in until an invitation is accepted.

    Raises:
        WeakPassword: the password is not accepted.
        LoginTaken: the name is in use.
    """
    name = login_of(login)
    if session.scalar(named(name)) is not None:
        raise LoginTaken(name)
    kept = passwords.hashed(password, rules, (name, label)) if password is not None else ""
    account = Account(
        login=name,
        label=label,
        password=kept,
        password_at=now if kept else None,
        created_at=now,
        without_factor=without_factor,
    )
    session.add(account)
    session.flush()
    session.add_all(Grant(account_id=account.id, role=each.role, area=each.area) for each in grants)
    note(session, account.id, "account-created", actor, now, {"login": name, "grants": _said(grants)})
    return account


def _said(grants: Iterable[Granted]) -> list[list[str]]:
    return [[each.role, each.area] for each in grants]


def matches(account: Account, password: str) -> bool:
    """Tells whether a password is the one of an account."""
    return passwords.matches_hash(account.password, password)


def names_of(account: Account) -> tuple[str, ...]:
    """Returns what a passphrase of this account must not consist of."""
    return account.login, account.label


def earlier(session: Session, account: Account, rules: Rules) -> tuple[str, ...]:
    """Returns the hashes of earlier passphrases that the rules do not let come back."""
    if not rules.history:
        return ()
    past = select(PastPassword.password).where(PastPassword.account_id == account.id)
    newest = session.scalars(past.order_by(PastPassword.id.desc()).limit(rules.history - 1))
    return tuple(each for each in (account.password, *newest) if each)


def set_password(
    session: Session, account: Account, password: str, *, actor: Actor, now: datetime, rules: Rules = NIST
) -> None:
    """Changes a password and ends every session of the account.

    Raises:
        WeakPassword: the password is not accepted.
    """
    kept = passwords.hashed(password, rules, names_of(account), earlier(session, account, rules))
    keep_password(session, account, kept, actor=actor, now=now)


def keep_password(
    session: Session,
    account: Account,
    kept: str,
    *,
    actor: Actor,
    now: datetime,
    but: int | None = None,
) -> None:
    """Keeps the hash of a new password; ends the account's sessions and withdraws its invitations.

    Args:
        but: the session from which its owner changed it, which goes on.
    """
    if account.password:
        session.add(PastPassword(account_id=account.id, password=account.password, at=now))
    account.password, account.password_at = kept, now
    session.execute(
        delete(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    )
    sessions.end(session, account.id, now, but=but)
    note(session, account.id, "password-changed", actor, now)


def disable(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Closes an account and ends its sessions; what it did stays under its name."""
    account.active = False
    session.execute(
        delete(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    )
    sessions.end(session, account.id, now)
    note(session, account.id, "account-disabled", actor, now)


def reopen(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Opens a closed account again; its owner gets in with a new invitation only."""
    account.active, account.password, account.password_at = True, "", None
    note(session, account.id, "account-reopened", actor, now)


def set_grants(
    session: Session, account: Account, grants: Sequence[Granted], *, actor: Actor, now: datetime
) -> bool:
    """Replaces the lasting roles of an account and ends its sessions; False when they are the same."""
    lasting = (Grant.account_id == account.id, Grant.acting == "")
    held = [Granted(role=g.role, area=g.area) for g in session.scalars(select(Grant).where(*lasting))]
    wanted = tuple(dict.fromkeys(grants))
    if set(held) == set(wanted):
        return False
    session.execute(delete(Grant).where(*lasting))
    session.add_all(Grant(account_id=account.id, role=each.role, area=each.area) for each in wanted)
    sessions.end(session, account.id, now)
    said: dict[str, object] = {"before": _said(held), "after": _said(wanted)}
    note(session, account.id, "grants-changed", actor, now, said)
    return True
