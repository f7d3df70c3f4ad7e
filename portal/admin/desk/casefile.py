"""One case as its page shows it: steps, current task, papers, letters, referrals, history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import reads, wall
from portal.access import Actor, may_in, may_record_in
from portal.admin.desk.acts import Acts, acts_of, chosen
from portal.admin.desk.ahead import coming
from portal.admin.desk.cards import Eyes, Hands, fact, hands, resident_card
from portal.admin.desk.casehistory import Told, history
from portal.admin.desk.caseletters import known_letters, may_with, signable
from portal.admin.desk.caseversions import Versions, followed_by, versions_of
from portal.admin.desk.referralcards import Loop, loop_of
from portal.admin.records.mine import case_is_mine
from portal.cases import At, Needed, form_fields, may_carry_out, needed
from portal.cases.drafting import chain_of, draft_of
from portal.cases.signing import signatures
from portal.facts import answers_of, calendar, documents_of, resident_of, step_answers, today
from portal.fields import FieldType
from portal.models import column_name, lists_of
from portal.releases import Live, SessionNames, sop_version
from portal.rights import case_text, reads_step
from portal.schema import CASE, Sop
from portal.steps import Stage, StepType
from portal.tables import Account, Case, IssuedLetter, SopVersion, Task
from portal.words import say
from portal.worktime import Due, explain, long_date, moment, standing, standing_in_words

SHOWN = (
    "number",
    "program",
    "complaint",
    "reporter_name",
    "channel",
    "priority",
    "area",
    "documents",
    "letters",
    "referrals",
    "history",
)
"""What of a case its page shows besides the answers of its steps."""
STAGES = get_args(Stage)


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One step of the SOP as the case has met it."""

    label: str
    state: str
    """done, now, ahead or passed."""
    when: str = ""
    who: str = ""
    answers: Sequence[tuple[str, str]] = ()
    why: str = ""
    when_said: Sequence[str] = ()
    """Of a step that may come: under which conditions."""


@dataclass(frozen=True, kw_only=True)
class Now:
    """The open task of a case."""

    task: Task
    step_id: str
    step: StepType
    fields: dict[str, FieldType]
    papers: Sequence[Needed]
    may: bool
    role: str
    assignee: str
    due: str
    standing: str
    standing_kind: str
    derivation: Sequence[str]
    next: str
    draft: tuple[int, str] | None = None
    """The draft of a letter that the step waits for, and for whom it waits."""


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """Everything that the page of a case says."""

    live: Live
    title: str
    case: Case
    sop: Sop
    sop_number: int
    steps: Sequence[StepLine]
    now: Now | None
    papers: Sequence[tuple[str, str, str]]
    """Document, where it stands, and by when or why."""
    letters: Sequence[IssuedLetter]
    loop: Loop
    history: Sequence[Told]
    resident: Any
    resident_facts: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    hands: Hands | None
    description: str
    openable: frozenset[int]
    """The keys of the letters that the person may open."""
    may_work: bool
    may_register: bool
    may_audit: bool
    may_reopen: bool
    signable: frozenset[int]
    signed: Mapping[int, str]
    on_request: Sequence[tuple[str, str]]
    versions: Versions
    acts: Acts

    @property
    def may_print(self) -> bool:
        """Whether the person may open every letter that is listed."""
        return all(each.id in self.openable for each in self.letters)

    @property
    def stages(self) -> tuple[tuple[str, str], ...]:
        """The stations that this SOP knows, and whether the case has been there."""
        known = {step.stage for step in self.sop.steps.values()} | {"received", "settled", self.case.stage}
        order = [stage for stage in STAGES if stage in known]
        place = order.index(self.case.stage)
        closed = self.case.status == "closed"
        return tuple(
            (stage, "done" if index < place or closed else "now" if index == place else "ahead")
            for index, stage in enumerate(order)
        )

    @property
    def behind(self) -> Sequence[StepLine]:
        """The steps that were done, and the one that is open."""
        return [line for line in self.steps if line.state != "ahead"]

    @property
    def ahead(self) -> Sequence[StepLine]:
        """The steps that may still come."""
        return [line for line in self.steps if line.state == "ahead"]

    @property
    def outcome(self) -> tuple[tuple[str, str], ...]:
        """How the case ended."""
        return tuple(pair for pair in self.facts if pair[0] == say("desk-outcome"))

    @property
    def likely_letter(self) -> str:
        """The letter to offer first: a slip that the resident has not been given, such as the receipt."""
        given = {each.letter for each in self.letters}
        letters = self.live.schema.known.letters
        slips = [key for key, _ in self.on_request if letters[key].form == "slip" and key not in given]
        return slips[0] if slips else ""

    def document(self, key: str) -> str:
        """Returns the name of a document."""
        documents = self.live.schema.known.documents
        return documents[key].label if key in documents else key

    def letter(self, key: str) -> str:
        """Returns the name of a kind of letter."""
        letters = self.live.schema.known.letters
        return letters[key].label if key in letters else key


def visible(session: Session, live: Live, actor: Actor, case_id: int) -> Case | None:
    """Returns a case that a person may see; a foreign one is missing."""
    return session.scalar(select(Case).where(Case.id == case_id, wall.cases(live.schema, actor)))


def casefile(
    session: Session,
    live: Live,
    actor: Actor,
    case: Case,
    now: datetime,
    about: str = "",
    wanted: int | None = None,
) -> CaseFile:
    """Returns a case as its page shows it to a person, with one of its open tasks."""
    at = At(session=session, live=live, actor=actor, now=now)
    sop = sop_version(session, case.sop_version_id)
    followed = followed_by(session, case, sop)
    names = SessionNames(session, live, actor)
    mine = case_is_mine(session, live.schema, actor, case)
    eyes = Eyes(live=live, actor=actor, names=names, area=case.area, assigned=mine)
    tasks = session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id)).all()
    accounts = _accounts(session, tasks)
    open_task = chosen(at, case, sop, tasks, wanted)
    row = answers_of(session, live, case)
    resident = _resident(session, live, actor, case)
    subject = live.schema.subject()
    person = names.record(subject, case.resident_id) if case.resident_id else say("desk-anonymous")
    program = live.schema.known.programs.get(case.program)
    letters = known_letters(session, eyes, case)
    done = (f"answers.{task.step}" for task in tasks if task.status == "done")
    reads.note("case", (case.id,), dict.fromkeys((*SHOWN, *done), "plain"))
    return CaseFile(
        live=live,
        title=f"{person} — {(program.short or program.label) if program else case.program}",
        case=case,
        sop=sop,
        sop_number=session.get_one(SopVersion, case.sop_version_id).number,
        steps=list(_steps(eyes, followed, row, tasks, case, accounts)),
        now=_now(at, case, sop, open_task, accounts) if open_task else None,
        papers=_papers(at, case),
        letters=letters,
        loop=loop_of(at, eyes, case, tasks, may=may_in(live.schema, actor, "work", case.area)),
        history=history(session, eyes, followed, case, about),
        resident=resident,
        resident_facts=resident_card(session, eyes, resident, today(live.schema, now)),
        description=case_text(live.schema, actor, "description", case.description, case.area),
        facts=_facts(eyes, case),
        hands=hands(at, open_task, case) if open_task else None,
        openable=frozenset(each.id for each in letters if may_with(eyes, each.letter, "print")),
        may_work=may_in(live.schema, actor, "work", case.area),
        may_register=may_in(live.schema, actor, "register", case.area),
        may_audit=may_in(live.schema, actor, "audit", case.area),
        may_reopen=case.status == "closed" and may_in(live.schema, actor, "reopen", case.area),
        signable=frozenset(each.id for each in letters if signable(eyes, each)),
        signed={
            key: say("sign-noted", at=_local(live, each.at), who=each.actor)
            for key, each in signatures(session, case).items()
        },
        on_request=[
            (key, each.label)
            for key, each in live.schema.letters.items()
            if each.on_request and may_with(eyes, key, "issue")
        ],
        versions=versions_of(session, live, actor, case),
        acts=acts_of(at, case, sop, tasks, open_task),
    )


def _accounts(session: Session, tasks: Sequence[Task]) -> dict[int, str]:
    keys = {key for task in tasks for key in (task.completed_by, task.assigned_to) if key is not None}
    rows = session.execute(select(Account.id, Account.label).where(Account.id.in_(keys)))
    return dict(rows.all())


def _local(live: Live, at: datetime) -> str:
    return moment(at.astimezone(calendar(live.schema).zone))


def _resident(session: Session, live: Live, actor: Actor, case: Case) -> Any | None:
    """The resident of a case, if the person may read it: seeing the case is not enough."""
    row = resident_of(session, live, case)
    area = live.schema.records[live.schema.subject()].area
    lives = getattr(row, column_name(area), None) or "" if area and row is not None else None
    return row if may_record_in(live.schema, actor, live.schema.subject(), "read", lives) else None


def _steps(
    eyes: Eyes,
    followed: Sequence[Sop],
    row: Any,
    tasks: Sequence[Task],
    case: Case,
    accounts: dict[int, str],
) -> Iterator[StepLine]:
    """The steps done in the order they were done, the one that is open, then what may come."""
    seen, sop, live = set(), followed[0], eyes.live
    for task in tasks:
        told = next((each for each in followed if task.step in each.steps), None)
        if told is None:
            continue
        step = told.steps[task.step]
        seen.add(task.step)
        if task.status == "open":
            yield StepLine(label=step.label, state="now", why=task.why)
            continue
        if task.status in ("returned", "withdrawn"):
            yield StepLine(label=step.label, state=task.status, why=task.why)
            continue
        yield StepLine(
            label=step.label,
            state="done",
            when=_local(live, task.completed_at) if task.completed_at else "",
            who=accounts.get(task.completed_by or 0, ""),
            answers=list(_shown(eyes, told, row, case, task.step)),
            why=task.why,
        )
    starts = [task.step for task in tasks if task.status == "open"] or [task.step for task in tasks[-1:]]
    said: set[str] = set()
    for start in starts:
        for each in coming(live, sop, start, seen) if start in sop.steps else ():
            if each.label not in said:
                said.add(each.label)
                yield StepLine(label=each.label, state="ahead", when_said=each.when)


def _shown(eyes: Eyes, sop: Sop, row: Any, case: Case, step: str) -> Iterator[tuple[str, str]]:
    schema = eyes.live.schema
    if not reads_step(schema, eyes.actor, case.sop, step, case.area):
        return
    fields = sop.steps[step].answer_fields(lists_of(schema))
    for key, value in step_answers(eyes.live, sop, row, step).items():
        yield from fact(eyes, fields[key], value, CASE, "")


def _now(at: At, case: Case, sop: Sop, task: Task, accounts: dict[int, str]) -> Now:
    step = sop.steps[task.step]
    limit = Due.restore(task.derivation) if task.derivation else None
    where = (
        standing(task.due_at, at.now, calendar(at.live.schema, task.area))
        if task.due_at and task.paused_at is None
        else None
    )
    role = at.live.schema.known.roles.get(task.role)
    ways = [sop.steps[key] for key in sop.ways(task.step)]
    return Now(
        task=task,
        step_id=task.step,
        step=step,
        fields=dict(form_fields(at.live, step)),
        papers=needed(at, case, step),
        may=may_carry_out(at, case, task, step),
        role=role.label if role else task.role,
        assignee=accounts.get(task.assigned_to or 0, ""),
        due=_local(at.live, task.due_at) if task.due_at else "",
        standing=standing_in_words(where) if where else "",
        standing_kind=where.kind if where else "ahead",
        derivation=explain(limit) if limit else (),
        next=ways[0].label if len(ways) == 1 and not ways[0].automatic else "",
        draft=_draft(at, task),
    )


def _draft(at: At, task: Task) -> tuple[int, str] | None:
    row = draft_of(at.session, task)
    if row is None:
        return None
    now, known = chain_of(at.live, row.letter)[row.stage], at.live.schema.known.roles
    role = known[now.role].label if now.role in known else now.role
    return row.id, say("draft-waits", act=say(f"draft-act-{now.act}"), role=role)


def _papers(at: At, case: Case) -> list[tuple[str, str, str]]:
    labels = at.live.schema.known.documents
    return [
        (
            labels[key].label if key in labels else key,
            say(f"paper-{row.state}"),
            " · ".join(
                each
                for each in (
                    say("case-paper-by", day=long_date(row.follow_by)) if row.follow_by else "",
                    row.note or "",
                )
                if each
            ),
        )
        for key, row in documents_of(at.session, case).items()
    ]


def _facts(eyes: Eyes, case: Case) -> list[tuple[str, str]]:
    live, names, schema = eyes.live, eyes.names, eyes.live.schema
    reporter = case_text(schema, eyes.actor, "reporter_name", case.reporter_name, case.area)
    program, complaint = schema.known.programs.get(case.program), schema.known.complaints.get(case.complaint)
    channel, priority = schema.known.channels.get(case.channel), schema.known.priorities.get(case.priority)
    centre = schema.known.centres.get(case.centre)
    said = (
        ("desk-program", program.label if program else case.program),
        ("desk-complaint", complaint.label if complaint else case.complaint),
        ("desk-channel", channel.label if channel else case.channel),
        ("desk-priority", priority.label if priority else case.priority),
        ("desk-centre", centre.label if centre else case.centre),
        ("desk-area", names.area(case.area)),
        ("desk-reporter", reporter),
        ("desk-opened", _local(live, case.opened_at)),
        ("desk-due", _local(live, case.due_at) if case.due_at else ""),
        (
            "desk-outcome",
            schema.known.outcomes[case.outcome].label if case.outcome in schema.known.outcomes else "",
        ),
    )
    return [(say(slug), text) for slug, text in said if text]
