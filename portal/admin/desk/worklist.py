"""My tasks: what is late, due today, next, waiting, not taken, for the roles and areas of one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from portal import reads, wall
from portal.access import Actor, task_scopes, within
from portal.admin.desk.views import GROUPS, Asked
from portal.facts import calendar
from portal.releases import Live, SessionNames, sop_version
from portal.schema import Group
from portal.steps import StepType, WaitStep
from portal.tables import Case, Task
from portal.words import say
from portal.worktime import Calendar, Standing, day_date, standing, standing_in_words

MOST = 1000
"""How many tasks the page counts at most; the most urgent come first."""
VILLAGE = 3
"""How many dots the code of a village has."""
Found = Row[Task, Case]
Key = tuple[int, datetime | None]


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One task as the worklist shows it."""

    case_id: int
    value: str
    """The task with its version, as a form names it."""
    number: str
    person: str
    program: str
    step: str
    standing: Standing
    standing_words: str
    waiting: str
    """For whom it waits and until when, empty when it waits for nobody."""
    assigned: bool
    area: str


@dataclass(frozen=True, kw_only=True)
class Worklist:
    """The tasks of one person in groups, in the order in which they should be looked at."""

    groups: Mapping[Group, Sequence[TaskLine]]
    """The lines that are shown of each group."""
    counts: Mapping[Group, int] = field(default_factory=dict)
    """How many each group has."""
    more: bool = False
    """Whether there are more tasks than are counted."""

    @property
    def count(self) -> int:
        """How many tasks there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class _Sorted:
    """One task in its group."""

    task: Task
    case: Case
    step: StepType
    where: Standing | None


def worklist(
    session: Session,
    live: Live,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
    shown: int | None = None,
) -> Worklist:
    """Returns the open tasks that a person may carry out, the most urgent first.

    Args:
        asked: what of them, everything without it.
        shown: how many lines of each group, all that are counted without it.
    """
    asked = asked or Asked()
    keys = _urgent(session, live, actor, _narrowed(asked))
    groups: dict[Group, list[_Sorted]] = {group: [] for group in GROUPS}
    for group, each in _sorted(session, live, now, keys[:MOST]):
        if _fits(asked, group, each.step):
            groups[group].append(each)
    visible = {group: found[:shown] for group, found in groups.items()}
    cases = [each.case for found in visible.values() for each in found]
    names = SessionNames(session, live, actor)
    people = [case.resident_id for case in cases if case.resident_id is not None]
    names.preload(live.schema.subject(), people)
    plain = {"number": "plain", "program": "plain", "step": "plain"}
    reads.note("case", (case.id for case in cases), plain)
    return Worklist(
        groups={group: [_line(live, names, each) for each in found] for group, found in visible.items()},
        counts={group: len(found) for group, found in groups.items()},
        more=len(keys) > MOST,
    )


def _narrowed(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """What is asked for as far as the database can say it."""
    parts: list[ColumnElement[bool]] = []
    if asked.program:
        parts.append(Case.program == asked.program)
    if asked.stage:
        parts.append(Case.stage == asked.stage)
    if asked.priority:
        parts.append(Case.priority == asked.priority)
    if asked.area:
        parts.append(within(Task.area, [asked.area]))
    return tuple(parts)


def _fits(asked: Asked, group: Group, step: StepType) -> bool:
    """Tells what the rest of the question says of a task, which its step knows."""
    kind, waits_for = getattr(step, "type", None), getattr(step, "waits_for", None)
    return (
        asked.group in (None, group) and asked.step in (None, kind) and asked.waits_for in (None, waits_for)
    )


def _sorted(
    session: Session, live: Live, now: datetime, keys: Sequence[int]
) -> Iterator[tuple[Group, _Sorted]]:
    found = session.execute(select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id.in_(keys)))
    by_key = {task.id: (task, case) for task, case in found}
    for key in keys:
        task, case = by_key[key]
        step = sop_version(session, case.sop_version_id).steps[task.step]
        where = _standing(task, now, calendar(live.schema, case.area, case.centre))
        yield group_of(task, step, where), _Sorted(task=task, case=case, step=step, where=where)


def group_of(task: Task, step: StepType, where: Standing | None) -> Group:
    """Returns the one group of a task: what is urgent comes before whether it waits or was taken."""
    if where is not None and where.kind == "late":
        return "late"
    if where is not None and where.kind == "today":
        return "today"
    if isinstance(step, WaitStep):
        return "waiting"
    return "next" if task.assigned_to is not None else "free"


def _urgent(
    session: Session, live: Live, actor: Actor, narrowed: tuple[ColumnElement[bool], ...] = ()
) -> list[int]:
    """Returns the keys of a person's open tasks by due date, one more than is counted.

    Each role and area is asked apart, by the index that has its tasks in that order: however many tasks there
    are, only the first ones are read.
    """
    due: dict[int, datetime | None] = {}
    seen = wall.cases(live.schema, actor, "task")
    for part, area in task_scopes(live.schema, actor):
        index = _index(area)
        for dated in (Task.due_at.is_not(None), Task.due_at.is_(None)):
            query = (
                select(Task.id, Task.due_at)
                .with_hint(Task, f"INDEXED BY {index}", "sqlite")
                .join(Case, Case.id == Task.case_id)
                .where(Task.status == "open", part, dated, seen, *narrowed)
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


def _line(live: Live, names: SessionNames, each: _Sorted) -> TaskLine:
    task, case, step = each.task, each.case, each.step
    program = live.schema.known.programs.get(case.program)
    resident = names.record(live.schema.subject(), case.resident_id) if case.resident_id else ""
    return TaskLine(
        case_id=case.id,
        value=f"{task.id}.{task.version}",
        number=case.number,
        person=resident,
        program=(program.short or program.label) if program else case.program,
        step=step.label,
        standing=each.where or Standing(kind="ahead", days=0),
        standing_words=standing_in_words(each.where)
        if each.where
        else say("clock-paused")
        if task.paused_at
        else "",
        waiting=_waiting(live, task, step),
        assigned=task.assigned_to is not None,
        area=task.area,
    )


def _waiting(live: Live, task: Task, step: StepType) -> str:
    if not isinstance(step, WaitStep):
        return ""
    until = day_date(task.due_at.astimezone(calendar(live.schema).zone).date()) if task.due_at else ""
    who = say(f"tasks-waits-{step.waits_for}")
    return say("tasks-waits-until", who=who, day=until) if until else who
