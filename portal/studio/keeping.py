"""Drafts of the rules: each person's own, saved as it is typed, over the Release that it began with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history
from portal.access import Actor, Forbidden
from portal.releases import latest_id
from portal.tables import Account, RuleDraft

OPEN, ASKED, DUE, PUBLISHED, DROPPED = "open", "asked", "due", "published", "dropped"
LARGEST = 512 * 1024
"""How many characters one file of a draft may have; the largest that is shipped has a fifth of it."""


class Overtaken(Exception):
    """Somebody has saved the same draft since: in another window, or on another device."""


class NotOpen(Exception):
    """The draft is not being worked on any more: it was asked for, put in force or dropped."""


class UnknownFile(LookupError):
    """The draft has no file of that name."""


class TooLong(Exception):
    """The text is longer than a file may be."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One draft as it stands: its row, and the text of every file with its changes."""

    draft: RuleDraft
    base: Mapping[str, str]
    """The files of the Release that it changes."""

    @property
    def files(self) -> Mapping[str, str]:
        """All files with its changes, by their paths as `portal pull` writes them."""
        return {**self.base, **self.draft.files}

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the files that differ from its Release."""
        return tuple(sorted(self.draft.files))


def owner(actor: Actor) -> int:
    """Returns the account that a draft belongs to.

    Raises:
        Forbidden: who acts has none.
    """
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id


def mine(session: Session, actor: Actor) -> RuleDraft | None:
    """Returns the draft that a person is working on: of several, the one that was saved last."""
    if actor.account_id is None:
        return None  # the portal itself, which tries its pages
    wanted = select(RuleDraft).where(RuleDraft.account_id == owner(actor), RuleDraft.status == OPEN)
    wanted = wanted.order_by(RuleDraft.saved_at.desc(), RuleDraft.id.desc())
    return session.scalars(wanted.limit(1)).one_or_none()


def begun(session: Session, actor: Actor, now: datetime) -> RuleDraft:
    """Returns the draft that a person is working on, a new one over the newest Release if there is none."""
    return mine(session, actor) or new(session, actor, now, {})


def new(session: Session, actor: Actor, now: datetime, files: Mapping[str, str]) -> RuleDraft:
    """Begins a draft over the newest Release; others that the person was working on wait beside it."""
    base = latest_id(session) or 0
    draft = RuleDraft(
        account_id=owner(actor),
        release_id=base,
        files=_differing(history.files(session, base), files),
        version=1,
        status=OPEN,
        created_at=now,
        saved_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def _differing(base: Mapping[str, str], files: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in files.items() if base.get(name) != text}


def released(session: Session, number: int) -> Mapping[str, str]:
    """Returns the files of a Release, by their paths as `portal pull` writes them."""
    return history.files(session, number)


def work(session: Session, draft: RuleDraft) -> Work:
    """Returns a draft with the files of its Release."""
    return Work(draft=draft, base=history.files(session, draft.release_id))


def save(session: Session, actor: Actor, version: int, files: Mapping[str, str], now: datetime) -> RuleDraft:
    """Saves files of the draft that a person is working on, begun by it when there is none.

    Args:
        version: the version of the draft that was changed; 0 where there was none.
        files: the whole new text of each file, by name.

    Raises:
        Overtaken: the draft has another version by now; nothing is saved.
        UnknownFile: the Release has no such file.
        TooLong: a file is longer than any may be.
    """
    draft = locked(session, actor)
    if (draft.version if draft else 0) != version:
        raise Overtaken
    draft = draft or new(session, actor, now, {})
    base = history.files(session, draft.release_id)
    for name, text in files.items():
        if name not in base:
            raise UnknownFile(name)
        if len(text) > LARGEST:
            raise TooLong(name)
    draft.files = _differing(base, {**draft.files, **files})
    draft.version, draft.saved_at, draft.problem = draft.version + 1, now, ""
    session.flush()
    return draft


def rebase(session: Session, actor: Actor, version: int, files: Mapping[str, str], now: datetime) -> None:
    """Puts the draft that a person works on over the newest Release, with the files that it changes there.

    Raises:
        Overtaken: it has another version by now.
    """
    draft = locked(session, actor)
    if draft is None or draft.version != version:
        raise Overtaken
    draft.release_id = latest_id(session) or 0
    draft.files = _differing(history.files(session, draft.release_id), files)
    draft.version, draft.saved_at = draft.version + 1, now


def locked(session: Session, actor: Actor) -> RuleDraft | None:
    """Returns the draft that a person is working on, locked until the transaction ends."""
    known = mine(session, actor)
    if known is None:
        return None
    wanted = select(RuleDraft).where(RuleDraft.id == known.id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True)).one()
    return found if found.status == OPEN else None


def drop(session: Session, actor: Actor, version: int, now: datetime) -> None:
    """Drops the draft that a person is working on; its text stays in its row.

    Raises:
        Overtaken: it has another version by now.
    """
    draft = locked(session, actor)
    if draft is None or draft.version != version:
        raise Overtaken
    draft.status, draft.ended_at, draft.version = DROPPED, now, draft.version + 1


def take_up(session: Session, actor: Actor, key: int, now: datetime) -> None:
    """Makes another draft of a person the one that they are working on.

    Raises:
        NotOpen: it is not theirs, or not being worked on.
    """
    draft = session.get(RuleDraft, key)
    if draft is None or draft.account_id != owner(actor) or draft.status != OPEN:
        raise NotOpen(key)
    draft.saved_at = now


@dataclass(frozen=True, kw_only=True)
class Other:
    """A draft beside the one that a person is working on: worked on, asked for or about to hold."""

    id: int
    who: str
    own: bool
    status: str
    saved_at: datetime
    files: tuple[str, ...]


def others(session: Session, actor: Actor) -> tuple[Other, ...]:
    """Returns the drafts that are on their way beside the one a person is working on, the newest first."""
    current = mine(session, actor)
    wanted = (
        select(RuleDraft, Account.label)
        .join(Account, Account.id == RuleDraft.account_id)
        .where(RuleDraft.status.in_((OPEN, ASKED, DUE)))
        .order_by(RuleDraft.saved_at.desc())
    )
    return tuple(
        Other(
            id=draft.id,
            who=label,
            own=draft.account_id == actor.account_id,
            status=draft.status,
            saved_at=draft.saved_at,
            files=tuple(sorted(draft.files)),
        )
        for draft, label in session.execute(wanted)
        if draft is not current and (draft.files or draft.status != OPEN)
    )
