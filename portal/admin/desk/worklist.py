"""My tasks: what is late, due today and next, for the roles and areas of one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, case_scope, task_scope
from portal.facts import calendar
from portal.releases import Live, SessionNames, sop_version
from portal.tables import Case, Task
from portal.worktime import Standing, standing, standing_in_words

MOST = 200
"""How many tasks the page shows at most; the most urgent come first."""


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One task as the worklist shows it."""

    case_id: int
    number: str
    person: str
    program: str
    step: str
    standing: Standing
    standing_words: str
    assigned: bool


@dataclass(frozen=True, kw_only=True)
class Worklist:
    """The tasks of one person in groups, in the order in which they should be looked at."""

    groups: Mapping[str, Sequence[TaskLine]]
    more: bool

    @property
    def count(self) -> int:
        """How many tasks are shown."""
        return sum(len(lines) for lines in self.groups.values())


def worklist(session: Session, live: Live, actor: Actor, now: datetime) -> Worklist:
    """Returns the open tasks that a person may carry out, the most urgent first."""
    rows = session.execute(
        select(Task, Case)
        .join(Case, Case.id == Task.case_id)
        .where(Task.status == "open", task_scope(live.schema, actor), case_scope(live.schema, actor))
        .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
        .limit(MOST + 1)
    ).all()
    names = SessionNames(session, live, actor)
    subject = live.schema.subject()
    names.preload(subject, [case.resident_id for _, case in rows if case.resident_id is not None])
    groups: dict[str, list[TaskLine]] = {"late": [], "today": [], "ahead": []}
    for task, case in rows[:MOST]:
        line = _line(session, live, names, task, case, now)
        groups[line.standing.kind].append(line)
    return Worklist(groups=groups, more=len(rows) > MOST)


def _line(
    session: Session, live: Live, names: SessionNames, task: Task, case: Case, now: datetime
) -> TaskLine:
    program = live.schema.programs.get(case.program)
    where = (
        standing(task.due_at, now, calendar(live.schema)) if task.due_at else Standing(kind="ahead", days=0)
    )
    resident = names.record(live.schema.subject(), case.resident_id) if case.resident_id else ""
    return TaskLine(
        case_id=case.id,
        number=case.number,
        person=resident,
        program=(program.short or program.label) if program else case.program,
        step=sop_version(session, case.sop_version_id).steps[task.step].label,
        standing=where,
        standing_words=standing_in_words(where) if task.due_at else "",
        assigned=task.assigned_to is not None,
    )
