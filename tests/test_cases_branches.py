"""Branches of a case that run at once: opened, joined, withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework import (
    HERE,
    Office,
)
from handling import APPROVED, VISITED, act, do, made, of, parted, refused, waiting
from small import NOW
from sqlalchemy.exc import IntegrityError

from portal.cases import AlreadyMoved, At, complete
from portal.database import reading
from portal.tables import Task


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
