"""How long data stay: the time in YAML, what is past it, and what the command says of that."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from casework import END, HERE, LISTED, PAPERS, PEOPLE, REGISTER, Office, copied
from small import NOW
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor, Granted
from portal.cases import Paper
from portal.cli import main
from portal.database import reading, writing
from portal.duties.retention import due_cases, due_programs, due_residents, retention_of
from portal.releases import Live
from portal.schema import Keep, Retention, Schema
from portal.tables import Case

KEEPER = Actor(account_id=4, label="Laras Contoh", grants=(Granted(role="keeper", area=""),))
LATER = NOW + timedelta(days=800)


def kept(live: Live, keep: str | None = "2 years", program: str | None = None) -> Live:
    """Returns the office's Release with a time to keep data and a role that answers for them."""
    said = live.schema.model_dump(mode="json")
    said["office"]["retention"] = keep
    said["programs"]["pbi-jk"]["retention"] = program
    said["roles"]["keeper"] = {"label": "PPDP", "level": "district", "may": ["erase"]}
    schema = Schema.model_validate(said)
    parts = {name: getattr(live, name) for name in ("release_id", "models", "templates", "sop_versions")}
    return Live(schema=schema, **parts)


def closed(office: Office, resident: int = 1) -> int:
    """Opens a case of a resident, carries it to its end and returns it."""
    case = office.open(papers={**PAPERS, "hospital": Paper(state="brought")}, resident_id=resident)
    office.do(case, "clerk", REGISTER)
    office.do(case, "officer", {**LISTED, "decile": 9})
    office.do(case, "clerk", END)
    return case


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return copied(tmp_path)


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("1 year", "2025-02-28"),
        ("6 months", "2024-08-29"),
        ("90 days", "2024-05-29"),
        ("5 years", "2029-02-28"),
    ],
)
def test_time_to_keep_counts_by_the_calendar(said: str, after: str) -> None:
    assert Keep.parse(said).after(date(2024, 2, 29)) == date.fromisoformat(after)


@pytest.mark.parametrize("said", ["5 tahun", "0 years", "101 years", "years", "", "1.5 years"])
def test_time_to_keep_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is the wrong value
        Keep.parse(said)


@pytest.mark.parametrize("said", ["1 month", "1 year", "45 days"])
def test_nothing_is_due_before_its_time(said: str) -> None:
    keep = Keep.parse(said)
    days = [date(2024, 1, 1) + timedelta(days=each) for each in range(800)]
    assert all(keep.after(keep.before(day)) <= day for day in days)


def test_programme_says_otherwise_than_the_office(office: Office) -> None:
    own = retention_of(kept(office.live, "5 years", "6 months").schema, "pbi-jk")
    assert own == Retention(keep=Keep.parse("6 months"))
    assert str(retention_of(kept(office.live, "5 years").schema, "pbi-jk")) != str(own)


def test_closed_case_is_due_after_its_time(office: Office) -> None:
    case, live = closed(office), kept(office.live)
    with reading(office.engine) as session:
        assert due_cases(session, live, SYSTEM, NOW + timedelta(days=700), "pbi-jk") == ()
        assert due_cases(session, live, SYSTEM, LATER, "pbi-jk") == (case,)


def test_running_case_is_never_due(office: Office) -> None:
    office.open(papers=PAPERS)
    with reading(office.engine) as session:
        assert due_programs(session, kept(office.live), SYSTEM, LATER) == ()


def test_without_a_time_nothing_is_due(office: Office) -> None:
    closed(office)
    with reading(office.engine) as session:
        assert due_programs(session, office.live, SYSTEM, LATER) == ()
        assert due_residents(session, office.live, SYSTEM, LATER) == ()


def test_list_has_numbers_and_no_names(office: Office) -> None:
    closed(office)
    with reading(office.engine) as session:
        (found,) = due_programs(session, kept(office.live), KEEPER, LATER)
    assert (found.cases, found.keep, found.program) == (1, "2 tahun", "pbi-jk")
    assert "Siti" not in repr(found)


def test_who_does_not_answer_for_data_sees_nothing_due(office: Office) -> None:
    closed(office)
    with reading(office.engine) as session:
        assert due_programs(session, kept(office.live), PEOPLE["manager"], LATER) == ()


def residents(session: Session, live: Live) -> tuple[int, ...]:
    return due_residents(session, live, SYSTEM, LATER)


def test_resident_is_due_with_the_last_case(office: Office) -> None:
    closed(office)
    second, live = office.open(papers=PAPERS), kept(office.live)
    with reading(office.engine) as session:
        assert residents(session, live) == ()
    with writing(office.engine) as session:
        session.execute(update(Case).where(Case.id == second).values(status="closed", closed_at=NOW))
    with reading(office.engine) as session:
        assert residents(session, live) == (1,)


def test_family_of_a_needed_resident_stays(office: Office) -> None:
    live, stamps = kept(office.live), {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    household, resident = (live.models.records[each] for each in ("household", "resident"))
    with writing(office.engine) as session:
        session.execute(insert(household).values(head="Contoh", area=HERE, **stamps))
        session.execute(insert(resident).values(name="Anak Contoh", area=HERE, household=1, **stamps))
    with reading(office.engine) as session:
        assert residents(session, live) == (1, 2)
    with writing(office.engine) as session:
        session.execute(update(resident).values(household=1))
    office.open(papers=PAPERS)
    with reading(office.engine) as session:
        assert residents(session, live) == ()


def test_command_says_what_is_due(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retention", "--database", str(office.engine.url)]) == 0
    assert "belum ditetapkan" in capsys.readouterr().out
