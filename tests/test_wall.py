"""The wall itself: nobody known, Core, text and bulk statements, subqueries, and what a flush may write."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small import NOW
from sqlalchemy import (
    DDL,
    Engine,
    bindparam,
    delete,
    exists,
    func,
    insert,
    lambda_stmt,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session, aliased
from villages import FAR, HERE, NEXT, case_row, ground, happened, people, settle, sop

from portal import wall
from portal.access import SYSTEM, Actor, Granted
from portal.database import engine_of, reading, writing
from portal.tables import Account, Base, Case, CaseDocument, Event, IssuedLetter, Release, Task
from portal.wall import Foreign, NoScope, Walled, acting, kind_of, nobody, unscoped

PEOPLE = people()
CLERK, MANAGER = PEOPLE["front-office"], PEOPLE["manager"]
RESIDENT: Any = ground().models.records["resident"]
HOUSEHOLD: Any = ground().models.records["household"]
RESIDENTS: Any = RESIDENT.__table__
CASES: Any = Case.__table__
LINK = next(
    column.name
    for column in RESIDENTS.columns
    for key in column.foreign_keys
    if key.column.table is HOUSEHOLD.__table__
)
STAMPS = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1, "version": 1}


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("wall") / "settled.db"
    engine = engine_of(f"sqlite:///{file}")
    settle(engine)
    engine.dispose()
    return file


@pytest.fixture
def villages(settled: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = engine_of(f"sqlite:///{shutil.copyfile(settled, tmp_path / 'wall.db')}")
    yield engine
    engine.dispose()


def mine(session: Session) -> Any:
    return session.scalars(select(Case).where(Case.area == HERE, Case.access == "normal").limit(1)).one()


def foreign(session: Session) -> int:
    with acting(SYSTEM):
        return session.scalars(select(Case.id).where(Case.area == FAR).limit(1)).one()


ABOUT_PEOPLE: list[Callable[[], Any]] = [
    lambda: select(Case),
    lambda: select(Case.id),
    lambda: select(func.count()).select_from(CASES),
    lambda: select(RESIDENTS),
    lambda: select(Event),
    lambda: select(literal(1)).where(exists().where(Case.id == 1)),
    lambda: union_all(select(RESIDENTS.c.id), select(CASES.c.id)),
    lambda: update(Case).values(status="closed"),
    lambda: delete(Task),
    lambda: insert(RESIDENTS).values(area=HERE, **STAMPS),
    lambda: text("SELECT * FROM record_resident"),
]


@pytest.mark.parametrize("made", ABOUT_PEOPLE)
def test_without_anybody_nothing_about_people_is_read_or_written(
    villages: Engine, made: Callable[[], Any]
) -> None:
    with nobody(), writing(villages) as session:
        with pytest.raises(NoScope):
            session.execute(made())
        with pytest.raises(NoScope):
            session.connection().execute(made())


def test_without_anybody_nothing_about_people_is_flushed(villages: Engine) -> None:
    with nobody(), pytest.raises(NoScope), writing(villages) as session:
        session.add(CaseDocument(case_id=1, document="kk", state="brought"))


def test_without_anybody_rules_and_accounts_are_read(villages: Engine) -> None:
    with nobody(), reading(villages) as session:
        assert session.scalar(select(func.count()).select_from(Release)) == 1
        assert session.scalars(select(Account.id).limit(1)).one() == 1


def test_whoever_is_not_the_portal_acts_under_a_release() -> None:
    with pytest.raises(NoScope), acting(CLERK):
        pass


REFUSED: list[Callable[[], Any]] = [
    lambda: text("SELECT 1"),
    lambda: text("SELECT id FROM record_resident").columns(RESIDENTS.c.id),
    lambda: select(RESIDENT).from_statement(text("SELECT * FROM record_resident")),
    lambda: lambda_stmt(lambda: select(RESIDENT)),
    lambda: DDL("DROP TABLE record_resident"),  # type: ignore[no-untyped-call]
    lambda: select(literal(1)).where(RESIDENTS.c.id.in_(select(CASES.c.resident_id))),
    lambda: select(func.count()).select_from(select(RESIDENTS.c.id).subquery()),
    lambda: select(aliased(Case)),
    lambda: select(CASES.alias("c").c.id),
    lambda: select(select(func.max(RESIDENTS.c.id)).scalar_subquery()),
    lambda: select(RESIDENTS.c.id).where(RESIDENTS.c.id.in_(select(RESIDENTS.c.id))),
    lambda: union_all(select(RESIDENTS.c.id), select(CASES.c.id)),
    lambda: select(select(RESIDENTS.c.id).cte().c.id),
    lambda: select(Account.id).where(text("id IN (SELECT id FROM record_resident)")),
    lambda: select(CASES.c.id).where(wall.cases(ground().schema, MANAGER)),
    lambda: insert(CASES).values(case_row(900, HERE, "normal", 1)),
    lambda: insert(RESIDENTS).values([{"area": HERE, **STAMPS}, {"area": HERE, **STAMPS}]),
    lambda: insert(RESIDENTS).from_select(["id"], select(CASES.c.id)),
    lambda: update(RESIDENTS).values(area=RESIDENTS.c.area + ""),
    lambda: update(RESIDENTS).ordered_values((RESIDENTS.c.area, FAR)),
    lambda: insert(RESIDENTS).values({"area": HERE, LINK: select(literal(2)).scalar_subquery(), **STAMPS}),
    lambda: sqlite.insert(RESIDENTS).values(area=HERE, **STAMPS).on_conflict_do_update(set_={"area": FAR}),
]


@pytest.mark.parametrize("made", REFUSED)
def test_what_cannot_be_scoped_is_refused(villages: Engine, made: Callable[[], Any]) -> None:
    with acting(CLERK, ground()), writing(villages) as session, pytest.raises(Walled):
        session.execute(made())


def test_bulk_writes_are_refused(villages: Engine) -> None:
    rows = [{"key": 1, "to": FAR}, {"key": 2, "to": FAR}]
    to = update(RESIDENTS).where(RESIDENTS.c.id == bindparam("key")).values(area=bindparam("to"))
    acts: list[Callable[[Session], Any]] = [
        lambda session: session.execute(insert(RESIDENTS), [{"area": HERE, **STAMPS}] * 2),
        lambda session: session.execute(update(RESIDENTS), {"area": FAR}),
        lambda session: session.connection().execute(to, rows),
        lambda session: session.bulk_insert_mappings(RESIDENT, [{"area": HERE, **STAMPS}]),
        lambda session: session.bulk_update_mappings(RESIDENT, [{"id": 3, "area": HERE}]),
    ]
    for act in acts:
        with acting(CLERK, ground()), pytest.raises(Walled), writing(villages) as session:
            act(session)


def test_other_connections_are_behind_the_wall_as_well(villages: Engine) -> None:
    with acting(CLERK, ground()), villages.connect() as connection:
        with pytest.raises(Walled):
            connection.execute(select(RESIDENTS))
        with pytest.raises(Walled):
            connection.exec_driver_sql("SELECT * FROM record_resident")
        assert connection.execute(select(Release.id)).all() == [(1,)]


def test_a_foreign_row_is_missing_to_get(villages: Engine) -> None:
    with acting(CLERK, ground()), reading(villages) as session:
        assert session.get(RESIDENT, 1) is not None
        assert session.get(RESIDENT, 2) is None
        assert session.get(RESIDENT, 9999) is None


def test_a_core_query_is_scoped_by_the_wall(villages: Engine) -> None:
    with acting(CLERK, ground()), reading(villages) as session:
        assert list(session.scalars(select(RESIDENTS.c.id))) == [1]
        assert session.scalar(select(func.count()).select_from(RESIDENTS)) == 1
        joined = select(Task.id).join(Case, Case.id == Task.case_id).where(Case.area != HERE)
        assert session.scalars(joined).all() == []


def test_the_scope_that_a_query_brings_is_not_put_in_twice(villages: Engine) -> None:
    marked = select(CASES.c.id).where(wall.cases(ground().schema, CLERK))
    with acting(CLERK, ground()), reading(villages) as session:
        session.execute(marked)
        assert str(wall.reading.scoped(marked, wall.known(), {})) == str(marked)


def test_update_and_delete_reach_only_ones_own_rows(villages: Engine) -> None:
    with acting(CLERK, ground()), writing(villages) as session:
        session.execute(update(Case).values(priority="high"))
        session.execute(delete(CaseDocument))
    with reading(villages) as session:
        touched = select(Case.area, Case.access).where(Case.priority == "high").distinct()
        assert set(session.execute(touched).all()) == {(HERE, "normal"), (HERE, "sensitive")}
        assert session.scalars(select(CaseDocument.id).where(CaseDocument.case_id == foreign(session))).all()


def test_a_value_that_leads_out_is_refused_in_a_statement(villages: Engine) -> None:
    with acting(CLERK, ground()), writing(villages) as session:
        for values in ({"area": FAR}, {LINK: 2}, {LINK: 9999}):
            with pytest.raises(Foreign):
                session.execute(update(RESIDENTS).where(RESIDENTS.c.id == 1).values(values))
            with pytest.raises(Foreign):
                session.execute(insert(RESIDENTS).values({"area": HERE, **STAMPS} | values))
        session.execute(insert(RESIDENTS).values({"area": HERE, LINK: 1, **STAMPS}))


def flushed(villages: Engine, act: Callable[[Session], None]) -> None:
    with acting(CLERK, ground()), writing(villages) as session:
        act(session)
        session.flush()


def move_case(session: Session) -> None:
    mine(session).area = FAR


def other_resident(session: Session) -> None:
    mine(session).resident_id = 3


def other_household(session: Session) -> None:
    setattr(session.get(RESIDENT, 1), LINK, 2)


def move_resident(session: Session) -> None:
    session.get_one(RESIDENT, 1).area = NEXT


def new_resident(session: Session) -> None:
    session.add(RESIDENT(area=FAR, **STAMPS))


def new_case(session: Session) -> None:
    session.add(Case(**case_row(900, FAR, "normal", 1)))


def case_of_foreigner(session: Session) -> None:
    session.add(Case(**case_row(900, HERE, "normal", 1) | {"resident_id": 2}))


def foreign_paper(session: Session) -> None:
    session.add(CaseDocument(case_id=foreign(session), document="kk", state="brought"))


def foreign_event(session: Session) -> None:
    happened(session, "case", foreign(session))


def attached_case(session: Session) -> None:
    with acting(SYSTEM), reading(session.get_bind().engine) as other:
        found = other.get_one(Case, foreign(session))
    session.add(found)
    found.description = "x"


def deleted_case(session: Session) -> None:
    with acting(SYSTEM), reading(session.get_bind().engine) as other:
        found = other.scalars(select(CaseDocument).where(CaseDocument.case_id == foreign(session))).one()
    session.delete(found)


ACTS = [
    move_case,
    other_resident,
    other_household,
    move_resident,
    new_resident,
    new_case,
    case_of_foreigner,
    foreign_paper,
    foreign_event,
    attached_case,
    deleted_case,
]


@pytest.mark.parametrize("act", ACTS)
def test_a_flush_that_leads_out_is_refused(villages: Engine, act: Callable[[Session], None]) -> None:
    with pytest.raises(Foreign):
        flushed(villages, act)


def test_a_flush_of_ones_own_rows_passes(villages: Engine) -> None:
    def act(session: Session) -> None:
        case = mine(session)
        case.description = "Baru"
        session.get_one(RESIDENT, 1).version = 2
        session.add(RESIDENT(area=HERE, **{LINK: 1}, **STAMPS))
        session.add(CaseDocument(case_id=case.id, document="kk", state="brought"))

    flushed(villages, act)


def test_a_transaction_sees_to_its_end_what_it_opened(villages: Engine) -> None:
    def act(session: Session) -> None:
        session.add(Case(**case_row(900, HERE, "protected", 1)))
        session.flush()
        session.add(ground().models.answers[sop()](case_id=900))
        session.flush()
        assert session.scalars(select(Case.id).where(Case.id == 900)).one() == 900

    flushed(villages, act)
    with acting(CLERK, ground()), reading(villages) as session:
        assert session.get(Case, 900) is None


def test_the_wall_opens_for_a_reason_and_closes(villages: Engine) -> None:
    with acting(CLERK, ground()), reading(villages) as session:
        with unscoped("a number that only one may hold is unique in every village"):
            assert len(session.scalars(select(RESIDENTS.c.id)).all()) == 4
        assert len(session.scalars(select(RESIDENTS.c.id)).all()) == 1
        with pytest.raises(ValueError, match="reason"), unscoped(""):
            pass


def test_every_table_that_points_to_people_is_behind_the_wall() -> None:
    for table in (*Base.metadata.tables.values(), *ground().models.metadata.tables.values()):
        points = any(kind_of(key.column.table.name) != "free" for key in table.foreign_keys)
        if points or {"case_id", "resident_id"} & {*table.columns.keys()}:
            assert kind_of(table.name) != "free", table.name


def test_an_actor_without_a_role_sees_nobody(villages: Engine) -> None:
    nobody_known = Actor(account_id=9, label="x", grants=(Granted(role="gone"),))
    with acting(nobody_known, ground()), reading(villages) as session:
        for table in (Case, Task, IssuedLetter, RESIDENT, CaseDocument):
            assert session.scalars(select(table)).all() == []


def test_no_session_opens_before_the_wall_stands(tmp_path: Any) -> None:
    code = (
        "from portal.database import engine_of, reading, NoWall\n"
        f"try:\n  reading(engine_of('sqlite:///{tmp_path}/x.db')).__enter__()\n"
        "except NoWall: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"
