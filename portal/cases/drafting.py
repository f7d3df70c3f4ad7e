"""A letter on its way through its chain: drafted, initialled, approved, signed, or sent back with a reason.

A draft has no number. The last act of the chain issues it in one transaction: number, data, row, and the step
that asked for it is completed with the answers of whoever drafted it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Forbidden, roles_of
from portal.cases.base import AlreadyMoved, At, Changed, event, form_fields, locked_case
from portal.cases.keeping import keep
from portal.cases.signing import is_signer
from portal.fields import FieldType, Value
from portal.releases import Live, sop_version
from portal.schema import ChainStep
from portal.steps import StepType
from portal.tables import Case, LetterDraft, LetterMark, Task

WAITING = "waiting"


class DraftRefused(Exception):
    """An act on a draft is not to be done; `code` has words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def chain_of(live: Live, letter: str | None) -> Sequence[ChainStep]:
    """Returns the chain of a kind of letter, empty when it is issued at once."""
    known = live.schema.known.letters.get(letter or "")
    return known.chain if known else ()


def draft_of(session: Session, task: Task) -> LetterDraft | None:
    """Returns the draft that a task waits for."""
    query = select(LetterDraft).where(LetterDraft.task_id == task.id, LetterDraft.status == WAITING)
    return session.scalar(query)


def begin(at: At, case: Case, task: Task, step: StepType, answers: Mapping[str, Value]) -> LetterDraft:
    """Drafts the letter of a step; its task stays open until the chain is through."""
    keep(at, case, task.step, step, answers)
    task.draft, task.version, case.version = True, task.version + 1, case.version + 1
    letter = str(getattr(step, "letter", ""))
    row = _row(at, case, letter, form_fields(at.live, step), answers)
    row.task_id = task.id
    at.session.add(row)
    at.session.flush()
    event(at, case, "letter-drafted", {"letter": letter, "step": task.step, "draft": row.id})
    return row


def begin_on_request(
    at: At, case: Case, letter: str, answers: Mapping[str, Value], destination: str | None
) -> LetterDraft:
    """Drafts a letter outside the steps."""
    row = _row(at, case, letter, at.live.schema.letters[letter].asked(), answers)
    row.wanted = {**row.wanted, "(destination)": destination}
    at.session.add(row)
    at.session.flush()
    event(at, case, "letter-drafted", {"letter": letter, "draft": row.id})
    return row


def answers_of_draft(live: Live, step: StepType | None, row: LetterDraft) -> dict[str, Value]:
    """Returns what was answered when the letter was drafted."""
    fields = form_fields(live, step) if step else live.schema.known.letters[row.letter].asked()
    return {key: each.stored(row.wanted.get(key)) for key, each in fields.items()}


def step_of_draft(session: Session, row: LetterDraft, case: Case) -> tuple[Task | None, StepType | None]:
    """Returns the task and step that a draft was made for, None for one outside the steps."""
    task = session.get(Task, row.task_id) if row.task_id is not None else None
    step = sop_version(session, case.sop_version_id).steps.get(task.step) if task else None
    return task, step


def marks(session: Session, row: LetterDraft) -> Sequence[LetterMark]:
    """Returns what was done with a draft, in order."""
    query = select(LetterMark).where(LetterMark.draft_id == row.id).order_by(LetterMark.id)
    return session.scalars(query).all()


def why_not(at: At, row: LetterDraft, case: Case) -> str:
    """Returns why a person may not do the next act of a draft, as a slug; empty when they may."""
    chain = chain_of(at.live, row.letter)
    if row.status != WAITING or row.stage >= len(chain):
        return "draft-not-waiting"
    now = chain[row.stage]
    held = {granted.role for granted, _ in roles_of(at.live.schema, at.actor, case.area)}
    also = {each for granted, role in roles_of(at.live.schema, at.actor, case.area) for each in role.acts_as}
    if now.role not in held | also and not at.actor.everything:
        return "draft-other-role"
    before = {row.drafted_by, *(each.account_id for each in marks(at.session, row) if each.act != "return")}
    if at.actor.account_id in before:
        return "draft-own"
    if now.act == "sign" and not is_signer(at, row.letter, case, case.area, at.now):
        return "draft-other-signer"
    return ""


def advance(at: At, draft_id: int, version: int | None = None) -> LetterDraft:
    """Does the next act of a draft; whoever calls issues the letter when that was the last one.

    Raises:
        Changed: somebody was quicker.
        AlreadyMoved: the step that asked for the letter has gone another way.
        Forbidden: it is not this person's act.
    """
    row, case = _locked(at, draft_id, version)
    if why_not(at, row, case):
        raise Forbidden(row.letter)
    now = chain_of(at.live, row.letter)[row.stage]
    _mark(at, row, case, now.act)
    row.stage += 1
    said = {"letter": row.letter, "draft": row.id, "act": now.act}
    event(at, case, f"letter-draft-{now.act}", said)
    return row


def is_through(at: At, row: LetterDraft) -> bool:
    """Tells whether every act of the chain was done."""
    return row.stage >= len(chain_of(at.live, row.letter))


def send_back(at: At, draft_id: int, reason: str, version: int | None = None) -> LetterDraft:
    """Gives a draft back to whoever drafted it; the form of its step begins with what was answered.

    Raises:
        Changed, AlreadyMoved, Forbidden: as `advance`.
    """
    row, case = _locked(at, draft_id, version)
    if why_not(at, row, case):
        raise Forbidden(row.letter)
    _mark(at, row, case, "return")
    row.status = "returned"
    task, _ = step_of_draft(at.session, row, case)
    if task is not None:
        task.why, task.version, case.version = reason, task.version + 1, case.version + 1
    event(at, case, "letter-draft-return", {"letter": row.letter, "draft": row.id}, reason=reason)
    return row


def take_back(at: At, draft_id: int, version: int | None = None) -> LetterDraft:
    """Lets whoever drafted it take a draft back before anybody has finished it.

    Raises:
        Changed, AlreadyMoved: as `advance`.
        Forbidden: somebody else drafted it.
    """
    row, case = _locked(at, draft_id, version)
    if row.drafted_by != at.actor.account_id:
        raise Forbidden(row.letter)
    row.status, row.changed_at, row.version = "dropped", at.now, row.version + 1
    task, _ = step_of_draft(at.session, row, case)
    if task is not None:
        task.version, case.version = task.version + 1, case.version + 1
    event(at, case, "letter-draft-dropped", {"letter": row.letter, "draft": row.id})
    return row


def _row(
    at: At, case: Case, letter: str, fields: Mapping[str, FieldType], answers: Mapping[str, Value]
) -> LetterDraft:
    return LetterDraft(
        case_id=case.id,
        area=case.area,
        letter=letter,
        wanted={key: each.plain(answers.get(key)) for key, each in fields.items()},
        drafted_at=at.now,
        drafted_by=at.actor.account_id,
        changed_at=at.now,
    )


def _mark(at: At, row: LetterDraft, case: Case, act: str) -> None:
    who = at.actor.account_id
    at.session.add(
        LetterMark(draft_id=row.id, case_id=case.id, stage=row.stage, act=act, account_id=who, at=at.now)
    )
    row.changed_at, row.version = at.now, row.version + 1


def _locked(at: At, draft_id: int, version: int | None) -> tuple[LetterDraft, Case]:
    found = at.session.get_one(LetterDraft, draft_id)
    case = locked_case(at.session, found.case_id)
    at.session.refresh(found, with_for_update=True)
    if version is not None and found.version != version:
        raise Changed
    task, step = step_of_draft(at.session, found, case)
    if found.task_id is not None and (task is None or step is None or task.status != "open"):
        raise AlreadyMoved(task or Task(step=""))
    if found.status != WAITING:
        raise Changed
    return found, case
