"""Checks that go stale: which letters wait for a new one, and fresh ones in other cases to be taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal import wall
from portal.cases.base import At
from portal.facts import answers_of, holds_until, is_stale, latest_check, step_answers
from portal.fields import Value
from portal.models import lists_of
from portal.releases import sop_version
from portal.rights import reads_step
from portal.schema import Sop
from portal.steps import ApprovalStep, CheckStep, LetterStep, ReferralStep
from portal.tables import Case, Task

ANSWERED = ("registered", "not-found", "not-matching")
"""The results that say something of the resident; the others are no answer."""
RESTING = (LetterStep, ReferralStep)
"""The kinds of step that send the result of a check on, and so wait for a fresh one."""
SAYING = (*RESTING, ApprovalStep)
"""The kinds of step that say how old the check is on which they rest."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """The result of a check and until when it holds."""

    step: str
    label: str
    checked_on: date | None
    until: datetime
    stale: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """The result of a check in another case of the same resident."""

    case_id: int
    number: str
    checked_on: date
    checked_by: str
    values: Mapping[str, Value]


def held_check(at: At, case: Case, sop: Sop, step_id: str) -> Held | None:
    """Returns the check on which a step rests, None when there is none, or it never goes stale."""
    check = latest_check(at.session, case, sop) if isinstance(sop.steps[step_id], SAYING) else None
    if check is None:
        return None
    row = answers_of(at.session, at.live, case)
    until = holds_until(at.live.schema, sop, row, check)
    if until is None:
        return None
    said = step_answers(at.live, sop, row, check).get("checked_on")
    return Held(
        step=check,
        label=sop.steps[check].label,
        checked_on=said if isinstance(said, date) else None,
        until=until,
        stale=is_stale(at.live.schema, sop, row, check, at.now),
    )


def stale_check(at: At, case: Case, sop: Sop, task: Task) -> str:
    """Returns the stale check that a step would send on, empty when there is none."""
    if not isinstance(sop.steps[task.step], RESTING):
        return ""
    held = held_check(at, case, sop, task.step)
    return held.step if held is not None and held.stale else ""


def fresh_elsewhere(at: At, case: Case, step: CheckStep) -> tuple[Found, ...]:
    """Returns the results of the same register that still hold, in other cases of the resident, newest first.

    Only cases that the actor may see count, and only results that their roles may read.
    """
    if case.resident_id is None or step.stale_after is None:
        return ()
    query = select(Case).where(Case.resident_id == case.resident_id, Case.id != case.id)
    others = at.session.scalars(query.where(wall.cases(at.live.schema, at.actor)).order_by(Case.id)).all()
    found = (each for other in others for each in _results(at, other, step))
    return tuple(sorted(found, key=lambda each: each.checked_on, reverse=True))


def _results(at: At, other: Case, step: CheckStep) -> Iterator[Found]:
    sop, row = sop_version(at.session, other.sop_version_id), answers_of(at.session, at.live, other)
    done = select(Task.step).where(Task.case_id == other.id, Task.status == "done")
    asked = step.answer_fields(lists_of(at.live.schema))
    for key in set(at.session.scalars(done)):
        theirs = sop.steps.get(key)
        if not isinstance(theirs, CheckStep) or theirs.source != step.source:
            continue
        said = step_answers(at.live, sop, row, key)
        checked_on, schema = said.get("checked_on"), at.live.schema
        if said.get("result") not in ANSWERED or not isinstance(checked_on, date):
            continue
        mine = sop.model_copy(update={"steps": {key: step}})
        if is_stale(schema, mine, row, key, at.now) or not reads_step(
            schema, at.actor, other.sop, key, other.area
        ):
            continue
        kinds = theirs.answer_fields(lists_of(schema))
        yield Found(
            case_id=other.id,
            number=other.number,
            checked_on=checked_on,
            checked_by=str(said.get("checked_by") or ""),
            values={k: v for k, v in said.items() if k in asked and asked[k] == kinds[k]},
        )
