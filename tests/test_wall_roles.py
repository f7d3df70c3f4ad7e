"""What the wall lets through for each shipped role and each table, against the rules read in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from small import NOW
from sqlalchemy import Engine, Table, inspect, select
from villages import ACCESS, FAR, HERE, NEXT, OFFICE_PAPERS, ground, people, population, settle, shipped, sop

from portal.access import Actor
from portal.database import engine_of, reading
from portal.models import answers_table
from portal.schema import Role
from portal.tables import Base, EventValue
from portal.wall import acting
from portal.wall.known import kind_of, scoped_tables

PEOPLE, (CASES, TASKS) = people(), population()
TABLES = {table.name: table for table in scoped_tables(ground().models)}


@pytest.fixture(scope="module")
def villages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = engine_of(f"sqlite:///{tmp_path_factory.mktemp('wall') / 'wall.db'}")
    settle(engine)
    yield engine
    engine.dispose()


APART = ("event", "event_value", "case_transfer")
"""Events are seen with what they tell of, offers by either office (tests/test_cases_passing.py)."""


def lies_in(area: str | None, held: str) -> bool:
    return not held or (area is not None and (area == held or area.startswith(f"{held}.")))


def sees_case(role: Role, name: str, who: Actor, case: dict[str, Any]) -> bool:
    """Reads the rule of roles.yaml as a person would."""
    reach = getattr(role.cases, case["access"])
    if reach not in ("area", "assigned", "created") or not lies_in(case["area"], who.grants[0].area):
        return False
    if reach == "area" or case["opened_by"] == who.account_id:
        return True
    return reach == "assigned" and any(
        takes(role, name, who, case, task) for task in TASKS if task["case_id"] == case["id"]
    )


def takes(role: Role, name: str, who: Actor, case: dict[str, Any], task: dict[str, Any]) -> bool:
    if who.account_id in (task["assigned_to"], task["completed_by"]):
        return True
    mine = {name, *role.acts_as} if "work" in role.may else set()
    waits = task["status"] == "open" and task["assigned_to"] is None and task["role"] in mine
    return waits and case["access"] == "normal"


def expected(name: str, table: str) -> set[int]:
    """Returns the keys of a table's rows that a role may see."""
    role, who = shipped().roles[name], PEOPLE[name]
    if table in ("reserved_number", "print_job"):
        return of_office(role, who)
    if kind_of(table) in ("case", "part", "paper"):
        cases = {each["id"] for each in CASES if sees_case(role, name, who, each)}
        if kind_of(table) == "paper":
            return cases | of_office(role, who)
        return {t["id"] for t in TASKS if t["case_id"] in cases} if table == "task" else cases
    if kind_of(table) == "person":
        return {key for key in range(1, 5) if sees_record(role, who, shipped().subject(), key)}
    record = next(key for key in shipped().records if table == f"record_{key.replace('-', '_')}")
    return {key for key in range(1, 5) if sees_record(role, who, record, key)}


def of_office(role: Role, who: Actor) -> set[int]:
    """Returns the keys of what offices issued about no single case, as who sees cases there sees them."""
    reads = any(getattr(role.cases, each) in ("area", "assigned", "created") for each in ACCESS)
    return {key for key, area in OFFICE_PAPERS.items() if reads and lies_in(area, who.grants[0].area)}


def sees_record(role: Role, who: Actor, record: str, key: int) -> bool:
    if "read" not in role.records.get(record, ()):
        return False
    area = (HERE, NEXT, FAR, None)[key - 1]
    return shipped().records[record].area is None or lies_in(area, who.grants[0].area)


def key_of(table: Table) -> Any:
    return table.c.case_id if table.name == "case_document" else next(iter(table.primary_key.columns))


@pytest.mark.parametrize("name", list(shipped().roles))
@pytest.mark.parametrize("table", [name for name in TABLES if name not in APART])
def test_a_role_is_let_through_to_what_the_rules_say(villages: Engine, name: str, table: str) -> None:
    wanted = expected(name, table) if table not in other_answers() else set()
    with acting(PEOPLE[name], ground()), reading(villages) as session:
        assert set(session.scalars(select(key_of(TABLES[table])))) == wanted
        model = class_of(table)
        rows = session.scalars(select(model)).all()
        assert {getattr(row, key_of(TABLES[table]).name) for row in rows} == wanted


def other_answers() -> set[str]:
    """The answers of procedures that no case follows here."""
    return {name for name in TABLES if name.startswith("answers_")} - {answers_table(sop())}


def class_of(table: str) -> Any:
    models = ground().models
    ours = [mapper.class_ for mapper in Base.registry.mappers]
    for each in (*ours, *models.records.values(), *models.answers.values()):
        if inspect(each).local_table.name == table:
            return each
    raise KeyError(table)


@pytest.mark.parametrize("name", list(shipped().roles))
def test_a_role_reads_the_history_of_what_it_sees(villages: Engine, name: str) -> None:
    events: Any = TABLES["event"]
    with acting(PEOPLE[name], ground()), reading(villages) as session:
        found = set(session.execute(select(events.c.subject, events.c.subject_id)).all())
        told = set(session.scalars(select(events.c.id)))
        values = set(session.scalars(select(EventValue.event_id)))
    with reading(villages) as session:
        assert values == told & set(session.scalars(select(EventValue.event_id)))
    wanted = {("case", key) for key in expected(name, "case")}
    wanted |= {
        (record, key)
        for record in shipped().records
        for key in range(1, 5)
        if sees_record(shipped().roles[name], PEOPLE[name], record, key)
    }
    free = {(subject, key) for subject in ("account", "release") for key in range(1, 5)}
    assert found == wanted | free


def test_the_population_tells_the_roles_apart() -> None:
    sizes = {name: len(expected(name, "case")) for name in shipped().roles}
    assert len(set(sizes.values())) > 5
    assert 0 in sizes.values()
    assert NOW.tzinfo is not None
