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
from portal.steps import CloseCase, Effect, IssueLetter, OpenReferral, RecordReply, StepType, WriteRecord
from portal.tables import Case, IssuedLetter, Referral


def carry_out(
    at: At, case: Case, step: StepType, answers: Mapping[str, Value], effects: tuple[Effect, ...]
) -> tuple[IssuedLetter, ...]:
    letters: list[IssuedLetter] = []
    for effect in effects:
        if isinstance(effect, IssueLetter):
            letters.append(_issue(at, case, step, answers, effect))
        elif isinstance(effect, OpenReferral):
            _refer(at, case, effect, letters[-1])
        elif isinstance(effect, RecordReply):
            _reply(at, case, effect)
        elif isinstance(effect, WriteRecord):
            _write_record(at, case, effect)
        elif isinstance(effect, CloseCase):
            _close(at, case, effect)
    return tuple(letters)


def _issue(
    at: At, case: Case, step: StepType, answers: Mapping[str, Value], effect: IssueLetter
) -> IssuedLetter:
    program = at.live.schema.known.programs.get(case.program)
    limit = due_of(at, getattr(step, "reply_within", None), None, case=case)
    wanted = Wanted(
        letter=effect.letter,
        destination=effect.destination or (program.destination if program else None),
        form=answers,
        form_fields=form_fields(at.live, step),
        reply_by=today(at.live.schema, limit.at) if limit else None,
    )
    return issue(at.session, at.live, case, wanted, actor=at.actor, now=at.now)


def _refer(at: At, case: Case, effect: OpenReferral, letter: IssuedLetter) -> None:
    known = at.live.schema.known.destinations.get(effect.destination)
    usual = (known.reply_within if known else None) or at.live.schema.office.clocks.referral
    limit = due_of(at, effect.reply_within or usual, None, case=case)
    at.session.add(
        Referral(
            case_id=case.id,
            destination=effect.destination,
            letter_id=letter.id,
            issued_at=at.now,
            reply_due_at=limit.at if limit else None,
        )
    )
    if known is not None and known.consent:
        note_referral(at.session, at.live, case, effect.destination, actor=at.actor, now=at.now)
    event(at, case, "referral-opened", {"destination": effect.destination, "number": letter.number})


def _reply(at: At, case: Case, effect: RecordReply) -> None:
    """The newest referral without an answer gets it; waiting may come without one, after a phone call."""
    open_ones = select(Referral).where(Referral.case_id == case.id, Referral.status == "issued")
    referral = at.session.scalars(open_ones.order_by(Referral.id.desc()).limit(1)).first()
    if referral is not None:
        referral.status, referral.replied_at = effect.reply, at.now
        event(at, case, "referral-replied", {"destination": referral.destination, "reply": effect.reply})


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
