"""Who works on a task: whom it goes to at first, who may take it, to whom it can be given."""

from __future__ import annotations

from sqlalchemy import select

from portal.access import Actor, Forbidden, Granted, may_in, may_work
from portal.accounts import holds
from portal.cases.base import AlreadyMoved, At, event, locked, may_carry_out, unchanged
from portal.releases import Live, sop_version
from portal.steps import ApprovalStep, StepType
from portal.tables import Account, Case, Grant, Task


def first_assignee(at: At, case: Case, role: str) -> int | None:
    """Returns who keeps a case that not everybody may see: whoever acts, if they can; others are assigned."""
    if case.access == "normal":
        return None
    return at.actor.account_id if _able(at.live, at.actor, case, role) else None


def _able(live: Live, actor: Actor, case: Case, role: str, step: str = "", approval: bool = False) -> bool:
    """Tells whether a person's roles carry out such steps here and show them the case once it is theirs."""
    works = may_work(live.schema, actor, role, case.area, None, sop=case.sop, step=step, approval=approval)
    held = (live.schema.roles.get(each.role) for each in actor.grants if each.covers(case.area))
    reaches = {getattr(each.cases, case.access) for each in held if each is not None}
    created = "created" in reaches and case.opened_by == actor.account_id
    return works and (created or bool(reaches & {"area", "assigned"}))


def colleagues(at: At, task: Task, case: Case) -> dict[int, str]:
    """Returns to whom the actor may give a task, by account: nobody unless they divide the work here."""
    if not may_in(at.live.schema, at.actor, "assign", task.area):
        return {}
    return {key: person.label for key, person in able(at, task, case).items()}


def takers(at: At, task: Task, case: Case) -> dict[int, str]:
    """Returns who can carry out a task as it is now, by account: its assignee, else all who may take it.

    Of a case that not everybody may see, that is who sees it without having been given the task.
    """
    people = able(at, task, case)
    if task.assigned_to is not None:
        return {key: person.label for key, person in people.items() if key == task.assigned_to}
    return {key: person.label for key, person in people.items() if _finds(at.live, person, case)}


def _finds(live: Live, person: Actor, case: Case) -> bool:
    held = (live.schema.roles.get(each.role) for each in person.grants if each.covers(case.area))
    reaches = {getattr(each.cases, case.access) for each in held if each is not None}
    normal = case.access == "normal" and "assigned" in reaches
    return normal or "area" in reaches or ("created" in reaches and case.opened_by == person.account_id)


def able(at: At, task: Task, case: Case, step: StepType | None = None) -> dict[int, Actor]:
    """Returns the people with an active account who could carry out a task, by account.

    Args:
        step: its step, where the case does not follow the version yet that has it.
    """
    roles = {key for key, role in at.live.schema.roles.items() if task.role in (key, *role.acts_as)}
    holders = select(Grant.account_id).where(Grant.role.in_(roles), holds(at.now))
    rows = at.session.execute(
        select(Account.id, Account.label, Grant.role, Grant.area)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.active, Account.id.in_(holders), holds(at.now))
        .order_by(Account.label, Account.id, Grant.id)
    )
    people: dict[int, Actor] = {}
    for key, label, role, area in rows:
        before = people[key].grants if key in people else ()
        grants = (*before, Granted(role=role, area=area))
        people[key] = Actor(account_id=key, label=label, grants=grants)
    step = step or sop_version(at.session, case.sop_version_id).steps[task.step]
    which = (task.role, task.step, isinstance(step, ApprovalStep))
    return {key: person for key, person in people.items() if _able(at.live, person, case, *which)}


def assign(at: At, task_id: int, account_id: int | None, *, version: int | None = None) -> None:
    """Gives a task to a person, or back to everyone of its role.

    Raises:
        Forbidden: the actor may neither assign in this area nor work on the task, or the person cannot do it.
        AlreadyMoved: the step is done already.
        Changed: somebody else was given the task since the form was shown.
    """
    task, case = locked(at, task_id)
    schema, own = at.live.schema, account_id in (None, at.actor.account_id)
    step = sop_version(at.session, case.sop_version_id).steps[task.step]
    taking = own and may_carry_out(at, case, task, step)
    giving = may_in(schema, at.actor, "assign", task.area)
    if not taking and not (giving and (account_id is None or account_id in colleagues(at, task, case))):
        raise Forbidden(task.step)
    if task.status != "open":
        raise AlreadyMoved(task)
    unchanged(task, version)
    task.assigned_to, task.version = account_id, task.version + 1
    event(at, case, "task-assigned", {"step": task.step, "account": account_id})
