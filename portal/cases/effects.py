"""Carries out the effects of completed steps: letters, referrals, replies, records, the end of a case."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from portal.cases.base import At, due_of, event, form_fields
from portal.duties.consent import note_referral
from portal.events import record
from portal.facts import today
from portal.fields import Value
from portal.letters import issue
from portal.letters.context import Wanted
from portal.models import column_name
from portal.referrals import give_ticket, new_pair, open_referral, page_part, take_reply, ticket_part
from portal.referrals.base import told
from portal.referrals.codes import Pair
from portal.referrals.states import OPEN
from portal.steps import (
    CloseCase,
    Effect,
    IssueLetter,
    OpenReferral,
    RecordReply,
    StepType,
    WaitStep,
    WriteRecord,
)
from portal.tables import Case, IssuedLetter, Referral, Task


def carry_out(
    at: At,
    case: Case,
    step: StepType,
    answers: Mapping[str, Value],
    effects: tuple[Effect, ...],
    task: Task | None = None,
) -> tuple[IssuedLetter, ...]:
    """Carries out effects and returns the letters issued; without a task they stand beside the steps."""
    letters: list[IssuedLetter] = []
    pair = new_pair() if any(isinstance(each, OpenReferral) for each in effects) else None
    for effect in effects:
        if isinstance(effect, IssueLetter):
            letters.append(_issue(at, case, step, answers, effect, pair))
        elif isinstance(effect, OpenReferral) and pair is not None:
            _refer(at, case, step, effect, letters[-1], pair, answers, task)
        elif isinstance(effect, RecordReply) and isinstance(step, WaitStep):
            take_reply(at, case, step, effect.reply, str(answers.get("note") or ""))
        elif isinstance(effect, WriteRecord):
            _write_record(at, case, effect)
        elif isinstance(effect, CloseCase):
            _close(at, case, effect)
    return tuple(letters)


def _issue(
    at: At,
    case: Case,
    step: StepType,
    answers: Mapping[str, Value],
    effect: IssueLetter,
    pair: Pair | None,
) -> IssuedLetter:
    program = at.live.schema.known.programs.get(case.program)
    limit = due_of(at, getattr(step, "reply_within", None), None, case=case)
    wanted = Wanted(
        letter=effect.letter,
        destination=effect.destination or (program.destination if program else None),
        form=answers,
        form_fields=form_fields(at.live, step),
        reply_by=today(at.live.schema, limit.at) if limit else None,
        reply=page_part(at.live.schema, pair) if pair else {},
        ticket=ticket_for(at, case, effect.letter),
    )
    return issue(at.session, at.live, case, wanted, actor=at.actor, now=at.now)


def ticket_for(at: At, case: Case, letter: str) -> Mapping[str, object]:
    """Returns what a letter prints for the resident to follow the case with, nothing unless it bears that."""
    definition = at.live.schema.known.letters.get(letter)
    if definition is None or not definition.tracking:
        return {}
    pair = give_ticket(at, case)
    event(at, case, "ticket-given", {})
    return ticket_part(at.live.schema, pair)


def _refer(
    at: At,
    case: Case,
    step: StepType,
    effect: OpenReferral,
    letter: IssuedLetter,
    pair: Pair,
    answers: Mapping[str, Value],
    task: Task | None,
) -> None:
    if task is not None:
        _replace(at, case, task)
    agreed = answers.get("consent") is True
    known = at.live.schema.known.destinations.get(effect.destination)
    if known is not None and known.consent:
        note_referral(at.session, at.live, case, effect.destination, actor=at.actor, now=at.now)
    row = open_referral(at, case, effect, letter, task.step if task else "", pair, agreed=agreed)
    row.task_id = task.id if task else None


def _replace(at: At, case: Case, task: Task) -> None:
    """A referral that a step issued before is withdrawn when the step issues another one."""
    again = at.session.scalars(select(Task.id).where(Task.case_id == case.id, Task.step == task.step)).all()
    query = select(Referral).where(Referral.case_id == case.id, Referral.status.in_(OPEN))
    for each in at.session.scalars(query.where(Referral.task_id.in_(again))):
        each.status, each.changed_at, each.version = "withdrawn", at.now, each.version + 1
        told(at, each, "referral-withdrawn", {"act": "withdraw", "way": "step"})


def _write_record(at: At, case: Case, effect: WriteRecord) -> None:
    """Adds a record with the answers that it has fields for, linked to the resident of the case."""
    definition = at.live.schema.records[effect.record]
    values = {column_name(k): v for k, v in effect.values.items() if k in definition.fields}
    for key, each in definition.fields.items():
        if getattr(each, "to", None) == at.live.schema.subject():
            values[column_name(key)] = case.resident_id
    if definition.area:
        values[column_name(definition.area)] = case.area
    who = at.actor.account_id or 0
    row = at.live.models.records[effect.record](
        **values, created_at=at.now, created_by=who, changed_at=at.now, changed_by=who
    )
    at.session.add(row)
    at.session.flush()
    event(at, case, "record-written", {"record": effect.record, "id": row.id})
    known = {key: definition.fields[key] for key in effect.values if key in definition.fields}
    said = {key: (None, each.plain(effect.values[key])) for key, each in known.items()}
    told = sorted(key for key, (_, new) in said.items() if new is not None)
    record(
        at.session,
        actor=at.actor,
        now=at.now,
        kind="record-created",
        subject=effect.record,
        subject_id=row.id,
        data={"fields": told},
        values=said,
    )


def _close(at: At, case: Case, effect: CloseCase) -> None:
    case.status, case.outcome, case.closed_at, case.stage = "closed", effect.outcome, at.now, "settled"
    event(at, case, "case-closed", {"outcome": effect.outcome})
