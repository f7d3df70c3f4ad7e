"""Moving running cases to a newer version of their SOP, one transaction each, and taking a move back.

A move keeps everything that happened: answers, letters, referrals and open tasks stay as they are. A task
is pointed at its step of the newer version; no number is drawn and nothing is opened a second time. The
event of the move holds what it replaced, and that is what taking it back restores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor, Forbidden, may_in
from portal.cases.base import At, due_of, earliest, event, limits_of, locked_case
from portal.cases.clocks import settle
from portal.cases.flow import open_tasks
from portal.cases.handing import able
from portal.cases.ladder import KINDS
from portal.database import reading, writing
from portal.facts import answers_of
from portal.models import answer_column, lists_of
from portal.moving import Comparison, Standing, Values, Verdict, compare, objections, verdict
from portal.releases import Live, sop_version
from portal.schema import Sop
from portal.steps import branch_of
from portal.tables import Case, Event, SopVersion, Task
from portal.timetable import calendar
from portal.words import say

BATCH = 200
"""How many cases are judged at a time."""
MOVED = "case-moved"
ACTS = ("step-completed", "task-assigned", "documents-noted", "letter-issued", "resident-identified")
"""The events of a case that have words of their own where they stand in the way of taking a move back."""


class MoveRefused(Exception):
    """A move cannot be made or taken back; the slug and its values say why."""

    def __init__(self, slug: str, **values: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.values = values


@dataclass(frozen=True, kw_only=True)
class Moving:
    """What is to be moved: from which version of an SOP to which, and where the tasks of gone steps go on."""

    sop: str
    before_id: int
    before: int
    after_id: int
    after: int
    comparison: Comparison
    step_map: Values
    reason: str


@dataclass(frozen=True, kw_only=True)
class Running:
    """One running case and what a move means to it; without a verdict somebody else was quicker."""

    case_id: int
    number: str
    step: str
    verdict: Verdict | None


def versions(session: Session, sop: str) -> tuple[SopVersion, ...]:
    """Returns every version of an SOP, the oldest first."""
    found = select(SopVersion).where(SopVersion.sop == sop).order_by(SopVersion.number)
    return tuple(session.scalars(found))


def moving(session: Session, sop: str, before: int, after: int, step_map: Values, reason: str = "") -> Moving:
    """Returns the move from one version of an SOP to another.

    Raises:
        MoveRefused: a version is missing, or the map names what it may not.
    """
    known = {each.number: each for each in versions(session, sop)}
    for number in (before, after):
        if number not in known:
            listed = ", ".join(map(str, known))
            raise MoveRefused("moving-version-unknown", sop=sop, name=number, known=listed)
    if after <= before:
        raise MoveRefused("moving-backwards", before=before, after=after)
    comparison = compared(session, known[before], known[after])
    for slug, values in objections(comparison, step_map):
        raise MoveRefused(slug, **values)
    return Moving(
        sop=sop,
        before_id=known[before].id,
        before=before,
        after_id=known[after].id,
        after=after,
        comparison=comparison,
        step_map=step_map,
        reason=reason,
    )


def compared(session: Session, before: SopVersion, after: SopVersion) -> Comparison:
    """Returns what differs between two stored versions, steps that were renamed on the way recognised."""
    sop = sop_version(session, before.id)
    called = {key: key for key in sop.steps}
    for each in versions(session, before.sop):
        if before.number < each.number <= after.number:
            now = {old: new for new, old in each.renamed.items()}
            called = {key: now.get(name, name) for key, name in called.items()}
    renames = {old: new for old, new in called.items() if old != new}
    return compare(sop, sop_version(session, after.id), renames)


def running(at: At, move: Moving, *, after: int = 0, most: int = BATCH) -> tuple[Running, ...]:
    """Returns running cases on the older version that the actor may see, by id, each with its verdict."""
    query = (
        select(Case.id, Case.number)
        .where(Case.status == "open", Case.sop_version_id == move.before_id, Case.id > after)
        .where(wall.cases(at.live.schema, at.actor))
        .order_by(Case.id)
        .limit(most)
    )
    rows = dict(at.session.execute(query).all())
    done, opened = _done(at.session, rows), _opened(at.session, rows)
    return tuple(
        _judged(move, case, number, opened[case], done[case]) for case, number in rows.items() if opened[case]
    )


def _opened(session: Session, cases: Iterable[int]) -> Mapping[int, tuple[tuple[str, str], ...]]:
    """Returns the steps of the open tasks of some cases, each with its branch, the oldest first."""
    steps: dict[int, list[tuple[str, str]]] = {key: [] for key in cases}
    query = select(Task.case_id, Task.step, Task.branch)
    query = query.where(Task.case_id.in_(steps), Task.status == "open").order_by(Task.id)
    for case, step, branch in session.execute(query):
        steps[case].append((step, branch))
    return {case: tuple(found) for case, found in steps.items()}


def _done(session: Session, cases: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """Returns the completed steps of some cases."""
    steps: dict[int, set[str]] = {key: set() for key in cases}
    query = select(Task.case_id, Task.step).where(Task.case_id.in_(steps), Task.status == "done")
    for case, step in session.execute(query):
        steps[case].add(step)
    return {case: frozenset(done) for case, done in steps.items()}


def _judged(
    move: Moving, case: int, number: str, opened: tuple[tuple[str, str], ...], done: frozenset[str]
) -> Running:
    first, *others = (step for step, _ in opened)
    inside = tuple(each for each in opened if each[1])
    standing = Standing(active=first, done=done, beside=tuple(others), branches=inside)
    return Running(
        case_id=case, number=number, step=first, verdict=verdict(move.comparison, standing, move.step_map)
    )


def move_all(
    engine: Engine,
    live: Live,
    actor: Actor,
    clock: Callable[[], datetime],
    move: Moving,
) -> Iterator[Running]:
    """Moves the cases that can move, each in its own transaction, and yields every case as it was judged.

    Stopped anywhere, each case is on exactly one version; asked again, it goes on with those that are left.
    """
    for each in judge_all(engine, live, actor, clock, move):
        if each.verdict is None or not each.verdict.moves:
            yield each
            continue
        with writing(engine) as session:
            at = At(session=session, live=live, actor=actor, now=clock())
            done = move_case(at, move, each)
        yield done


def judge_all(
    engine: Engine, live: Live, actor: Actor, clock: Callable[[], datetime], move: Moving
) -> Iterator[Running]:
    """Yields every running case on the older version with its verdict, and changes nothing."""
    last = 0
    while True:
        with reading(engine) as session:
            at = At(session=session, live=live, actor=actor, now=clock())
            batch = running(at, move, after=last)
        yield from batch
        if not batch:
            return
        last = batch[-1].case_id


def move_case(at: At, move: Moving, seen: Running) -> Running:
    """Moves one case if its verdict still says so, and returns the verdict under the case's lock.

    The running due date of the task stays unless the limit of its step differs: then it is counted anew by
    the newer limit from the moment the task was opened, so that a move neither gives nor takes time. The same
    holds for the whole case and `total_within`, from the day it was opened. Who holds the task keeps it as
    long as they can carry out the step.

    Raises:
        Forbidden: the actor may not change which rules the cases of this area follow.
    """
    case = locked_case(at.session, seen.case_id)
    if not may_in(at.live.schema, at.actor, "publish", case.area):
        raise Forbidden(case.area)
    if case.status != "open" or case.sop_version_id != move.before_id:
        return Running(case_id=case.id, number=case.number, step=seen.step, verdict=None)
    opened = _opened(at.session, (case.id,))[case.id]
    done = _done(at.session, (case.id,))[case.id]
    judged = _judged(move, case.id, case.number, opened, done)
    if judged.verdict is not None and judged.verdict.moves:
        _carry_over(at, move, case, judged.verdict)
    return judged


def _carry_over(at: At, move: Moving, case: Case, judged: Verdict) -> None:
    tasks = open_tasks(at.session, case)
    kept = {**_kept(tasks[0]), **_kept_of_case(case)}
    others = {str(each.id): _kept(each) for each in tasks[1:]}
    steps = _rename_done(at.session, move, case)
    _carry_answers(at, move, case)
    old, new = move.comparison.before, move.comparison.after
    for task in tasks:
        _carry_task(at, move, case, task, judged.places[task.step])
    if old.total_within != new.total_within:
        whole = due_of(at, new.total_within or at.live.schema.office.clocks.total, None, case.opened_at, case)
        case.due_at = whole.at if whole else None
    case.sop_version_id, case.version = move.after_id, case.version + 1
    settle(at, case)
    said = {"sop": move.sop, "from": move.before, "to": move.after, "step": judged.step}
    kept_all = {"before": kept, "steps": steps, **({"others": others} if others else {})}
    event(at, case, MOVED, {**said, **kept_all}, reason=move.reason)


def _carry_task(at: At, move: Moving, case: Case, task: Task, step: str) -> None:
    """Points one open task at its step of the newer version, in the same branch."""
    kept, new, role = move.comparison.kept, move.comparison.after, task.role
    was, now = move.comparison.before.steps[task.step], new.steps[step]
    if now.stage is not None and (now.stage != was.stage or task.step not in kept):
        case.stage = now.stage
    task.step, task.role = step, new.role_of(step) or ""
    if task.branch:
        group, _, first = task.branch.partition("/")
        task.branch = branch_of(kept[group], kept[first])
    if was.within != now.within:
        days = calendar(at.live.schema, case.area, case.centre)
        limit = earliest(task.opened_at, limits_of(at, case, now), days)
        task.due_at, task.derivation = (limit.at, limit.dump()) if limit else (None, None)
    if task.role != role and task.assigned_to not in (None, *able(at, task, case, now)):
        task.assigned_to = None


def _kept(task: Task) -> dict[str, Any]:
    """What a move replaces of a task, as JSON data."""
    return {
        "step": task.step,
        "role": task.role,
        "due_at": task.due_at.isoformat() if task.due_at else None,
        "derivation": task.derivation,
        "assigned_to": task.assigned_to,
        **({"branch": task.branch} if task.branch else {}),
    }


def _kept_of_case(case: Case) -> dict[str, Any]:
    return {"stage": case.stage, "case_due_at": case.due_at.isoformat() if case.due_at else None}


def _rename_done(session: Session, move: Moving, case: Case) -> dict[str, str]:
    """Gives completed steps the ids that the newer version has for them; returns the old ids by task."""
    changed = {}
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.status == "done")):
        there = move.comparison.kept.get(task.step, task.step)
        if there != task.step:
            changed[str(task.id)], task.step = task.step, there
    return changed


def _carry_answers(at: At, move: Moving, case: Case) -> None:
    """Gives the answers of a renamed step to its new id as well, where the newer version looks for them."""
    row, after = answers_of(at.session, at.live, case), move.comparison.after
    for old, new in move.comparison.kept.items():
        for key in after.steps[new].answer_fields(lists_of(at.live.schema)) if old != new else ():
            said = getattr(row, answer_column(old, key), None)
            if said is not None and hasattr(row, answer_column(new, key)):
                setattr(row, answer_column(new, key), said)


def undo(at: At, case_id: int, reason: str = "") -> int:
    """Takes a case back to the version from which it was moved last, and returns that version's number.

    Raises:
        MoveRefused: it was not moved, something was done on it since, or it is closed.
        Forbidden: the actor may not change which rules the cases of this area follow.
    """
    case = locked_case(at.session, case_id)
    if not may_in(at.live.schema, at.actor, "publish", case.area):
        raise Forbidden(case.area)
    moved = reversible(at.session, case)
    version = next(each for each in versions(at.session, case.sop) if each.number == moved.data["from"])
    (task, *others), left = open_tasks(at.session, case), moved.data["to"]
    if before := moved.data.get("before"):
        _restore(at.session, case, task, before, moved.data.get("steps", {}))
        for each in others:
            _restore_task(each, moved.data["others"][str(each.id)])
    case.sop_version_id, case.version = version.id, case.version + 1
    settle(at, case)
    said = {"sop": case.sop, "from": left, "to": version.number, "step": task.step}
    event(at, case, "case-moved-back", said, reason=reason)
    return version.number


def reversible(session: Session, case: Case) -> Event:
    """Returns the event of a case's move, if nothing was done on the case since.

    Raises:
        MoveRefused: why it cannot be taken back.
    """
    about = (Event.subject == "case", Event.subject_id == case.id, Event.kind.not_in(KINDS))
    query = select(Event).where(*about).order_by(Event.id.desc())
    newest = session.scalars(query.limit(1)).first()
    if newest is not None and newest.kind == MOVED:
        return newest
    if case.status != "open":
        raise MoveRefused("moving-undo-closed")
    moves = query.where(Event.kind.in_((MOVED, "case-moved-back"))).limit(1)
    last = session.scalars(moves).first()
    if newest is None or last is None or last.kind != MOVED:
        raise MoveRefused("moving-undo-none")
    first = select(Event.kind).where(*about, Event.id > last.id).order_by(Event.id).limit(1)
    kind = session.scalar(first)
    raise MoveRefused("moving-undo-acted", act=say(f"moving-act-{kind if kind in ACTS else 'other'}"))


def _restore(
    session: Session, case: Case, task: Task, before: Mapping[str, Any], steps: Mapping[str, str]
) -> None:
    _restore_task(task, before)
    case.stage, case.due_at = before["stage"], _moment(before["case_due_at"])
    for done in session.scalars(select(Task).where(Task.id.in_([int(key) for key in steps]))):
        done.step = steps[str(done.id)]


def _restore_task(task: Task, before: Mapping[str, Any]) -> None:
    task.step, task.role, task.assigned_to = before["step"], before["role"], before["assigned_to"]
    task.due_at, task.derivation = _moment(before["due_at"]), before["derivation"]
    task.branch = before.get("branch", "")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def rerouted(session: Session, case: Case, shown: int | None) -> bool:
    """Tells whether a form that was shown for one SopVersion no longer fits the one that the case follows."""
    if shown is None or shown == case.sop_version_id:
        return False
    seen = select(SopVersion.id).where(SopVersion.id == shown, SopVersion.sop == case.sop)
    if session.scalar(seen) is None:
        return True
    now: Sop = sop_version(session, case.sop_version_id)
    return not compare(sop_version(session, shown), now).wording_only
