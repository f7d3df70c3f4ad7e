"""What is done with a case beside its steps: branches, ways back, corrections, flags, needs, transfers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from branched import APPROVED, VISITED, act, do, joined, last, made, of, parted, refused, waiting
from casework import (
    HERE,
    LISTED,
    PAPERS,
    REFER,
    REGISTER,
    STEPS,
    Office,
)
from small import NOW
from sqlalchemy.exc import IntegrityError

from portal.access import Forbidden
from portal.cases import AlreadyMoved, At, complete, take_over
from portal.cases.back import correct, earlier_steps, send_back, undo_hindrance, undo_step
from portal.cases.checking import fresh_elsewhere, held_check
from portal.database import reading
from portal.events import REASON
from portal.releases import sop_version
from portal.steps import CheckStep
from portal.tables import Case, Task


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return made(tmp_path, {})


def test_branches_are_open_at_once(office: Office) -> None:
    case = parted(office)
    assert waiting(office, case) == {"draft": "together/draft", "visit": "together/visit"}
    assert office.kinds(case)[-1] == "branches-opened"


def test_branches_meet_when_all_have_arrived(office: Office) -> None:
    case = parted(office)
    do(office, case, "visit", "visitor", VISITED)
    assert waiting(office, case) == {"draft": "together/draft"}
    do(office, case, "draft", "officer", {})
    assert waiting(office, case) == {"approve": "together/draft"}
    do(office, case, "approve", "manager", APPROVED)
    assert waiting(office, case) == {"referral": ""}
    assert office.kinds(case).count("branches-joined") == 1


def test_first_branch_withdraws_the_others(tmp_path: Path) -> None:
    office = made(tmp_path, {"sops/pbi/steps/together/join": "any"})
    case = parted(office)
    do(office, case, "visit", "visitor", VISITED)
    assert waiting(office, case) == {"referral": ""}
    with reading(office.engine) as session:
        assert of(session, case, "draft").status == "withdrawn"
    assert office.kinds(case)[-2:] == ["task-withdrawn", "branches-joined"]
    with pytest.raises(AlreadyMoved):
        do(office, case, "draft", "officer", {})


def test_approval_in_a_branch_is_someone_elses(office: Office) -> None:
    case = parted(office)
    do(office, case, "draft", "manager", {})
    do(office, case, "visit", "visitor", VISITED)
    problems = refused(
        office, "manager", lambda at: complete(at, of(at.session, case, "approve").id, APPROVED)
    )
    assert problems == {"verdict": "case-approval-own"}


def test_one_step_is_never_open_twice(office: Office) -> None:
    case = parted(office)

    def twice(at: At) -> None:
        task = of(at.session, case, "draft")
        copy = {"case_id": case, "step": "draft", "role": task.role, "area": HERE, "access": "normal"}
        at.session.add(Task(**copy, opened_at=NOW))
        at.session.flush()

    with pytest.raises(IntegrityError):
        act(office, "officer", twice)


def test_task_is_sent_back_and_its_answers_stay(office: Office) -> None:
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    act(
        office,
        "officer",
        lambda at: send_back(at, of(at.session, case, "registry").id, "register", "NIK keliru"),
    )
    with reading(office.engine) as session:
        task = of(session, case, "register")
        assert (task.status, task.draft, task.why) == ("open", True, "NIK keliru")
        assert of(session, case, "registry").status == "returned"
    kind, data, values = last(office, case)
    assert (kind, data["step"], data["to"]) == ("step-returned", "registry", "register")
    assert values[REASON] == (None, "NIK keliru")


def test_first_step_goes_nowhere_back(office: Office) -> None:
    case = office.open()
    problems = refused(
        office, "clerk", lambda at: send_back(at, of(at.session, case, "register").id, "registry", "x")
    )
    assert problems == {"to": "back-step-unknown"}


def test_sending_back_needs_a_reason(office: Office) -> None:
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    problems = refused(
        office, "officer", lambda at: send_back(at, of(at.session, case, "registry").id, "register", "")
    )
    assert problems == {"reason": "field-required"}


def test_branch_goes_back_within_itself(office: Office) -> None:
    case = parted(office)
    do(office, case, "draft", "officer", {})
    act(office, "manager", lambda at: send_back(at, of(at.session, case, "approve").id, "draft", "Kurang"))
    assert waiting(office, case) == {"draft": "together/draft", "visit": "together/visit"}


def test_going_back_before_the_branches_withdraws_them(office: Office) -> None:
    case = parted(office)
    act(
        office,
        "officer",
        lambda at: send_back(at, of(at.session, case, "draft").id, "registry", "Salah orang"),
    )
    assert waiting(office, case) == {"registry": ""}
    assert office.kinds(case)[-2:] == ["step-returned", "task-withdrawn"]


def test_declared_ways_back_limit_it(tmp_path: Path) -> None:
    office = made(tmp_path, {"sops/pbi/steps/referral/may_return": ["registry"]})
    case = joined(office)
    with reading(office.engine) as session:
        at, row = office.at(session, "officer"), session.get_one(Case, case)
        sop = sop_version(session, row.sop_version_id)
        assert earlier_steps(at, row, sop, of(session, case, "referral")) == ("registry",)


def test_step_is_undone_with_its_due_date(office: Office) -> None:
    case = office.open()
    with reading(office.engine) as session:
        due = of(session, case, "register").due_at
    do(office, case, "register", "clerk", REGISTER)
    act(office, "clerk", lambda at: undo_step(at, of(at.session, case, "register").id, "Salah tekan"), 5)
    with reading(office.engine) as session:
        task = of(session, case, "register")
        assert (task.status, task.due_at, task.draft) == ("open", due, True)
        assert of(session, case, "registry").status == "withdrawn"
    assert waiting(office, case) == {"register": ""}
    assert office.kinds(case)[-1] == "step-undone"


def test_undoing_what_opened_branches_withdraws_them(office: Office) -> None:
    case = parted(office)
    act(office, "officer", lambda at: undo_step(at, of(at.session, case, "registry").id))
    assert waiting(office, case) == {"registry": ""}


def test_undoing_a_first_arrival_brings_the_others_back(tmp_path: Path) -> None:
    office = made(
        tmp_path,
        {"sops/pbi/steps/together/join": "any", "sops/pbi/steps/visit": {**STEPS["draft"], "go": "referral"}},
    )
    case = parted(office)
    do(office, case, "visit", "officer", {})
    act(office, "officer", lambda at: undo_step(at, of(at.session, case, "visit").id))
    assert waiting(office, case) == {"draft": "together/draft", "visit": "together/visit"}


@pytest.mark.parametrize(
    ("who", "step", "slug"),
    [
        ("clerk", "register", "undo-followed"),
        ("manager", "approve", "undo-approval"),
        ("visitor", "visit", "undo-record"),
    ],
)
def test_what_followed_stands_in_the_way_of_undoing(office: Office, who: str, step: str, slug: str) -> None:
    case = joined(office)
    with reading(office.engine) as session:
        row, at = session.get_one(Case, case), office.at(session, who)
        sop = sop_version(session, row.sop_version_id)
        assert undo_hindrance(at, row, sop, of(session, case, step)) == slug


def test_letter_cannot_be_undone(office: Office) -> None:
    case = joined(office)
    do(office, case, "referral", "officer", REFER)
    problems = refused(office, "officer", lambda at: undo_step(at, of(at.session, case, "referral").id))
    assert problems == {"step": "undo-referral"}


def test_others_undo_only_as_who_divides_work(office: Office) -> None:
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    with pytest.raises(Forbidden):
        act(office, "colleague", lambda at: undo_step(at, of(at.session, case, "register").id))
    act(office, "manager", lambda at: undo_step(at, of(at.session, case, "register").id))
    assert waiting(office, case) == {"register": ""}


def test_correction_keeps_old_and_new(office: Office) -> None:
    case = joined(office)
    new = {**LISTED, "decile": 4}
    act(office, "officer", lambda at: correct(at, of(at.session, case, "registry").id, new, "Salah baca"))
    kind, data, values = last(office, case)
    assert (kind, values["registry.decile"]) == ("step-corrected", (2, 4))
    assert data["elsewhere"] == []
    assert waiting(office, case) == {"referral": ""}


def test_correction_says_where_the_case_would_go(tmp_path: Path) -> None:
    office = made(tmp_path, {"sops/pbi/steps": STEPS, "priorities/normal": {"label": "Biasa"}})
    case = office.open(papers=PAPERS)
    do(office, case, "register", "clerk", REGISTER)
    do(office, case, "registry", "officer", LISTED)
    new = {**LISTED, "decile": 9}
    found = act(
        office, "officer", lambda at: correct(at, of(at.session, case, "registry").id, new, "Salah baca")
    )
    assert found == ("close",)
    assert waiting(office, case) == {"draft": ""}


def test_correction_without_a_difference_is_refused(office: Office) -> None:
    case = joined(office)
    problems = refused(
        office, "officer", lambda at: correct(at, of(at.session, case, "registry").id, LISTED, "Iseng")
    )
    assert problems == {"step": "correct-nothing"}


def test_stale_check_holds_up_the_letter_until_it_is_done_again(office: Office) -> None:
    case, month = joined(office), 24 * 40
    problems = refused(
        office,
        "officer",
        lambda at: complete(at, of(at.session, case, "referral").id, REFER),
        month,
    )
    assert problems == {"registry": "case-check-stale"}
    act(
        office,
        "officer",
        lambda at: send_back(at, of(at.session, case, "referral").id, "registry", "Basi"),
        month,
    )
    later = NOW.date() + timedelta(days=40)
    do(office, case, "registry", "officer", {**LISTED, "checked_on": later}, month)
    assert waiting(office, case) == {"draft": "together/draft", "visit": "together/visit"}


def test_check_says_until_when_it_holds(office: Office) -> None:
    case = joined(office)
    with reading(office.engine) as session:
        row = session.get_one(Case, case)
        sop = sop_version(session, row.sop_version_id)
        held = held_check(office.at(session, "officer"), row, sop, "referral")
        assert held is not None
        assert (held.step, held.until.date(), held.stale) == ("registry", date(2026, 12, 2), False)


def test_fresh_check_is_taken_over_with_date_and_officer(office: Office) -> None:
    parted(office)
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    with reading(office.engine) as session:
        row = session.get_one(Case, case)
        step = sop_version(session, row.sop_version_id).steps["registry"]
        assert isinstance(step, CheckStep)
        (found,) = fresh_elsewhere(office.at(session, "officer"), row, step)
    assert found.checked_on == NOW.date()
    act(office, "officer", lambda at: take_over(at, of(at.session, case, "registry").id, found.case_id))
    assert "draft" in waiting(office, case)
    assert last(office, case)[:1] == ("check-taken-over",)


def test_old_check_is_not_taken_over(office: Office) -> None:
    first = parted(office)
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    problems = refused(
        office,
        "officer",
        lambda at: take_over(at, of(at.session, case, "registry").id, first),
        24 * 40,
    )
    assert problems == {"check": "acts-take-over-gone"}
