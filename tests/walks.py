"""Random walks: a case of a shipped SOP is carried on and back by everything that a person can do with it.

After every act the case is looked at: what holds always must hold. At the end it is driven to its close, so
that a state from which no way leads on is found.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, Granted
from portal.cases import At, Intake, Paper, Refused, complete, form_fields, needed, open_case, reopen
from portal.cases.back import correct, earlier_steps, may_undo, send_back, undo_hindrance, undo_step
from portal.cases.beside import refer_beside, referral_fields, referral_letters
from portal.cases.checking import stale_check
from portal.cases.closing import add_need, allow_closing, needs_of, open_referrals, settle_need
from portal.cases.flags import clear_flag, set_flag
from portal.cases.flow import open_tasks
from portal.cases.transfer import accept, give_back, offer, offered, take_back
from portal.facts import answers_of, step_answers, today
from portal.fields import ChoiceField, ChoicesField, DateField, FieldType, FlagField, NumberField, Value
from portal.models import lists_of
from portal.releases import Live, sop_version
from portal.steps import ApprovalStep, CheckStep, ReferralStep, WaitStep
from portal.tables import Case, CaseTransfer, Event, IssuedLetter, Referral, Task

LONGEST = 30
"""So many acts a walk makes at random before it is driven to its end."""
DRIVEN = 400
"""So many steps it may take from anywhere to the end; more is a circle that nobody leaves."""
FIRST = [
    "case-opened",
    "step-completed",
    "step-returned",
    "step-undone",
    "step-corrected",
    "case-reopened",
    "flag-set",
    "flag-cleared",
    "need-added",
    "need-settled",
    "closing-allowed",
    "transfer-offered",
    "case-transferred",
    "transfer-returned",
]
"""The kinds of event of which every act writes exactly one; withdrawing an offer is told by its own."""


@dataclass(kw_only=True)
class Seen:
    """What is compared before and after an act."""

    version: int = 0
    event: int = 0
    tasks: dict[int, tuple[str, str, datetime | None]] = field(default_factory=dict)
    letters: dict[int, str | None] = field(default_factory=dict)
    referrals: int = 0
    status: str = "open"
    due_at: datetime | None = None


class Walk:
    """One case on its walk, in a session that is rolled back."""

    def __init__(self, session: Session, live: Live, program: str, seed: str) -> None:
        self.session, self.live, self.program = session, live, program
        self.random = random.Random(seed)
        self.now = datetime.fromisoformat("2026-11-02T02:12:00+00:00")
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.seen = Seen()
        self.story: list[str] = []
        grants = tuple(Granted(role=role) for role in live.schema.roles)
        self.people = [Actor(account_id=key, label=f"Petugas {key}", grants=grants) for key in (1, 2)]
        self.case = self._opened()
        self.sop = sop_version(session, self.case.sop_version_id)

    def at(self, who: int | None = None) -> At:
        """Returns where one of two people acts, who do everything in turn."""
        actor = self.people[self.random.randrange(2) if who is None else who]
        return At(session=self.session, live=self.live, actor=actor, now=self.now)

    def go(self) -> None:
        """Walks at random, then to the end."""
        self._look("case-opened")
        for _ in range(LONGEST):
            self.now += timedelta(hours=self.random.choice((0, 1, 3, 20, 50, 24 * 35)))
            self._random_act()
        for _ in range(DRIVEN):
            if self.case.status == "closed":
                break
            self.now += timedelta(hours=1)
            self._complete(driven=True)
        assert self.case.status == "closed", f"no way to the end: {self.story[-12:]}"

    def _opened(self) -> Case:
        schema, area = self.live.schema, self._areas()[0]
        definition = schema.records[schema.subject()]
        values = {key: each.sample() for key, each in definition.fields.items() if each.required}
        if definition.area:
            values[definition.area] = area
        stamps = {"created_at": self.now, "created_by": 0, "changed_at": self.now, "changed_by": 0}
        columns = {key.replace("-", "_"): value for key, value in values.items()}
        row = self.live.models.records[schema.subject()](**columns, **stamps)
        self.session.add(row)
        self.session.flush()
        said = schema.programs[self.program]
        normal = [*said.complaints, *schema.complaints]
        intake = Intake(
            area=area,
            channel=self.random.choice(list(schema.channels)),
            program=self.program,
            complaint=normal[0],
            priority=self.random.choice(list(schema.priorities)),
            description="Jalan acak",
            resident_id=row.id,
        )
        return open_case(self.at(0), intake)

    def _areas(self) -> list[str]:
        centres = self.live.schema.office.centres.values()
        return [each.area for each in centres if each.level == "village"]

    def _random_act(self) -> None:
        if self.case.status == "closed":
            if self.random.random() < 0.4:
                self._try("case-reopened", lambda: reopen(self.at(), self.case.id, "Dibuka lagi"))
            return
        acts: list[tuple[int, Callable[[], None]]] = [
            (12, self._complete),
            (3, self._send_back),
            (3, self._undo),
            (2, self._correct),
            (1, self._flag),
            (1, self._need),
            (1, self._refer),
            (2, self._transfer),
            (1, self._allow),
        ]
        weights = [weight for weight, _ in acts]
        self.random.choices([act for _, act in acts], weights)[0]()

    def _try(self, kind: str, act: Callable[[], object]) -> bool:
        """Carries out an act in a savepoint; what was refused has changed nothing."""
        try:
            with self.session.begin_nested():
                act()
        except Refused as refused:
            self.refused[",".join(sorted(refused.problems.values()))] += 1
            self.story.append(f"{kind}: refused {refused}")
            self.session.expire_all()
            self._unchanged()
            return False
        self.done[kind] += 1
        self.story.append(kind)
        self._look(kind)
        return True

    def _complete(self, *, driven: bool = False) -> None:
        tasks = open_tasks(self.session, self.case)
        task = self.random.choice(tasks)
        step = self.sop.steps[task.step]
        if stale_check(self.at(), self.case, self.sop, task):
            self._send_back(task, driven=True)
            return
        if step.final and driven:
            self._clear_the_way()
        for who in (0, 1):
            answers, at = self._answers(task), self.at(who)
            papers = {
                e.document: Paper(state="brought") for e in needed(at, self.case, step) if not e.settled
            }

            def act(at: At = at, answers: Mapping[str, Value] = answers, papers: Any = papers) -> object:
                return complete(at, task.id, answers, papers)

            if self._try("step-completed", act):
                self.story[-1] += f" {task.step}"
                return

    def _clear_the_way(self) -> None:
        """What a manager does with a case that is to end."""
        needs = [each for each in needs_of(self.session, self.case) if each.outcome is None]
        if (needs or open_referrals(self.session, self.case)) and not self.case.may_close:
            self._try("closing-allowed", lambda: allow_closing(self.at(0), self.case.id, "Selesai"))

    def _answers(self, task: Task) -> dict[str, Value]:
        step = self.sop.steps[task.step]
        said = {key: self._value(each) for key, each in form_fields(self.live, step).items()}
        if isinstance(step, ReferralStep) or "destination" in said:
            said["consent"] = True
        if isinstance(step, ApprovalStep):
            said["reason"] = "Belum lengkap"
        if isinstance(step, CheckStep):
            said["checked_on"] = today(self.live.schema, self.now)
        if isinstance(step, WaitStep) and step.waits_for == "agency":
            said["reply"] = self.random.choice(
                ("accepted", "accepted", "declined", "in-process", "incomplete")
            )
        return said

    def _value(self, each: FieldType) -> Value:
        if not each.required and self.random.random() < 0.3:
            return None
        if isinstance(each, ChoiceField):
            return self.random.choice([option.value for option in each.options()])
        if isinstance(each, ChoicesField):
            return each.sample()
        if isinstance(each, FlagField):
            return self.random.random() < 0.5
        if isinstance(each, NumberField) and each.min is not None and each.max is not None:
            return self.random.randint(int(each.min), int(each.max))
        if isinstance(each, DateField):
            return today(self.live.schema, self.now)
        return each.sample()

    def _send_back(self, task: Task | None = None, *, driven: bool = False) -> None:
        task = task or self.random.choice(open_tasks(self.session, self.case))
        at = self.at()
        found = earlier_steps(at, self.case, self.sop, task)
        stale = stale_check(at, self.case, self.sop, task)
        assert not stale or stale in found, f"{task.step} waits for {stale} and cannot go back to it"
        if found:
            to = stale if driven and stale else self.random.choice(found)
            self._try("step-returned", lambda: send_back(at, task.id, to, "Kurang lengkap"))

    def _done_tasks(self) -> list[Task]:
        query = select(Task).where(Task.case_id == self.case.id, Task.status == "done").order_by(Task.id)
        return list(self.session.scalars(query))

    def _undo(self) -> None:
        if tasks := self._done_tasks():
            task, at = self.random.choice(tasks[-2:]), self.at()
            assert may_undo(at, self.case, task)
            hindrance = undo_hindrance(at, self.case, self.sop, task)
            assert self._try("step-undone", lambda: undo_step(at, task.id)) == (not hindrance)

    def _correct(self) -> None:
        if not (tasks := self._done_tasks()):
            return
        task = self.random.choice(tasks)
        step = self.sop.steps[task.step]
        row = answers_of(self.session, self.live, self.case)
        before = step_answers(self.live, self.sop, row, task.step)
        fields = step.answer_fields(lists_of(self.live.schema))
        answers = {
            key: self._value(each) if self.random.random() < 0.5 else before[key]
            for key, each in fields.items()
        }
        self._try("step-corrected", lambda: correct(self.at(), task.id, answers, "Salah ketik"))

    def _flag(self) -> None:
        flags = list(self.live.schema.flags)
        flag = self.random.choice(flags)
        if flag in self.case.flags:
            self._try("flag-cleared", lambda: clear_flag(self.at(), self.case.id, flag, "Sudah dikunjungi"))
        else:
            self._try("flag-set", lambda: set_flag(self.at(), self.case.id, flag, "Tinggal sendiri"))

    def _need(self) -> None:
        open_ones = [each for each in needs_of(self.session, self.case) if each.outcome is None]
        if open_ones and self.random.random() < 0.7:
            need, outcome = open_ones[0], self.random.choice(list(self.live.schema.outcomes))
            self._try("need-settled", lambda: settle_need(self.at(), self.case.id, need.id, outcome))
        else:
            complaint = self.random.choice(list(self.live.schema.complaints))
            self._try("need-added", lambda: add_need(self.at(), self.case.id, complaint))

    def _refer(self) -> None:
        at = self.at()
        letters = referral_letters(at, self.case)
        if letters:
            letter = self.random.choice(list(letters))
            said = {key: self._value(each) for key, each in referral_fields(at, letters[letter]).items()}
            said["consent"] = True
            self._try("referral-opened", lambda: refer_beside(at, self.case.id, letter, said))

    def _transfer(self) -> None:
        at, made = self.at(), offered(self.at(), self.case)
        if made is None:
            area = self.random.choice(self._areas())
            self._try("transfer-offered", lambda: offer(at, self.case.id, area, "Pindah"))
        else:
            which = self.random.randrange(3)
            if which == 0:
                self._try("transfer-withdrawn", lambda: take_back(at, self.case.id))
            elif which == 1:
                self._try("transfer-returned", lambda: give_back(at, made.id, "Bukan warga kami"))
            else:
                self._try("case-transferred", lambda: accept(at, made.id))

    def _allow(self) -> None:
        self._try("closing-allowed", lambda: allow_closing(self.at(), self.case.id, "Selesai di tempat"))

    def _events(self) -> Counter[str]:
        query = select(Event.id, Event.kind).where(Event.subject == "case", Event.subject_id == self.case.id)
        rows = self.session.execute(query.where(Event.id > self.seen.event).order_by(Event.id)).all()
        self.seen.event = max((row.id for row in rows), default=self.seen.event)
        return Counter(row.kind for row in rows)

    def _unchanged(self) -> None:
        assert not self._events()
        assert self.case.version == self.seen.version, self.story[-3:]

    def _look(self, kind: str) -> None:
        """Looks at the case after an act: what holds always, and what this act may have changed."""
        self.session.flush()
        events, before, story = self._events(), self.seen, self.story[-8:]
        assert events[kind] >= 1, (kind, events, story)
        assert sum(events[each] for each in FIRST) <= 1, (kind, events, story)
        assert self.case.version == before.version + (1 if before.version else self.case.version), story
        query = select(Task).where(Task.case_id == self.case.id).order_by(Task.id)
        tasks = {each.id: each for each in self.session.scalars(query)}
        self._look_at_tasks(tasks, before, kind, events, story)
        letters = dict(
            self.session.execute(
                select(IssuedLetter.id, IssuedLetter.number).where(IssuedLetter.case_id == self.case.id)
            ).all()
        )
        assert before.letters.items() <= letters.items(), "a letter or its number was lost"
        assert len(letters) - len(before.letters) == events["letter-issued"], story
        referrals = len(
            self.session.scalars(select(Referral.id).where(Referral.case_id == self.case.id)).all()
        )
        assert referrals - before.referrals == events["referral-opened"], story
        assert events["case-closed"] == (before.status == "open" and self.case.status == "closed")
        assert before.version == 0 or self.case.due_at == before.due_at, "the case's due date was lost"
        if self.case.status == "closed":
            self._look_at_end()
        self.seen = Seen(
            version=self.case.version,
            event=before.event,
            tasks={key: (each.step, each.status, each.due_at) for key, each in tasks.items()},
            letters=letters,
            referrals=referrals,
            status=self.case.status,
            due_at=self.case.due_at,
        )

    def _look_at_tasks(
        self, tasks: Mapping[int, Task], before: Seen, kind: str, events: Counter[str], story: list[str]
    ) -> None:
        assert before.tasks.keys() <= tasks.keys(), "a task was lost"
        waiting = [each for each in tasks.values() if each.status == "open"]
        assert bool(waiting) == (self.case.status == "open"), ("dead end", story)
        assert len({each.step for each in waiting}) == len(waiting), ("a step is open twice", story)
        for each in waiting:
            step = self.sop.steps[each.step]
            limited = step.within is not None or getattr(step, "window", None) is not None
            assert not limited or each.due_at is not None, ("a due date was lost", each.step, story)
            assert (each.due_at is None) == (each.derivation is None)
            assert each.area == self.case.area, ("a task stayed behind", story)
            assert each.role == self.sop.role_of(each.step)
        for key, (_, _, due_at) in before.tasks.items():
            assert tasks[key].due_at == due_at, ("a due date changed", tasks[key].step, story)
        ended = Counter(
            tasks[key].status
            for key, (_, status, _) in before.tasks.items()
            if status == "open" and tasks[key].status != "open"
        )
        assert ended["done"] == events["step-completed"], story
        assert ended["returned"] == events["step-returned"], story
        if kind != "step-undone":
            assert ended["withdrawn"] == events["task-withdrawn"], story

    def _look_at_end(self) -> None:
        assert self.case.outcome in self.live.schema.outcomes
        assert self.case.stage == "settled"
        open_ones = [each for each in needs_of(self.session, self.case) if each.outcome is None]
        assert not open_ones or self.case.may_close, "closed without an outcome for every need"
        awaits = self.live.schema.outcomes[str(self.case.outcome)].awaits
        assert awaits or self.case.may_close or not open_referrals(self.session, self.case)
        still = select(CaseTransfer.id).where(
            CaseTransfer.case_id == self.case.id, CaseTransfer.status == "offered"
        )
        assert self.session.scalars(still).all() == []
