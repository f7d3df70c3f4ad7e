"""How a case may end: every need has its outcome and no agency owes an answer, or a manager allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Forbidden, may_in
from portal.cases.base import At, Refused, event, locked_case, unchanged
from portal.cases.flow import open_tasks, withdraw
from portal.fields import Value
from portal.releases import sop_version
from portal.tables import Case, CaseNeed, CaseTransfer, Referral, Task

AWAITING = ("issued", "handed-over", "received", "returned")
"""The states of a referral to which an agency has still to give its answer."""


def needs_of(session: Session, case: Case) -> Sequence[CaseNeed]:
    """Returns the needs of a case beside its main complaint, the oldest first."""
    return session.scalars(select(CaseNeed).where(CaseNeed.case_id == case.id).order_by(CaseNeed.id)).all()


def open_referrals(session: Session, case: Case) -> Sequence[Referral]:
    """Returns the referrals to which an answer is expected and has not come."""
    query = select(Referral).where(Referral.case_id == case.id, Referral.status.in_(AWAITING))
    steps = sop_version(session, case.sop_version_id).steps
    found = session.scalars(query.order_by(Referral.id)).all()
    return [each for each in found if not each.step or getattr(steps.get(each.step), "reply_within", None)]


def hindrances(at: At, case: Case, answers: Mapping[str, Value]) -> dict[str, str]:
    """Returns why a case cannot be closed now: the field, and the slug that says what to do first."""
    if case.may_close:
        return {}
    outcome = at.live.schema.known.outcomes.get(str(answers.get("outcome")))
    if any(need.outcome is None for need in needs_of(at.session, case)):
        return {"outcome": "close-needs-open"}
    if open_referrals(at.session, case) and not (outcome and outcome.awaits):
        return {"outcome": "close-referrals-open"}
    return {}


def settle(at: At, case: Case, task: Task) -> None:
    """Ends what is still open beside the step that closed a case: other tasks, an offer to transfer it."""
    for each in open_tasks(at.session, case):
        withdraw(at, case, each, task, "closed")
    offer = at.session.scalar(
        select(CaseTransfer).where(CaseTransfer.case_id == case.id, CaseTransfer.status == "offered")
    )
    if offer is not None:
        offer.status, offer.decided_at, offer.decided_by = "withdrawn", at.now, at.actor.account_id
        event(at, case, "transfer-withdrawn", {"area": offer.to_area})


def add_need(at: At, case_id: int, complaint: str, *, version: int | None = None) -> None:
    """Notes another need of a case.

    Raises:
        Forbidden: the actor may not work on cases of this area.
        Refused: the case is closed, has the need already, or nobody declares it.
        Changed: the case went on since the form was shown.
    """
    case = working(at, case_id, version)
    known = {case.complaint, *(each.complaint for each in needs_of(at.session, case))}
    if complaint not in at.live.schema.complaints:
        raise Refused({"complaint": "need-unknown"})
    if complaint in known:
        raise Refused({"complaint": "need-twice"})
    if at.live.schema.complaints[complaint].access != case.access:
        raise Refused({"complaint": "need-access-differs"})
    at.session.add(CaseNeed(case_id=case.id, complaint=complaint, added_at=at.now))
    case.version += 1
    event(at, case, "need-added", {"complaint": complaint})


def settle_need(at: At, case_id: int, need_id: int, outcome: str, *, version: int | None = None) -> None:
    """Notes what came of a need; another outcome replaces the one that it had.

    Raises:
        Forbidden: the actor may not work on cases of this area.
        Refused: the case is closed, or need or outcome are not known.
        Changed: the case went on since the form was shown.
    """
    case = working(at, case_id, version)
    need = at.session.scalar(select(CaseNeed).where(CaseNeed.id == need_id, CaseNeed.case_id == case.id))
    if need is None:
        raise Refused({"need": "need-unknown"})
    if outcome not in at.live.schema.outcomes:
        raise Refused({"outcome": "need-outcome-unknown"})
    if need.outcome == outcome:
        raise Refused({"outcome": "need-outcome-same"})
    need.outcome, need.settled_at = outcome, at.now
    case.version += 1
    event(at, case, "need-settled", {"complaint": need.complaint, "outcome": outcome})


def allow_closing(at: At, case_id: int, reason: str, *, version: int | None = None) -> None:
    """Allows a case to be closed although needs or referrals are open: whoever approves here says why.

    Raises:
        Forbidden: the actor does not approve in this area.
        Refused: the case is closed, nothing stands in the way, or the reason is missing.
        Changed: the case went on since the form was shown.
    """
    case = locked_case(at.session, case_id)
    if not may_in(at.live.schema, at.actor, "approve", case.area):
        raise Forbidden(case.number)
    unchanged(case, version)
    problems = {} if reason else {"reason": "field-required"}
    if case.status != "open":
        problems["case"] = "acts-case-closed"
    elif not hindrances(at, case, {}):
        problems["case"] = "close-nothing-open"
    if problems:
        raise Refused(problems)
    case.may_close, case.version = True, case.version + 1
    event(at, case, "closing-allowed", {}, reason=reason)


def working(at: At, case_id: int, version: int | None) -> Case:
    """Returns an open case, locked, on which the actor may work.

    Raises:
        Forbidden: they may not.
        Refused: it is closed.
        Changed: it went on since the form was shown.
    """
    case = locked_case(at.session, case_id)
    if not may_in(at.live.schema, at.actor, "work", case.area):
        raise Forbidden(case.number)
    unchanged(case, version)
    if case.status != "open":
        raise Refused({"case": "acts-case-closed"})
    return case
