"""What the resident reads of their own case: by station, not by inner step, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from sqlalchemy import select

from portal.facts import documents_of, today
from portal.referrals.base import Place
from portal.referrals.states import state_of
from portal.releases import sop_version
from portal.schema import Centre, Sop
from portal.steps import Stage
from portal.tables import Case, Referral, Task

STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """One station that the case has reached, and when."""

    stage: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A case as its resident may follow it."""

    number: str
    opened: date
    sensitive: bool
    """Then nothing else is told: whoever looks over a shoulder must not learn it."""
    reached: tuple[Reached, ...] = ()
    stage: str = ""
    closed: date | None = None
    outcome: str = ""
    next_stage: str = ""
    promised: date | None = None
    bring: tuple[str, ...] = ()
    referrals: tuple[tuple[str, str], ...] = ()
    """Where the resident was referred to, and how that stands."""
    ask: tuple[str, ...] = ()
    """The office, its street and its telephone."""


def followed(at: Place, case: Case) -> Followed:
    """Returns what the page of a ticket tells."""
    schema = at.live.schema
    centre = schema.known.centres.get(case.centre)
    opened = today(schema, case.opened_at)
    if case.access != "normal":
        return Followed(number=case.number, opened=opened, sensitive=True, ask=_where(centre))
    sop = sop_version(at.session, case.sop_version_id)
    tasks = at.session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id)).all()
    now = next((task for task in tasks if task.status == "open"), None)
    outcome = schema.known.outcomes.get(case.outcome or "")
    rows = at.session.scalars(select(Referral).where(Referral.case_id == case.id).order_by(Referral.id)).all()
    return Followed(
        number=case.number,
        opened=opened,
        sensitive=False,
        reached=tuple(_reached(at, sop, tasks, opened)),
        stage=case.stage,
        closed=today(schema, case.closed_at) if case.closed_at else None,
        outcome=outcome.label if outcome else "",
        next_stage=_next(sop, now.step, case.stage) if now else "",
        promised=_promised(at, case, now),
        bring=tuple(_bring(at, case, rows)),
        referrals=tuple(_destinations(at, rows)),
        ask=_where(centre),
    )


def _where(centre: Centre | None) -> tuple[str, ...]:
    if centre is None:
        return ()
    head = centre.letterhead
    return tuple(each for each in (centre.label, head.address, head.phone) if each)


def _reached(at: Place, sop: Sop, tasks: Sequence[Task], opened: date) -> Iterator[Reached]:
    """Each station once, on the day on which the case came there first."""
    days: dict[str, date] = {"received": opened}
    for task in tasks:
        step = sop.steps.get(task.step)
        if step is not None and step.stage:
            days.setdefault(step.stage, today(at.live.schema, task.opened_at))
    for stage in sorted(days, key=lambda each: (days[each], STAGES.index(each))):
        yield Reached(stage=stage, on=days[stage])


def _next(sop: Sop, step: str, stage: str) -> str:
    """The nearest station ahead to which the case can go from here; a way back is not told."""
    here = next((place for place, each in enumerate(STAGES) if each == stage), 0)
    waiting, seen, found = [step], {step}, set[str]()
    while waiting:
        for key in sop.ways(waiting.pop()):
            there = "settled" if sop.steps[key].final else sop.steps[key].stage
            if there in STAGES[here + 1 :]:
                found.add(there)
            elif key not in seen:
                seen.add(key)
                waiting.append(key)
    return next((each for each in STAGES[here + 1 :] if each in found), "")


def _promised(at: Place, case: Case, now: Task | None) -> date | None:
    """Until when the resident hears: the limit of the whole case, else of what is being done."""
    moment = case.due_at or (now.due_at if now else None)
    return today(at.live.schema, moment) if moment and case.status == "open" else None


def _bring(at: Place, case: Case, rows: Sequence[Referral]) -> Iterator[str]:
    """The papers that are still to follow, and those that a destination misses."""
    if case.status != "open":
        return
    labels = at.live.schema.known.documents
    follow = [key for key, row in documents_of(at.session, case).items() if row.state == "to-follow"]
    for row in rows:
        follow += (row.missing or []) if state_of(row.status) == "returned" else []
    for key in dict.fromkeys(follow):
        yield labels[key].label if key in labels else key


def _destinations(at: Place, rows: Sequence[Referral]) -> Iterator[tuple[str, str]]:
    for row in rows:
        known = at.live.schema.known.destinations.get(row.destination)
        yield (known.label if known else row.destination), state_of(row.status)
