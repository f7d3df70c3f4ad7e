"""Who can see a case, and why: every account with the grant and the reason that show it to them.

It says in words what `access.case_scope` says in SQL; a test compares the two for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SEEING, Actor, Granted, may_work, roles_of, works_as
from portal.releases import Live, sop_version
from portal.schema import Reach, Role, Schema
from portal.steps import ApprovalStep
from portal.tables import Account, Case, Grant, Task
from portal.words import say

Why = Literal["area", "opened", "assigned", "worked", "waiting"]
"""All cases of the class there; taken by them; their task; one that was theirs; one for their role."""


@dataclass(frozen=True, kw_only=True)
class Seer:
    """One way in which somebody can see a case."""

    account_id: int
    name: str
    role: str
    area: str
    """Where the role is held, empty for everywhere."""
    why: tuple[Why, ...]
    works: bool
    """Whether they can also complete the step that is open."""

    def reasons(self) -> str:
        """Returns the reasons as people read them."""
        return ", ".join(say(f"who-because-{each}") for each in self.why)


def who_can(session: Session, live: Live, case: Case) -> tuple[Seer, ...]:
    """Returns everybody with an active account who can see a case, by name, with the reasons."""
    tasks = session.scalars(select(Task).where(Task.case_id == case.id)).all()
    return tuple(
        Seer(
            account_id=person.account_id or 0,
            name=person.label,
            role=role.label,
            area=live.places.full_name(granted.area) if granted.area else "",
            why=why,
            works=_works(session, live, person, case, tasks),
        )
        for person in people(session)
        for granted, role, why in reasons(live.schema, person, case, tasks)
    )


def people(session: Session) -> tuple[Actor, ...]:
    """Returns everybody with an active account, by name."""
    rows = session.execute(
        select(Account.id, Account.label, Grant.role, Grant.area)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.active)
        .order_by(Account.label, Account.id, Grant.id)
    )
    held: dict[tuple[int, str], list[Granted]] = {}
    for key, label, role, area in rows:
        held.setdefault((key, label), []).append(Granted(role=role, area=area))
    return tuple(
        Actor(account_id=key, label=label, grants=tuple(grants)) for (key, label), grants in held.items()
    )


def reasons(
    schema: Schema, person: Actor, case: Case, tasks: Sequence[Task]
) -> Iterator[tuple[Granted, Role, tuple[Why, ...]]]:
    """Yields each role over the case's area that shows it to a person, with why."""
    for granted, role in roles_of(schema, person, case.area):
        why = _why(schema, person, case, tasks, getattr(role.cases, case.access))
        if case.status == "closed" and role.cases.closed is not None:
            still = _why(schema, person, case, tasks, role.cases.closed)
            why = (still if why == ("area",) else why) if still else ()
        if why:
            yield granted, role, why


def _why(schema: Schema, person: Actor, case: Case, tasks: Sequence[Task], reach: Reach) -> tuple[Why, ...]:
    if reach not in SEEING:
        return ()
    if reach == "area":
        return ("area",)
    me, found = person.account_id, list[Why]()
    found += ["opened"] if case.opened_by == me else []
    if reach == "created":
        return tuple(found)
    roles = {granted.role for granted in works_as(schema, person) if granted.covers(case.area)}
    found += ["assigned"] if any(task.assigned_to == me for task in tasks) else []
    found += ["worked"] if any(task.completed_by == me for task in tasks) else []
    free = (task for task in tasks if task.status == "open" and task.assigned_to is None)
    found += ["waiting"] if case.access == "normal" and any(task.role in roles for task in free) else []
    return tuple(found)


def _works(session: Session, live: Live, person: Actor, case: Case, tasks: Sequence[Task]) -> bool:
    steps = sop_version(session, case.sop_version_id).steps
    return any(
        may_work(
            live.schema,
            person,
            task.role,
            task.area,
            task.assigned_to,
            sop=case.sop,
            step=task.step,
            approval=isinstance(steps[task.step], ApprovalStep),
        )
        for task in tasks
        if task.status == "open"
    )
