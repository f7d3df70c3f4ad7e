"""Drafts whose time has come -> Releases, the one way by which every Release comes about.

It is asked again and again, by each server or from outside, and may be cut short anywhere: a draft that is in
force already has nothing left to change, so doing it twice makes one Release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import events, studio
from portal.access import SYSTEM, Actor
from portal.cases.moving import MoveRefused, move_all, moving
from portal.changes import Change
from portal.database import reading, writing
from portal.diagnostics import message
from portal.facts import today
from portal.migrate import Busy, NotApplied, Refused, Stale, planned
from portal.moving import Values
from portal.publish import Draft, publish
from portal.rehearsal import Fault, Poison
from portal.releases import Live, latest_id, live
from portal.simulate import simulate
from portal.studio import DUE, PUBLISHED, Checked
from portal.tables import Account, RuleDraft, SopVersion
from portal.wall import acting
from portal.words import say, speaking

LEASE = timedelta(minutes=5)
"""After so long a draft whose process was killed is taken by another one."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """What became of one draft: the Release, or why it went back to its author."""

    draft_id: int
    release_id: int | None
    problem: str = ""
    moved: int = 0


def due(engine: Engine, now: datetime) -> tuple[int, ...]:
    """Returns the drafts that may be put in force by now, the one that was asked for first at the head."""
    with acting(SYSTEM), reading(engine) as session:
        number = latest_id(session)
        if number is None:
            return ()
        day = today(live(session, number).schema, now)
        ready = (RuleDraft.status == DUE, (RuleDraft.on.is_(None)) | (RuleDraft.on <= day))
        return tuple(session.scalars(select(RuleDraft.id).where(*ready).order_by(RuleDraft.asked_at)))


def carry_out(engine: Engine, key: int, now: datetime, language: str = "id") -> Done | None:
    """Puts one draft in force, or gives it back with the reason; None when it is not due any more.

    Raises:
        Busy: another process applies just now; ask again.
    """
    with acting(SYSTEM), speaking(language):
        taken = _taken(engine, key, now)
        if taken is None:
            return None
        try:
            number = _published(engine, taken, now, language)
        except Busy:
            _let_go(engine, key)
            raise
        except (NotApplied, _Objection) as error:
            return _back(engine, key, said(error), now)
        return _ended(engine, key, number, taken.actor, now)


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """A draft that this process puts in force."""

    files: Mapping[str, str]
    reason: str
    digest: str
    actor: Actor


def _taken(engine: Engine, key: int, now: datetime) -> _Taken | None:
    """Takes a draft, unless another process has it and gave a sign of life within the lease."""
    with writing(engine) as session:
        draft = session.get(RuleDraft, key, with_for_update=True)
        if draft is None or draft.status != DUE:
            return None
        if draft.taken_at is not None and draft.taken_at > now - LEASE:
            return None
        draft.taken_at = now
        return _Taken(
            files=dict(studio.work(session, draft).files),
            reason=draft.reason,
            digest=draft.digest,
            actor=_actor(session, draft),
        )


def _let_go(engine: Engine, key: int) -> None:
    with writing(engine) as session:
        session.get_one(RuleDraft, key, with_for_update=True).taken_at = None


class _Objection(Exception):
    """The draft has mistakes, or a scenario of it does not go as expected; the text says which."""


_WHY: Mapping[type[Exception], str] = {Poison: "rules-poison", Refused: "rules-refused", Stale: "rules-stale"}


def said(error: NotApplied | _Objection) -> str:
    """Returns why a draft was not put in force, in the reader's language."""
    if isinstance(error, _Objection):
        return str(error)
    more: Iterable[Fault | Change] = ()
    if isinstance(error, Poison):
        more = error.faults
    elif isinstance(error, Refused):
        more = error.plan.refused
    return "\n".join([say(_WHY.get(type(error), "rules-not-applied")), *(each.sentence() for each in more)])


def _published(engine: Engine, taken: _Taken, now: datetime, language: str) -> int:
    found = studio.checked(taken.files)
    if found.schema is None:
        raise _Objection(say("rules-mistakes"))
    if planned(engine, found.schema, found.letters).empty:
        with reading(engine) as session:
            return latest_id(session) or 0
    _tried(found)
    draft = Draft(schema=found.schema, sources=found.sources, templates=found.letters)
    done = publish(
        engine,
        draft,
        actor=taken.actor,
        now=now,
        reason=taken.reason,
        expected_digest=taken.digest,
        language=language,
    )
    return done.applied.release_id


def _tried(found: Checked) -> None:
    """Tries the scenarios, as `portal apply` does before it begins."""
    assert found.schema is not None
    tried = simulate(found.schema, found.loaded.root, found.letters).tried
    failed = [
        f"{found.schema.scenarios[each.key].label}: {message(why)}"
        for each in tried
        for why in each.diagnostics
    ]
    if failed:
        raise _Objection("\n".join([say("rules-scenarios"), *failed]))


def _actor(session: Session, draft: RuleDraft) -> Actor:
    """Returns who decided it, by name alone: what it does to rows is the portal's own work."""
    account = session.get_one(Account, draft.approved_by or draft.account_id)
    return Actor(account_id=account.id, label=account.label, everything=True)


def _back(engine: Engine, key: int, why: str, now: datetime) -> Done:
    with writing(engine) as session:
        draft = session.get_one(RuleDraft, key, with_for_update=True)
        if draft.status == DUE:
            studio.returned(session, draft, why, now)
            events.record(
                session,
                actor=SYSTEM,
                now=now,
                kind="rules-not-applied",
                subject=studio.SUBJECT,
                subject_id=key,
            )
    return Done(draft_id=key, release_id=None, problem=why)


def _ended(engine: Engine, key: int, number: int, actor: Actor, now: datetime) -> Done:
    with writing(engine) as session:
        draft = session.get_one(RuleDraft, key, with_for_update=True)
        first, moves = draft.status == DUE, draft.moves
        if first:
            draft.status, draft.published, draft.ended_at, draft.problem = PUBLISHED, number, now, ""
    moved = sum(_moved(engine, number, actor, now)) if first and moves else 0
    return Done(draft_id=key, release_id=number, moved=moved)


def _moved(engine: Engine, number: int, actor: Actor, now: datetime) -> Iterator[int]:
    """Moves the running cases of each SOP that the Release has a new version of; yields how many of each."""
    with reading(engine) as session:
        current = live(session, number)
        made = session.scalars(select(SopVersion).where(SopVersion.release_id == number)).all()
        ways = [(each.sop, each.number) for each in made if each.number > 1]
    for sop, version in ways:
        yield from (
            _moved_from(engine, current, actor, now, sop, version, older) for older in range(1, version)
        )


def _moved_from(
    engine: Engine, current: Live, actor: Actor, now: datetime, sop: str, version: int, older: int
) -> int:
    nothing: Values = {}
    with reading(engine) as session:
        try:
            move = moving(session, sop, older, version, nothing, say("rules-moved"))
        except MoveRefused:
            return 0
    return sum(
        1
        for each in move_all(engine, current, actor, lambda: now, move)
        if each.verdict is not None and each.verdict.moves
    )
