"""Scenarios -> what became of them: each made-up case is carried through its SOP by the real engine.

A scratch database in a temporary folder is made once and every scenario is rolled back, so that nothing is
kept and no table in use is touched. The clock is the scenario's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path as Folder
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor, Granted
from portal.cases import At, Intake, Paper, Refused, complete, form_fields, needed, open_case
from portal.conditions import evaluate, paths
from portal.database import engine_of, writing
from portal.diagnostics import Diagnostic, in_order
from portal.document import MapNode, Path, key_mark, value_mark
from portal.facts import answers_of, lookup, today
from portal.fields import DateField, FieldType, Value
from portal.migrate import apply
from portal.models import column_name
from portal.releases import Live, latest_id, live, sop_version
from portal.schema import Answer, PaperState, Scenario, ScenarioStep, Schema, Sop
from portal.steps import ApprovalStep, CheckStep, DecisionStep, OutcomeStep, StepType
from portal.tables import Account, Case, Event, IssuedLetter, Task

CODES = (
    "scenario-closed",
    "scenario-due-differs",
    "scenario-endless",
    "scenario-letters-differ",
    "scenario-open",
    "scenario-outcome-differs",
    "scenario-refused",
    "scenario-step-differs",
)
"""The codes of what can become of a scenario that fails."""

OPENS = time(9)
NOBODY = "-"
WORKERS = (1, 2)
"""Two people who do everything in turn: an approval is never by whoever prepared it."""


@dataclass(frozen=True, kw_only=True, order=True)
class Way:
    """One way on from a decision or an approval."""

    step: str
    name: str
    """`1`, `2`, ... for the branches of a decision, `otherwise`, `approved` or `returned`."""
    target: str = field(compare=False)
    says: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What became of one scenario."""

    key: str
    sop: str
    ways: frozenset[Way]
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What became of every scenario, and which ways they took."""

    tried: tuple[Tried, ...]
    ways: Mapping[str, tuple[Way, ...]]
    """Every way that each SOP has."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What differs from what was expected, by place."""
        return in_order(found for each in self.tried for found in each.diagnostics)

    def taken(self, sop: str) -> frozenset[Way]:
        """Returns the ways of an SOP that some scenario took."""
        return frozenset(way for each in self.tried if each.sop == sop for way in each.ways)

    def never(self, sop: str) -> tuple[Way, ...]:
        """Returns the ways of an SOP that no scenario took, in the order of its steps."""
        return tuple(way for way in self.ways[sop] if way not in self.taken(sop))


def simulate(
    schema: Schema,
    root: MapNode,
    templates: Mapping[str, str],
    *,
    only: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Simulation:
    """Carries the scenarios of a schema, all or those of one SOP, and tells what became of them.

    Args:
        root: the tree of the files, for the place of each expectation.
        templates: the letter files by name.
    """
    wanted = {
        key: each
        for key, each in schema.scenarios.items()
        if only is None or schema.programs[each.program].sop == only
    }
    ways = {key: tuple(ways_of(sop)) for key, sop in schema.sops.items() if only in (None, key)}
    if not wanted:
        return Simulation(tried=(), ways=ways)
    tried = []
    with _scratch(schema, templates) as engine:
        for key, scenario in wanted.items():
            progress(scenario.label)
            with Session(engine, expire_on_commit=False) as session:
                current = live(session, latest_id(session) or 0)
                tried.append(_Try(session, current, root, key, scenario).told())
    return Simulation(tried=tuple(tried), ways=ways)


def ways_of(sop: Sop) -> Iterator[Way]:
    """Yields every way on from the decisions and approvals of an SOP."""
    for key, step in sop.steps.items():
        if isinstance(step, DecisionStep):
            for number, branch in enumerate(step.choose, start=1):
                yield Way(step=key, name=str(number), target=branch.go, says=branch.says or "")
            yield Way(step=key, name="otherwise", target=step.otherwise)
        elif isinstance(step, ApprovalStep):
            yield Way(step=key, name="approved", target=step.go or sop.after(key) or "")
            yield Way(step=key, name="returned", target=step.returned)


@contextmanager
def _scratch(schema: Schema, templates: Mapping[str, str]) -> Iterator[Engine]:
    """Makes an office of nobody in a temporary folder; it is gone afterwards."""
    with TemporaryDirectory(prefix="portal-simulate-") as folder:
        engine = engine_of(f"sqlite:///{Folder(folder) / 'scratch.db'}")
        now = datetime(2000, 1, 1, tzinfo=UTC)
        try:
            apply(engine, schema, {}, templates, actor=SYSTEM, now=now, reason="")
            with writing(engine) as session:
                session.add_all(
                    Account(id=key, login=f"-{key}", label=NOBODY, password=NOBODY, created_at=now)
                    for key in WORKERS
                )
            yield engine
        finally:
            engine.dispose()


class _Try:
    """Carries one scenario in a session that is thrown away."""

    def __init__(self, session: Session, current: Live, root: MapNode, key: str, scenario: Scenario) -> None:
        self.session, self.live, self.root = session, current, root
        self.key, self.scenario = key, scenario
        schema = current.schema
        self.sop_id = str(schema.programs[scenario.program].sop)
        self.sop = schema.sops[self.sop_id]
        self.zone = ZoneInfo(schema.office.time_zone)
        self.now = datetime.combine(scenario.opened, OPENS, self.zone)
        self.last_worker = WORKERS[-1]
        self.seen_event = 0
        self.ways: set[Way] = set()
        self.found: list[Diagnostic] = []
        self.kept: list[object] = []
        """Rows that every step reads: a session forgets what nobody holds."""

    def told(self) -> Tried:
        """Carries the scenario as far as it goes and returns what became of it."""
        try:
            case = self._opened()
            if case is not None and all(self._act(case, *each) for each in enumerate(self.scenario.steps)):
                self._end(case)
        except RecursionError:
            self._note("scenario-endless", (), sop=self.sop_id)
        return Tried(key=self.key, sop=self.sop_id, ways=frozenset(self.ways), diagnostics=tuple(self.found))

    def _note(self, code: str, path: Path, **values: str) -> None:
        place = ("scenarios", self.key, *path)
        mark = value_mark(self.root, place) if path else key_mark(self.root, place)
        self.found.append(Diagnostic(code=code, mark=mark, values={"label": self.scenario.label, **values}))

    def _refused(self, path: Path, step: str, error: Refused) -> None:
        for name, slug in sorted(error.problems.items()):
            self._note("scenario-refused", path, step=step, name=name, why_word=slug)

    def _at(self) -> At:
        """Returns where the other of the two workers acts now, with every role everywhere."""
        self.last_worker = next(each for each in WORKERS if each != self.last_worker)
        grants = tuple(Granted(role=role) for role in self.live.schema.roles)
        actor = Actor(account_id=self.last_worker, label=NOBODY, grants=grants)
        return At(session=self.session, live=self.live, actor=actor, now=self.now)

    def _opened(self) -> Case | None:
        said, schema = self.scenario, self.live.schema
        program = schema.programs[said.program]
        complaint = said.complaint or next(iter((*program.complaints, *schema.complaints)))
        at = replace(self._at(), actor=Actor(account_id=WORKERS[0], label=NOBODY, everything=True))
        intake = Intake(
            area=self._area(),
            channel=said.channel or next(iter(schema.channels)),
            program=said.program,
            complaint=complaint,
            priority=said.priority or next(iter(schema.priorities)),
            description=said.label,
            resident_id=self._resident(),
            papers=_papers(said.documents),
        )
        try:
            case = open_case(at, intake)
        except Refused as error:
            self._refused((), self.sop.first(), error)
            return None
        self.kept.append(answers_of(self.session, self.live, case))
        self._follow(case)
        return case

    def _area(self) -> str:
        centres = self.live.schema.office.centres.values()
        villages = [centre.area for centre in centres if centre.level == "village"]
        return self.scenario.area or next(iter((*villages, *(centre.area for centre in centres))))

    def _resident(self) -> int | None:
        if not self.scenario.resident:
            return None
        subject = self.live.schema.subject()
        definition = self.live.schema.records[subject]
        said: dict[str, Answer] = {**self.scenario.resident}
        if definition.area:
            said.setdefault(definition.area, (self._area(),))
        values = {key: each.sample() for key, each in definition.fields.items() if each.required}
        values |= {key: definition.fields[key].read(texts) for key, texts in said.items()}
        stamps = {"created_at": self.now, "created_by": 0, "changed_at": self.now, "changed_by": 0}
        columns = {column_name(key): value for key, value in values.items()}
        row = self.live.models.records[subject](**columns, **stamps)
        self.session.add(row)
        self.session.flush()
        self.kept.append(row)
        return int(row.id)

    def _act(self, case: Case, index: int, act: ScenarioStep) -> bool:
        """Carries out one step; tells whether the scenario can go on."""
        path: Path = ("steps", index)
        task = self._open_task(case, act.step)
        if task is None:
            self._note("scenario-closed", (*path, "step"), step=act.step, outcome=case.outcome or NOBODY)
            return False
        if task.step != act.step:
            self._note("scenario-step-differs", (*path, "step"), expected=act.step, actual=task.step)
            return False
        self._compare_due((*path, "due"), act.due, task.due_at)
        self.now += timedelta(days=act.days)
        step, at = sop_version(self.session, case.sop_version_id).steps[task.step], self._at()
        before = self._letters(case)
        try:
            papers = self._brought(at, case, step, act.documents)
            complete(at, task.id, self._answers(case, step, act), papers)
        except Refused as error:
            self._refused((*path, "step"), act.step, error)
            return False
        self._approved(task.step, step, act)
        self._follow(case)
        self._compare_letters((*path, "letters"), act.letters, self._letters(case)[len(before) :])
        return True

    def _brought(
        self, at: At, case: Case, step: StepType, said: Mapping[str, PaperState]
    ) -> Mapping[str, Paper]:
        """Returns what is said of documents, and that whatever else is still missing has been brought."""
        missing = {each.document: "brought" for each in needed(at, case, step) if not each.settled}
        return _papers({**missing, **said})

    def _answers(self, case: Case, step: StepType, act: ScenarioStep) -> Mapping[str, Value]:
        fields = form_fields(self.live, step)
        values = {
            key: self._made_up(case, act.step, each, key)
            for key, each in fields.items()
            if each.required and not self._decides(act.step, step, key)
        }
        return values | {key: fields[key].read(texts) for key, texts in act.answers.items()}

    def _decides(self, step_id: str, step: StepType, name: str) -> bool:
        """Tells whether a way, or the end, depends on an answer: then it is the scenario's to give."""
        if isinstance(step, OutcomeStep) and name == "outcome":
            return True
        if isinstance(step, ApprovalStep) and name == "verdict":
            return True
        asked = {
            path
            for each in self.sop.steps.values()
            if isinstance(each, DecisionStep)
            for branch in each.choose
            for path in paths(branch.when)
        }
        of_register = {f"registry.{name}"} if isinstance(step, CheckStep) else set()
        return bool({f"{step_id}.{name}", *of_register} & asked)

    def _made_up(self, case: Case, step: str, each: FieldType, name: str) -> Value:
        if name == "destination":
            proposed = getattr(self.sop.steps[step], "destination", None)
            program = self.live.schema.programs[case.program]
            return proposed or program.destination or each.sample()
        return today(self.live.schema, self.now) if isinstance(each, DateField) else each.sample()

    def _end(self, case: Case) -> None:
        expected, task = self.scenario.expect, self._open_task(case, self.scenario.expect.step)
        waits = task.step if task else NOBODY
        if expected.outcome is not None and task is not None:
            self._note("scenario-open", ("expect", "outcome"), expected=expected.outcome, step=waits)
        elif expected.outcome is not None and case.outcome != expected.outcome:
            values = {"expected": expected.outcome, "actual": case.outcome or NOBODY}
            self._note("scenario-outcome-differs", ("expect", "outcome"), **values)
        if expected.step is not None and task is None:
            outcome = case.outcome or NOBODY
            self._note("scenario-closed", ("expect", "step"), step=expected.step, outcome=outcome)
        elif expected.step is not None and waits != expected.step:
            self._note("scenario-step-differs", ("expect", "step"), expected=expected.step, actual=waits)
        self._compare_due(("expect", "due"), expected.due, task.due_at if task else case.due_at)
        self._compare_letters(("expect", "letters"), expected.letters, self._letters(case))

    def _open_task(self, case: Case, step: str | None = None) -> Task | None:
        """Returns the open task of a step, in parallel branches one of several; else the oldest."""
        waiting = select(Task).where(Task.case_id == case.id, Task.status == "open").order_by(Task.id)
        found = self.session.scalars(waiting).all()
        return next((each for each in found if each.step == step), found[0] if found else None)

    def _letters(self, case: Case) -> list[str]:
        issued = select(IssuedLetter.letter).where(IssuedLetter.case_id == case.id)
        return list(self.session.scalars(issued.order_by(IssuedLetter.id)))

    def _compare_due(self, path: Path, expected: date | None, actual: datetime | None) -> None:
        day = today(self.live.schema, actual) if actual else None
        if expected is not None and day != expected:
            self._note("scenario-due-differs", path, expected=str(expected), actual=str(day or NOBODY))

    def _compare_letters(self, path: Path, expected: Sequence[str] | None, actual: Sequence[str]) -> None:
        if expected is not None and list(expected) != list(actual):
            said = {"expected": ", ".join(expected) or NOBODY, "actual": ", ".join(actual) or NOBODY}
            self._note("scenario-letters-differ", path, **said)

    def _approved(self, key: str, step: StepType, act: ScenarioStep) -> None:
        if isinstance(step, ApprovalStep):
            verdict = " ".join(act.answers.get("verdict", ()))
            self.ways |= {way for way in ways_of(self.sop) if (way.step, way.name) == (key, verdict)}

    def _follow(self, case: Case) -> None:
        """Notes the ways of the decisions that were passed since it was called last."""
        passed = select(Event).where(Event.id > self.seen_event, Event.kind == "step-passed")
        for event in self.session.scalars(passed.order_by(Event.id)):
            self.seen_event = event.id
            self.ways.add(self._way(case, event.data))

    def _way(self, case: Case, passed: Mapping[str, object]) -> Way:
        """Returns the way that was taken: the event tells where to and why, which two branches may share."""
        own = [way for way in ways_of(self.sop) if way.step == passed["step"]]
        same = [way for way in own if (way.target, way.says) == (passed["to"], passed["why"])]
        step = self.sop.steps[str(passed["step"])]
        find = lookup(self.session, self.live, case, self.sop, self.now)
        for way in same[:-1]:
            branch = step.choose[int(way.name) - 1] if isinstance(step, DecisionStep) else None
            if branch is not None and evaluate(branch.when, find).answer == "yes":
                return way
        return same[-1]


def _papers(states: Mapping[str, str]) -> Mapping[str, Paper]:
    return {key: Paper(state=state, note=NOBODY) for key, state in states.items()}
