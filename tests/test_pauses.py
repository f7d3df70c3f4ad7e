"""Pauses of a case: what stands still, how due dates move, overlaps, the end of a step and of a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework import END, PAPERS, REFER, REGISTER, Office, copied, furnish
from clockwork import at, clock_of, levels, local, paused, resumed, ruled, swept
from small import NOW
from sqlalchemy import Engine, select

from portal.access import Forbidden
from portal.cases import Refused
from portal.cases.pausing import pause
from portal.database import reading, writing
from portal.tables import CasePause, Clock


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return ruled(copied(tmp_path))


@pytest.fixture
def any_office(any_engine: Engine) -> Office:
    return ruled(furnish(any_engine))


def test_pause_stops_the_clocks_it_names_and_moves_their_due_dates(any_office: Office) -> None:
    case = any_office.open()
    key = paused(any_office, case, "2026-11-02 11:00")
    step, whole, first = (clock_of(any_office, case, kind) for kind in ("step", "total", "first-response"))
    assert (step.state, whole.state, first.state) == ("paused", "paused", "running")
    assert local(any_office.task(case).paused_at) == "2026-11-02 11:00"
    resumed(any_office, key, "2026-11-05 09:00")  # Tuesday did not count, Wednesday is a holiday
    step, whole, task = clock_of(any_office, case), clock_of(any_office, case, "total"), any_office.task(case)
    assert local(step.due_at) == local(task.due_at) == "2026-11-06 16:00"
    assert task.paused_at is None
    assert local(whole.due_at) == local(any_office.case(case).due_at) == "2026-11-18 16:00"
    slugs = [each["slug"] for each in (task.derivation or {})["steps"]]
    assert "due-skipped-pause" in slugs
    assert any_office.kinds(case)[-2:] == ["case-paused", "case-resumed"]


def test_paused_clock_is_not_late_and_rings_when_it_runs_again(office: Office) -> None:
    case = office.open()
    key = paused(office, case, "2026-11-02 11:00")
    swept(office, "2026-11-12 12:00")
    clock = clock_of(office, case)
    assert levels(office, clock) == []
    resumed(office, key, "2026-11-12 13:00")
    assert local(clock_of(office, case).due_at) == "2026-11-13 16:00"
    swept(office, "2026-11-13 16:00")
    assert [kind for _, kind, _ in levels(office, clock)] == ["warned", "breached"]


def test_breach_before_a_pause_is_still_told_after_a_time_in_which_nobody_looked(office: Office) -> None:
    case = office.open()
    paused(office, case, "2026-11-06 09:00")
    swept(office, "2026-11-12 12:00")
    assert [kind for _, kind, _ in levels(office, clock_of(office, case))] == ["warned", "breached"]


def test_two_pauses_one_in_the_other(office: Office) -> None:
    case = office.open()
    outer = paused(office, case, "2026-11-02 11:00")
    inner = paused(office, case, "2026-11-03 09:00", "system", note="Server pusat mati")
    resumed(office, outer, "2026-11-05 09:00")
    assert clock_of(office, case).state == "paused"  # the inner one still runs
    assert clock_of(office, case, "total").state == "running"
    resumed(office, inner, "2026-11-05 10:00")
    assert local(clock_of(office, case).due_at) == "2026-11-06 16:00"


def test_pause_of_one_step_ends_with_it(office: Office) -> None:
    case = office.open()
    paused(office, case, "2026-11-02 11:00", task_id=office.task(case).id)
    office.do(case, "clerk", REGISTER, PAPERS, hours=26)
    with reading(office.engine) as session:
        row = session.scalars(select(CasePause)).one()
    assert (local(row.until), row.ended_by) == ("2026-11-03 11:12", None)
    assert clock_of(office, case).state == "running"
    assert clock_of(office, case, "total").state == "running"


def test_pause_at_close_ends_with_the_case(office: Office) -> None:
    case = office.to_referral()
    office.do(case, "officer", REFER)
    paused(office, case, "2026-11-02 12:00", "agency")
    assert clock_of(office, case, "referral").state == "paused"
    office.do(case, "officer", {"reply": "accepted", "received_on": NOW.date()}, hours=30)
    office.do(case, "clerk", END, hours=31)
    with reading(office.engine) as session:
        assert local(session.scalars(select(CasePause.until)).one()) == "2026-11-03 16:12"
        states = set(session.scalars(select(Clock.state).where(Clock.case_id == case)))
    assert states == {"met"}


@pytest.mark.parametrize(
    ("reason", "note", "problems"),
    [
        ("holiday", "", {"reason": "pause-reason-unknown"}),
        ("system", " ", {"note": "pause-note-missing"}),
        ("papers", "", {"reason": "pause-running"}),
    ],
)
def test_pause_is_refused(office: Office, reason: str, note: str, problems: dict[str, str]) -> None:
    case = office.open()
    paused(office, case, "2026-11-02 10:00")
    with pytest.raises(Refused) as objection:
        paused(office, case, "2026-11-02 11:00", reason, note=note)
    assert objection.value.problems == problems


def test_pause_ends_once(office: Office) -> None:
    case = office.open()
    key = paused(office, case, "2026-11-02 10:00")
    resumed(office, key, "2026-11-02 11:00")
    with pytest.raises(Refused):
        resumed(office, key, "2026-11-02 12:00")


def test_only_who_works_there_pauses(office: Office) -> None:
    case = office.open()
    with pytest.raises(Forbidden), writing(office.engine) as session:
        pause(at(office, session, "auditor", "2026-11-02 10:00"), case, "papers")
