"""What the engine works with: where it acts, what it is told, what it objects to, due dates and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, may_work, roles_of
from portal.events import Pair, record
from portal.fields import FieldType, Value
from portal.letters.context import issuing_centre
from portal.letters.numbers import LETTER_NUMBER, book_of, wrong
from portal.models import lists_of
from portal.releases import Live
from portal.rights import may_letter
from portal.schema import Schema, Sop
from portal.steps import ApprovalStep, ReferralStep, StepType, WaitStep
from portal.tables import Case, CaseDocument, Task
from portal.timetable import calendar
from portal.worktime import Calendar, Due, Duration, due

STATES = ("brought", "to-follow", "not-needed")
"""Where a document can stand."""


@dataclass(frozen=True, kw_only=True)
class At:
    """Where and by whom something is done: the transaction, what is in force, who acts, when."""

    session: Session
    live: Live
    actor: Actor
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is said of a document: brought, to follow until a date, or not needed because."""

    state: str
    follow_by: date | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Intake:
    """A complaint as it is taken."""

    area: str
    channel: str
    program: str
    complaint: str
    priority: str
    description: str
    resident_id: int | None = None
    reporter_name: str | None = None
    reporter_phone: str | None = None
    reporter_relation: str | None = None
    papers: Mapping[str, Paper] = field(default_factory=dict)
    reporter: str | None = None
    without_nik: str | None = None


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A document that a step asks for, and where it stands."""

    document: str
    required: bool
    may_follow: bool
    paper: CaseDocument | None

    @property
    def settled(self) -> bool:
        """Whether the step can be completed as far as this document goes."""
        if not self.required:
            return True
        state = self.paper.state if self.paper else ""
        excused = state == "not-needed" and self.paper is not None and bool(self.paper.note)
        return state == "brought" or excused or (state == "to-follow" and self.may_follow)


class Refused(Exception):
    """The step cannot be completed; `problems` maps fields (or documents) to the slug that says why."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{key}: {slug}" for key, slug in problems.items()))
        self.problems = problems


class AlreadyMoved(Exception):
    """Somebody else completed the step in the meantime; the task says who and when."""

    def __init__(self, task: Task) -> None:
        super().__init__(task.step)
        self.task = task


class Rerouted(AlreadyMoved):
    """The case was moved to another version of its SOP since the form of the step was opened."""


class Changed(Exception):
    """A task was given to somebody else, or a case went on, since the form was shown."""


def unchanged(row: Task | Case, shown: int | None) -> None:
    """Compares a locked task or case with the one that a form was shown for; None is no form.

    Raises:
        Changed: it has another version by now.
    """
    if shown is not None and row.version != shown:
        raise Changed


def locked_case(session: Session, case_id: int) -> Case:
    """Returns a case as it is now, locked until the transaction ends; the first lock of every act on it."""
    query = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def locked(at: At, task_id: int) -> tuple[Task, Case]:
    """Returns a task and its case, locked until the transaction ends."""
    task = at.session.get_one(Task, task_id)
    case = locked_case(at.session, task.case_id)
    at.session.refresh(task)
    return task, case


def due_of(
    at: At,
    within: Duration | None,
    ceiling: Duration | None,
    since: datetime | None = None,
    case: Case | None = None,
) -> Due | None:
    """The earlier of a step's limit and the limit of the case's priority, counted from `since` or now.

    Args:
        case: whose area and office say when work is done; the district's hours hold without one.
    """
    area, centre = (case.area, case.centre) if case is not None else ("", "")
    limits = tuple(each for each in (within, ceiling) if each is not None)
    return earliest(since or at.now, limits, calendar(at.live.schema, area, centre))


def earliest(start: datetime, limits: Sequence[Duration], days: Calendar) -> Due | None:
    """Returns the due date of the limit that ends first, None when there is no limit."""
    return min((due(start, each, days) for each in limits), key=lambda found: found.at, default=None)


def limits_of(at: At, case: Case, step: StepType) -> tuple[Duration, ...]:
    """Returns the limits of a step: its own or the office's, and that of an urgent case."""
    limits = (step.within or at.live.schema.office.clocks.step, hurry(at, case, step))
    return tuple(each for each in limits if each is not None)


def reply_limit(at: At, sop: Sop, destination: str) -> Duration | None:
    """Returns how long an agency has to answer: as the referring step, the agency or the office says."""
    referring = [each for each in sop.steps.values() if isinstance(each, ReferralStep)]
    named = [each for each in referring if each.destination == destination]
    own = next((each.reply_within for each in (*named, *referring) if each.reply_within), None)
    known = at.live.schema.known.destinations.get(destination)
    return own or (known.reply_within if known else None) or at.live.schema.office.clocks.referral


def hurry(at: At, case: Case, step: StepType) -> Duration | None:
    """The limit of an urgent case: for the office's own work, not for others' and not for months of care."""
    priority = at.live.schema.priorities.get(case.priority)
    calendar_days = step.within is not None and step.within.unit not in ("working days", "working hours")
    return None if priority is None or calendar_days or isinstance(step, WaitStep) else priority.within


def event(
    at: At,
    case: Case,
    kind: str,
    data: Mapping[str, object],
    values: Mapping[str, Pair] | None = None,
    *,
    reason: str = "",
) -> None:
    record(
        at.session,
        actor=at.actor,
        now=at.now,
        kind=kind,
        subject="case",
        subject_id=case.id,
        data=data,
        values=values,
        reason=reason,
    )


def may_carry_out(at: At, case: Case, task: Task, step: StepType) -> bool:
    """Tells whether the actor may complete a task: its role, its step, and the letter that it issues."""
    schema, letter = at.live.schema, getattr(step, "letter", None)
    approval = isinstance(step, ApprovalStep)
    return may_work(
        schema,
        at.actor,
        task.role,
        task.area,
        task.assigned_to,
        sop=case.sop,
        step=task.step,
        approval=approval,
    ) and (letter is None or _may_issue(schema, at.actor, task, letter))


def _may_issue(schema: Schema, actor: Actor, task: Task, letter: str) -> bool:
    """Somebody whose task it is issues its letter, unless their roles here say otherwise of that letter."""
    own = task.assigned_to is not None and task.assigned_to == actor.account_id
    named = any(letter in role.letters for _, role in roles_of(schema, actor, task.area))
    return (own and not named) or may_letter(schema, actor, letter, "issue", task.area)


def form_fields(live: Live, step: StepType) -> Mapping[str, FieldType]:
    """Returns what completing a step asks: its own fields and those of the letter it issues."""
    letter = live.schema.known.letters.get(str(getattr(step, "letter", "")))
    return {**(letter.asked() if letter else {}), **step.answer_fields(lists_of(live.schema))}


def wrong_number(at: At, case: Case, letter_id: str | None, answers: Mapping[str, Value]) -> dict[str, str]:
    """Returns what is wrong with a number that was typed for a letter, by field; empty when nothing is."""
    letter = at.live.schema.known.letters.get(letter_id or "")
    if letter_id is None or letter is None or not letter.asks_number:
        return {}
    centre_id, _ = issuing_centre(at.live, letter, case)
    book = book_of(at.live.schema, letter_id, centre_id, at.now, case.area)
    why = wrong(at.session, book, answers.get(LETTER_NUMBER))
    return {LETTER_NUMBER: why} if why else {}
