"""The clocks of a case, brought in line with what the case is now: started, timed anew, stopped.

`settle` may be called at any time and twice: it looks at the case, its tasks, referrals and pauses, and
changes what differs. Every act on a case calls it at its end; the sweep calls it for what came another way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases.base import At, earliest, limits_of, reply_limit
from portal.cases.ladder import next_level
from portal.releases import sop_version
from portal.schema import ClockKind, Sop
from portal.tables import Case, CasePause, Clock, Notice, Referral, Task
from portal.timetable import calendar
from portal.worktime import Duration, Pause, due, reached

SEPARATOR = " / "
OVER = ("withdrawn", "expired")
"""The states of a referral that end it without an answer."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A clock as the case has it: what it measures, and the due date that the case already shows."""

    kind: ClockKind
    subject_id: int
    limits: tuple[Duration, ...]
    started_at: datetime
    step: str = ""
    due_at: datetime | None = None
    derivation: Mapping[str, Any] | None = None
    ended_at: datetime | None = None
    row: Task | Case | Referral | None = None
    """What shows the due date and is told when it moves."""


def settle(at: At, case: Case) -> None:
    """Brings the clocks of a case in line with it; a case that is as it was is left alone."""
    at.session.flush()
    clocks = {(each.kind, each.subject_id): each for each in clocks_of(at.session, case.id)}
    pauses = _ended_pauses(at, case)
    for wanted in _wanted(at, case, sop_version(at.session, case.sop_version_id)):
        clock = clocks.get((wanted.kind, wanted.subject_id))
        if clock is None and wanted.limits and not (wanted.ended_at and wanted.kind != "first-response"):
            clock = _started(at, case, wanted)
        if clock is not None and wanted.row is not None and wanted.due_at is None:
            wanted = replace(wanted, ended_at=clock.stopped_at or at.now)  # it has no limit any more
        if clock is not None:
            _adjust(at, case, clock, wanted, pauses)
    at.session.flush()


def clocks_of(session: Session, case_id: int) -> Sequence[Clock]:
    """Returns the clocks of a case in the order in which they were started."""
    query = select(Clock).where(Clock.case_id == case_id).order_by(Clock.started_at, Clock.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def pauses_of(session: Session, case_id: int) -> Sequence[CasePause]:
    """Returns the pauses of a case in their order."""
    return session.scalars(
        select(CasePause).where(CasePause.case_id == case_id).order_by(CasePause.since, CasePause.id)
    ).all()


def _ended_pauses(at: At, case: Case) -> Sequence[CasePause]:
    """Returns the pauses of a case; those of a closed case and of completed steps have ended with them."""
    found = pauses_of(at.session, case.id)
    for each in found:
        task = at.session.get(Task, each.task_id) if each.task_id else None
        over = case.closed_at if case.status == "closed" else None
        over = over or (task.completed_at if task is not None and task.status != "open" else None)
        if each.until is None and over is not None:
            each.until = max(over, each.since)
    return found


def _wanted(at: At, case: Case, sop: Sop) -> Iterator[Wanted]:
    clocks = at.live.schema.office.clocks
    tasks = at.session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id)).all()
    total = sop.total_within or clocks.total
    yield Wanted(
        kind="total",
        subject_id=case.id,
        limits=(total,) if total and case.due_at else (),
        started_at=case.opened_at,
        due_at=case.due_at,
        ended_at=case.closed_at if case.status == "closed" else None,
        row=case,
    )
    first = sop.first_response_within or clocks.first_response
    done = [each.completed_at for each in tasks if each.completed_at is not None]
    yield Wanted(
        kind="first-response",
        subject_id=case.id,
        limits=(first,) if first else (),
        started_at=case.opened_at,
        ended_at=min(done, default=case.closed_at),
    )
    for task in tasks:
        yield _of_task(at, case, sop, task)
    yield from _of_referrals(at, case, sop)


def _of_task(at: At, case: Case, sop: Sop, task: Task) -> Wanted:
    step = sop.steps.get(task.step)
    return Wanted(
        kind="step",
        subject_id=task.id,
        limits=limits_of(at, case, step) if step is not None and task.due_at else (),
        started_at=task.opened_at,
        step=task.step,
        due_at=task.due_at,
        derivation=task.derivation,
        ended_at=None if task.status == "open" else task.completed_at or at.now,
        row=task,
    )


def _of_referrals(at: At, case: Case, sop: Sop) -> Iterator[Wanted]:
    query = select(Referral).where(Referral.case_id == case.id).order_by(Referral.id)
    for referral in at.session.scalars(query):
        limit = reply_limit(at, sop, referral.destination)
        yield Wanted(
            kind="referral",
            subject_id=referral.id,
            limits=(limit,) if limit and referral.reply_due_at else (),
            started_at=referral.issued_at,
            step=referral.destination,
            due_at=referral.reply_due_at,
            ended_at=referral.replied_at
            or (at.now if referral.status in OVER else None)
            or (case.closed_at if case.status == "closed" else None),
            row=referral,
        )


def _started(at: At, case: Case, wanted: Wanted) -> Clock:
    days = calendar(at.live.schema, case.area, case.centre)
    found = earliest(wanted.started_at, wanted.limits, days)
    assert found is not None
    same = wanted.due_at in (None, found.at)
    derivation = wanted.derivation or (found.dump() if same else None)
    clock = Clock(
        case_id=case.id,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        step=wanted.step,
        limits=_joined(wanted.limits),
        started_at=wanted.started_at,
        due_at=wanted.due_at or found.at,
        warn_at=found.at,
        derivation=dict(derivation) if derivation else None,
        level=0,
        state="running",
    )
    _set_warning(at, case, clock, ())
    at.session.add(clock)
    at.session.flush()
    return clock


def _joined(limits: Sequence[Duration]) -> str:
    return SEPARATOR.join(map(str, limits))


def limits_in(clock: Clock) -> tuple[Duration, ...]:
    """Returns the limits of a clock as they were when it started.

    Raises:
        DurationError: its row does not hold any.
    """
    return tuple(Duration.parse(each) for each in clock.limits.split(SEPARATOR))


def _adjust(at: At, case: Case, clock: Clock, wanted: Wanted, pauses: Sequence[CasePause]) -> None:
    mine = [each for each in pauses if stands_still(each, clock)]
    limits = _joined(wanted.limits) or clock.limits
    moved = wanted.due_at is not None and wanted.due_at != clock.due_at
    if clock.limits != limits or moved or clock.step != wanted.step or mine:
        clock.limits, clock.step = limits, wanted.step
        _retime(at, case, clock, wanted, mine)
    _stop_or_run(at, case, clock, wanted, mine)
    clock.next_at = next_level(at, case, clock)


def stands_still(pause: CasePause, clock: Clock) -> bool:
    """Tells whether a pause stops a clock; a step waits for its own pauses and for those of the case."""
    own = clock.kind != "step" or pause.task_id in (None, clock.subject_id)
    return clock.kind in pause.stops.split() and own


def _retime(at: At, case: Case, clock: Clock, wanted: Wanted, pauses: Sequence[CasePause]) -> None:
    over = [each for each in pauses if each.until is not None]
    if not over:
        clock.due_at = wanted.due_at or clock.due_at
        clock.derivation = dict(wanted.derivation) if wanted.derivation else clock.derivation
        _set_warning(at, case, clock, ())
        return
    stood = _plain(over)
    days = calendar(at.live.schema, case.area, case.centre)
    found = min((due(clock.started_at, each, days, stood) for each in limits_in(clock)), key=lambda e: e.at)
    clock.due_at, clock.derivation = found.at, found.dump()
    _set_warning(at, case, clock, stood)
    if isinstance(wanted.row, Task) and wanted.row.due_at != found.at:
        wanted.row.due_at, wanted.row.derivation = found.at, found.dump()
    elif isinstance(wanted.row, Case):
        wanted.row.due_at = found.at
    elif isinstance(wanted.row, Referral):
        wanted.row.reply_due_at = found.at


def _plain(pauses: Sequence[CasePause]) -> tuple[Pause, ...]:
    return tuple(Pause(since=each.since, until=each.until or each.since, name=each.label) for each in pauses)


def _set_warning(at: At, case: Case, clock: Clock, pauses: Sequence[Pause]) -> None:
    days = calendar(at.live.schema, case.area, case.centre)
    percent = at.live.schema.office.clocks.warn_at
    working = all(each.unit.startswith("working") for each in limits_in(clock))
    clock.warn_at = reached(clock.started_at, clock.due_at, percent, days, pauses, working=working)


def _stop_or_run(at: At, case: Case, clock: Clock, wanted: Wanted, pauses: Sequence[CasePause]) -> None:
    since = [max(each.since, clock.started_at) for each in pauses if each.until is None]
    ended = wanted.ended_at
    clock.paused_at = min(since, default=None) if ended is None else None
    if isinstance(wanted.row, Task) and wanted.row.paused_at != clock.paused_at:
        wanted.row.paused_at = clock.paused_at
    if ended is None:
        clock.state, clock.stopped_at = ("paused" if clock.paused_at else "running"), None
        return
    if clock.stopped_at is None:
        _close_notices(at, clock)
    late = ended > clock.due_at
    clock.state, clock.stopped_at = ("breached" if late else "met"), ended
    clock.breached_at = clock.breached_at or (clock.due_at if late else None)


def _close_notices(at: At, clock: Clock) -> None:
    """What was told of a clock no longer matters once it has stopped."""
    open_ones = (Notice.clock_id == clock.id, Notice.done_at.is_(None))
    at.session.execute(update(Notice).where(*open_ones).values(done_at=at.now))
