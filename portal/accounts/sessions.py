"""Sessions: kept on the server with only the hash of the browser's token, locked and ended by the clock.

An hour without use or ten hours in all end a session, a quarter of an hour without use locks its screen. The
clock may step back a little without anybody noticing; when it steps back further, what was seen "in the
future" ends, so that no session outlives its ten hours that way.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.accounts.base import digest, grants_of, note, oneself
from portal.accounts.emergency import open_cases
from portal.tables import Account, SecondFactor, WebSession

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=10)
LOCK_AFTER = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
"""How often a session notes that it is still used; more often would make every page a write."""
STEP_BACK = timedelta(minutes=5)
"""How far the clock may go back before sessions end."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who a session belongs to, and what it still needs."""

    actor: Actor
    login: str
    language: str
    session_id: int = 0
    locked: bool = False
    has_factor: bool = False
    """Whether the account has a second factor."""
    factor_shown: bool = False
    without_factor: bool = False
    """Whether the account is one of the demonstration that is not asked for one."""
    password_at: datetime | None = None


def device_of(agent: str) -> str:
    """Returns the browser and kind of machine that a browser claims to be, such as `Chrome, Android`."""
    browser = next((name for sign, name in _BROWSERS if re.search(rf"{sign}\w*/", agent)), "")
    machine = next((name for sign, name in _MACHINES if sign in agent), "")
    return ", ".join(each for each in (browser, machine) if each)


def begin(session: Session, account: Account, now: datetime, *, agent: str = "") -> str:
    """Opens a session of somebody who was recognised and returns its token."""
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token=digest(token), account_id=account.id, started_at=now, seen_at=now, device=device_of(agent)
        )
    )
    note(session, account.id, "logged-in", oneself(account), now)
    return token


def visitor(session: Session, token: str, now: datetime) -> tuple[Visitor, bool] | None:
    """Returns who a token belongs to and whether to note its use, None when the session has ended."""
    found = session.execute(
        select(WebSession, Account, SecondFactor.since)
        .join(Account, Account.id == WebSession.account_id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .where(WebSession.token == digest(token))
    ).one_or_none()
    if found is None:
        return None
    web, account, factor = found
    if not _lives(web, now) or not account.active:
        return None
    locked = web.locked_at is not None or now - web.seen_at > LOCK_AFTER
    seen = Visitor(
        actor=Actor(
            account_id=account.id,
            label=account.label,
            grants=grants_of(session, account.id, now),
            emergency=open_cases(session, account.id, now),
        ),
        login=account.login,
        language=account.language,
        session_id=web.id,
        locked=locked,
        has_factor=factor is not None,
        factor_shown=web.factor_at is not None,
        without_factor=account.without_factor,
        password_at=account.password_at,
    )
    return seen, not locked and now - web.seen_at > SEEN_EVERY


def _lives(web: WebSession, now: datetime) -> bool:
    if web.ended_at is not None or now < max(web.seen_at, web.started_at) - STEP_BACK:
        return False
    return now - web.seen_at <= IDLE and now - web.started_at <= LONGEST


def note_use(session: Session, token: str, now: datetime) -> None:
    """Notes that a session is in use; the note never goes back with the clock."""
    used = (WebSession.token == digest(token), WebSession.seen_at < now)
    session.execute(update(WebSession).where(*used).values(seen_at=now))


def of_token(session: Session, token: str) -> WebSession | None:
    """Returns the row of a session."""
    return session.scalar(select(WebSession).where(WebSession.token == digest(token)))


def renew(session: Session, token: str) -> str:
    """Gives a session a new token, as its rights change; the old one is worth nothing any more."""
    fresh = secrets.token_urlsafe(32)
    known = WebSession.token == digest(token)
    session.execute(update(WebSession).where(known).values(token=digest(fresh)))
    return fresh


def show_factor(session: Session, token: str, now: datetime) -> str:
    """Notes that the second factor was shown and returns the session's new token."""
    known = WebSession.token == digest(token)
    session.execute(update(WebSession).where(known).values(factor_at=now))
    return renew(session, token)


def log_out(session: Session, token: str, now: datetime) -> None:
    """Ends a session."""
    ended = update(WebSession).where(WebSession.token == digest(token))
    session.execute(ended.values(ended_at=now, kept=None))


def lock(session: Session, token: str, now: datetime, kept: str | None = None) -> None:
    """Locks the screen of a session, with the form that was sent meanwhile (encrypted)."""
    locked: dict[str, object] = {"locked_at": now}
    if kept is not None:
        locked["kept"] = kept
    session.execute(update(WebSession).where(WebSession.token == digest(token)).values(locked))


def unlock(session: Session, token: str, now: datetime) -> tuple[str, str | None]:
    """Unlocks a screen; returns the session's new token and the form that was kept."""
    web = of_token(session, token)
    kept = None
    if web is not None:
        kept, web.kept, web.locked_at, web.seen_at = web.kept, None, None, max(web.seen_at, now)
        session.flush()
    return renew(session, token), kept


def of_account(session: Session, account_id: int, now: datetime) -> tuple[WebSession, ...]:
    """Returns the sessions of an account that have not ended, the newest first."""
    rows = session.scalars(
        select(WebSession)
        .where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
        .order_by(WebSession.seen_at.desc(), WebSession.id.desc())
    )
    return tuple(row for row in rows if _lives(row, now))


def end_all(session: Session, account_id: int, *, actor: Actor, now: datetime) -> None:
    """Ends every session of an account, as somebody else asks."""
    count = end(session, account_id, now)
    note(session, account_id, "sessions-ended", actor, now, {"count": count})


def end(
    session: Session, account_id: int, now: datetime, *, only: int | None = None, but: int | None = None
) -> int:
    """Ends the sessions of an account and returns how many.

    Args:
        only: the one to end.
        but: the one to keep.
    """
    which = [WebSession.account_id == account_id, WebSession.ended_at.is_(None)]
    which += [WebSession.id == only] if only is not None else []
    which += [WebSession.id != but] if but is not None else []
    ended = update(WebSession).where(and_(*which)).values(ended_at=now, kept=None).returning(WebSession.id)
    return len(session.scalars(ended).all())
