"""Who was shown what of whom: a row for each page, in a chain of its own, small enough for every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.chain import READS, append, hold
from portal.events import PRUNED, record
from portal.tables import AccessLog

RUNS_FROM = 100
"""From so many keys of a kind on, keys in a row are written as runs."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One time that somebody was shown a row."""

    at: datetime
    actor_id: int | None
    actor: str
    page: str
    fields: Mapping[str, str]
    """plain or masked, by field."""
    because: tuple[int, ...] = ()
    """The events that hold the reasons."""


def note(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    page: str,
    shown: Mapping[str, Iterable[int]],
    fields: Mapping[str, Mapping[str, str]],
    because: Iterable[int] = (),
) -> AccessLog:
    """Writes down a page that shows people; the caller commits before the page is sent.

    Args:
        page: the pattern of its address, without anything that somebody typed.
        shown: the keys of the rows by kind.
        fields: how each field of a kind was seen, plain or masked.
        because: the events that hold the reasons typed for it.

    Raises:
        KeyMissing: there is no secret to seal it with, so the page must not be sent.
    """
    kinds = ((kind, sorted(keys)) for kind, keys in shown.items())
    row = AccessLog(
        at=now,
        actor_id=actor.account_id,
        actor=actor.label,
        page=page[:120],
        shown="|" + "".join(f"{kind} {_keys(keys)} |" for kind, keys in kinds if keys),
        fields="|" + "".join(f"{kind} {_names(names)} |" for kind, names in fields.items() if names),
        because=" ".join(map(str, because)),
    )
    append(session, READS, row)
    return row


def _keys(keys: list[int]) -> str:
    if len(keys) < RUNS_FROM:
        return " ".join(map(str, keys))
    return " ".join(f"{first}-{last}" if last > first else str(first) for first, last in _runs(keys))


def _runs(keys: list[int]) -> Iterator[tuple[int, int]]:
    first = last = keys[0]
    for key in keys[1:]:
        if key != last + 1:
            yield first, last
            first = key
        last = key
    yield first, last


def _names(names: Mapping[str, str]) -> str:
    return " ".join(f"{name}*" if sight == "masked" else name for name, sight in names.items())


def of(session: Session, kind: str, key: int, most: int) -> tuple[Seen, ...]:
    """Returns the newest times that a row was shown, at most so many."""
    among = or_(AccessLog.shown.contains(f" {key} "), AccessLog.shown.contains("-"))
    about = (AccessLog.shown.contains(f"|{kind} "), among)
    query = select(AccessLog).where(*about).order_by(AccessLog.id.desc())
    with closing(session.scalars(query.execution_options(yield_per=500))) as rows:
        fitting = (_seen(row, kind) for row in rows if _has(row.shown, kind, key))
        return tuple(islice(fitting, most))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One page that showed rows of a kind: when, to whom, which."""

    at: datetime
    actor_id: int | None
    page: str
    keys: tuple[int, ...]


def since(session: Session, kind: str, moment: datetime) -> Iterator[Shown]:
    """Yields the pages that showed rows of a kind since a moment, the oldest first."""
    query = select(AccessLog).where(AccessLog.at >= moment, AccessLog.shown.contains(f"|{kind} "))
    for row in session.scalars(query.order_by(AccessLog.id).execution_options(yield_per=500)):
        keys = tuple(_all_keys(row.shown, kind))
        yield Shown(at=row.at, actor_id=row.actor_id, page=row.page, keys=keys)


def _all_keys(shown: str, kind: str) -> Iterator[int]:
    for part in shown.split("|"):
        name, *keys = part.split() or [""]
        for each in keys if name == kind else ():
            first, run, last = each.partition("-")
            yield from range(int(first), int(last if run else first) + 1)


def _has(shown: str, kind: str, key: int) -> bool:
    for part in shown.split("|"):
        name, *keys = part.split() or [""]
        if name == kind:
            return any(_within(each, key) for each in keys)
    return False


def _within(text: str, key: int) -> bool:
    first, run, last = text.partition("-")
    return int(first) <= key <= int(last) if run else int(first) == key


def _seen(row: AccessLog, kind: str) -> Seen:
    names = next((part.split()[1:] for part in row.fields.split("|") if part.startswith(f"{kind} ")), [])
    sights = {name.rstrip("*"): "masked" if name.endswith("*") else "plain" for name in names}
    because = tuple(map(int, row.because.split()))
    return Seen(
        at=row.at, actor_id=row.actor_id, actor=row.actor, page=row.page, fields=sights, because=because
    )


def prune(session: Session, before: datetime, *, actor: Actor, now: datetime) -> int:
    """Deletes the rows of before a moment, with an event that says up to where; returns how many.

    The newest row always stays, so that the chain goes on from it.
    """
    head = hold(session, READS)
    old = select(AccessLog.id, AccessLog.hash).where(AccessLog.at < before, AccessLog.id < head.number)
    last = session.execute(old.order_by(AccessLog.id.desc()).limit(1)).one_or_none()
    if last is None:
        return 0
    old_ones = AccessLog.id <= last.id
    gone = session.scalar(select(func.count()).select_from(AccessLog).where(old_ones)) or 0
    session.execute(delete(AccessLog).where(old_ones))
    said = {"through": last.id, "hash": last.hash}
    record(session, actor=actor, now=now, kind=PRUNED, subject="access-log", subject_id=last.id, data=said)
    return gone
