"""The way through an SOP: a task for the next step, past automatic ones, apart into branches and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.base import At, earliest, event, limits_of
from portal.cases.handing import first_assignee
from portal.conditions import MISSING
from portal.facts import lookup
from portal.schema import Sop
from portal.steps import Lookup, ParallelStep, StepType, WaitStep, branch_of, group_of
from portal.tables import Case, Task
from portal.timetable import calendar
from portal.worktime import Due, until_day, window

LONGEST_CHAIN = 50
"""The most automatic steps in a row; more is a circle that nobody can leave."""


@dataclass(frozen=True, kw_only=True)
class Coming:
    """How a case comes to a step: out of which task, why, in which branch, with which holder."""

    after: Task | None = None
    why: str = ""
    branch: str = ""
    draft: bool = False
    holder: int | None = None


def open_tasks(session: Session, case: Case) -> Sequence[Task]:
    """Returns the open tasks of a case as they are now, the oldest first."""
    query = select(Task).where(Task.case_id == case.id, Task.status == "open").order_by(Task.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def go_on(at: At, case: Case, sop: Sop, step_id: str, coming: Coming) -> None:
    """Lets a case come to a step; where its branch meets the others, they are joined."""
    if _enter(at, case, sop, step_id, coming):
        _join(at, case, sop, group_of(coming.branch), coming)


def _enter(at: At, case: Case, sop: Sop, step_id: str, coming: Coming) -> bool:
    """Opens the task of a step, passing automatic ones; tells whether a branch came to where it ends."""
    why = coming.why
    for _ in range(LONGEST_CHAIN):
        if coming.branch and step_id == meeting(sop, coming.branch):
            return True
        step = sop.steps[step_id]
        if step.stage is not None:
            case.stage = step.stage
        if isinstance(step, ParallelStep):
            _part(at, case, sop, step_id, coming)
            return False
        if not step.automatic:
            _open_task(at, case, sop, step_id, why, coming)
            return False
        leads = step.leads({}, lookup(at.session, at.live, case, sop, at.now))
        event(at, case, "step-passed", {"step": step_id, "to": leads.to or "", "why": leads.why})
        step_id, why = leads.to or sop.after(step_id) or "", leads.why
    raise RecursionError(f"{case.sop}: {step_id}")


def meeting(sop: Sop, branch: str) -> str:
    """Returns the step at which a branch ends, empty when its parallel step is no longer there."""
    step = sop.steps.get(group_of(branch))
    return step.go if isinstance(step, ParallelStep) else ""


def _part(at: At, case: Case, sop: Sop, group: str, coming: Coming) -> None:
    """Opens every branch; one that has nothing to be done in it has arrived at once."""
    step = sop.steps[group]
    assert isinstance(step, ParallelStep)
    event(at, case, "branches-opened", {"step": group, "steps": list(step.branches), "join": step.join})
    arrived = [
        first
        for first in step.branches
        if _enter(at, case, sop, first, _within(coming, branch_of(group, first)))
    ]
    if arrived:
        _join(at, case, sop, group, coming)


def _within(coming: Coming, branch: str) -> Coming:
    return Coming(after=coming.after, why=coming.why, branch=branch)


def _join(at: At, case: Case, sop: Sop, group: str, coming: Coming) -> None:
    """Goes on behind a parallel step once enough of its branches have arrived."""
    step = sop.steps[group]
    assert isinstance(step, ParallelStep)
    left = [each for each in open_tasks(at.session, case) if group_of(each.branch) == group]
    if left and step.join == "all":
        return
    for each in left:
        withdraw(at, case, each, coming.after, "join")
    event(at, case, "branches-joined", {"step": group, "to": step.go})
    _enter(at, case, sop, step.go, Coming(after=coming.after))


def withdraw(at: At, case: Case, task: Task, by: Task | None, why: str) -> None:
    """Ends an open task that another way has made needless, with its event.

    Args:
        why: `join`, `returned` or `closed`.
    """
    task.status, task.version = "withdrawn", task.version + 1
    task.ended_by = by.id if by else None
    event(at, case, "task-withdrawn", {"step": task.step, "why": why})


def _open_task(at: At, case: Case, sop: Sop, step_id: str, why: str, coming: Coming) -> None:
    step = sop.steps[step_id]
    limit = limit_of(at, case, sop, step)
    role = sop.role_of(step_id) or ""
    at.session.add(
        Task(
            case_id=case.id,
            step=step_id,
            role=role,
            area=case.area,
            access=case.access,
            assigned_to=coming.holder or first_assignee(at, case, role),
            opened_at=at.now,
            due_at=limit.at if limit else None,
            derivation=limit.dump() if limit else None,
            why=why,
            branch=coming.branch,
            after_id=coming.after.id if coming.after else None,
            draft=coming.draft,
        )
    )
    at.session.flush()


def limit_of(at: At, case: Case, sop: Sop, step: StepType) -> Due | None:
    """Returns until when a step is to be done: of a wait the window or day that it waits for."""
    days = calendar(at.live.schema, case.area, case.centre)
    if isinstance(step, WaitStep) and step.window is not None:
        return window(at.now, step.window.days, days, step.window.on_holiday)
    if isinstance(step, WaitStep) and step.until is not None:
        day = named_day(lookup(at.session, at.live, case, sop, at.now), step.until)
        if day is not None:
            return until_day(at.now, day, days)
    return earliest(at.now, limits_of(at, case, step), days)


def named_day(find: Lookup, path: str) -> date | None:
    """Returns the day that an answer names, None while nobody has named one."""
    said = find(path)
    if said is MISSING or said is None:
        return None
    return date.fromisoformat(str(said)[:10])


def first_tasks(sop: Sop, step_id: str, find: Lookup, branch: str = "") -> frozenset[str]:
    """Returns the steps for which a case that comes to a step would get tasks; it opens none."""
    waiting, found = [step_id], set()
    for _ in range(LONGEST_CHAIN):
        if not waiting:
            break
        here = waiting.pop()
        if branch and here == meeting(sop, branch):
            continue
        step = sop.steps[here]
        if isinstance(step, ParallelStep):
            waiting += step.branches
        elif step.automatic:
            waiting.append(step.leads({}, find).to or sop.after(here) or here)
        else:
            found.add(here)
    return frozenset(found)
