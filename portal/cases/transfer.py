"""Passing a case to the office of another area: offered, then accepted or returned; its history goes along.

While it is offered it stays where it is. The office that is asked sees the offer, and the case from when it
has accepted it; the office that asked sees of it afterwards what its roles see there.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.access import Forbidden, may_in
from portal.cases.base import At, Refused, event, locked_case
from portal.cases.clocks import settle
from portal.cases.closing import working
from portal.cases.flow import open_tasks
from portal.cases.handing import able
from portal.releases import centre_for
from portal.tables import Case, CaseTransfer
from portal.wall import unscoped

OFFERED = "offered"


def offered(at: At, case: Case) -> CaseTransfer | None:
    """Returns the offer that waits for its answer, None when there is none."""
    query = select(CaseTransfer).where(CaseTransfer.case_id == case.id, CaseTransfer.status == OFFERED)
    return at.session.scalar(query)


def waiting_offers(at: At) -> Sequence[CaseTransfer]:
    """Returns the offers that the actor may answer, the oldest first."""
    query = select(CaseTransfer).where(CaseTransfer.status == OFFERED).order_by(CaseTransfer.id)
    found = at.session.scalars(query).all()
    return [each for each in found if may_in(at.live.schema, at.actor, "register", each.to_area)]


def offer(at: At, case_id: int, area: str, reason: str, *, version: int | None = None) -> CaseTransfer:
    """Offers a case to the office of another area.

    Raises:
        Forbidden: the actor may not work on cases of this area.
        Refused: it is closed or offered already, the area is its own or has no office, the reason is missing.
        Changed: the case went on since the form was shown.
    """
    case = working(at, case_id, version)
    problems = {} if reason else {"reason": "field-required"}
    if area == case.area:
        problems["area"] = "transfer-same-area"
    elif area not in at.live.schema.areas or centre_for(at.live.schema, area) is None:
        problems["area"] = "case-area-unserved"
    if offered(at, case) is not None:
        problems["case"] = "transfer-offered-already"
    if problems:
        raise Refused(problems)
    made = CaseTransfer(
        case_id=case.id,
        number=case.number,
        program=case.program,
        complaint=case.complaint,
        access=case.access,
        from_area=case.area,
        to_area=area,
        reason=reason,
        offered_at=at.now,
        offered_by=at.actor.account_id,
    )
    at.session.add(made)
    case.version += 1
    at.session.flush()
    event(at, case, "transfer-offered", {"area": area}, reason=reason)
    return made


def take_back(at: At, case_id: int, *, version: int | None = None) -> None:
    """Withdraws an offer that nobody has answered.

    Raises:
        Forbidden: the actor may not work on cases of this area.
        Refused: nothing is offered.
        Changed: the case went on since the form was shown.
    """
    case = working(at, case_id, version)
    made = offered(at, case)
    if made is None:
        raise Refused({"case": "transfer-not-offered"})
    _decide(at, made, "withdrawn")
    case.version += 1
    event(at, case, "transfer-withdrawn", {"area": made.to_area})


def accept(at: At, offer_id: int) -> int:
    """Takes a case that was offered: it, its open tasks and its centre are of the new area from now on.

    Due dates, answers, letters and their numbers stay as they are; a task stays with its holder only if they
    can carry it out in the new area.

    Returns:
        The key of the case.

    Raises:
        Forbidden: the actor does not register complaints in the area that is asked.
        Refused: the offer was withdrawn or answered meanwhile, or no office serves the area any more.
    """
    made = _asked(at, offer_id)
    centre = centre_for(at.live.schema, made.to_area)
    if centre is None:
        raise Refused({"area": "case-area-unserved"})
    with unscoped("an offered case passes to the office that accepts it"):
        case = locked_case(at.session, made.case_id)
        at.session.refresh(made)
        if made.status != OFFERED or case.status != "open":
            raise Refused({"case": "transfer-answered"})
        _decide(at, made, "accepted")
        case.area, case.centre, case.version = made.to_area, centre, case.version + 1
        for task in open_tasks(at.session, case):
            task.area, task.version = made.to_area, task.version + 1
            if task.assigned_to is not None and task.assigned_to not in able(at, task, case):
                task.assigned_to = None
        said = {"from": made.from_area, "area": made.to_area, "centre": centre}
        event(at, case, "case-transferred", said)
        settle(at, case)
    return made.case_id


def give_back(at: At, offer_id: int, reason: str) -> None:
    """Declines an offered case: it stays with the office that offered it.

    Raises:
        Forbidden: the actor does not register complaints in the area that is asked.
        Refused: the reason is missing, or the offer was withdrawn or answered meanwhile.
    """
    made = _asked(at, offer_id)
    if not reason:
        raise Refused({"reason": "field-required"})
    with unscoped("the office that is asked answers an offer"):
        case = locked_case(at.session, made.case_id)
        at.session.refresh(made)
        if made.status != OFFERED:
            raise Refused({"case": "transfer-answered"})
        _decide(at, made, "returned")
        made.answer = reason
        case.version += 1
        event(at, case, "transfer-returned", {"area": made.to_area}, reason=reason)
        at.session.flush()


def _asked(at: At, offer_id: int) -> CaseTransfer:
    made = at.session.scalar(select(CaseTransfer).where(CaseTransfer.id == offer_id))
    if made is None or not may_in(at.live.schema, at.actor, "register", made.to_area):
        raise Forbidden(str(offer_id))
    if made.status != OFFERED:
        raise Refused({"case": "transfer-answered"})
    return made


def _decide(at: At, made: CaseTransfer, status: str) -> None:
    made.status, made.decided_at, made.decided_by = status, at.now, at.actor.account_id
