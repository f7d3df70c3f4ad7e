"""Cases of made-up people: open and closed, some way along their SOP, due by the office's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from portal.facts import calendar
from portal.models import answer_column
from portal.places import centre_for
from portal.releases import Live
from portal.schema import Program, Sop
from portal.steps import CheckStep, StepType
from portal.worktime import Calendar, Duration, due

Row: TypeAlias = dict[str, Any]
Steps: TypeAlias = tuple[tuple[str, StepType], ...]
OPEN = 0.3
"""The share of cases that are still open."""
DAYS = 360
"""How far back cases were opened."""


@dataclass(kw_only=True)
class Rows:
    """The rows of some cases, by table."""

    cases: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    answers: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A programme with its SOP, and the steps of it that wait for someone, in order."""

    program: str
    definition: Program
    sop: str
    steps: Steps
    check: str | None
    """The first check step, whose result every case beyond it has."""


@dataclass(kw_only=True)
class Casework:
    """Makes cases for residents, the same for the same random numbers."""

    random: Random
    live: Live
    now: datetime
    account: int
    ways: tuple[Way, ...] = ()
    days: dict[tuple[date, Duration], datetime] = field(default_factory=dict)
    centres: dict[str, str] = field(default_factory=dict)
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        """Finds out what cases can be about."""
        self.calendar = calendar(self.live.schema)
        self.ways = ways_of(self.live)

    def add(self, rows: Rows, key: int, task_key: int, resident: int, area: str) -> int:
        """Adds a case with its tasks and answers, and returns the next free task key."""
        random, schema = self.random, self.live.schema
        way = self.ways[int(random.random() * len(self.ways))]
        opened = self.now - timedelta(days=int(random.random() * DAYS), hours=int(random.random() * 7))
        is_open = random.random() < OPEN
        path = self._path(way)
        done = int(random.random() * len(path)) if is_open else len(path)
        complaint = _one(random, way.definition.complaints or tuple(schema.complaints))
        access = schema.complaints[complaint].access
        last = path[min(done, len(path) - 1)][1]
        closed = None if is_open else min(self.now, opened + timedelta(days=1 + int(random.random() * 20)))
        rows.cases.append(
            {
                "id": key,
                "number": f"CONTOH-{key:08d}",
                "area": area,
                "centre": self._centre(area),
                "access": access,
                "resident_id": resident,
                "channel": _one(random, tuple(schema.channels)),
                "program": way.program,
                "complaint": complaint,
                "priority": _one(random, tuple(schema.priorities)),
                "description": f"{schema.complaints[complaint].label} (data contoh)",
                "sop": way.sop,
                "sop_version_id": self.live.sop_versions[way.sop],
                "stage": (last.stage or "received") if is_open else "settled",
                "status": "open" if is_open else "closed",
                "outcome": None if is_open else _one(random, tuple(schema.outcomes)),
                "opened_at": opened,
                "opened_by": self.account,
                "due_at": self._due(opened, schema.sops[way.sop].total_within),
                "closed_at": closed,
                "version": 1,
            }
        )
        rows.answers.setdefault(way.sop, []).append(self._answers(way, key, path[:done]))
        return self._tasks(rows, path, rows.cases[-1], task_key, done)

    def _path(self, way: Way) -> Steps:
        """Returns the steps that one case takes: the first, one or two on the way, the last."""
        if len(way.steps) < 3:
            return way.steps
        first, *between, last = way.steps
        places = sorted({int(self.random.random() * len(between)) for _ in range(2)})
        return (first, *(between[place] for place in places), last)

    def _tasks(self, rows: Rows, path: Steps, case: Row, key: int, done: int) -> int:
        at: datetime = case["opened_at"]
        for place, (step_id, step) in enumerate(path[: done + 1]):
            finished = min(self.now, at + timedelta(hours=1 + int(self.random.random() * 72)))
            is_done = place < done
            rows.tasks.append(
                {
                    "id": key,
                    "case_id": case["id"],
                    "step": step_id,
                    "role": step.role or "",
                    "area": case["area"],
                    "access": case["access"],
                    "status": "done" if is_done else "open",
                    "opened_at": at,
                    "due_at": self._due(at, step.within),
                    "completed_at": finished if is_done else None,
                    "completed_by": self.account if is_done else None,
                    "why": "",
                }
            )
            key, at = key + 1, finished
        return key

    def _answers(self, way: Way, case: int, done: Steps) -> Row:
        row: Row = {"case_id": case}
        if way.check is not None:
            checked = any(step_id == way.check for step_id, _ in done)
            row[answer_column(way.check, "result")] = "registered" if checked else None
            row[answer_column(way.check, "decile")] = 1 + int(self.random.random() * 10) if checked else None
        return row

    def _centre(self, area: str) -> str:
        if area not in self.centres:
            schema = self.live.schema
            self.centres[area] = centre_for(schema, area) or next(iter(schema.office.centres))
        return self.centres[area]

    def _due(self, start: datetime, within: Duration | None) -> datetime | None:
        """Returns the due date; where only the date of receipt counts, once for each date."""
        if within is None:
            return None
        if within.unit.endswith("hours"):
            return due(start, within, self.calendar).at.astimezone(UTC)
        known = (start.astimezone(self.calendar.zone).date(), within)
        if known not in self.days:
            self.days[known] = due(start, within, self.calendar).at.astimezone(UTC)
        return self.days[known]


def ways_of(live: Live) -> tuple[Way, ...]:
    """Returns the programmes that take cases, each with the SOP that it follows."""
    schema = live.schema
    found = [
        _way(key, program, program.sop, schema.sops[program.sop])
        for key, program in schema.programs.items()
        if program.status == "active" and program.sop in schema.sops
    ]
    return tuple(way for way in found if way.steps)


def _way(key: str, program: Program, sop: str | None, definition: Sop) -> Way:
    steps = tuple((step_id, step) for step_id, step in definition.steps.items() if not step.automatic)
    check = next((step_id for step_id, step in steps if isinstance(step, CheckStep)), None)
    own = definition.steps[check].fields if check else {}
    return Way(
        program=key,
        definition=program,
        sop=str(sop),
        steps=steps,
        check=None if {"result", "decile"} & own.keys() else check,
    )


def _one(random: Random, keys: tuple[str, ...]) -> str:
    return keys[int(random.random() * len(keys))]


def tables_of(live: Live) -> Mapping[str, Any]:
    """Returns the tables of answers by SOP."""
    return {key: answers.__table__ for key, answers in live.models.answers.items()}
