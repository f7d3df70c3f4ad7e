"""An agency has answered on its page: the step that waits for it is filled in, or completed by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from portal.access import Actor
from portal.cases import complete
from portal.cases.base import AlreadyMoved, At, Refused
from portal.facts import today
from portal.fields import Value
from portal.referrals import AGENCY, awaited, state_of
from portal.referrals.states import REPLY_OF
from portal.releases import sop_version
from portal.steps import WaitStep
from portal.tables import Case, Referral, Task

ENGINE = Actor(account_id=None, label=AGENCY, everything=True)
"""Who completes a step by an answer: nobody of the office."""


def offered(at: At, case: Case, step: WaitStep) -> tuple[Referral, Mapping[str, Value]] | None:
    """Returns the answer that waits for a step and what its form holds, None while there is none."""
    referral = awaited(at, case, step) if step.waits_for == "agency" else None
    if referral is None or referral.way in (None, "step") or referral.replied_at is None:
        return None
    reply = REPLY_OF.get(state_of(referral.status))
    if reply is None:
        return None
    said = referral.changed_at or referral.replied_at
    return referral, {
        "reply": reply,
        "received_on": today(at.live.schema, said),
        "note": _note(at, referral) or None,
    }


def _note(at: At, referral: Referral) -> str:
    """What the agency said besides, in the words of the lists."""
    schema = at.live.schema.known
    reason = schema.reasons.get(referral.reason or "")
    papers = [schema.documents[key].label for key in referral.missing or () if key in schema.documents]
    said = (reason.label if reason else "", ", ".join(papers), referral.note or "")
    return "; ".join(part for part in said if part)


def answered(at: At, case_id: int) -> bool:
    """Completes the step that waits for an answer, where its SOP says so; returns whether it did.

    An answer that only says that the papers arrived ends nothing. A step that asks for more than the answer
    stays open with the answer offered.
    """
    case = at.session.get_one(Case, case_id)
    wanted = select(Task).where(Task.case_id == case.id, Task.status == "open").order_by(Task.id)
    for task in at.session.scalars(wanted):
        step = sop_version(at.session, case.sop_version_id).steps.get(task.step)
        if not isinstance(step, WaitStep) or step.on_reply != "complete":
            continue
        found = offered(at, case, step)
        if found is None or found[1]["reply"] == "in-process":
            continue
        try:
            complete(replace(at, actor=ENGINE), task.id, found[1])
        except (Refused, AlreadyMoved):
            continue
        return True
    return False
