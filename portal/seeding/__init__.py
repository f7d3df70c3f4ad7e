"""A database full of made-up people and cases, the same at every run: for benches and for trying out.

Rows go in by the thousand through Core, outside the engine: a case that is seeded has tasks and a result but
no history. Every batch is one transaction with one event that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from sqlalchemy import Engine, Table, func, insert, select, text
from sqlalchemy.orm import Session

from portal import twins
from portal.database import reading, writing
from portal.events import record
from portal.facts import today
from portal.releases import Live
from portal.schema import RecordType
from portal.seeding.casework import Casework, Rows, tables_of
from portal.seeding.people import Household, Person, Population, villages_of
from portal.seeding.records import filled, link_to, linked_type, makers, number_columns
from portal.tables import Account, Case, Task
from portal.wall import standing

BATCH = 20_000
"""Residents or cases in one transaction."""
SEED = 1810

Progress: TypeAlias = Callable[[int, int], None]
"""Told after every batch how many rows are in, of how many."""


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """How many rows were added."""

    residents: int
    households: int
    cases: int
    tasks: int


def seed(
    engine: Engine,
    live: Live,
    cases: int,
    *,
    residents: int | None = None,
    now: datetime,
    progress: Progress = lambda done, total: None,
    number: int = SEED,
) -> Seeded:
    """Adds made-up residents and cases in every village, and returns how many rows of each came in.

    Args:
        cases: how many cases; they are spread over the new residents.
        residents: how many people; as many as cases when left out.
        now: the end of the year in which the cases were opened.
        number: another number gives other people.
    """
    people = cases if residents is None else residents
    seeding = _Seeding(engine=engine, live=live, now=now, random=Random(number))  # noqa: S311
    seeding.prepare()
    total = people + cases
    for done in seeding.add_people(people):
        progress(done, total)
    for done in seeding.add_cases(cases):
        progress(people + done, total)
    return seeding.counts()


@dataclass(kw_only=True)
class _Seeding:
    """One run: what it found, and what it has added so far."""

    engine: Engine
    live: Live
    now: datetime
    random: Random
    account: int = 0
    population: Population = field(init=False)
    added: list[tuple[int, str]] = field(default_factory=list)
    """The key and area of every resident that was added."""
    households: int = 0
    cases: int = 0
    tasks: int = 0

    @property
    def subject(self) -> RecordType:
        """The record type of people."""
        return self.live.schema.records[self.live.schema.subject()]

    def prepare(self) -> None:
        """Finds an account to act for and the numbers that are taken."""
        schema = self.live.schema
        offices = (centre.area for centre in schema.office.centres.values())
        self.population = Population(
            random=self.random,
            villages=villages_of(schema.areas, offices),
            today=today(schema, self.now),
        )
        with writing(self.engine) as session:
            self.account = _account(session, self.now)
        with reading(self.engine) as session:
            self._know_numbers(session)

    def _know_numbers(self, session: Session) -> None:
        known = ((self.live.schema.subject(), self.population.niks), (self._family, self.population.kks))
        for name, numbers in known:
            for column in number_columns(self.live.schema.records[name]) if name else ():
                kept = self._table(str(name)).c[column]
                for each in session.scalars(select(kept).where(kept.like("%99__"))):
                    numbers.know(str(each))

    @property
    def _family(self) -> str | None:
        """The record type of families, None in an office that keeps none."""
        return linked_type(self.subject, self.live.schema.records)

    def _table(self, name: str) -> Table:
        table: Table = self.live.models.records[name].__table__
        return table

    def add_people(self, most: int) -> Iterator[int]:
        """Adds residents with their families, a batch at a time, and yields how many there are."""
        families = self.population.families()
        left = most
        while left > 0:
            batch: list[tuple[Household, tuple[Person, ...]]] = []
            size = 0
            while size < min(BATCH, left):
                household, members = next(families)
                members = members[: min(BATCH, left) - size]
                batch.append((household, members))
                size += len(members)
            self._insert_people(batch)
            left -= size
            yield most - left

    def _insert_people(self, batch: list[tuple[Household, tuple[Person, ...]]]) -> None:
        family, subject = self._family, self.live.schema.subject()
        with writing(self.engine) as session:
            tables = [self._table(name) for name in (subject, family) if name]
            _lock(session, tables)
            stamps = self._stamps()
            key, homes = _next_key(session, self._table(subject)), {}
            if family:
                homes = self._insert_families(session, family, batch, stamps)
            making, link = makers(self.subject), link_to(self.subject, family) if family else None
            rows = []
            for household, members in batch:
                for person in members:
                    row = filled(making, self.random, person, household, {"id": key, **stamps})
                    if link:
                        row[link] = homes[household.number]
                    rows.append(row)
                    self.added.append((key, person.village.code))
                    key += 1
            session.execute(insert(self._table(subject)), rows)
            twins.learn(session, self.live, key - len(rows) - 1)
            _catch_up(session, tables)
            self._event(session, residents=len(rows), households=len(homes))

    def _insert_families(
        self,
        session: Session,
        family: str,
        batch: list[tuple[Household, tuple[Person, ...]]],
        stamps: Mapping[str, object],
    ) -> dict[int, int]:
        """Adds the families of a batch and returns their keys by number."""
        making, first = makers(self.live.schema.records[family]), _next_key(session, self._table(family))
        homes = {household.number: first + place for place, (household, _) in enumerate(batch)}
        rows = [
            filled(making, self.random, members[0], household, {"id": homes[household.number], **stamps})
            for household, members in batch
        ]
        session.execute(insert(self._table(family)), rows)
        self.households += len(rows)
        return homes

    def _stamps(self) -> dict[str, object]:
        at = self.now - timedelta(days=1)
        by = self.account
        return {"version": 1, "created_at": at, "created_by": by, "changed_at": at, "changed_by": by}

    def add_cases(self, most: int) -> Iterator[int]:
        """Adds cases for the new residents in turn, a batch at a time, and yields how many there are."""
        making = Casework(random=self.random, live=self.live, now=self.now, account=self.account)
        if not (self.added and making.ways):
            return
        while self.cases < most:
            size = min(BATCH, most - self.cases)
            self._insert_cases(making, size)
            yield self.cases

    def _insert_cases(self, making: Casework, size: int) -> None:
        answers = tables_of(self.live)
        case, task = _table_of(Case), _table_of(Task)
        with writing(self.engine) as session:
            _lock(session, [case, task])
            rows, key, task_key = Rows(), _next_key(session, case), _next_key(session, task)
            for resident, area in self._residents(size):
                task_key = making.add(rows, key, task_key, resident, area)
                key += 1
            session.execute(insert(case), rows.cases)
            session.execute(insert(task), rows.tasks)
            for sop, given in rows.answers.items():
                session.execute(insert(answers[sop]), given)
            _catch_up(session, [case, task])
            self._event(session, cases=len(rows.cases), tasks=len(rows.tasks))
        self.cases += len(rows.cases)
        self.tasks += len(rows.tasks)

    def _residents(self, size: int) -> Iterator[tuple[int, str]]:
        """Yields the residents of the next cases; each has one before any has a second."""
        people = len(self.added)
        yield from (self.added[(self.cases + place) * _STRIDE % people] for place in range(size))

    def _event(self, session: Session, **counts: int) -> None:
        record(
            session,
            actor=standing().actor,
            now=self.now,
            kind="example-data-added",
            subject="release",
            subject_id=self.live.release_id,
            data=dict(counts),
        )

    def counts(self) -> Seeded:
        """Returns how many rows were added."""
        return Seeded(
            residents=len(self.added), households=self.households, cases=self.cases, tasks=self.tasks
        )


_STRIDE = 7_368_787
"""A prime larger than any number of residents here: steps of it visit each of them once."""


def _table_of(mapped: Any) -> Table:
    table: Table = mapped.__table__
    return table


def _account(session: Session, now: datetime) -> int:
    """Returns the account that opened the made-up cases: one that nobody can log in to."""
    found = session.scalar(select(Account).where(Account.login == "seed"))
    if found is None:
        found = Account(
            login="seed",
            label="Data contoh",
            password="-",  # noqa: S106 - no hash: nothing matches it
            active=False,
            created_at=now,
        )
        session.add(found)
        session.flush()
    return found.id


def _lock(session: Session, tables: list[Table]) -> None:
    """Keeps other writers out while keys are given; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _next_key(session: Session, table: Table) -> int:
    return (session.scalar(select(func.max(table.c.id))) or 0) + 1


def _catch_up(session: Session, tables: list[Table]) -> None:
    """Tells PostgreSQL's sequences which keys are taken."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        session.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))
