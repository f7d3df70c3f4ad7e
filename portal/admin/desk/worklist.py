"""My tasks: what is late, due today and next, for the roles and areas of one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import reads, wall
from portal.access import Actor, task_scopes
from portal.facts import calendar
from portal.releases import Live, SessionNames, sop_version
from portal.tables import Case, Task
from portal.words import say
from portal.worktime import Calendar, Standing, standing, standing_in_words

MOST = 100
"""How many tasks the page shows at most; the most urgent come first."""
VILLAGE = 3
"""How many dots the code of a village has."""


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
    area: str


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
    keys = _urgent(session, live, actor)
    found = session.execute(
        select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id.in_(keys[:MOST]))
    )
    by_key = {task.id: (task, case) for task, case in found}
    rows = [by_key[key] for key in keys[:MOST]]
    names = SessionNames(session, live, actor)
    subject = live.schema.subject()
    names.preload(subject, [case.resident_id for _, case in rows if case.resident_id is not None])
    reads.note(
        "case", (case.id for _, case in rows), {"number": "plain", "program": "plain", "step": "plain"}
    )
    groups: dict[str, list[TaskLine]] = {"late": [], "today": [], "ahead": []}
    for task, case in rows:
        line = _line(
            session,
            live,
            names,
            task,
            case,
            _standing(task, now, calendar(live.schema, case.area, case.centre)),
        )
        groups[line.standing.kind].append(line)
    return Worklist(groups=groups, more=len(keys) > MOST)


def _urgent(session: Session, live: Live, actor: Actor) -> list[int]:
    """Returns the keys of a person's open tasks by due date, those without one last, one more than is shown.

    Each role and area is asked apart, by the index that has its tasks in that order: however many tasks there
    are, only the first ones are read.
    """
    due: dict[int, datetime | None] = {}
    for part, area in task_scopes(live.schema, actor):
        index = _index(area)
        for dated in (Task.due_at.is_not(None), Task.due_at.is_(None)):
            query = (
                select(Task.id, Task.due_at)
                .with_hint(Task, f"INDEXED BY {index}", "sqlite")
                .join(Case, Case.id == Task.case_id)
                .where(Task.status == "open", part, dated, wall.cases(live.schema, actor, "task"))
            )
            due |= dict(session.execute(query.order_by(Task.due_at, Task.id).limit(MOST + 1)).all())
    return sorted(due, key=lambda key: (due[key] is None, due[key] or datetime.max.replace(tzinfo=UTC), key))


def _index(area: str | None) -> str:
    """The index that has the tasks of a person, of one village or of more than that by due date."""
    if area is None:
        return "ix_task_assigned_to"
    return "ix_task_worklist" if area.count(".") == VILLAGE else "ix_task_role_due"


def _standing(task: Task, now: datetime, days: Calendar) -> Standing | None:
    return standing(task.due_at, now, days) if task.due_at and task.paused_at is None else None


def _line(
    session: Session, live: Live, names: SessionNames, task: Task, case: Case, where: Standing | None
) -> TaskLine:
    program = live.schema.known.programs.get(case.program)
    resident = names.record(live.schema.subject(), case.resident_id) if case.resident_id else ""
    return TaskLine(
        case_id=case.id,
        number=case.number,
        person=resident,
        program=(program.short or program.label) if program else case.program,
        step=sop_version(session, case.sop_version_id).steps[task.step].label,
        standing=where or Standing(kind="ahead", days=0),
        standing_words=standing_in_words(where) if where else say("clock-paused") if task.paused_at else "",
        assigned=task.assigned_to is not None,
        area=task.area,
    )
