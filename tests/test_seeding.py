from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapes
from small import NOW, SCHEMA, account, release
from sqlalchemy import Engine, Row, Table, func, insert, select

from portal.access import Actor, Granted, case_scope, record_scope
from portal.database import engine_of, reading, writing
from portal.events import broken
from portal.models import column_name
from portal.releases import Live, live
from portal.seeding import Seeded, seed
from portal.tables import Case, Event, Task

POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql" and not POSTGRES:
        pytest.skip("PORTAL_TEST_POSTGRES is not set")
    engine = engine_of(POSTGRES if request.param == "postgresql" else f"sqlite:///{tmp_path / 'seed.db'}")
    empty(engine)
    create(engine)
    yield engine
    empty(engine)
    engine.dispose()


def create(engine: Engine) -> None:
    shapes.create(engine, SCHEMA)
    with writing(engine) as session:
        session.add_all([*release(), account(77)])


def empty(engine: Engine) -> None:
    """Removes every table, as the database of a PostgreSQL server is shared by the tests."""
    with writing(engine) as session:
        if engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def of(engine: Engine) -> Live:
    with reading(engine) as session:
        return live(session, 1)


def table_of(engine: Engine, record: str) -> Table:
    table: Table = of(engine).models.records[record].__table__
    return table


def rows(engine: Engine, table: Table) -> list[Row[Any]]:
    with reading(engine) as session:
        return list(session.execute(select(table).order_by(table.c.id)))


def test_seeding_adds_what_was_asked_for(engine: Engine) -> None:
    told: list[tuple[int, int]] = []
    seeded = seed(engine, of(engine), 30, residents=50, now=NOW, progress=lambda *said: told.append(said))
    assert (seeded.residents, seeded.cases) == (50, 30)
    assert len(rows(engine, table_of(engine, "resident"))) == 50
    assert len(rows(engine, table_of(engine, "household"))) == seeded.households > 10
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 30
        assert session.scalar(select(func.count()).select_from(Task)) == seeded.tasks >= 30
    assert told == [(50, 80), (80, 80)]


def test_seeding_gives_the_same_people_every_time(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        engine = engine_of(f"sqlite:///{tmp_path / name}.db")
        create(engine)
        seed(engine, of(engine), 40, now=NOW)
        found.append([rows(engine, table_of(engine, "resident")), rows(engine, cases_table())])
        engine.dispose()
    assert found[0] == found[1]


def cases_table() -> Table:
    table = Case.__table__
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize("record", ["resident", "household"])
def test_every_value_is_one_that_the_form_accepts(engine: Engine, record: str) -> None:
    seed(engine, of(engine), 0, residents=120, now=NOW)
    fields = SCHEMA.records[record].fields
    for row in rows(engine, table_of(engine, record)):
        for key, field in fields.items():
            value = field.stored(row._mapping[column_name(key)])
            assert field.read(field.write(value)) == value


def test_people_fit_their_numbers_and_families(engine: Engine) -> None:
    seed(engine, of(engine), 0, residents=120, now=NOW)
    people = rows(engine, table_of(engine, "resident"))
    homes = {row.id: row.area for row in rows(engine, table_of(engine, "household"))}
    assert len({row.nik for row in people}) == 120
    for row in people:
        assert row.nik.startswith(row.area.replace(".", "")[:6])
        assert row.nik[12:14] == "99"
        assert (int(row.nik[6:8]) > 40) == (row.sex == "female")
        assert row.nik[8:12] == f"{row.birth_date:%m%y}"
        assert homes[row.household] == row.area


def test_people_live_in_every_village_and_are_seen_there(engine: Engine) -> None:
    seed(engine, of(engine), 60, now=NOW)
    table = table_of(engine, "resident")
    with reading(engine) as session:
        for area in ("18.10.03.2007", "18.10.03.2008"):
            who = Actor(account_id=1, label="x", grants=(Granted(role="front-office", area=area),))
            seen = select(table.c.area).where(record_scope(SCHEMA, who, "resident", table.c.area))
            assert set(session.scalars(seen)) == {area}
            cases = select(Case.area).where(case_scope(SCHEMA, who))
            assert set(session.scalars(cases)) == {area}


def test_cases_stand_where_their_tasks_say(engine: Engine) -> None:
    seed(engine, of(engine), 80, now=NOW)
    with reading(engine) as session:
        for case in session.scalars(select(Case)):
            tasks = session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id)).all()
            waiting = [task for task in tasks if task.status == "open"]
            assert len(waiting) == (case.status == "open")
            assert all(task.area == case.area and task.step in SCHEMA.sops["pbi"].steps for task in tasks)
            assert (case.outcome is None) == (case.closed_at is None) == (case.status == "open")
            assert case.opened_at <= NOW
            answers = of(engine).models.answers["pbi"]
            assert session.get(answers, case.id) is not None


def test_seeding_again_adds_other_people(engine: Engine) -> None:
    first = seed(engine, of(engine), 20, now=NOW)
    second = seed(engine, of(engine), 20, now=NOW)
    people = rows(engine, table_of(engine, "resident"))
    assert len({row.nik for row in people}) == first.residents + second.residents == 40


def test_ordinary_rows_follow_the_seeded_ones(engine: Engine) -> None:
    seeded: Seeded = seed(engine, of(engine), 5, now=NOW)
    stamps = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    table = table_of(engine, "resident")
    with writing(engine) as session:
        made = insert(table).values(name="Warga", **stamps).returning(table.c.id)
        assert session.scalar(made) == seeded.residents + 1


def test_seeding_is_told_in_the_chain(engine: Engine) -> None:
    with reading(engine) as session:
        before = select(func.max(Event.id))
        newer = Event.id > (session.scalar(before) or 0)
    seed(engine, of(engine), 5, now=NOW)
    with reading(engine) as session:
        assert set(session.scalars(select(Event.kind).where(newer, Event.subject == "release"))) == {
            "example-data-added"
        }
        assert broken(session) is None
