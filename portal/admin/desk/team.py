"""The team of who divides work: by person and role queue what is open, late, due today, oldest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import roles_of, within
from portal.accounts import holds
from portal.admin.desk.base import Here
from portal.cases.dividing import divisible
from portal.facts import calendar
from portal.schema import Schema
from portal.tables import Account, Grant, Task
from portal.words import say
from portal.worktime import Calendar, day_date, standing

MOST = 5000
"""So many open tasks are counted at most, the most urgent first."""


@dataclass(kw_only=True)
class Load:
    """What one person, or the queue of one role, has to do."""

    label: str
    roles: str = ""
    holder: str
    """How the page that divides tasks calls it."""
    open: int = 0
    late: int = 0
    today: int = 0
    oldest: datetime | None = None
    absent: str = ""
    """Who stands in and until when, empty for who is here."""
    overloaded: bool = False

    def add(self, task: Task, now: datetime, days: Calendar) -> None:
        """Counts a task."""
        where = standing(task.due_at, now, days).kind if task.due_at else "ahead"
        self.open += 1
        self.late += where == "late"
        self.today += where == "today"
        if self.oldest is None or task.opened_at < self.oldest:
            self.oldest = task.opened_at


@dataclass(frozen=True, kw_only=True)
class Team:
    """Everybody whose work one divides, who has most first, and the queues of their roles."""

    people: Sequence[Load]
    queues: Sequence[Load]
    threshold: int
    more: bool = False
    """Whether there are more tasks than are counted."""
    oldest: dict[str, str] = field(default_factory=dict)
    """The oldest task of each in words, by holder."""


def team(session: Session, here: Here) -> Team:
    """Returns the team of whoever asks."""
    schema, days = here.live.schema, calendar(here.live.schema)
    query = divisible(here.live, here.actor).with_only_columns(Task)
    tasks = session.scalars(query.limit(MOST + 1)).all()
    people = _people(session, here)
    queues: dict[str, Load] = {}
    for task in tasks[:MOST]:
        if task.assigned_to is None:
            label = schema.roles[task.role].label if task.role in schema.roles else task.role
            load = queues.setdefault(task.role, Load(label=label, holder=f"antrean-{task.role}"))
        else:
            load = people.setdefault(task.assigned_to, _unknown(session, task.assigned_to))
        load.add(task, here.now, days)
    for load in people.values():
        load.overloaded = load.open >= schema.office.overloaded_from
    ranked = sorted(people.values(), key=lambda load: (-load.open, load.label))
    shown = [*ranked, *queues.values()]
    return Team(
        people=ranked,
        queues=sorted(queues.values(), key=lambda load: -load.open),
        threshold=schema.office.overloaded_from,
        more=len(tasks) > MOST,
        oldest={load.holder: _since(load.oldest, days) for load in shown if load.oldest},
    )


def _since(at: datetime | None, days: Calendar) -> str:
    return day_date(at.astimezone(days.zone).date()) if at else ""


def _unknown(session: Session, key: int) -> Load:
    account = session.get(Account, key)
    label = account.label if account else str(key)
    return Load(label=label, holder=f"akun-{key}")


def _people(session: Session, here: Here) -> dict[int, Load]:
    """Everybody with an active account who works on cases in the areas where the person divides work."""
    schema = here.live.schema
    areas = [granted.area for granted, role in roles_of(schema, here.actor) if "assign" in role.may]
    working = [key for key, role in schema.roles.items() if "work" in role.may]
    inside = within(Grant.area, [""] if here.actor.everything else areas)
    rows = session.execute(
        select(Account.id, Account.label, Grant.role)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.active, Grant.role.in_(working), inside, holds(here.now))
        .order_by(Account.label, Account.id, Grant.id)
    ).all()
    held: dict[int, list[str]] = {}
    labels: dict[int, str] = {}
    for key, label, role in rows:
        labels[key] = label
        held.setdefault(key, []).append(role)
    away = _absent(session, here, labels)
    return {
        key: Load(
            label=label, holder=f"akun-{key}", roles=_named(schema, held[key]), absent=away.get(key, "")
        )
        for key, label in labels.items()
    }


def _named(schema: Schema, roles: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(schema.roles[role].label for role in roles))


def _absent(session: Session, here: Here, people: Iterable[int]) -> dict[int, str]:
    """Who of some people is away just now: somebody stands in for them."""
    zone = calendar(here.live.schema).zone
    rows = session.execute(
        select(Grant.for_id, Account.label, Grant.until)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.for_id.in_(tuple(people)), Grant.acting != "", holds(here.now))
        .where(or_(Grant.until.is_(None), Grant.until > here.now))
    ).all()
    return {
        key: say("team-absent", who=label, day=day_date(until.astimezone(zone).date()) if until else "–")
        for key, label, until in rows
        if key is not None
    }
