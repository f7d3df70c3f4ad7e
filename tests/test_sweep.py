"""The clocks of cases and the sweep: what is rung, once, when, to whom; what came another way."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from casework import EDITS, END, HERE, LISTED, PAPERS, REFER, REGISTER, Office, copied, furnish
from clockwork import clock_of, levels, local, moment, ruled, swept, told
from small import NOW
from sqlalchemy import Engine, delete, select, update

from portal import sweep as sweeping
from portal.access import SYSTEM
from portal.cases import At, assign, reopen
from portal.database import reading, writing
from portal.events import broken
from portal.sweep import Swept, sweep
from portal.tables import Case, Clock, Event, SopVersion, Task


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return ruled(copied(tmp_path))


@pytest.fixture
def any_office(any_engine: Engine) -> Office:
    return ruled(furnish(any_engine))


def test_new_case_has_its_clocks(any_office: Office) -> None:
    case = any_office.open()  # Monday 2 November 2026, 09:12; Wednesday is a holiday
    whole, first, step = (clock_of(any_office, case, kind) for kind in ("total", "first-response", "step"))
    assert (whole.limits, local(whole.due_at)) == ("10 working days", "2026-11-17 16:00")
    assert (first.limits, local(first.due_at)) == ("1 working day", "2026-11-03 16:00")
    assert (step.limits, local(step.due_at)) == ("2 working days", "2026-11-05 16:00")
    assert {each.state for each in (whole, first, step)} == {"running"}
    assert step.derivation == any_office.task(case).derivation
    assert whole.derivation is not None


def test_urgent_case_has_the_limit_that_ends_first(office: Office) -> None:
    clock = clock_of(office, office.open(priority="urgent"))
    assert (clock.limits, local(clock.due_at)) == ("2 working days / 1 working day", "2026-11-03 16:00")


def test_completed_step_stops_its_clock_and_the_first_response(office: Office) -> None:
    case = office.open()
    office.do(case, "clerk", REGISTER, PAPERS, hours=1)
    first = clock_of(office, case, "first-response")
    assert (first.state, first.next_at, local(first.stopped_at)) == ("met", None, "2026-11-02 10:12")
    assert clock_of(office, case).step == "registry"
    assert clock_of(office, case, "total").state == "running"


def test_late_step_ends_as_breached(office: Office) -> None:
    case = office.open()
    office.do(case, "clerk", REGISTER, PAPERS, hours=24 * 10)
    with reading(office.engine) as session:
        query = select(Clock).where(Clock.case_id == case, Clock.step == "register")
        clock = session.scalars(query).one()
    assert (clock.state, local(clock.breached_at)) == ("breached", "2026-11-05 16:00")


def test_referral_has_a_clock_until_it_is_answered(office: Office) -> None:
    case = office.to_referral()
    office.do(case, "officer", REFER)
    clock = clock_of(office, case, "referral")
    assert (clock.step, clock.limits, clock.state) == ("dinsos", "5 working days", "running")
    office.do(case, "officer", {"reply": "accepted", "received_on": NOW.date()}, hours=1)
    assert clock_of(office, case, "referral").state == "met"


def test_closed_case_has_no_running_clock_and_a_reopened_one_has(office: Office) -> None:
    case = office.to_referral()
    office.do(case, "officer", REFER)
    office.do(case, "officer", {"reply": "accepted", "received_on": NOW.date()})
    office.do(case, "clerk", END)
    with reading(office.engine) as session:
        states = set(session.scalars(select(Clock.state).where(Clock.case_id == case)))
    assert states == {"met"}
    with writing(office.engine) as session:
        reopen(At(session=session, live=office.live, actor=SYSTEM, now=NOW), case, "Belum aktif")
    assert clock_of(office, case, "total").state == "running"


RINGS: tuple[tuple[str, list[tuple[int, str]], list[tuple[int, str]]], ...] = (
    # from Monday 09:12: 14 h 48 min open until Thursday 16:00, without Wednesday; four fifths are over on
    # Thursday at 11:26 - the office is open 08:00 to 16:00
    ("2026-11-05 11:00", [], []),
    ("2026-11-05 12:00", [(1, "warned")], [(1, "role:front-office")]),
    ("2026-11-05 15:59", [(1, "warned")], [(1, "role:front-office")]),
    (
        "2026-11-05 16:00",
        [(1, "warned"), (2, "breached")],
        [(2, "role:front-office"), (2, "role:manager")],
    ),
    (
        "2026-11-09 15:59",
        [(1, "warned"), (2, "breached")],
        [(2, "role:front-office"), (2, "role:manager")],
    ),
    (
        "2026-11-09 16:00",  # two working days later: Friday and Monday
        [(1, "warned"), (2, "breached"), (3, "escalated")],
        [(2, "role:front-office"), (2, "role:manager"), (3, "role:auditor")],
    ),
)


@pytest.mark.parametrize(("when", "rung", "people"), RINGS)
def test_what_is_rung_by_when_and_for_whom(
    office: Office, when: str, rung: list[tuple[int, str]], people: list[tuple[int, str]]
) -> None:
    case = office.open()
    swept(office, when)
    clock = clock_of(office, case)
    assert [(number, kind) for number, kind, _ in levels(office, clock)] == rung
    assert told(office, clock, still=True) == people


def test_warning_gives_way_to_the_breach(office: Office) -> None:
    case = office.open()
    swept(office, "2026-11-05 12:00")
    swept(office, "2026-11-05 16:30")
    clock = clock_of(office, case)
    assert told(office, clock) == [(1, "role:front-office"), (2, "role:front-office"), (2, "role:manager")]
    assert told(office, clock, still=True) == [(2, "role:front-office"), (2, "role:manager")]


def test_twice_is_once(any_office: Office) -> None:
    case = any_office.open()
    first = swept(any_office, "2026-11-09 17:00")
    kinds, notices = any_office.kinds(case), told(any_office, clock_of(any_office, case))
    assert first.rung == 6  # of step and first response warning, breach and rung
    assert swept(any_office, "2026-11-09 17:00") == Swept()
    assert any_office.kinds(case) == kinds
    assert told(any_office, clock_of(any_office, case)) == notices


def test_what_was_missed_says_when_it_should_have_been(any_office: Office) -> None:
    case = any_office.open()
    swept(any_office, "2026-11-16 08:00")
    clock = clock_of(any_office, case)
    assert [should for _, _, should in levels(any_office, clock)][1:] == [
        "2026-11-05 16:00",
        "2026-11-09 16:00",
    ]
    assert local(clock.breached_at) == "2026-11-05 16:00"
    with reading(any_office.engine) as session:
        query = select(Event).where(Event.kind == "clock-breached", Event.subject_id == case)
        events = {each.data["clock"]: each for each in session.scalars(query)}
        assert local(events["step"].at) == "2026-11-16 08:00"
        assert local(datetime.fromisoformat(events["step"].data["should"])) == "2026-11-05 16:00"
        assert events["step"].actor == "portal"
        assert broken(session) is None


def test_person_who_has_the_task_is_told_and_not_the_role(office: Office) -> None:
    case = office.open()
    with writing(office.engine) as session:
        assign(office.at(session, "clerk"), office.task(case).id, 1)
    swept(office, "2026-11-05 12:00")
    assert told(office, clock_of(office, case)) == [(1, "account:1")]


def test_step_with_a_ladder_of_its_own(tmp_path: Path) -> None:
    more = {
        "sops/pbi/steps/register": {
            **EDITS["sops/pbi"]["steps"]["register"],
            "escalate": ["manager", "auditor"],
        },
        "office/clocks": {"every": "3 working days"},
    }
    office = ruled(copied(tmp_path), **more)
    case = office.open()
    swept(office, "2026-11-10 15:59")
    clock = clock_of(office, case)
    assert told(office, clock) == [(2, "role:front-office"), (2, "role:manager")]
    swept(office, "2026-11-10 16:00")  # three working days after Thursday
    assert (3, "role:auditor") in told(office, clock)


def test_done_step_is_told_of_no_more(office: Office) -> None:
    case = office.open()
    swept(office, "2026-11-05 12:00")
    clock = clock_of(office, case)
    office.do(case, "clerk", REGISTER, PAPERS, hours=24 * 3 + 4)
    assert told(office, clock, still=True) == []
    swept(office, "2026-11-10 16:00")
    assert [kind for _, kind, _ in levels(office, clock)] == ["warned"]


def test_cases_from_before_get_their_clocks(any_office: Office) -> None:
    case = any_office.open()
    with writing(any_office.engine) as session:
        session.execute(delete(Clock))
    assert swept(any_office, "2026-11-02 12:00").settled == 1
    clock = clock_of(any_office, case)
    assert (local(clock.due_at), clock.derivation) == ("2026-11-05 16:00", any_office.task(case).derivation)
    assert swept(any_office, "2026-11-02 12:00") == Swept()


def test_clock_of_a_step_that_was_done_another_way_is_stopped(office: Office) -> None:
    case = office.open()
    with writing(office.engine) as session:
        session.execute(update(Task).values(status="passed", completed_at=NOW))
    assert swept(office, "2026-11-02 12:00").settled == 1
    assert clock_of(office, case).state == "met"


def test_bad_case_never_stops_the_others(any_office: Office, caplog: pytest.LogCaptureFixture) -> None:
    bad, good = any_office.open(), any_office.open()
    with writing(any_office.engine) as session:
        case = session.get_one(Case, bad)
        known = session.get_one(SopVersion, case.sop_version_id)
        values = {column.name: getattr(known, column.name) for column in SopVersion.__table__.columns}
        unread = SopVersion(**{**values, "id": known.id + 100, "number": 99, "format": 99})
        session.add(unread)
        session.flush()
        case.sop_version_id = unread.id
    with caplog.at_level(logging.ERROR, "portal.sweep"):
        found = swept(any_office, "2026-11-05 16:00")
    assert [kind for _, kind, _ in levels(any_office, clock_of(any_office, good))] == ["warned", "breached"]
    assert found.failed == (bad,)
    assert caplog.messages == [f"sweep: case {bad}: UnknownFormat"] * 2  # of its first response and its step
    clock = clock_of(any_office, bad)
    assert (clock.failure, local(clock.next_at)) == ("UnknownFormat", "2026-11-05 17:00")
    with writing(any_office.engine) as session:
        session.get_one(Case, bad).sop_version_id = known.id
    assert swept(any_office, "2026-11-05 17:00").failed == ()
    assert clock_of(any_office, bad).failure is None
    assert [kind for _, kind, _ in levels(any_office, clock)] == ["warned", "breached"]


def test_one_sweep_at_a_time(office: Office) -> None:
    office.open()
    inside: list[Swept] = []

    def now() -> datetime:
        if not inside:
            inside.append(Swept())
            return moment("2026-11-09 17:00")
        if len(inside) == 1:
            inside.append(sweep(office.engine, lambda: moment("2026-11-09 17:00"), rest=0))
        return moment("2026-11-09 17:00")

    assert sweep(office.engine, now, rest=0).rung == 6
    assert inside[1] == Swept(busy=True)


def test_sweep_that_died_is_taken_over(office: Office) -> None:
    office.open()
    assert sweeping._leased(office.engine, moment("2026-11-09 17:00"))
    assert swept(office, "2026-11-09 17:04").busy
    assert swept(office, "2026-11-09 17:05").rung == 6


def test_area_has_its_own_calendar(tmp_path: Path) -> None:
    own = {"time_zone": "Asia/Jayapura", "holidays": {"2026-11-05": "Libur daerah"}}
    office = ruled(copied(tmp_path), **{"office/calendars": {HERE: own}})
    case = office.open()
    due = office.task(case).due_at
    assert due is not None
    assert due.astimezone(timezone(timedelta(hours=9))).isoformat()[:16] == "2026-11-06T16:00"


def test_office_gives_a_limit_to_steps_without_one(tmp_path: Path) -> None:
    office = ruled(copied(tmp_path), **{"office/clocks": {"step": "3 working days"}})
    case = office.open()
    office.do(case, "clerk", REGISTER, PAPERS)
    office.do(case, "officer", LISTED)
    assert clock_of(office, case).limits == "3 working days"  # of the draft, which has none
    assert local(office.task(case).due_at) == "2026-11-06 16:00"
