from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from small import NOW, SCHEMA, account, case, release, task
from sqlalchemy import ColumnElement, Engine, column, insert, literal, or_, select
from sqlalchemy.orm import Session

from portal.access import (
    SYSTEM,
    Actor,
    Granted,
    case_scope,
    may,
    may_in,
    may_record,
    may_record_in,
    may_work,
    record_scope,
    sees,
    task_scopes,
    within,
    works_as,
)
from portal.database import engine_of, reading, writing
from portal.models import build
from portal.schema import CaseAct
from portal.tables import Base, Case, Task

VILLAGE, NEIGHBOUR, ELSEWHERE = "18.10.03.2007", "18.10.03.2008", "18.11.01.2001"
AREAS = (VILLAGE, NEIGHBOUR, "18.10.04.2001", "18.1", "18.10", "18.100.03.2007", ELSEWHERE, "32.02.16.2004")
MODELS = build(SCHEMA)
RESIDENTS = MODELS.records["resident"].__table__


def actor(*grants: tuple[str, str], key: int = 7) -> Actor:
    granted = tuple(Granted(role=role, area=area) for role, area in grants)
    return Actor(account_id=key, label="Ratna Contoh", grants=granted)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = engine_of(f"sqlite:///{tmp_path_factory.mktemp('access') / 'access.db'}")
    with writing(engine) as session:
        Base.metadata.create_all(session.connection())
        MODELS.metadata.create_all(session.connection())
        session.add_all([*release(), *map(account, (1, 7))])
        session.flush()
        fill(session)
    yield engine
    engine.dispose()


def fill(session: Session) -> None:
    """Adds a resident of each area, and cases of each access class with their tasks."""
    stamps = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    session.execute(insert(RESIDENTS), [{"name": f"Warga {a}", "area": a, **stamps} for a in AREAS])
    session.execute(insert(RESIDENTS), [{"name": "Tanpa desa", "area": None, **stamps}])
    classes = ("normal", "sensitive", "protected")
    rows = [
        case(10 * n + m, area=area, access=access, opened_by=7 if m == 3 else 1)
        for n, area in enumerate((VILLAGE, NEIGHBOUR, ELSEWHERE), start=1)
        for m, access in enumerate((*classes, "sensitive"))
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(task(row.id, row) for row in rows if row.id % 10 < 3)
    session.add(task(99, next(row for row in rows if row.id == 32), assigned_to=7, step="register"))


def open_to(who: Actor) -> ColumnElement[bool]:
    return or_(*(scope for scope, _ in task_scopes(SCHEMA, who)))


@pytest.mark.parametrize(
    ("area", "covers"),
    [
        (VILLAGE, {VILLAGE}),
        ("18.10.03", {VILLAGE, NEIGHBOUR}),
        ("18.10", {VILLAGE, NEIGHBOUR, "18.10.04.2001", "18.10"}),
        ("18.1", {"18.1"}),
        ("18", set(AREAS) - {"32.02.16.2004"}),
        ("", set(AREAS)),
    ],
)
def test_a_grant_covers_its_area_and_what_lies_in_it(engine: Engine, area: str, covers: set[str]) -> None:
    scope = record_scope(SCHEMA, actor(("front-office", area)), "resident", RESIDENTS.c.area)
    with reading(engine) as session:
        found = set(session.scalars(select(RESIDENTS.c.area).where(scope)))
    assert found - {None} == covers
    assert {each for each in AREAS if Granted(role="front-office", area=area).covers(each)} == covers


@pytest.mark.parametrize(
    "who",
    [
        actor(),
        actor(("unknown-role", "")),
        actor(("unknown-role", VILLAGE)),
    ],
)
def test_nobody_without_a_known_role_sees_or_does_anything(engine: Engine, who: Actor) -> None:
    assert not any(may(SCHEMA, who, act) for act in get_args(CaseAct))
    assert not may_record(SCHEMA, who, "resident", "read")
    assert works_as(SCHEMA, who) == ()
    assert sees(SCHEMA, who, SCHEMA.records["resident"].fields["nik"]) == "hidden"
    with reading(engine) as session:
        scope = record_scope(SCHEMA, who, "resident", RESIDENTS.c.area)
        assert session.scalars(select(RESIDENTS.c.id).where(scope)).all() == []
        assert session.scalars(select(Case.id).where(case_scope(SCHEMA, who))).all() == []
        assert session.scalars(select(Task.id).where(open_to(who), Task.id != 99)).all() == []


def test_the_command_line_sees_everything(engine: Engine) -> None:
    with reading(engine) as session:
        assert len(session.scalars(select(Case.id).where(case_scope(SCHEMA, SYSTEM))).all()) == 12
        scope = record_scope(SCHEMA, SYSTEM, "resident", RESIDENTS.c.area)
        assert len(session.scalars(select(RESIDENTS.c.id).where(scope)).all()) == len(AREAS) + 1
    assert may(SCHEMA, SYSTEM, "releases")
    assert may_work(SCHEMA, SYSTEM, "anyone", ELSEWHERE, None)


@pytest.mark.parametrize(
    ("grants", "cases"),
    [
        ([("front-office", VILLAGE)], {10, 13}),
        ([("front-office", "18.10")], {10, 13, 20, 23}),
        ([("supervisor", "18.10.03")], {10, 20}),
        ([("facilitator", VILLAGE)], {10, 13}),
        ([("facilitator", ELSEWHERE)], {30, 33}),
        ([("manager", "18.11")], {30, 31, 32, 33}),
        ([("manager", VILLAGE), ("supervisor", "18.11")], {10, 11, 12, 13, 30}),
        ([("manager", "")], {10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33}),
    ],
)
def test_cases_are_seen_by_class_and_area(
    engine: Engine, grants: list[tuple[str, str]], cases: set[int]
) -> None:
    with reading(engine) as session:
        assert set(session.scalars(select(Case.id).where(case_scope(SCHEMA, actor(*grants))))) == cases


@pytest.mark.parametrize(
    ("grants", "tasks"),
    [
        ([("facilitator", VILLAGE)], {10, 99}),
        ([("facilitator", "18.10")], {10, 20, 99}),
        ([("front-office", "18.10")], {99}),
        ([("supervisor", "18.10")], {99}),
        ([("manager", VILLAGE)], {10, 11, 12, 99}),
    ],
)
def test_tasks_of_guarded_cases_wait_for_who_may_see_them(
    engine: Engine, grants: list[tuple[str, str]], tasks: set[int]
) -> None:
    with reading(engine) as session:
        assert set(session.scalars(select(Task.id).where(open_to(actor(*grants))))) == tasks


def test_a_case_is_not_seen_for_a_task_in_another_area(engine: Engine) -> None:
    with reading(engine) as session:
        scope = case_scope(SCHEMA, actor(("facilitator", VILLAGE)))
        assert 32 not in session.scalars(select(Case.id).where(scope)).all()


@pytest.mark.parametrize(
    ("act", "area", "answer"),
    [
        ("register", VILLAGE, True),
        ("register", NEIGHBOUR, False),
        ("accounts", VILLAGE, False),
        ("accounts", ELSEWHERE, True),
        ("assign", ELSEWHERE, False),
    ],
)
def test_acts_hold_in_the_area_of_their_grant(act: CaseAct, area: str, answer: bool) -> None:
    who = actor(("front-office", VILLAGE), ("manager", "18.11"))
    assert may_in(SCHEMA, who, act, area) == answer


def test_records_are_changed_where_the_grant_says() -> None:
    who = actor(("front-office", VILLAGE), ("supervisor", "18.10"))
    assert may_record(SCHEMA, who, "resident", "edit")
    assert may_record_in(SCHEMA, who, "resident", "edit", VILLAGE)
    assert not may_record_in(SCHEMA, who, "resident", "edit", NEIGHBOUR)
    assert may_record_in(SCHEMA, who, "resident", "read", NEIGHBOUR)
    assert not may_record(SCHEMA, who, "household", "read")
    assert not may_record(SCHEMA, who, "no-such-record", "read")


@pytest.mark.parametrize(
    ("roles", "sight"),
    [
        (["front-office"], "plain"),
        (["supervisor"], "masked"),
        (["facilitator"], "hidden"),
        (["facilitator", "supervisor"], "masked"),
        (["supervisor", "front-office"], "plain"),
    ],
)
def test_a_field_is_seen_as_the_best_role_allows(roles: list[str], sight: str) -> None:
    who = actor(*((role, VILLAGE) for role in roles))
    fields = SCHEMA.records["resident"].fields
    assert sees(SCHEMA, who, fields["nik"]) == sight
    assert sees(SCHEMA, who, fields["name"]) == "plain"


def test_who_acts_as_another_works_in_their_area() -> None:
    who = actor(("manager", "18.10"))
    assert {granted.role for granted in works_as(SCHEMA, who)} == {"manager", "front-office", "facilitator"}
    assert may_work(SCHEMA, who, "facilitator", VILLAGE, None)
    assert not may_work(SCHEMA, who, "facilitator", ELSEWHERE, None)
    assert may_work(SCHEMA, who, "supervisor", ELSEWHERE, 7)
    assert not may_work(SCHEMA, actor(("supervisor", "")), "supervisor", VILLAGE, None)


def test_a_record_type_without_an_area_is_seen_by_its_readers(engine: Engine) -> None:
    with reading(engine) as session:
        seen = record_scope(SCHEMA, actor(("front-office", VILLAGE)), "resident", None)
        unseen = record_scope(SCHEMA, actor(("front-office", VILLAGE)), "household", None)
        assert session.scalars(select(literal(1)).where(seen)).all() == [1]
        assert session.scalars(select(literal(1)).where(unseen)).all() == []


def test_scope_is_a_range_of_the_index(engine: Engine) -> None:
    scope = str(within(column("area"), ["18.10"]).compile(compile_kwargs={"literal_binds": True}))
    with reading(engine) as session:
        query = f"EXPLAIN QUERY PLAN SELECT id FROM record_resident WHERE {scope}"
        plan = " ".join(str(row) for row in session.connection().exec_driver_sql(query))
    assert "SCAN record_resident" not in plan
    assert "ix_record_resident_area_id" in plan


def test_the_file_of_people_is_private(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path}/folder/people.db")
    with writing(engine) as session:
        Base.metadata.create_all(session.connection())
    engine.dispose()
    assert (tmp_path / "folder" / "people.db").stat().st_mode & 0o077 == 0
