"""The form of a step: what it starts with, what it may send, what was typed for it, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from portal.access import sees
from portal.admin.desk.base import Here
from portal.admin.desk.casefile import CaseFile
from portal.admin.desk.stale import Overtaken
from portal.admin.forms import Form
from portal.admin.records.mine import case_is_mine
from portal.cases import STATES, Paper, Refused, form_fields
from portal.cases.answering import offered
from portal.cases.base import may_carry_out
from portal.cases.moving import rerouted
from portal.facts import answers_of, earlier_answers, step_answers, today
from portal.fields import DateField, FieldType, Unreadable, Value
from portal.fields.base import legible
from portal.models import lists_of
from portal.releases import sop_version
from portal.rights import reads_step
from portal.schema import CASE
from portal.steps import CheckStep, ReferralStep, WaitStep
from portal.tables import Case, SopVersion, Task
from portal.words import LANGUAGES, say


def answered_before(session: Session, here: Here, task: Task) -> Mapping[str, Value]:
    """Returns what was answered when the step was done before; a field that is not sent stays as it is."""
    case = session.get_one(Case, task.case_id)
    sop = sop_version(session, case.sop_version_id)
    return step_answers(here.live, sop, answers_of(session, here.live, case), task.step)


def is_rerouted(session: Session, task: Task, shown: int | None) -> bool:
    """Tells whether a task's case has moved to rules that differ from those a form was shown for."""
    return rerouted(session, session.get_one(Case, task.case_id), shown)


def left_over(
    session: Session,
    here: Here,
    task: Task,
    data: FormData,
    shown: int | None,
    fields: Mapping[str, FieldType],
) -> tuple[tuple[str, str], ...]:
    """Returns what was typed for another version and has no place on the page now, with its labels."""
    known = session.get(SopVersion, shown) if shown else None
    asked: dict[str, FieldType] = {}
    for step in sop_version(session, known.id).steps.values() if known else ():
        asked |= form_fields(here.live, step)
    case = session.get_one(Case, task.case_id)
    step = sop_version(session, case.sop_version_id).steps[task.step]
    kept = fields if may_carry_out(here.at(session), case, task, step) else {}
    typed = ((key, " ".join(map(str, data.getlist(key))).strip()) for key in asked if key not in kept)
    return tuple((asked[key].label, text) for key, text in typed if text)


FOLLOWS = DateField(type="date", label="-")


def papers_of(data: FormData) -> dict[str, Paper]:
    """Returns what a form says of documents: `doc-<id>`, `note-<id>`, and `follow-<id>` by when it comes."""
    said = {}
    for name, state in data.multi_items():
        if name.startswith("doc-") and state in STATES:
            note = legible(str(data.get(f"note-{name[4:]}", ""))).strip()[:200]
            day = _follows(data, name[4:]) if state == "to-follow" else None
            said[name[4:]] = Paper(
                state=str(state), note=note or None, follow_by=day if isinstance(day, date) else None
            )
    return said


def wrong_dates(data: FormData) -> dict[str, str]:
    """Returns the documents whose day could not be read, with what was typed."""
    return {
        name[4:]: said
        for name, state in data.multi_items()
        if name.startswith("doc-") and state == "to-follow"
        if isinstance(said := _follows(data, name[4:]), str)
    }


def _follows(data: FormData, key: str) -> date | str | None:
    """The day by which a document is to follow, what was typed when it is none."""
    said = legible(str(data.get(f"follow-{key}", ""))).strip()
    try:
        found = FOLLOWS.parse(said) if said else None
    except Unreadable:
        return said[:20]
    return found if isinstance(found, date) else None


PAPERS = ("case-document-missing",)
"""The objections to documents; the page names each of them."""


def mark(form: Form, refused: Refused) -> tuple[str, ...]:
    """Puts the engine's objections at their fields; returns the documents that are missing."""
    missing = []
    for name, slug in refused.problems.items():
        if name in form.entries:
            field = form.entries[name].field
            form.add_error(name, say(slug, label=field.label) if slug in LANGUAGES["id"] else slug)
        elif slug in PAPERS:
            missing.append(name)
    return tuple(missing)


def hindered(form: Form, refused: Refused) -> Overtaken | None:
    """Returns in words what stands in the way and belongs to no entry, such as a check that is stale."""
    said = [say(s) for n, s in refused.problems.items() if n not in form.entries and s not in PAPERS]
    return Overtaken(sentence=" ".join(dict.fromkeys(said))) if said else None


def proposed(session: Session, here: Here, case: Case, file: CaseFile) -> dict[str, Value]:
    """Returns what a form starts with: today, who looks, what is known from before, and where to refer to."""
    if file.now is None:
        return {}
    step, day = file.now.step, today(here.live.schema, here.now)
    own = step.answer_fields(lists_of(here.live.schema))
    schema, mine = here.live.schema, case_is_mine(session, here.live.schema, here.actor, case)

    def readable(key: str, field: FieldType) -> bool:
        sight = sees(schema, here.actor, field, CASE, area=case.area, assigned=mine)
        return sight == "plain" and reads_step(schema, here.actor, case.sop, key, case.area)

    said = earlier_answers(session, here.live, case, file.sop, readable)
    found: dict[str, Value] = {
        key: day for key, field in own.items() if field.required and isinstance(field, DateField)
    }
    found |= {key: value for key, value in said.items() if key in file.now.fields and key not in own}
    if file.now.task.draft:
        row = answers_of(session, here.live, case)
        kept = step_answers(here.live, file.sop, row, file.now.step_id)
        found |= {k: v for k, v in kept.items() if v is not None and readable(file.now.step_id, own[k])}
        return found
    if isinstance(step, CheckStep):
        found["checked_by"] = here.actor.label
    if isinstance(step, WaitStep) and (waiting := offered(here.at(session), case, step)):
        found |= waiting[1]
    if isinstance(step, ReferralStep):
        program = here.live.schema.known.programs.get(case.program)
        found["destination"] = step.destination or (program.destination if program else None)
    return found
