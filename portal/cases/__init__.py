"""The engine: opens a case, completes its steps, carries out their effects, chooses the way on, closes it.

A case follows the SopVersion it was opened with. Every function works inside the caller's transaction and
writes its events there; time and actor are passed in.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from portal import numbering
from portal.access import Forbidden, may_in
from portal.cases import drafting
from portal.cases.base import (
    STATES,
    AlreadyMoved,
    At,
    Changed,
    Intake,
    Needed,
    Paper,
    Refused,
    Rerouted,
    due_of,
    event,
    form_fields,
    locked,
    locked_case,
    may_carry_out,
    unchanged,
    wrong_number,
)
from portal.cases.checking import fresh_elsewhere, stale_check
from portal.cases.clocks import settle as settle_clocks
from portal.cases.closing import hindrances, settle
from portal.cases.effects import carry_out
from portal.cases.flow import Coming, go_on
from portal.cases.handing import able, assign, colleagues, takers
from portal.cases.keeping import keep
from portal.cases.moving import rerouted
from portal.cases.papers import needed, note_papers
from portal.cases.requested import draft_on_request, issue_on_request, issue_requested
from portal.duties.consent import may_share
from portal.duties.emptying import is_emptied
from portal.facts import lookup, today
from portal.fields import Value
from portal.releases import Live, centre_for, newest_version, sop_version
from portal.schema import CaseAccess, Sop
from portal.steps import CheckStep, OutcomeStep, ReferralStep
from portal.tables import Case, IssuedLetter, Task

__all__ = [
    "STATES",
    "AlreadyMoved",
    "At",
    "Changed",
    "Intake",
    "Needed",
    "Paper",
    "Refused",
    "Rerouted",
    "able",
    "assign",
    "colleagues",
    "complete",
    "draft_on_request",
    "form_fields",
    "identify",
    "issue_on_request",
    "mark_draft",
    "may_carry_out",
    "needed",
    "note_papers",
    "open_case",
    "reopen",
    "take_over",
    "takers",
]


def open_case(at: At, intake: Intake) -> Case:
    """Opens a case for a complaint, pinned to the newest version of its programme's SOP, and its first task.

    Raises:
        Forbidden: the actor may not register complaints of this area.
        Refused: the programme is closed, does not know the complaint, or no office serves the area.
    """
    if not may_in(at.live.schema, at.actor, "register", intake.area):
        raise Forbidden(intake.area)
    sop_id, centre = _sop_of(at.live, intake), centre_for(at.live.schema, intake.area)
    if centre is None:
        raise Refused({"area": "case-area-unserved"})
    version = newest_version(at.session, sop_id)
    case = Case(
        number=_case_number(at),
        area=intake.area,
        centre=centre,
        access=_access(at.live, intake),
        resident_id=intake.resident_id,
        reporter_name=intake.reporter_name,
        reporter_phone=intake.reporter_phone,
        reporter_relation=intake.reporter_relation,
        channel=intake.channel,
        program=intake.program,
        complaint=intake.complaint,
        priority=intake.priority,
        description=intake.description,
        sop=sop_id,
        sop_version_id=version.id,
        opened_at=at.now,
        opened_by=at.actor.account_id,
        reporter=intake.reporter,
        without_nik=intake.without_nik,
    )
    sop = sop_version(at.session, version.id)
    limit = due_of(at, sop.total_within or at.live.schema.office.clocks.total, None, case=case)
    case.due_at = limit.at if limit else None
    at.session.add(case)
    at.session.flush()
    at.session.add(at.live.models.answers[sop_id](case_id=case.id))
    said = {"number": case.number, "program": case.program, "complaint": case.complaint, "sop": sop_id}
    event(at, case, "case-opened", {**said, "sop_version": version.number})
    note_papers(at, case, intake.papers)
    go_on(at, case, sop, sop.first(), Coming())
    settle_clocks(at, case)
    return case


def _sop_of(live: Live, intake: Intake) -> str:
    program = live.schema.programs.get(intake.program)
    problems = {}
    if program is None or program.status == "ended" or program.sop is None:
        problems["program"] = "case-program-closed"
    elif program.complaints and intake.complaint not in program.complaints:
        problems["complaint"] = "case-complaint-foreign"
    if not intake.description.strip():
        problems["description"] = "field-required"
    if problems or program is None or program.sop is None:
        raise Refused(problems)
    return program.sop


def _access(live: Live, intake: Intake) -> CaseAccess:
    return live.schema.complaints[intake.complaint].access


def _case_number(at: At) -> str:
    pattern = numbering.Pattern.parse(at.live.schema.office.case_number)
    day = today(at.live.schema, at.now)
    reset: numbering.Reset = "month" if "month" in pattern.names else "year"
    sequence = numbering.draw(at.session, series="case", period=numbering.period_of(reset, day))
    return numbering.render(
        pattern, {**numbering.date_values(day), "sequence": sequence, "unit": "", "area": ""}
    )


def reopen(at: At, case_id: int, reason: str) -> None:
    """Opens a closed case again at the step that closed it; its letters, answers and events stay.

    Raises:
        Forbidden: the actor may not reopen cases of this area.
        AlreadyMoved: the case is open.
    """
    case = locked_case(at.session, case_id)
    if not may_in(at.live.schema, at.actor, "reopen", case.area):
        raise Forbidden(case.number)
    done = select(Task).where(Task.case_id == case.id, Task.status == "done")
    last = at.session.scalars(done.order_by(Task.completed_at.desc(), Task.id.desc())).first()
    if case.status != "closed" or last is None:
        raise AlreadyMoved(last or Task(step=""))
    sop = sop_version(at.session, case.sop_version_id)
    case.status, case.outcome, case.closed_at, case.may_close = "open", None, None, False
    case.version += 1
    event(at, case, "case-reopened", {"step": last.step}, reason=reason)
    go_on(at, case, sop, last.step, Coming(why=reason, after=last, draft=True))
    settle_clocks(at, case)


def complete(
    at: At,
    task_id: int,
    answers: Mapping[str, Value],
    papers: Mapping[str, Paper] | None = None,
    *,
    shown: int | None = None,
    version: int | None = None,
) -> tuple[IssuedLetter, ...]:
    """Completes a step: keeps its answers, carries out its effects, opens the next task.

    Args:
        shown: the id of the SopVersion whose form was filled in, where that is not what the case follows now.
        version: the version of the task that the form was shown for, where there was a form.

    Returns:
        The letters that were issued, not yet printed.

    Raises:
        Forbidden: the actor's roles do not carry out this step here.
        AlreadyMoved: the step is done already.
        Rerouted: the case has moved to a version that differs in more than words from the one shown.
        Changed: the task was given to somebody else since the form was shown.
        Refused: answers or documents are missing.
    """
    task, case = locked(at, task_id)
    sop = sop_version(at.session, case.sop_version_id)
    step = sop.steps[task.step]
    if task.status == "open" and rerouted(at.session, case, shown):
        raise Rerouted(task)
    if not may_carry_out(at, case, task, step):
        raise Forbidden(task.step)
    if task.status != "open":
        raise AlreadyMoved(task)
    unchanged(task, version)
    note_papers(at, case, papers or {})
    _refuse_incomplete(at, case, sop, task, answers)
    if drafting.chain_of(at.live, getattr(step, "letter", None)):
        drafting.begin(at, case, task, step, answers)
        return ()
    return _through(at, task, case, answers, at.actor.account_id)


def mark_draft(at: At, draft_id: int, *, version: int | None = None) -> tuple[IssuedLetter, ...]:
    """Does the next act of a letter's chain; the last one issues it and completes the step that asked for it.

    Returns:
        The letters that were issued, not yet printed; none before the last act.

    Raises:
        Forbidden: it is not this person's act.
        AlreadyMoved: the step has gone another way.
        Changed: somebody was quicker.
        Refused: what the letter stands on has changed since it was drafted.
    """
    row = drafting.advance(at, draft_id, version)
    if not drafting.is_through(at, row):
        return ()
    case = at.session.get_one(Case, row.case_id)
    task, step = drafting.step_of_draft(at.session, row, case)
    answers = drafting.answers_of_draft(at.live, step, row)
    if task is not None:
        letters = _through(at, task, case, answers, row.drafted_by)
    else:
        letters = (issue_requested(at, case, row.letter, answers, row.wanted.get("(destination)")),)
    row.status, row.letter_id = "issued", letters[0].id
    return letters


def _through(
    at: At, task: Task, case: Case, answers: Mapping[str, Value], done_by: int | None
) -> tuple[IssuedLetter, ...]:
    """Completes a step whose answers were looked at, and lets the case go on."""
    sop = sop_version(at.session, case.sop_version_id)
    step = sop.steps[task.step]
    kept = keep(at, case, task.step, step, answers)
    task.status, task.completed_at, task.completed_by = "done", at.now, done_by
    case.version, task.version = case.version + 1, task.version + 1
    fields = form_fields(at.live, step)
    said = {
        f"{task.step}.{key}": (kept.get(key), each.plain(answers.get(key))) for key, each in fields.items()
    }
    event(at, case, "step-completed", {"step": task.step}, said)
    letters = carry_out(at, case, step, answers, step.effects(answers), task)
    if step.final:
        settle(at, case, task)
    else:
        leads = step.leads(answers, lookup(at.session, at.live, case, sop, at.now))
        coming = Coming(after=task, why=leads.why, branch=task.branch)
        go_on(at, case, sop, leads.to or sop.after(task.step) or "", coming)
    settle_clocks(at, case)
    return letters


def _refuse_incomplete(at: At, case: Case, sop: Sop, task: Task, answers: Mapping[str, Value]) -> None:
    step = sop.steps[task.step]
    problems = {
        key: "field-required"
        for key, each in form_fields(at.live, step).items()
        if each.required and answers.get(key) is None
    }
    problems |= {
        each.document: "case-document-missing" for each in needed(at, case, step) if not each.settled
    }
    destination = at.live.schema.destinations.get(str(answers.get("destination")))
    if (
        isinstance(step, ReferralStep)
        and destination
        and destination.consent
        and answers.get("consent") is not True
    ):
        problems["consent"] = "referral-consent-missing"
    elif isinstance(step, ReferralStep) and _withdrawn(at, case, answers):
        problems["consent"] = "referral-consent-withdrawn"
    if getattr(step, "returned", None) and answers.get("verdict") == "returned" and not answers.get("reason"):
        problems["reason"] = "field-required"
    if getattr(step, "returned", None) and _prepared_by(at, task) == at.actor.account_id:
        problems["verdict"] = "case-approval-own"
    problems |= wrong_number(at, case, getattr(step, "letter", None), answers)
    if drafting.draft_of(at.session, task) is not None:
        problems["letter"] = "draft-waiting"
    if stale := stale_check(at, case, sop, task):
        problems[stale] = "case-check-stale"
    if isinstance(step, OutcomeStep):
        problems |= hindrances(at, case, answers)
    if problems:
        raise Refused(problems)


def _withdrawn(at: At, case: Case, answers: Mapping[str, Value]) -> bool:
    """Whether the resident took back the consent that the destination needs: a tick does not renew it."""
    destination = at.live.schema.destinations.get(str(answers.get("destination")))
    if destination is None or not destination.consent:
        return False
    return may_share(at.session, at.live, case.resident_id, str(answers["destination"])) == "withdrawn"


def _prepared_by(at: At, task: Task) -> int | None:
    """Who completed the step before, in the same branch: an approval is someone else's."""
    before = select(Task.completed_by).where(Task.case_id == task.case_id, Task.status == "done")
    if task.branch:
        before = before.where(Task.branch.in_(("", task.branch)))
    return at.session.scalar(before.order_by(Task.completed_at.desc(), Task.id.desc()).limit(1))


def take_over(at: At, task_id: int, case_id: int, *, version: int | None = None) -> None:
    """Completes a check with the result of another case of the resident, with its date and officer.

    Raises:
        Refused: that result holds no longer, the actor may not read it, or the step asks more than it says.
        Forbidden, AlreadyMoved, Changed: as `complete`.
    """
    task, case = locked(at, task_id)
    step = sop_version(at.session, case.sop_version_id).steps[task.step]
    found = fresh_elsewhere(at, case, step) if isinstance(step, CheckStep) else ()
    taken = next((each for each in found if each.case_id == case_id), None)
    if taken is None:
        raise Refused({"check": "acts-take-over-gone"})
    complete(at, task_id, taken.values, version=version)
    event(at, case, "check-taken-over", {"step": task.step, "number": taken.number})


def identify(at: At, case_id: int, resident_id: int, *, version: int | None = None) -> None:
    """Names the resident of a case that was opened anonymously.

    Raises:
        Changed: the case went on since the form was shown; somebody else may have named its resident.
    """
    case = locked_case(at.session, case_id)
    unchanged(case, version)
    if case.resident_id is None and not is_emptied(at.session, "case", case_id):
        case.resident_id, case.version = resident_id, case.version + 1
        event(at, case, "resident-identified", {"resident": resident_id})
