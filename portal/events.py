"""What happened, written in the same transaction as the act: old and new values by field, in one chain.

What our own tables change is noted by itself when a session flushes, and goes with the next event of the
transaction; what no event took gets one of its own before the commit. So nothing changes without evidence.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from portal import keys
from portal.access import SYSTEM, Actor
from portal.chain import EVENTS, append, key_of, rows, walk
from portal.chain import START as START
from portal.chain import hold as hold_chain
from portal.tables import Base, ChainHead, Event, EventValue
from portal.wall.standing import known

Pair: TypeAlias = tuple[object, object]
"""A value before and after, as JSON holds it."""
ERASED = "values-erased"
"""The kind of the event that names which values of earlier events were erased."""
CHANGED = "rows-changed"
"""The kind of the event for changes that no other event of the transaction told."""
REASON = "(reason)"
"""Where the reason that somebody typed stands among an event's values: no field is called like this."""
PRUNED = "access-log-pruned"
"""The kind of the event that says up to which row the access log was thinned out."""
QUIET = frozenset(
    {"event", "event_value", "access_log", "attempts", "chain_head", "counter", "submission", "web_session"}
    | {"clock", "clock_level", "notice", "sweep", "draft", "letter_check", "print_job", "print_item"}
    | {"rule_draft"}
)
"""Tables that are evidence themselves, tell of what events tell already, or hold what is not yet sent."""
_QUIET_COLUMNS = frozenset({"id", "version"})
_SECRET = re.compile("password|secret|token|totp|recovery|seal")
_TRACED = "events-traced"
_watching: WeakKeyDictionary[Engine, Callable[[datetime], None]] = WeakKeyDictionary()


def watch(engine: Engine, watcher: Callable[[datetime], None]) -> None:
    """Lets something be told of the moment of every event of a database once it is committed."""
    _watching[engine] = watcher


def record(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    subject: str,
    subject_id: int,
    data: Mapping[str, object] | None = None,
    values: Mapping[str, Pair] | None = None,
    reason: str = "",
) -> Event:
    """Adds an event and moves the head of the chain; the caller commits it together with the act.

    Args:
        data: what happened beyond the values, with nothing of a person in it; it can never be erased.
        values: old and new value by field, those that differ; changes of our own tables add themselves.
        reason: what somebody typed as their reason; it may name a person, and so it can be erased.

    Raises:
        ValueError: a reason stands in `data`, where nobody could erase it.
        KeyMissing: there is no secret to seal it with, so the act must not happen.
    """
    if "reason" in (data or ()):
        raise ValueError("a reason goes with the values: it may name a person")
    session.flush()
    session.info["events-by"] = (actor, now)
    watcher = _watching.get(session.get_bind().engine)
    if watcher is not None:
        session.info.setdefault("after-commit", {})["events"] = partial(watcher, now)
    said = _differing(
        {**_traced(session, subject, subject_id), **(values or {}), REASON: (None, reason or None)}
    )
    salted = {name: [secrets.token_hex(16), *pair] for name, pair in said.items()}
    facts = dict(data or {})
    if salted:
        facts["values"] = _proofs(session, salted)
    happened = Event(
        at=now,
        actor_id=actor.account_id,
        actor=actor.label,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        data=facts,
    )
    append(session, EVENTS, happened)
    if salted:
        session.add(EventValue(event_id=happened.id, said=salted))
        session.flush()
    return happened


def _differing(said: Mapping[str, Pair]) -> dict[str, Pair]:
    return {name: (old, new) for name, (old, new) in said.items() if old != new}


def _proofs(session: Session, salted: Mapping[str, list[Any]]) -> dict[str, str]:
    key = keys.derive(session.get_bind().engine, "values")
    return {name: proof(key, each) for name, each in salted.items()}


def proof(key: bytes, salted: list[Any]) -> str:
    """Returns what proves a salt with its two values, and tells nothing of them once the salt is gone."""
    text = json.dumps(salted, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256").hex()[:32]


def hold(session: Session) -> ChainHead:
    """Returns the head of the chain of events, locked until the transaction ends; see `chain.hold`."""
    return hold_chain(session, EVENTS)


def broken(session: Session) -> int | None:
    """Returns the number of the first event that does not fit the chain, None when all do."""
    found = walk(session, EVENTS, rows(session, EVENTS, key_of(session)), (0, START))
    with closing(found):
        first = next(found, None)
    return None if first is None else first.number


def values_of(session: Session, numbers: Iterable[int]) -> dict[int, dict[str, Pair]]:
    """Returns old and new values by event and field; what was erased is not there."""
    query = select(EventValue.event_id, EventValue.said).where(EventValue.event_id.in_(tuple(numbers)))
    return {
        number: {name: (each[1], each[2]) for name, each in said.items()}
        for number, said in session.execute(query)
    }


def reason_of(said: Mapping[str, Pair]) -> str:
    """Returns the reason among the values of an event, empty when there is none or it was erased."""
    return str(said[REASON][1]) if REASON in said else ""


def redact(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    subject: str,
    subject_id: int,
    fields: Collection[str] | None = None,
    ground: str = "",
) -> Event | None:
    """Erases the values that events tell of a subject, and writes an event that names them.

    The chain stays whole: it covers only proofs. Of a case the changes of its tasks and papers go as well.

    Args:
        fields: the fields to erase, all of them without it.
        ground: a word of the program for why, nothing that somebody typed.

    Returns:
        The event, None when there was nothing to erase.
    """
    subjects = (subject, "work") if subject == "case" else (subject,)
    query = (
        select(EventValue)
        .join(Event, Event.id == EventValue.event_id)
        .where(Event.subject.in_(subjects), Event.subject_id == subject_id)
        .order_by(EventValue.event_id)
    )
    erased: dict[str, list[str]] = {}
    for each in session.scalars(query):
        gone = [name for name in each.said if fields is None or name in fields]
        if not gone:
            continue
        erased[str(each.event_id)] = sorted(gone)
        left = {name: said for name, said in each.said.items() if name not in gone}
        if left:
            each.said = left
        else:
            session.execute(delete(EventValue).where(EventValue.event_id == each.event_id))
    if not erased:
        return None
    data = {"erased": erased, "ground": ground}
    return record(
        session, actor=actor, now=now, kind=ERASED, subject=subject, subject_id=subject_id, data=data
    )


def _trace(session: Session, _context: UOWTransaction) -> None:
    """Notes what a flush has changed in our own tables."""
    found = [(each, True) for each in (*session.new, *session.dirty)]
    for row, there in (*found, *((each, False) for each in session.deleted)):
        if isinstance(row, Base) and row.__tablename__ not in QUIET:
            changed = _changed(row, there=there)
            if changed:
                session.info.setdefault(_TRACED, []).append((*_about(row), changed))
                session.info.setdefault("before-commit", {})["events"] = finish


event.listen(Session, "after_flush", _trace)


def _changed(row: Base, *, there: bool) -> dict[str, Pair]:
    """Returns old and new value of every column that a flush has changed in a row."""
    state = inspect(row)
    changed = {}
    for column in state.mapper.column_attrs:
        name = column.key
        if name in _QUIET_COLUMNS:
            continue
        history = state.attrs[name].history
        old = history.deleted[0] if history.deleted else None
        new = (history.added[0] if history.added else old) if there else None
        if not there:
            old = history.unchanged[0] if history.unchanged else old
        pair = (_plain(name, old), _plain(name, new))
        if pair[0] != pair[1]:
            changed[name] = pair
    return changed


def _plain(name: str, value: object) -> object:
    """Returns a value as JSON holds it; secrets by their mark, what is long or layered by its digest."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if _SECRET.search(name):
        return f"*{sha256(repr(value).encode()).hexdigest()[:8]}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    return f"#{sha256(repr(value).encode()).hexdigest()[:16]}"


def _about(row: Base) -> tuple[str, int, str, str]:
    """Returns whom the row of one of our own tables concerns, its table and its key."""
    values = {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}
    table = row.__tablename__
    key = "-".join(str(each) for each in inspect(row).mapper.primary_key_from_instance(row))
    for name, subject in (("case_id", "work"), ("account_id", "account")):
        if isinstance(values.get(name), int):
            return subject, values[name], table, key
    return table, int(key) if key.isdigit() else 0, table, key


def _traced(session: Session, subject: str, subject_id: int) -> dict[str, Pair]:
    """Takes what was noted since the last event, each field named from the event's own subject."""
    said: dict[str, Pair] = {}
    for _, _, table, key, changed in session.info.pop(_TRACED, ()):
        own = table == subject and key == str(subject_id)
        for name, (old, new) in changed.items():
            full = name if own else f"{table}.{key}.{name}"
            said[full] = (said[full][0] if full in said else old, new)
    return said


def finish(session: Session) -> None:
    """Writes an event for each subject whose changes no event of the transaction has told.

    Who told the last one tells these as well, else whoever acts; the portal only where it acts itself, or
    before it is known who somebody is.
    """
    left = session.info.pop(_TRACED, ())
    standing = known()
    acts = standing.actor if standing is not None else SYSTEM
    actor, now = session.info.get("events-by") or (acts, datetime.now(UTC))
    by_subject: dict[tuple[str, int], list[Any]] = {}
    for each in left:
        subject, key = ("work", each[1]) if each[0] == "case" else each[:2]
        by_subject.setdefault((subject, key), []).append(each)
    for (subject, key), changes in by_subject.items():
        session.info[_TRACED] = changes
        record(session, actor=actor, now=now, kind=CHANGED, subject=subject, subject_id=key)
