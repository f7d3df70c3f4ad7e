"""Running cases are moved to a newer version of their SOP, and moves are taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from casework import PAPERS, REGISTER, SCHEMA, STEPS, Office, copied, furnish, open_task
from moves import (
    S,
    any_office,
    at_verify,
    drawn,
    meant,
    moved,
    number_of,
    office,
    publish,
    sound,
    steps,
    take_back,
    without_verify,
)
from schemas import small_schema
from shapes import rows
from small import NOW
from sqlalchemy import Engine, func, select, text

from portal.access import Forbidden
from portal.cases import Rerouted, assign, complete
from portal.cases.moving import MoveRefused, Running, move_case, running
from portal.database import reading, writing
from portal.facts import calendar
from portal.schema import canonical
from portal.tables import Event, IssuedLetter, SopVersion, Task
from portal.worktime import Duration, due


def test_case_stays_on_its_version_until_it_is_moved(any_office: Office) -> None:
    case = any_office.open()
    publish(any_office, steps(referral={"within": "3 working days"}))
    assert number_of(any_office, case) == 2
    numbers = drawn(any_office)
    assert [
        (each.case_id, each.verdict and each.verdict.kind) for each in moved(any_office, meant(any_office))
    ] == [(case, "ahead")]
    assert (number_of(any_office, case), drawn(any_office)) == (3, numbers)
    assert any_office.kinds(case) == ["case-opened", "case-moved"]
    assert sound(any_office)


def test_versions_never_change(any_office: Office) -> None:
    def stored() -> list[Any]:
        return rows(any_office.engine)["sop_version"]

    before, case = stored(), any_office.open()
    publish(any_office, steps(visit={"role": "back-office"}))
    moved(any_office, meant(any_office))
    take_back(any_office, case)
    assert stored()[: len(before)] == before
    assert len(stored()) == len(before) + 1


def test_open_task_is_pointed_at_its_step(office: Office) -> None:
    case = at_verify(office)
    before = office.task(case)
    publish(office, without_verify())
    (judged,) = moved(office, meant(office, verify="draft"))
    task = office.task(case)
    assert judged.verdict is not None
    assert (judged.verdict.kind, task.step, task.role) == ("removed", "draft", "back-office")
    assert (task.id, task.opened_at) == (before.id, before.opened_at)
    office.do(case, "officer", {})
    assert office.task(case).step == "approve"
    assert sound(office)


def test_case_of_a_removed_step_stays_without_a_map(office: Office) -> None:
    case = at_verify(office)
    publish(office, without_verify())
    before = rows(office.engine)
    (judged,) = moved(office, meant(office))
    assert judged.verdict is not None
    assert not judged.verdict.moves
    assert rows(office.engine) == before
    office.do(case, "officer", {})  # and goes on by its own version
    assert office.task(case).step == "draft"


def test_due_date_stays_unless_the_limit_differs(office: Office) -> None:
    first, second = office.open(), at_verify(office)
    dates = office.task(first).due_at, office.task(second).due_at
    publish(office, steps(verify={"within": "3 working days", "role": "facilitator"}))
    moved(office, meant(office))
    counted = due(NOW, Duration.parse("3 working days"), calendar(office.live.schema))
    assert (office.task(first).due_at, office.task(second).due_at) == (dates[0], counted.at)
    assert office.task(second).derivation == counted.dump()
    assert office.task(second).role == "facilitator"


def test_limit_of_the_whole_case_is_counted_from_its_first_day(office: Office) -> None:
    case = office.open()
    publish(office, steps(), **{"sops/pbi/total_within": "3 working days"})
    moved(office, meant(office))
    counted = due(NOW, Duration.parse("3 working days"), calendar(office.live.schema))
    assert office.case(case).due_at == counted.at


def test_who_cannot_carry_out_the_step_loses_the_task(office: Office) -> None:
    mine, theirs = at_verify(office), office.open()
    for case, who, account in ((mine, "officer", 2), (theirs, "clerk", 1)):
        with writing(office.engine) as session:
            assign(office.at(session, who), open_task(session, case).id, account)
    publish(office, steps(verify={"role": "facilitator"}))
    moved(office, meant(office))
    assert (office.task(mine).assigned_to, office.task(theirs).assigned_to) == (None, 1)


def test_answers_and_history_stay(office: Office) -> None:
    case = at_verify(office)
    office.do(case, "officer", {})
    publish(
        office,
        without_verify(
            draft={"fields": {**STEPS["draft"]["fields"], "more": {"label": "L", "type": "text"}}}
        ),
    )
    moved(office, meant(office))
    table = office.live.models.answers["pbi"].__table__
    with reading(office.engine) as session:
        answers = session.execute(select(table)).mappings().one()
        done = session.scalars(select(Task.step).where(Task.status == "done").order_by(Task.id)).all()
    assert (answers["register__reason"], answers["registry__decile"], answers["draft__more"]) == (
        "chronic",
        2,
        None,
    )
    assert done == ["register", "registry", "verify"]
    office.do(case, "officer", {"more": "terisi"})
    office.do(case, "manager", {"verdict": "approved"})
    assert sound(office)


def test_answers_of_a_removed_step_stay_with_the_case(any_engine: Engine) -> None:
    office = furnish(any_engine)
    found = {"fields": {"found": {"label": "Temuan", "type": "text"}}}
    publish(office, steps(verify=found))
    answered, waiting = at_verify(office), at_verify(office)
    office.do(answered, "officer", {"found": "Rumah kosong"})
    publish(office, without_verify())
    assert [each.verdict and each.verdict.moves for each in moved(office, meant(office, verify="draft"))] == [
        True,
        True,
    ]
    assert [office.task(case).step for case in (answered, waiting)] == ["draft", "draft"]
    with reading(office.engine) as session:
        columns = "SELECT verify__found FROM answers_pbi ORDER BY case_id"
        assert session.scalars(text(columns)).all() == ["Rumah kosong", None]
        told = session.scalars(select(Event).where(Event.kind == "step-completed")).all()
    assert any(event.data.get("step") == "verify" for event in told)
    assert sound(office)


def test_renamed_step_goes_on_under_its_new_id(office: Office) -> None:
    """The check of version 4 is that of version 2 under another id, which only `renamed` says."""
    first, second = office.open(papers=PAPERS), at_verify(office)
    office.do(first, "clerk", REGISTER)
    again = {"again": {**STEPS["registry"], "label": "Cek ulang"}}
    publish(office, {**steps(), **again})
    edited = {("again" if key == "registry" else key): step for key, step in steps().items()}
    newer = canonical(small_schema({S: edited}, of=SCHEMA).sops["pbi"])
    newer = newer.replace('"go":"registry"', '"go":"again"')
    renamed = {"again": "registry"}
    with writing(office.engine) as session:
        stored = {"format": 1, "definition": newer, "digest": "0" * 64, "renamed": renamed}
        session.add(SopVersion(sop="pbi", number=4, release_id=3, **stored))
    moved(office, meant(office, after=4))
    assert done_of(office, second) == ["register", "again", "verify"]
    assert office.task(first).step == "again"
    office.do(second, "officer", {})
    assert (office.task(second).step, office.task(second).why) == ("draft", "Desil dalam batas.")
    take_back(office, first)
    assert done_of(office, first) == ["register", "registry"]


def done_of(office: Office, case: int) -> list[str]:
    with reading(office.engine) as session:
        return list(session.scalars(select(Task.step).where(Task.case_id == case).order_by(Task.id)))


def test_move_is_taken_back_whole(any_office: Office) -> None:
    case = at_verify(any_office)
    before = any_office.task(case), any_office.case(case)
    publish(any_office, without_verify(draft={"within": "2 working days", "stage": "checked"}))
    moved(any_office, meant(any_office, verify="draft"))
    assert any_office.case(case).stage == "checked"
    assert take_back(any_office, case) == 2
    task, now = any_office.task(case), any_office.case(case)
    for name in ("id", "step", "role", "due_at", "derivation", "assigned_to", "opened_at"):
        assert getattr(task, name) == getattr(before[0], name)
    for name in ("sop_version_id", "stage", "due_at", "status"):
        assert getattr(now, name) == getattr(before[1], name)
    assert any_office.kinds(case)[-2:] == ["case-moved", "case-moved-back"]
    assert sound(any_office)


def refusal(office: Office, case: int) -> str:
    with pytest.raises(MoveRefused) as refused:
        take_back(office, case)
    return refused.value.slug


def test_move_is_not_taken_back_after_the_next_act(office: Office) -> None:
    case = office.open(papers=PAPERS)
    assert refusal(office, case) == "moving-undo-none"
    publish(office, steps(visit={"role": "back-office"}))
    moved(office, meant(office))
    office.do(case, "clerk", REGISTER)
    assert refusal(office, case) == "moving-undo-acted"
    other = office.open()
    assert refusal(office, other) == "moving-undo-none"


def test_move_is_taken_back_once(office: Office) -> None:
    case = office.open()
    publish(office, steps(visit={"role": "back-office"}))
    moved(office, meant(office))
    take_back(office, case)
    assert refusal(office, case) == "moving-undo-none"
    assert [each.verdict and each.verdict.moves for each in moved(office, meant(office))] == [True]


@pytest.mark.parametrize("who", ["clerk", "officer", "auditor"])
def test_moving_is_for_those_who_answer_for_the_rules(office: Office, who: str) -> None:
    case = office.open()
    publish(office, steps(visit={"role": "back-office"}))
    seen = Running(case_id=case, number="", step="register", verdict=None)
    with pytest.raises(Forbidden), writing(office.engine) as session:
        move_case(office.at(session, who), meant(office), seen)
    moved(office, meant(office))
    with pytest.raises(Forbidden):
        take_back(office, case, who)


def test_who_moves_sees_only_their_cases(office: Office) -> None:
    office.open()
    publish(office, steps(visit={"role": "back-office"}))
    with reading(office.engine) as session:
        assert len(running(office.at(session, "manager"), meant(office))) == 1
        assert len(running(office.at(session, "neighbour"), meant(office))) == 0


@pytest.mark.parametrize(
    ("before", "after", "slug"),
    [(2, 9, "moving-version-unknown"), (3, 2, "moving-backwards"), (2, 2, "moving-backwards")],
)
def test_move_between_versions_that_do_not_fit_is_refused(
    office: Office, before: int, after: int, slug: str
) -> None:
    publish(office, steps(visit={"role": "back-office"}))
    with pytest.raises(MoveRefused) as refused:
        meant(office, before=before, after=after)
    assert refused.value.slug == slug


def test_form_that_was_open_during_the_move_is_not_taken(office: Office) -> None:
    case = office.open(papers=PAPERS)
    shown = office.case(case).sop_version_id
    publish(office, steps(visit={"role": "back-office"}))
    moved(office, meant(office))
    before = rows(office.engine)
    with pytest.raises(Rerouted), writing(office.engine) as session:
        complete(office.at(session, "clerk"), open_task(session, case).id, REGISTER, PAPERS, shown=shown)
    assert rows(office.engine) == before


def test_no_letter_and_no_second_task_comes_of_a_move(office: Office) -> None:
    case = at_verify(office)
    publish(office, without_verify())
    moved(office, meant(office, verify="referral"))
    with reading(office.engine) as session:
        assert session.scalar(select(func.count()).select_from(IssuedLetter)) == 0
        assert session.scalar(select(func.count()).select_from(Task).where(Task.case_id == case)) == 3
        newest = (
            select(Event).where(Event.subject_id == case, Event.subject == "case").order_by(Event.id.desc())
        )
        told = session.scalars(newest.limit(1)).one()
    assert (told.data["from"], told.data["to"], told.data["step"]) == (2, 3, "referral")
