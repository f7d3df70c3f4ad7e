"""A referral on its way: one act, checked against the table, written down with its event."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select

from portal.facts import today
from portal.referrals.base import Lacking, Place, Said, Stale, locked, told, until
from portal.referrals.states import (
    ACTS,
    ANSWERED,
    CLERKS_WAYS,
    CONFIRMERS,
    REPLIES,
    WAYS,
    Illegal,
    Name,
    Party,
    State,
    led_to,
    state_of,
)
from portal.releases import sop_version
from portal.schema import Schema
from portal.steps import ReferralStep, WaitStep
from portal.tables import Case, Referral
from portal.worktime import Duration

HAND_OVER = Duration(amount=2, unit="working days")
CONFIRM = Duration(amount=5, unit="working days")
"""The limits of a step that names none."""
LONGEST_NOTE = 500


def move(
    at: Place, referral_id: int, act: Name, said: Said, *, party: Party, version: int | None = None
) -> bool:
    """Carries out an act; returns False when it was done already and nothing changes.

    Whoever calls has asked whether the actor may work on the case.

    Raises:
        NotYours, Illegal: the table of transitions does not know it.
        Lacking: something that belongs to the act is not said.
        Stale: the referral went on since the form was shown.
    """
    referral, case = locked(at.session, referral_id)
    state = state_of(referral.status)
    to = led_to(state, act, party)
    if to is None:
        return False
    if version is not None and referral.version != version:
        raise Stale
    problems = lacking(at.live.schema, act, said, party=party)
    if said.evidence_on is not None and said.evidence_on > today(at.live.schema, at.now):
        problems["evidence-on"] = "referral-date-ahead"
    if problems:
        raise Lacking(problems)
    _keep(at, referral, case, act, to, said)
    told(at, referral, f"referral-{to}", _facts(act, said))
    return True


def lacking(schema: Schema, act: Name, said: Said, *, party: Party) -> dict[str, str]:
    """Returns what is wrong with what is said: the slug of each entry."""
    needs, wrong = ACTS[act].needs, dict[str, str]()
    ways = CLERKS_WAYS if party == "office" and (act in REPLIES.values() or act == "serve") else WAYS
    if said.way not in ways and said.way != "step":
        wrong["way"] = "referral-way-missing"
    if "reason" in needs and said.way != "step" and schema.reasons and said.reason not in schema.reasons:
        wrong["reason"] = "referral-reason-missing"
    known = [each for each in said.missing if each in schema.known.documents]
    if "missing" in needs and said.way != "step" and not (known or said.note.strip()):
        wrong["missing"] = "referral-papers-missing"
    if "note" in needs and not said.note.strip():
        wrong["note"] = "referral-note-missing"
    if "evidence" in needs and said.confirmed_by not in CONFIRMERS:
        wrong["confirmed-by"] = "referral-by-missing"
    if "evidence" in needs and not said.evidence.strip():
        wrong["evidence"] = "referral-evidence-missing"
    if "evidence" in needs and said.evidence_on is None:
        wrong["evidence-on"] = "referral-date-missing"
    return wrong


def _keep(at: Place, referral: Referral, case: Case, act: Name, to: State, said: Said) -> None:
    referral.status, referral.way, referral.changed_at = to, said.way, at.now
    referral.act_by = limit(at, referral, case, to)
    referral.version += 1
    if to in ANSWERED and referral.replied_at is None:
        referral.replied_at = at.now
    referral.note = said.note.strip()[:LONGEST_NOTE] or None
    if act == "decline":
        referral.reason = said.reason or None
    if act == "return":
        documents = at.live.schema.known.documents
        referral.missing = [each for each in said.missing if each in documents]
    if act == "confirm":
        referral.confirmed_by, referral.evidence = said.confirmed_by, said.evidence.strip()[:LONGEST_NOTE]
        referral.evidence_on = said.evidence_on
    at.session.flush()


def _facts(act: Name, said: Said) -> dict[str, object]:
    """What the event says for ever: codes only; words in which somebody may be named are its values."""
    facts: dict[str, object] = {"act": act, "way": said.way}
    if act == "decline" and said.reason:
        facts["declined_for"] = said.reason
    if act == "confirm":
        facts["confirmed_by"] = said.confirmed_by
    return facts


def limit(at: Place, referral: Referral, case: Case, state: State) -> datetime | None:
    """Returns until when whoever acts next in a state has to; None where it is not said or nobody has."""
    if state in ("issued", "returned", "served"):
        step = step_of(at, referral, case)
        handing = (step.hand_over_within if step else None) or HAND_OVER
        confirming = (step.confirm_within if step else None) or CONFIRM
        return until(at, case, confirming if state == "served" else handing)
    if state in ("handed-over", "received"):
        return referral.reply_due_at
    if state == "accepted":
        destination = at.live.schema.known.destinations.get(referral.destination)
        return until(at, case, destination.reply_within if destination else None) or referral.reply_due_at
    return None


def step_of(at: Place, referral: Referral, case: Case) -> ReferralStep | None:
    """Returns the step that made a referral out, as the case's version of its SOP has it."""
    step = sop_version(at.session, case.sop_version_id).steps.get(referral.step or "")
    return step if isinstance(step, ReferralStep) else None


def take_reply(at: Place, case: Case, wait: WaitStep, reply: str, note: str = "") -> Referral | None:
    """Brings the referral that a step has waited for to what the clerk wrote down there.

    Where the agency has said more already, on its page, what it said stays.
    """
    referral = awaited(at, case, wait)
    if referral is None:
        return None
    # The agency may have been quicker: a service that it reported is not taken back by the word before it.
    with suppress(Illegal):
        move(at, referral.id, REPLIES[reply], Said(way="step", note=note), party="office")
    referral.noted_at = None if reply == "in-process" else at.now
    if referral.replied_at is None:
        referral.replied_at = at.now
    at.session.flush()
    told(at, referral, "referral-replied", {"reply": reply})
    return referral


def awaited(at: Place, case: Case, wait: WaitStep) -> Referral | None:
    """Returns the referral whose answer a step waits for: the newest of the step before it, else of all."""
    rows = at.session.scalars(
        select(Referral)
        .where(Referral.case_id == case.id, Referral.noted_at.is_(None), Referral.status != "withdrawn")
        .order_by(Referral.id.desc())
    ).all()
    before = _before(at, case, wait)
    return next((each for each in rows if each.step in before), rows[0] if rows else None)


def _before(at: Place, case: Case, wait: WaitStep) -> tuple[str, ...]:
    """The referral steps that lead to a step straight."""
    sop = sop_version(at.session, case.sop_version_id)
    own = next((key for key, each in sop.steps.items() if each == wait), "")
    return tuple(
        key for key, each in sop.steps.items() if isinstance(each, ReferralStep) and own in sop.ways(key)
    )
