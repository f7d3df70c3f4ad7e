"""What is known of a case: its resident, answers and documents, read for conditions and letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.conditions import MISSING
from portal.fields import DateField, FieldType, LinkField, Value
from portal.models import answer_column, column_name, lists_of
from portal.releases import Live
from portal.schema import NO_FLAG, Schema, Sop
from portal.steps import CheckStep, Lookup
from portal.tables import Case, CaseDocument, Task
from portal.timetable import calendar as calendar
from portal.worktime import due

CASE_PATHS = ("priority", "channel", "complaint", "program", "area", "stage", "access")


def today(schema: Schema, now: datetime) -> date:
    """Returns the date of a moment in the office's time zone."""
    return now.astimezone(ZoneInfo(schema.office.time_zone)).date()


def age(born: object, on: date) -> int | None:
    """Returns the full years of someone born on a date, None when it is not known."""
    if not isinstance(born, date):
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def resident_of(session: Session, live: Live, case: Case) -> Any | None:
    """Returns the record that a case is about, None while it is anonymous."""
    if case.resident_id is None:
        return None
    return session.get(live.models.records[live.schema.subject()], case.resident_id)


def field_value(row: Any, field_id: str, field: FieldType) -> Value:
    """Returns the value of a field of a row."""
    return field.stored(getattr(row, column_name(field_id)))


def birth_date(live: Live, row: Any) -> date | None:
    """Returns the birth date of a resident: the first date field with "birth" in its id."""
    for key, field in live.schema.records[live.schema.subject()].fields.items():
        if isinstance(field, DateField) and "birth" in key:
            value = field_value(row, key, field)
            return value if isinstance(value, date) else None
    return None


def linked(session: Session, live: Live, row: Any, record: str) -> Any | None:
    """Returns the record of a type to which a subject's link field points."""
    for key, field in live.schema.records[live.schema.subject()].fields.items():
        if isinstance(field, LinkField) and field.to == record:
            target = getattr(row, column_name(key))
            return None if target is None else session.get(live.models.records[record], target)
    return None


def answers_of(session: Session, live: Live, case: Case) -> Any | None:
    """Returns the row of a case's answers."""
    return session.get(live.models.answers[case.sop], case.id)


def answer(row: Any | None, step: str, field_id: str, field: FieldType) -> Value:
    """Returns one answer, None when it was not given."""
    return None if row is None else field.stored(getattr(row, answer_column(step, field_id), None))


def step_answers(live: Live, sop: Sop, row: Any | None, step: str) -> Mapping[str, Value]:
    """Returns the answers of one step by field id."""
    fields = sop.steps[step].answer_fields(lists_of(live.schema))
    return {key: answer(row, step, key, field) for key, field in fields.items()}


def earlier_answers(
    session: Session,
    live: Live,
    case: Case,
    sop: Sop,
    readable: Callable[[str, FieldType], bool] = lambda step, field: True,
) -> Mapping[str, Value]:
    """Returns what was answered in completed steps by field id; the newest answer to an id counts.

    Args:
        readable: whether the reader sees a field of a step in full; the answers to others are left out.

    A step that a moved case completed and its version no longer has says nothing.
    """
    done = select(Task.step).where(Task.case_id == case.id, Task.status == "done").order_by(Task.id)
    row = answers_of(session, live, case)
    said: dict[str, Value] = {}
    for step in filter(sop.steps.__contains__, session.scalars(done)):
        fields = sop.steps[step].answer_fields(lists_of(live.schema))
        answers = step_answers(live, sop, row, step).items()
        said |= {k: v for k, v in answers if v is not None and readable(step, fields[k])}
    return said


def latest_check(session: Session, case: Case, sop: Sop) -> str | None:
    """Returns the id of the check step that was completed last."""
    checks = [key for key, step in sop.steps.items() if isinstance(step, CheckStep)]
    done = select(Task.step).where(Task.case_id == case.id, Task.status == "done", Task.step.in_(checks))
    return session.scalar(done.order_by(Task.completed_at.desc(), Task.id.desc()).limit(1))


def holds_until(schema: Schema, sop: Sop, row: Any | None, step: str) -> datetime | None:
    """Returns until when the result of a check holds, None when it has no end or there is no result."""
    definition, checked_on = sop.steps[step], getattr(row, answer_column(step, "checked_on"), None)
    limit = definition.stale_after if isinstance(definition, CheckStep) else None
    if limit is None or not isinstance(checked_on, date):
        return None
    office = calendar(schema)
    return due(datetime.combine(checked_on, time(), office.zone), limit, office).at


def is_stale(schema: Schema, sop: Sop, row: Any | None, step: str, now: datetime) -> bool:
    """Tells whether the result of a check holds no longer."""
    until = holds_until(schema, sop, row, step)
    return until is not None and now > until


def documents_of(session: Session, case: Case) -> Mapping[str, CaseDocument]:
    """Returns where each noted document of a case stands."""
    rows = session.scalars(select(CaseDocument).where(CaseDocument.case_id == case.id))
    return {row.document: row for row in rows}


def lookup(session: Session, live: Live, case: Case, sop: Sop, now: datetime) -> Lookup:
    """Returns the function that gives conditions the value at a path, None when nothing is known.

    Paths: `resident.<field>`, `resident.age`, `registry.<field>` (the newest check), `case.<attribute>`,
    `documents.<id>` (its state) and `<step>.<field>` of the SOP; of a check also `stale`.
    """
    lists = lists_of(live.schema)
    row = answers_of(session, live, case)
    resident = resident_of(session, live, case)
    subject = live.schema.records[live.schema.subject()]

    withdrawn = live.schema.past.fields.get(live.schema.subject(), {})

    def find(path: str) -> object:
        root, _, name = path.partition(".")
        if root == "case":
            if name == "flags":
                return case.flags or [NO_FLAG]
            return getattr(case, name, MISSING) if name in CASE_PATHS else MISSING
        if root == "documents":
            noted = documents_of(session, case).get(name)
            return MISSING if noted is None else noted.state
        if root == "resident":
            return _of_resident(name)
        step = root if root in sop.steps else latest_check(session, case, sop) if root == "registry" else None
        if name == "stale" and step is not None and isinstance(sop.steps[step], CheckStep):
            return is_stale(live.schema, sop, row, step, now)
        if step is None or name not in (fields := sop.steps[step].answer_fields(lists)):
            return MISSING
        return fields[name].plain(answer(row, step, name, fields[name]))

    def _of_resident(name: str) -> object:
        if resident is None:
            return MISSING
        if name == "age":
            return age(birth_date(live, resident), today(live.schema, now))
        field = subject.fields.get(name) or withdrawn.get(name)
        return MISSING if field is None else field.plain(field_value(resident, name, field))

    return find
