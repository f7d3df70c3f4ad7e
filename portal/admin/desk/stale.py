"""A form of a case that came too late: who was quicker, and what was typed beside what stands there now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from portal.access import sees
from portal.admin.desk.base import Here
from portal.cases import Paper
from portal.facts import answers_of, calendar, documents_of, step_answers
from portal.fields import FieldType, Unreadable
from portal.releases import SessionNames, sop_version
from portal.tables import Account, Case, Task
from portal.words import say
from portal.worktime import moment


@dataclass(frozen=True, kw_only=True)
class Overtaken:
    """What the page says of a form that came too late."""

    sentence: str
    done: bool = False
    """Whether the step is done, so that nothing is left to be filled in."""
    rows: tuple[tuple[str, str, str], ...] = ()
    """Field, what was typed, what stands there now."""


def overtaken(
    session: Session,
    here: Here,
    task: Task,
    fields: Mapping[str, FieldType],
    data: FormData,
    papers: Mapping[str, Paper],
) -> Overtaken:
    """Returns who was quicker with a task; of a step that is done also both sides of each answer."""
    case = session.get_one(Case, task.case_id)
    if task.status == "open":
        return Overtaken(sentence=_given(session, task))
    rows = (*_answers(session, here, case, task, fields, data), *_papers(session, here, case, papers))
    step = sop_version(session, case.sop_version_id).steps[task.step].label
    at = moment(task.completed_at.astimezone(calendar(here.live.schema).zone)) if task.completed_at else ""
    who = session.get(Account, task.completed_by) if task.completed_by else None
    sentence = say("write-step-done", step=step, name=who.label if who else "–", at=at)
    return Overtaken(sentence=sentence, done=True, rows=rows)


def _given(session: Session, task: Task) -> str:
    holder = session.get(Account, task.assigned_to) if task.assigned_to else None
    return say("write-task-given", name=holder.label) if holder else say("write-task-free")


def _answers(
    session: Session, here: Here, case: Case, task: Task, fields: Mapping[str, FieldType], data: FormData
) -> Iterator[tuple[str, str, str]]:
    names = SessionNames(session, here.live, here.actor)
    sop = sop_version(session, case.sop_version_id)
    stored = step_answers(here.live, sop, answers_of(session, here.live, case), task.step)
    for key, field in fields.items():
        typed = tuple(text for text in data.getlist(key) if isinstance(text, str))
        if not any(each.strip() for each in typed):
            continue
        try:
            mine = field.show(field.read(typed), names)
        except Unreadable:
            mine = " ".join(typed).strip()
        sight, value = sees(here.live.schema, here.actor, field), stored.get(key)
        theirs = field.show(value, names) if sight == "plain" else field.mask(value)
        yield field.label, mine, "" if sight == "hidden" else theirs


def _papers(
    session: Session, here: Here, case: Case, papers: Mapping[str, Paper]
) -> Iterator[tuple[str, str, str]]:
    noted, known = documents_of(session, case), here.live.schema.known.documents
    for key, paper in papers.items():
        label = known[key].label if key in known else key
        row = noted.get(key)
        yield label, _said(paper.state, paper.note), _said(row.state, row.note) if row else ""


def _said(state: str, note: str | None) -> str:
    return f"{say('paper-' + state)}: {note}" if note else say("paper-" + state)
