"""Invitations: a code with which a person sets their own passphrase, once and within three days.

The same code is a link and the line on a printed slip. It is shown once to whoever makes it; the database
keeps its hash. A reset is an invitation to somebody who has an account.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.accounts.base import digest, note, oneself
from portal.accounts.people import keep_password
from portal.tables import Account, Invitation

LASTS = timedelta(hours=72)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which a slip of paper does not tell apart; five bits each."""
_GROUPS, _GROUP = 5, 4


class NotInvited(Exception):
    """The code is unknown, used or too old; which of them is not told."""


def invite(session: Session, account: Account, *, actor: Actor, now: datetime) -> tuple[str, datetime]:
    """Makes a code for an account, in place of those before; returns it and until when it holds."""
    session.execute(
        delete(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    )
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    until = now + LASTS
    session.add(Invitation(account_id=account.id, code=_kept(code), made_at=now, until=until))
    note(session, account.id, "account-invited", actor, now, {"until": until.isoformat()})
    return code, until


def _kept(code: str) -> str:
    return digest("".join(each for each in code.upper() if each.isalnum()))


def holder(session: Session, code: str, now: datetime) -> Account:
    """Returns the account that a code invites.

    Raises:
        NotInvited: no code that holds.
    """
    return _held(session, code, now)[1]


def _held(session: Session, code: str, now: datetime) -> tuple[Invitation, Account]:
    wanted = (
        select(Invitation, Account)
        .join(Account, Account.id == Invitation.account_id)
        .where(Invitation.code == _kept(code))
        .with_for_update()
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotInvited
    invitation, account = found
    if invitation.used_at is not None or not invitation.made_at <= now < invitation.until:
        raise NotInvited
    if not account.active:
        raise NotInvited
    return invitation, account


def accept(session: Session, code: str, password: str, now: datetime) -> Account:
    """Sets the passphrase (its hash) of whom a code invites; the code is used up.

    Raises:
        NotInvited: no code that holds.
    """
    invitation, account = _held(session, code, now)
    invitation.used_at = now
    keep_password(session, account, password, actor=oneself(account), now=now)
    return account


def waiting(session: Session, account_id: int, now: datetime) -> datetime | None:
    """Returns until when an account is invited, None when it is not."""
    open_ones = (Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.until > now)
    return session.scalar(
        select(Invitation.until).where(*open_ones).order_by(Invitation.until.desc()).limit(1)
    )
