"""The way back: a task is sent to an earlier step, a step is undone, and afterwards its answers corrected."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from portal.access import Forbidden, may_in
from portal.cases.base import AlreadyMoved, At, Refused, event, locked, may_carry_out, unchanged
from portal.cases.checking import stale_check
from portal.cases.clocks import settle
from portal.cases.flow import Coming, first_tasks, go_on, open_tasks, withdraw
from portal.cases.handing import able
from portal.cases.keeping import keep
from portal.facts import lookup
from portal.fields import Value
from portal.models import lists_of
from portal.releases import sop_version
from portal.schema import Sop
from portal.steps import ApprovalStep, group_of
from portal.tables import Case, Event, Task

FINAL = {
    "letter-issued": "undo-letter",
    "letter-signed": "undo-letter",
    "referral-opened": "undo-referral",
    "referral-replied": "undo-reply",
    "record-written": "undo-record",
    "case-transferred": "undo-transferred",
    "case-moved": "undo-moved",
}
"""What cannot be taken back, by the kind of its event, and the slug that says so."""


def earlier_steps(at: At, case: Case, sop: Sop, task: Task) -> tuple[str, ...]:
    """Returns the steps to which a task can be sent back, in the order of the SOP."""
    rows = at.session.scalars(select(Task).where(Task.case_id == case.id)).all()
    done = {each.step: each for each in rows if each.status == "done" and each.id < task.id}
    now_open = {each.step for each in rows if each.status == "open"}
    allowed = sop.steps[task.step].may_return or tuple(sop.steps)
    stale = stale_check(at, case, sop, task)
    return tuple(
        key
        for key, step in sop.steps.items()
        if key in done
        and (key in allowed or key == stale)
        and not (step.automatic or step.final)
        and key not in now_open
        and not _other_branch(task, done[key])
    )


def _other_branch(task: Task, done: Task) -> bool:
    """Whether a step was done in another branch of the parallel step in which a task is."""
    return bool(task.branch) and done.branch != task.branch and group_of(done.branch) == group_of(task.branch)


def send_back(at: At, task_id: int, to: str, reason: str, *, version: int | None = None) -> None:
    """Sends the task of a step back to an earlier step; what was answered there stays as a draft.

    Out of a branch it may go to before the parallel step: then the other branches are withdrawn.

    Raises:
        Forbidden: the actor's roles do not carry out this step here.
        AlreadyMoved: the step is done already.
        Refused: the step is not one of the earlier ones, or the reason is missing.
        Changed: the task was given to somebody else since the form was shown.
    """
    task, case = locked(at, task_id)
    sop = sop_version(at.session, case.sop_version_id)
    if task.step not in sop.steps or not may_carry_out(at, case, task, sop.steps[task.step]):
        raise Forbidden(task.step)
    if task.status != "open":
        raise AlreadyMoved(task)
    unchanged(task, version)
    problems = {} if reason else {"reason": "field-required"}
    if to not in earlier_steps(at, case, sop, task):
        problems["to"] = "back-step-unknown"
    if problems:
        raise Refused(problems)
    before = _last_done(at, case, to)
    inside = bool(task.branch) and before.branch == task.branch
    task.status, task.completed_at, task.completed_by = "returned", at.now, at.actor.account_id
    case.version, task.version = case.version + 1, task.version + 1
    event(at, case, "step-returned", {"step": task.step, "to": to}, reason=reason)
    for each in open_tasks(at.session, case) if task.branch and not inside else ():
        if group_of(each.branch) == group_of(task.branch):
            withdraw(at, case, each, task, "returned")
    branch = task.branch if inside else ""
    holder = _still_able(at, case, before)
    go_on(at, case, sop, to, Coming(after=task, why=reason, branch=branch, draft=True, holder=holder))
    settle(at, case)


def _last_done(at: At, case: Case, step: str) -> Task:
    query = select(Task).where(Task.case_id == case.id, Task.step == step, Task.status == "done")
    return at.session.scalars(query.order_by(Task.id.desc()).limit(1)).one()


def _still_able(at: At, case: Case, done: Task) -> int | None:
    """Whoever did a step does it again, if they still can; a case that everybody sees is free again."""
    if case.access == "normal":
        return None
    return done.completed_by if done.completed_by in able(at, done, case) else None


def undo_hindrance(at: At, case: Case, sop: Sop, task: Task) -> str:
    """Returns the slug that says why a step cannot be undone, empty when it can be."""
    if case.status != "open":
        return "undo-closed"
    if task.status != "done" or task.step not in sop.steps:
        return "undo-not-done"
    if isinstance(sop.steps[task.step], ApprovalStep):
        return "undo-approval"
    following = select(Task).where(Task.case_id == case.id, Task.after_id == task.id)
    for each in at.session.scalars(following):
        if each.status in ("done", "returned"):
            return "undo-followed"
    return _irreversible(at, case, task)


def _irreversible(at: At, case: Case, task: Task) -> str:
    """Returns why what followed the completion of a step cannot be taken back."""
    query = select(Event).where(Event.subject == "case", Event.subject_id == case.id)
    for each in at.session.scalars(query.order_by(Event.id.desc())):
        if each.kind in FINAL:
            return FINAL[each.kind]
        if each.kind == "step-completed" and each.data.get("step") == task.step:
            return ""
    return "undo-not-done"


def may_undo(at: At, case: Case, task: Task) -> bool:
    """Tells whether a person may undo or correct a step: who did it, or who divides the work here."""
    own = task.completed_by is not None and task.completed_by == at.actor.account_id
    own = own and may_in(at.live.schema, at.actor, "work", case.area)
    return own or may_in(at.live.schema, at.actor, "assign", case.area)


def undo_step(at: At, task_id: int, reason: str = "", *, version: int | None = None) -> None:
    """Takes a completed step back: its task is open again as it was, and what it had opened is withdrawn.

    Raises:
        Forbidden: the actor neither did the step nor divides the work here.
        Refused: something followed that cannot be taken back, or a step behind it is done.
        Changed: the case went on since the form was shown.
    """
    task, case = locked(at, task_id)
    unchanged(case, version)
    if not may_undo(at, case, task):
        raise Forbidden(task.step)
    sop = sop_version(at.session, case.sop_version_id)
    if hindrance := undo_hindrance(at, case, sop, task):
        raise Refused({"step": hindrance})
    opened = [each for each in open_tasks(at.session, case) if each.after_id == task.id]
    for each in opened:
        each.status, each.ended_by, each.version = "withdrawn", task.id, each.version + 1
    at.session.flush()
    joined = select(Task).where(
        Task.case_id == case.id,
        Task.status == "withdrawn",
        Task.ended_by == task.id,
        Task.after_id.is_distinct_from(task.id),
    )
    restored = at.session.scalars(joined).all()
    for each in restored:
        each.status, each.ended_by, each.version = "open", None, each.version + 1
    task.status, task.completed_at, task.completed_by, task.draft = "open", None, None, True
    case.version, task.version = case.version + 1, task.version + 1
    stage = sop.steps[task.step].stage
    case.stage = stage or case.stage
    said = {"step": task.step, "withdrawn": [e.step for e in opened], "again": [e.step for e in restored]}
    event(at, case, "step-undone", said, reason=reason)
    settle(at, case)


def correct(
    at: At, task_id: int, answers: Mapping[str, Value], reason: str, *, version: int | None = None
) -> tuple[str, ...]:
    """Corrects the answers of a completed step; ways that were taken because of them are not taken again.

    Returns:
        The steps to which the case would go with the new answers, where those are others than it went to.

    Raises:
        Forbidden: the actor neither did the step nor divides the work here.
        Refused: the case is closed, nothing differs, something required is missing, or the reason is.
        Changed: the case went on since the form was shown.
    """
    task, case = locked(at, task_id)
    unchanged(case, version)
    if not may_undo(at, case, task):
        raise Forbidden(task.step)
    sop = sop_version(at.session, case.sop_version_id)
    problems = dict(_uncorrectable(at, case, sop, task, answers))
    if not reason:
        problems["reason"] = "field-required"
    if problems:
        raise Refused(problems)
    step = sop.steps[task.step]
    fields = step.answer_fields(lists_of(at.live.schema))
    kept = keep(at, case, task.step, step, answers)
    changed = {
        f"{task.step}.{key}": (kept.get(key), each.plain(answers.get(key)))
        for key, each in fields.items()
        if kept.get(key) != each.plain(answers.get(key))
    }
    if not changed:
        raise Refused({"step": "correct-nothing"})
    elsewhere = _elsewhere(at, case, sop, task, answers)
    case.version += 1
    said = {"step": task.step, "elsewhere": list(elsewhere)}
    event(at, case, "step-corrected", said, changed, reason=reason)
    return elsewhere


def correct_hindrance(case: Case, sop: Sop, task: Task) -> str:
    """Returns the slug that says why the answers of a step cannot be corrected, empty when they can be."""
    if case.status != "open":
        return "correct-closed"
    if task.status != "done" or task.step not in sop.steps:
        return "undo-not-done"
    return "correct-approval" if isinstance(sop.steps[task.step], ApprovalStep) else ""


def _uncorrectable(
    at: At, case: Case, sop: Sop, task: Task, answers: Mapping[str, Value]
) -> Mapping[str, str]:
    if hindrance := correct_hindrance(case, sop, task):
        return {"step": hindrance}
    asked = sop.steps[task.step].answer_fields(lists_of(at.live.schema))
    empty = [key for key, each in asked.items() if each.required and answers.get(key) is None]
    return dict.fromkeys(empty, "field-required")


def _elsewhere(at: At, case: Case, sop: Sop, task: Task, answers: Mapping[str, Value]) -> tuple[str, ...]:
    """Returns where the answers would lead now, empty when that is where they led."""
    undone = (Task.status == "withdrawn") & (Task.ended_by == task.id)
    opened = select(Task.step).where(Task.case_id == case.id, Task.after_id == task.id, ~undone)
    went = frozenset(at.session.scalars(opened))
    step, find = sop.steps[task.step], lookup(at.session, at.live, case, sop, at.now)
    to = step.leads(answers, find).to or sop.after(task.step) or ""
    would = first_tasks(sop, to, find, task.branch) if to and went else went
    return tuple(key for key in sop.steps if key in would) if would != went else ()
