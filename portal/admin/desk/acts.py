"""What can be done with a case beside its steps, as its page offers it: only what would be carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.access import may_in
from portal.cases import At, may_carry_out
from portal.cases.back import correct_hindrance, earlier_steps, may_undo, undo_hindrance
from portal.cases.beside import referral_letters
from portal.cases.checking import fresh_elsewhere, held_check
from portal.cases.closing import hindrances, needs_of, open_referrals
from portal.cases.transfer import offered
from portal.facts import calendar
from portal.rights import reads_step
from portal.schema import Sop
from portal.steps import CheckStep, WaitStep
from portal.tables import Case, Task
from portal.words import say
from portal.worktime import day_date, moment

Choice = tuple[str, str]
"""A value that a form sends, and its label."""


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One of several open tasks."""

    id: int
    label: str
    role: str
    due: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class NeedLine:
    """A need beside the main complaint."""

    id: int
    label: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Acts:
    """What the page of a case offers beside its step."""

    tasks: Sequence[TaskLine] = ()
    waits: str = ""
    rests: str = ""
    """On which check the current step rests, and until when that holds."""
    stale: str = ""
    """The check to do again; empty while it holds."""
    fresh: Sequence[Choice] = ()
    back: Sequence[Choice] = ()
    may_back: bool = False
    undo: Choice | None = None
    undo_not: str = ""
    corrections: Sequence[Choice] = ()
    flags: Sequence[Choice] = ()
    more_flags: Sequence[Choice] = ()
    needs: Sequence[NeedLine] = ()
    more_needs: Sequence[Choice] = ()
    outcomes: Sequence[Choice] = ()
    open_what: str = ""
    """What stands in the way of closing it, in words."""
    may_allow: bool = False
    allowed: bool = False
    letters: Sequence[Choice] = ()
    offer: str = ""
    may_work: bool = False
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether there is anything to offer or to say."""
        said = (
            self.may_back,
            self.undo,
            self.corrections,
            self.flags,
            self.needs,
            self.may_work,
            self.may_allow,
        )
        return any(map(bool, said))


def chosen(at: At, case: Case, sop: Sop, tasks: Sequence[Task], wanted: int | None) -> Task | None:
    """Returns the open task that a page shows: the one asked for, else the first that the person may do."""
    waiting = [each for each in tasks if each.status == "open"]
    asked = next((each for each in waiting if each.id == wanted), None)
    mine = (each for each in waiting if may_carry_out(at, case, each, sop.steps[each.step]))
    return asked or next(mine, None) or next(iter(waiting), None)


def acts_of(at: At, case: Case, sop: Sop, tasks: Sequence[Task], now: Task | None) -> Acts:
    """Returns what a person can do with a case beside its step."""
    works = may_in(at.live.schema, at.actor, "work", case.area)
    known = at.live.schema.known
    flags = [(key, known.flags[key].label if key in known.flags else key) for key in case.flags or ()]
    needs = [
        NeedLine(
            id=each.id,
            label=_label(known.complaints, each.complaint),
            outcome=_label(known.outcomes, each.outcome),
        )
        for each in needs_of(at.session, case)
    ]
    if now is None or case.status != "open":
        return Acts(flags=flags, needs=needs)
    schema = at.live.schema
    step, mine = sop.steps[now.step], may_carry_out(at, case, now, sop.steps[now.step])
    held = held_check(at, case, sop, now.step)
    undo, undo_not = _undo(at, case, sop, tasks)
    taken = {case.complaint, *(each.complaint for each in needs_of(at.session, case))}
    open_what = _open_what(at, case)
    said = {} if held is None else {"step": held.label, "until": _local(at, held.until)}
    on = day_date(held.checked_on) if held and held.checked_on else "–"
    rests = "" if held is None else say(f"acts-check-{'stale' if held.stale else 'fresh'}", on=on, **said)
    return Acts(
        tasks=list(_task_lines(at, sop, tasks, now)),
        waits=_waits(at, step, now.due_at) if isinstance(step, WaitStep) else "",
        rests=rests,
        stale=held.step if held and held.stale and mine else "",
        fresh=list(_fresh(at, case, step)) if isinstance(step, CheckStep) and mine else (),
        back=[(key, sop.steps[key].label) for key in earlier_steps(at, case, sop, now)] if mine else (),
        may_back=mine,
        undo=undo,
        undo_not=undo_not,
        corrections=list(_corrections(at, case, sop, tasks)),
        flags=flags,
        more_flags=[(k, e.label) for k, e in schema.flags.items() if k not in (case.flags or ())]
        if works
        else (),
        needs=needs,
        more_needs=[
            (k, e.label) for k, e in schema.complaints.items() if k not in taken and e.access == case.access
        ],
        outcomes=[(key, each.label) for key, each in schema.outcomes.items()],
        open_what=open_what,
        may_allow=bool(open_what) and may_in(schema, at.actor, "approve", case.area) and not case.may_close,
        allowed=case.may_close,
        letters=[(key, schema.letters[key].label) for key in referral_letters(at, case)] if works else (),
        offer=_offer(at, case),
        may_work=works,
    )


def _label(entries: Mapping[str, Any], key: str | None) -> str:
    return "" if key is None else str(entries[key].label) if key in entries else key


def _local(at: At, when: datetime) -> str:
    return moment(when.astimezone(calendar(at.live.schema).zone))


def _task_lines(at: At, sop: Sop, tasks: Sequence[Task], now: Task) -> Iterator[TaskLine]:
    """The open tasks, where there are several."""
    waiting, roles = [each for each in tasks if each.status == "open"], at.live.schema.known.roles
    for each in waiting if len(waiting) > 1 else ():
        yield TaskLine(
            id=each.id,
            label=sop.steps[each.step].label,
            role=roles[each.role].label if each.role in roles else each.role,
            due=_local(at, each.due_at) if each.due_at else "",
            here=each.id == now.id,
        )


def _waits(at: At, step: WaitStep, due_at: datetime | None) -> str:
    """What is waited for and until when."""
    if due_at is None:
        return ""
    if step.window is not None:
        days = ", ".join(map(str, step.window.days))
        return say("acts-waits-window", days=days, at=_local(at, due_at))
    return say(f"acts-waits-{step.waits_for}", at=_local(at, due_at))


def _fresh(at: At, case: Case, step: CheckStep) -> Iterator[Choice]:
    for each in fresh_elsewhere(at, case, step):
        on = day_date(each.checked_on)
        yield str(each.case_id), say("acts-take-over-one", number=each.number, on=on, who=each.checked_by)


def _undo(at: At, case: Case, sop: Sop, tasks: Sequence[Task]) -> tuple[Choice | None, str]:
    """The newest step that a person may undo, or why the one that they did last cannot be."""
    done = [each for each in tasks if each.status == "done" and each.step in sop.steps]
    mine = [each for each in reversed(done) if may_undo(at, case, each)]
    for each in mine:
        if not undo_hindrance(at, case, sop, each):
            return (str(each.id), sop.steps[each.step].label), ""
    if not mine:
        return None, ""
    why = say(undo_hindrance(at, case, sop, mine[0]))
    return None, say("acts-undo-not", step=sop.steps[mine[0].step].label, why=why)


def _corrections(at: At, case: Case, sop: Sop, tasks: Sequence[Task]) -> Iterator[Choice]:
    """The steps whose answers a person may correct, each once, the newest first."""
    seen: set[str] = set()
    for each in reversed([task for task in tasks if task.status == "done"]):
        if each.step in seen or correct_hindrance(case, sop, each) or not may_undo(at, case, each):
            continue
        seen.add(each.step)
        if reads_step(at.live.schema, at.actor, case.sop, each.step, case.area):
            yield str(each.id), sop.steps[each.step].label


def _open_what(at: At, case: Case) -> str:
    """What stands in the way of closing a case, in words; empty when nothing does."""
    if not hindrances(at, case, {}):
        return ""
    needs = sum(each.outcome is None for each in needs_of(at.session, case))
    referrals = len(open_referrals(at.session, case))
    parts = [say("acts-close-needs", count=needs)] if needs else []
    return "; ".join([*parts, *([say("acts-close-referrals", count=referrals)] if referrals else [])])


def _offer(at: At, case: Case) -> str:
    made = offered(at, case)
    if made is None:
        return ""
    name = at.live.places.full_name(made.to_area)
    return say("acts-transfer-waits", area=name, at=_local(at, made.offered_at))
