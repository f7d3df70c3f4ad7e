"""Row-level security alone: another role, plain psycopg, and no portal in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from casework import LISTED, PAPERS, PEOPLE, REGISTER, Office, furnish
from small import NOW
from sqlalchemy import Engine, func, make_url, select, text
from villages import FAR, HERE, NEXT, ground, people, settle, shipped

from portal.access import SYSTEM
from portal.cases import Paper
from portal.database import engine_of, reading, writing
from portal.models import build
from portal.referrals.codes import Pair, kept
from portal.referrals.doors import Entered, enter_page, enter_ticket
from portal.referrals.opening import PAGE, TICKET
from portal.tables import Case, Referral
from portal.wall import acting
from portal.wall.policies import protect

pytestmark = pytest.mark.postgres
PASSWORD = "second-" * 2


@pytest.fixture
def served(postgres_engine: Engine) -> Iterator[Engine]:
    """Gives an engine of a role that owns nothing, on the tables of the villages."""
    settle(postgres_engine)
    with writing(postgres_engine) as session:
        protect(session.connection(), shipped(), build(shipped()))
    with owning_nothing(postgres_engine) as engine:
        yield engine


@contextmanager
def owning_nothing(postgres_engine: Engine) -> Iterator[Engine]:
    """Gives an engine of another role, which may read and write every table of the owner's."""
    role = f"portal_app_{uuid4().hex[:8]}"
    with writing(postgres_engine) as session:
        for statement in (
            f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'",
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        ):
            session.execute(text(statement))
    url = postgres_engine.url.set(username=role, password=PASSWORD)
    engine = engine_of(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with writing(postgres_engine) as session:
        session.execute(text(f"DROP OWNED BY {role}"))
        session.execute(text(f"DROP ROLE {role}"))


@contextmanager
def raw(engine: Engine, areas: str | None) -> Iterator[psycopg.Connection]:
    plain = make_url(engine.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        if areas is not None:
            connection.execute("SELECT set_config('portal.areas', %s, true)", (areas,))
        yield connection


TABLES = ["case", "task", "case_document", "referral", "issued_letter", "record_resident"]


@pytest.mark.parametrize("table", TABLES)
def test_without_areas_a_raw_select_finds_nothing(served: Engine, table: str) -> None:
    with raw(served, None) as connection:
        assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,)
    with raw(served, "*") as connection:
        assert connection.execute(f'SELECT count(*) > 0 FROM "{table}"').fetchone() == (True,)


@pytest.mark.parametrize(
    ("areas", "seen"),
    [
        (HERE, {HERE}),
        ("18.10.03", {HERE, NEXT}),
        ("18.10", {HERE, NEXT, FAR}),
        (f"{HERE},{FAR}", {HERE, FAR}),
        ("18.1", set()),
    ],
)
def test_a_raw_select_finds_the_areas_of_the_setting(served: Engine, areas: str, seen: set[str]) -> None:
    with raw(served, areas) as connection:
        for table in ("case", "record_resident", "issued_letter"):
            found = connection.execute(f'SELECT DISTINCT area FROM "{table}"').fetchall()
            assert {row[0] for row in found} == seen
        tasks = 'SELECT DISTINCT c.area FROM task t LEFT JOIN "case" c ON c.id = t.case_id'
        assert {row[0] for row in connection.execute(tasks).fetchall()} == seen


def test_a_raw_select_finds_the_history_of_what_it_finds(served: Engine) -> None:
    about = "SELECT DISTINCT subject, subject_id FROM event WHERE subject IN ('resident', 'account')"
    with raw(served, HERE) as connection:
        found = connection.execute(about).fetchall()
    assert {key for subject, key in found if subject == "resident"} == {1}
    assert {key for subject, key in found if subject == "account"} == {1, 2, 3, 4}


def test_a_raw_write_stays_in_the_areas(served: Engine) -> None:
    with raw(served, HERE) as connection:
        done = connection.execute("UPDATE record_resident SET version = 9")
        assert done.rowcount == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE record_resident SET area = %s", (FAR,))


def test_the_portal_serves_under_that_role(served: Engine) -> None:
    clerk = people()["front-office"]
    with acting(clerk, ground()), reading(served) as session:
        assert {case.area for case in session.scalars(select(Case))} == {HERE}
        assert session.scalar(select(func.current_setting("portal.areas"))) == HERE
    with acting(SYSTEM), reading(served) as session:
        assert {case.area for case in session.scalars(select(Case))} == {HERE, NEXT, FAR}


def test_a_clerk_works_on_a_case_under_that_role(postgres_engine: Engine) -> None:
    furnish(postgres_engine)
    with owning_nothing(postgres_engine) as engine:
        office = Office(engine=engine)
        with acting(PEOPLE["clerk"], office.live):
            case = office.open(papers={**PAPERS, "hospital": Paper(state="brought")})
            office.do(case, "clerk", REGISTER)
            assert office.kinds(case)[0] == "case-opened"
        with acting(PEOPLE["officer"], office.live):
            office.do(case, "officer", LISTED)
            assert office.task(case).status == "open"


def test_the_doors_without_an_account_open_under_that_role(served: Engine) -> None:
    pair = Pair(code="K7MQX-2FHTP", pin="482915")
    with acting(SYSTEM), writing(served) as session:
        row, case = session.get_one(Referral, 1), session.get_one(Case, 1)
        row.page_code, row.page_secret = pair.code, kept(session, PAGE, pair)
        row.page_until = NOW + timedelta(days=1)
        case.ticket_code, case.ticket_secret = pair.code, kept(session, TICKET, pair)
    wrong = Pair(code=pair.code, pin="000000")
    assert enter_page(served, wrong, "10.0.0.1", NOW) is None
    assert enter_ticket(served, wrong, "10.0.0.1", NOW) is None
    page, ticket = enter_page(served, pair, "10.0.0.1", NOW), enter_ticket(served, pair, "10.0.0.1", NOW)
    assert isinstance(page, Entered)
    assert isinstance(ticket, Entered)
    assert (page.key, ticket.key) == (1, 1)
