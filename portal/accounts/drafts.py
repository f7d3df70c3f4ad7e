"""Drafts: what somebody has typed into a form that is not sent yet, kept for its owner and for nobody else.

A draft goes with its form: when the form is carried out, when its owner logs out or drops it, after three
days. A session that ended by itself, a closed browser or a power cut leave it where it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from portal.accounts.base import digest
from portal.accounts.factor import sealed, unsealed
from portal.tables import Draft, Submission, WebSession

KEPT = timedelta(hours=72)
"""How long a draft stays that nobody comes back to."""
MOST = 30
"""How many drafts an account may have; a further one takes the place of the oldest."""
LONGEST = 60_000
"""Characters; the longest form of ours is far below."""
SECRETS = frozenset({"password", "again", "proof", "code", "pin", "old", "current", "new"})
"""Names under which forms send what is kept nowhere."""

Entries = tuple[tuple[str, str], ...]


class TooLong(ValueError):
    """A draft holds more than is kept."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A draft as its owner sees it."""

    key: str
    page: str
    form: str
    at: datetime
    title: str
    entries: Entries

    def first(self, name: str) -> str:
        """Returns what was last typed or chosen under a name, empty when nothing was."""
        return next((text for each, text in reversed(self.entries) if each == name and text), "")


def save(session: Session, account: int, typed: Typed, secret: bytes, was: str = "") -> bool:
    """Keeps a draft in the place of what its form held before; False when the form was carried out already.

    Args:
        was: the key under which the same form stood on the page before.

    Raises:
        TooLong: it holds more than is kept.
    """
    entries = [each for each in typed.entries if each[0] not in SECRETS]
    text = json.dumps([typed.title[:120], entries], ensure_ascii=False)
    if len(text) > LONGEST:
        raise TooLong
    own = Draft.account_id == account
    _drop(session, own, Draft.key == was, Draft.key != typed.key)
    _drop(session, Draft.at < typed.at - KEPT)
    if session.get(Submission, typed.key) is not None:
        _drop(session, own, Draft.key == typed.key)
        return False
    row = session.get(Draft, typed.key)
    if row is not None and row.account_id != account:
        return False
    if row is None:
        _make_room(session, account)
        row = Draft(key=typed.key, account_id=account)
        session.add(row)
    row.page, row.form, row.at = typed.page, typed.form, typed.at
    row.sealed = sealed(secret, text, _row(account))
    return True


def _make_room(session: Session, account: int) -> None:
    mine = select(Draft.key).where(Draft.account_id == account).order_by(Draft.at.desc(), Draft.key)
    oldest = session.scalars(mine.offset(MOST - 1)).all()
    _drop(session, Draft.key.in_(oldest))


def _row(account: int) -> str:
    return f"draft {account}"


def of_page(
    session: Session, account: int, page: str | None, secret: bytes, now: datetime, most: int = 3
) -> tuple[Typed, ...]:
    """Returns the newest drafts of a page, or of all pages; those that were carried out are none."""
    done = exists().where(Submission.key == Draft.key)
    mine = select(Draft).where(Draft.account_id == account, Draft.at >= now - KEPT, ~done)
    if page is not None:
        mine = mine.where(Draft.page == page)
    rows = session.scalars(mine.order_by(Draft.at.desc()).limit(most))
    return tuple(each for each in (_read(row, secret) for row in rows) if each)


def held(session: Session, account: int) -> int:
    """Returns how many drafts an account has."""
    return session.scalar(select(func.count()).where(Draft.account_id == account)) or 0


def page_of(session: Session, account: int, key: str) -> str | None:
    """Returns the page of one's own draft."""
    row = session.get(Draft, key)
    return row.page if row is not None and row.account_id == account else None


def _read(row: Draft, secret: bytes) -> Typed | None:
    text = unsealed(secret, row.sealed, _row(row.account_id))
    if text is None:
        return None
    title, entries = json.loads(text)
    said = tuple((str(name), str(value)) for name, value in entries)
    return Typed(key=row.key, page=row.page, form=row.form, at=row.at, title=title, entries=said)


def drop(session: Session, account: int, keys: Iterable[str]) -> None:
    """Removes drafts of one's own."""
    _drop(session, Draft.account_id == account, Draft.key.in_(tuple(keys)))


def drop_page(session: Session, page: str) -> None:
    """Removes everybody's drafts of a page and of what stands below it."""
    _drop(session, (Draft.page == page) | Draft.page.startswith(f"{page}/", autoescape=True))


def drop_all_of(session: Session, token: str) -> None:
    """Removes the drafts of whoever logs out."""
    owner = select(WebSession.account_id).where(WebSession.token == digest(token))
    _drop(session, Draft.account_id.in_(owner))


def _drop(session: Session, *which: object) -> None:
    session.execute(delete(Draft).where(*which).execution_options(synchronize_session=False))  # type: ignore[arg-type]
