"""Letting the clocks of a case stand still for a declared reason, and letting them run again."""

from __future__ import annotations

from sqlalchemy import select

from portal.access import Forbidden, may_in
from portal.cases.base import AlreadyMoved, At, Refused, event, locked_case, unchanged
from portal.cases.clocks import settle
from portal.tables import Case, CasePause, Task

LONGEST_NOTE = 200


def may_pause(at: At, case: Case) -> bool:
    """Tells whether somebody may stop the clocks of a case: who works on cases there, or divides the work."""
    schema, open_one = at.live.schema, case.status == "open"
    return open_one and any(may_in(schema, at.actor, act, case.area) for act in ("work", "assign"))


def pause(
    at: At,
    case_id: int,
    reason: str,
    note: str = "",
    *,
    task_id: int | None = None,
    version: int | None = None,
) -> CasePause:
    """Stops the clocks of a case that a reason stops, from now on.

    Args:
        task_id: the only step whose clock it stops, none for all of them.
        version: that of the case when the form was shown.

    Raises:
        Forbidden: the actor works on no cases of this area, or the case is closed.
        Changed: the case went on since the form was shown.
        Refused: the reason is unknown or needs a note, or the same pause runs already.
        AlreadyMoved: the step is done.
    """
    case = locked_case(at.session, case_id)
    if not may_pause(at, case):
        raise Forbidden(case.number)
    unchanged(case, version)
    task = at.session.get(Task, task_id) if task_id is not None else None
    if task is not None and (task.case_id != case.id or task.status != "open"):
        raise AlreadyMoved(task)
    _refuse(at, case, reason, note, task_id)
    known = at.live.schema.office.pauses[reason]
    made = CasePause(
        case_id=case.id,
        task_id=task_id,
        reason=reason,
        label=known.label[:120],
        owner=known.owner,
        stops=" ".join(known.stops),
        note=note.strip()[:LONGEST_NOTE] or None,
        since=at.now,
        started_by=at.actor.account_id,
    )
    at.session.add(made)
    case.version += 1
    settle(at, case)
    event(at, case, "case-paused", {"pause": reason, "label": known.label, "owner": known.owner})
    return made


def _refuse(at: At, case: Case, reason: str, note: str, task_id: int | None) -> None:
    known = at.live.schema.office.pauses.get(reason)
    if known is None:
        raise Refused({"reason": "pause-reason-unknown"})
    if known.note and not note.strip():
        raise Refused({"note": "pause-note-missing"})
    running = select(CasePause.task_id).where(
        CasePause.case_id == case.id, CasePause.reason == reason, CasePause.until.is_(None)
    )
    if task_id in at.session.scalars(running).all():
        raise Refused({"reason": "pause-running"})


def resume(at: At, pause_id: int, *, version: int | None = None) -> CasePause:
    """Ends a pause; the due dates of the clocks that it stopped move by what it took.

    Raises:
        Forbidden: the actor works on no cases of this area, or the case is closed.
        Changed: the case went on since the form was shown.
        Refused: it is over already.
    """
    found = at.session.get_one(CasePause, pause_id)
    case = locked_case(at.session, found.case_id)
    at.session.refresh(found)
    if not may_pause(at, case):
        raise Forbidden(case.number)
    if found.until is not None:
        raise Refused({"reason": "pause-over"})
    unchanged(case, version)
    found.until, found.ended_by = at.now, at.actor.account_id
    case.version += 1
    settle(at, case)
    event(at, case, "case-resumed", {"pause": found.reason, "label": found.label})
    return found
