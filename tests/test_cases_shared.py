"""Cases among several people: who sees them, who works on them, what happens when two do at once."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier

import pytest
import threads
from casework import (
    PAPERS,
    REFER,
    REGISTER,
    Office,
    copied,
    furnish,
    intake,
    open_task,
)
from shapes import rows
from sqlalchemy import Engine, func, select

from portal.access import Forbidden, case_scope
from portal.admin.desk.worklist import worklist
from portal.cases import (
    AlreadyMoved,
    assign,
    colleagues,
    complete,
    identify,
    issue_on_request,
    open_case,
)
from portal.database import reading, writing
from portal.events import broken
from portal.tables import Case, Event, IssuedLetter


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return copied(tmp_path)


@pytest.fixture
def any_office(any_engine: Engine) -> Office:
    return furnish(any_engine)


def chain_holds(office: Office) -> bool:
    with reading(office.engine) as session:
        return broken(session) is None


def test_done_step_is_not_done_again(office: Office) -> None:
    case = office.open(papers=PAPERS)
    task = office.task(case).id
    office.do(case, "clerk", REGISTER)
    before = rows(office.engine)
    with pytest.raises(AlreadyMoved) as moved, writing(office.engine) as session:
        complete(office.at(session, "officer"), task, REGISTER, PAPERS)
    assert moved.value.task.completed_by == 1
    assert rows(office.engine) == before


def test_of_two_at_once_one_wins(any_office: Office) -> None:
    case = any_office.open(papers=PAPERS)
    task, ready = any_office.task(case).id, Barrier(2)

    def act(who: str) -> str:
        with writing(any_office.engine) as session:
            at = any_office.at(session, who)
            if any_office.engine.dialect.name != "sqlite":
                ready.wait(5)  # on SQLite the second cannot even begin
            try:
                complete(at, task, REGISTER)
            except AlreadyMoved:
                return "moved"
            return "done"

    with threads.pool(2) as pool:
        assert sorted(pool.map(act, ("clerk", "officer"))) == ["done", "moved"]
    assert any_office.kinds(case).count("step-completed") == 1
    assert chain_holds(any_office)


def test_many_who_write_at_once_never_wait_in_a_circle(any_office: Office) -> None:
    referred = [any_office.to_referral() for _ in range(3)]
    opened = [any_office.open() for _ in range(3)]

    def refer(case: int) -> object:
        return any_office.do(case, "officer", REFER)

    def introduce(case: int) -> object:
        with writing(any_office.engine) as session:
            found, at = session.get_one(Case, case), any_office.at(session, "officer")
            return issue_on_request(at, found, "introduction", {"purpose": "x"}, None).number

    with threads.pool(6) as pool:
        acts = [pool.submit(refer, each) for each in referred]
        acts += [pool.submit(introduce, each) for each in (*opened, *referred)]
        assert all(act.result() for act in acts)
    with reading(any_office.engine) as session:
        assert set(session.scalars(select(IssuedLetter.sequence))) == set(range(1, 10))
    assert chain_holds(any_office)


@pytest.mark.parametrize("who", ["visitor", "neighbour", "auditor"])
def test_step_of_another_role_or_area_is_forbidden(office: Office, who: str) -> None:
    case = office.open(papers=PAPERS)
    before = rows(office.engine)
    with pytest.raises(Forbidden):
        office.do(case, who, REGISTER)
    assert rows(office.engine) == before


def hand(office: Office, case: int, who: str, to: int | None) -> int | None:
    with writing(office.engine) as session:
        assign(office.at(session, who), open_task(session, case).id, to)
    return office.task(case).assigned_to


def test_task_is_taken_released_and_given(office: Office) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    assert hand(office, case, "officer", 2) == 2
    assert hand(office, case, "officer", None) is None
    assert hand(office, case, "manager", 7) == 7
    assert office.kinds(case)[-3:] == ["task-assigned"] * 3


@pytest.mark.parametrize(
    ("who", "to"),
    [("officer", 7), ("neighbour", 5), ("auditor", None), ("manager", 6), ("manager", 5), ("manager", 99)],
)
def test_task_goes_only_to_who_can_do_it(office: Office, who: str, to: int | None) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    with pytest.raises(Forbidden):
        hand(office, case, who, to)
    assert office.task(case).assigned_to is None


def test_colleagues_are_those_whom_a_task_can_be_given(office: Office) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    with reading(office.engine) as session:
        found, task = session.get_one(Case, case), open_task(session, case)
        offered = {who: set(colleagues(office.at(session, who), task, found)) for who in ("manager", "clerk")}
    assert offered == {"manager": {2, 7}, "clerk": set()}


ALL = {"clerk", "clerk*", "officer", "officer*", "colleague", "colleague*", "manager", "manager*", "auditor"}


def seen_by(office: Office, case: int) -> set[str]:
    """Returns who sees a case, and with a star who has its task in the worklist."""
    found = set()
    with reading(office.engine) as session:
        for who in ("clerk", "officer", "visitor", "manager", "neighbour", "auditor", "colleague"):
            at = office.at(session, who)
            if session.scalar(select(Case.id).where(Case.id == case, case_scope(at.live.schema, at.actor))):
                found.add(who)
            lines = worklist(session, at.live, at.actor, at.now).groups.values()
            found |= {f"{who}*" for group in lines for line in group if line.case_id == case}
    return found


@pytest.mark.parametrize(
    ("complaint", "who", "seen"),
    [
        ("no-card", "clerk", ALL),
        ("violence", "clerk", {"clerk*", "clerk", "manager"}),
        ("violence", "officer", {"officer*", "officer", "manager"}),
        ("fee", "clerk", {"manager*", "manager"}),
        ("fee", "manager", {"manager*", "manager"}),
    ],
)
def test_case_is_seen_as_its_class_allows(office: Office, complaint: str, who: str, seen: set[str]) -> None:
    assert seen_by(office, office.open(who, complaint=complaint)) == seen


def test_unknown_resident_is_named_once(office: Office) -> None:
    case = office.open(resident_id=None)
    for resident in (1, 2):
        with writing(office.engine) as session:
            identify(office.at(session, "officer"), case, resident)
    assert office.case(case).resident_id == 1
    assert office.kinds(case) == ["case-opened", "resident-identified"]


def test_one_act_writes_its_events_in_its_transaction(any_office: Office) -> None:
    with reading(any_office.engine) as session:
        before = session.scalar(select(func.count()).select_from(Event))
        open_case(any_office.at(session, "clerk"), intake(papers=PAPERS))  # rolled back when the reading ends
    with reading(any_office.engine) as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before
    assert chain_holds(any_office)
