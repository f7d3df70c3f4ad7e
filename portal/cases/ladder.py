"""The levels of a clock: warning, breach and the rungs after it; when each is due and who is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from portal.cases.base import At
from portal.events import record
from portal.releases import sop_version
from portal.schema import Rung
from portal.steps import ReferralStep
from portal.tables import Case, Clock, ClockLevel, Notice, Task
from portal.timetable import calendar
from portal.worktime import Duration, due

HOLDER = "holder"
"""In a ladder: whoever has the task, or everybody of the role that it waits for."""
EVERY = Duration(amount=1, unit="working days")
"""How much later each further role of a step's own ladder is told, unless the office says otherwise."""
KINDS = ("clock-warned", "clock-breached", "clock-escalated")
"""The events that the sweep writes: nobody did anything."""
Kind = Literal["warned", "breached", "escalated"]


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of a clock."""

    number: int
    kind: Kind
    should_at: datetime
    tell: tuple[str, ...]


def ladder(at: At, case: Case, clock: Clock) -> tuple[Rung, ...]:
    """Returns the rungs of a clock: those of its step, else those of the office."""
    clocks, own = at.live.schema.office.clocks, _own(at, case, clock)
    if not own:
        return clocks.escalate
    every = clocks.every or EVERY
    return tuple(
        Rung(late=Duration(amount=every.amount * place, unit=every.unit) if place else None, tell=(role,))
        for place, role in enumerate(own)
    )


def _own(at: At, case: Case, clock: Clock) -> tuple[str, ...]:
    """The roles that the step of a clock names; of a referral, the step that refers."""
    steps = sop_version(at.session, case.sop_version_id).steps
    if clock.kind == "step":
        return steps[clock.step].escalate if clock.step in steps else ()
    if clock.kind == "referral":
        referring = [each for each in steps.values() if isinstance(each, ReferralStep) and each.escalate]
        named = [each for each in referring if each.destination == clock.step]
        return next((each.escalate for each in (*named, *referring)), ())
    return ()


def levels(at: At, case: Case, clock: Clock) -> Iterator[Level]:
    """Yields every level of a clock in order."""
    clocks, rungs = at.live.schema.office.clocks, ladder(at, case, clock)
    yield Level(number=1, kind="warned", should_at=min(clock.warn_at, clock.due_at), tell=clocks.warn)
    at_once = [role for rung in rungs if rung.late is None for role in rung.tell]
    yield Level(number=2, kind="breached", should_at=clock.due_at, tell=(HOLDER, *at_once))
    days = calendar(at.live.schema, case.area, case.centre)
    later = [(due(clock.due_at, rung.late, days).at, rung.tell) for rung in rungs if rung.late is not None]
    for number, (should_at, tell) in enumerate(sorted(later), start=3):
        yield Level(number=number, kind="escalated", should_at=should_at, tell=tell)


def next_level(at: At, case: Case, clock: Clock) -> datetime | None:
    """Returns when the next level of a clock is due; None when none is left, or it stands still before."""
    if clock.stopped_at is not None:
        return None
    coming = next((each for each in levels(at, case, clock) if each.number > clock.level), None)
    if coming is None or (clock.paused_at is not None and coming.should_at > clock.paused_at):
        return None
    return coming.should_at


def ring(at: At, case: Case, clock: Clock) -> int:
    """Rings every level of a clock that is due by now, each once, and returns how many.

    Who is to be told of several at once, after a time in which nobody looked, is told of the last.
    """
    until = at.now if clock.paused_at is None else min(at.now, clock.paused_at)
    due_now = [
        each for each in levels(at, case, clock) if each.number > clock.level and each.should_at <= until
    ]
    if clock.stopped_at is not None:
        due_now = []
    told: dict[str, Level] = {}
    for level in due_now:
        _note(at, case, clock, level)
        told |= dict.fromkeys(level.tell, level)
    for whom, level in told.items():
        _tell(at, case, clock, whom, level)
    clock.next_at, clock.failure = next_level(at, case, clock), None
    return len(due_now)


def _note(at: At, case: Case, clock: Clock, level: Level) -> None:
    clock.level = level.number
    if level.kind == "breached":
        clock.breached_at = level.should_at
    at.session.add(
        ClockLevel(
            case_id=case.id,
            clock_id=clock.id,
            level=level.number,
            kind=level.kind,
            should_at=level.should_at,
            at=at.now,
        )
    )
    said: Mapping[str, object] = {
        "clock": clock.kind,
        "step" if clock.kind == "step" else "destination": clock.step,
        "due": clock.due_at.isoformat(),
        "should": level.should_at.isoformat(),
        "tell": list(level.tell),
    }
    record(
        at.session,
        actor=at.actor,
        now=at.now,
        kind=f"clock-{level.kind}",
        subject="case",
        subject_id=case.id,
        data=said,
    )


def _tell(at: At, case: Case, clock: Clock, whom: str, level: Level) -> None:
    for account, role in _people(at, case, clock, whom):
        name = f"account:{account}" if account is not None else f"role:{role}"
        mine = (Notice.clock_id == clock.id, Notice.whom == name)
        before: Sequence[Notice] = at.session.scalars(select(Notice).where(*mine)).all()
        for each in before:
            each.done_at = each.done_at or at.now
        if any(each.level == level.number for each in before):
            continue
        at.session.add(
            Notice(
                case_id=case.id,
                clock_id=clock.id,
                level=level.number,
                slug=f"notice-{level.kind}",
                whom=name,
                account_id=account,
                role=role,
                area=case.area,
                at=level.should_at,
                made_at=at.now,
            )
        )
        at.session.flush()


def _people(at: At, case: Case, clock: Clock, whom: str) -> Iterator[tuple[int | None, str | None]]:
    """Yields the accounts and roles that a name of a ladder stands for."""
    if whom != HOLDER:
        yield None, whom
        return
    query = select(Task).where(Task.case_id == case.id, Task.status == "open").order_by(Task.id)
    if clock.kind == "step":
        query = query.where(Task.id == clock.subject_id)
    for task in at.session.scalars(query):
        yield (task.assigned_to, None) if task.assigned_to is not None else (None, task.role)
