"""Giving many tasks at once: one transaction, each task asked about by itself, a report of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor, Forbidden, within
from portal.cases.base import AlreadyMoved, At, Changed
from portal.cases.handing import assign
from portal.events import hold, record
from portal.releases import Live
from portal.tables import Case, Event, Task

MOST = 200
"""So many tasks one act gives at most."""
DIVIDED = "tasks-divided"
SUBJECT = "bulk"
Holder = Literal["", "free", "held"]
Verdict = Literal["done", "same", "changed", "moved", "forbidden", "missing"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A task that is to be given, as its list showed it; without a version as it is."""

    task: int
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one task, or why nothing did."""

    task: int
    verdict: Verdict


def divisible(
    live: Live, actor: Actor, holder: Holder = "", *, person: int | None = None, role: str | None = None
) -> Select[Task, Case]:
    """Returns the query of the open tasks that a person divides among others, the most urgent first.

    Args:
        holder: only those that are free, or only those that somebody holds.
        person: only those of one account.
        role: only those of one role that nobody has taken.
    """
    schema = live.schema
    areas = [
        granted.area
        for granted in actor.grants
        if granted.role in schema.roles and "assign" in schema.roles[granted.role].may
    ]
    inside = within(Task.area, [""] if actor.everything else areas)
    held: tuple[ColumnElement[bool], ...] = ()
    if holder:
        held = (Task.assigned_to.is_(None) if holder == "free" else Task.assigned_to.is_not(None),)
    if person is not None:
        held = (*held, Task.assigned_to == person)
    if role is not None:
        held = (*held, Task.role == role, Task.assigned_to.is_(None))
    query = select(Task, Case).join(Case, Case.id == Task.case_id)
    query = query.where(Task.status == "open", inside, wall.cases(schema, actor, "task"), *held)
    return query.order_by(Task.due_at.is_(None), Task.due_at, Task.id)


def divide(at: At, wanted: Sequence[Wanted], account: int | None) -> int:
    """Gives tasks to a person, or back to everyone of their roles; returns the key of the event that reports.

    A task that cannot be given is refused by itself and changes nothing; the others are given.
    """
    hold(at.session)
    chosen = sorted({each.task: each for each in wanted}.values(), key=lambda each: each.task)[:MOST]
    seen = _seen(at, [each.task for each in chosen])
    found = [Outcome(task=each.task, verdict=_given(at, each, account, seen)) for each in chosen]
    noted = record(
        at.session,
        actor=at.actor,
        now=at.now,
        kind=DIVIDED,
        subject=SUBJECT,
        subject_id=at.actor.account_id or 0,
        data={"account": account, "tasks": [[each.task, each.verdict] for each in found]},
    )
    return noted.id


def verdicts(session: Session, event_id: int) -> tuple[Verdict, ...]:
    """Returns what became of each task of an act, by its event."""
    told = session.get_one(Event, event_id).data["tasks"]
    return tuple(verdict for _, verdict in told)


def _seen(at: At, keys: Sequence[int]) -> dict[int, int | None]:
    """The holders of those tasks whose cases the actor sees; a foreign one is like a missing one."""
    query = select(Task.id, Task.assigned_to).join(Case, Case.id == Task.case_id)
    mine = query.where(Task.id.in_(keys), wall.cases(at.live.schema, at.actor, "task"))
    return dict(at.session.execute(mine).all())


def _given(at: At, wanted: Wanted, account: int | None, seen: dict[int, int | None]) -> Verdict:
    if wanted.task not in seen:
        return "missing"
    if seen[wanted.task] == account:
        return "same"
    try:
        assign(at, wanted.task, account, version=wanted.version)
    except Changed:
        return "changed"
    except AlreadyMoved:
        return "moved"
    except Forbidden:
        return "forbidden"
    return "done"
