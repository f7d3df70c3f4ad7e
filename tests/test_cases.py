"""The engine: cases are opened, carried through the steps of their SOP, and closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from casework import (
    ACCEPTED,
    END,
    HERE,
    LISTED,
    NEXT,
    PAPERS,
    REFER,
    REGISTER,
    SCHEMA,
    TEMPLATES,
    Office,
    copied,
    furnish,
    open_task,
)
from schemas import TEXT, small_schema
from shapes import rows
from small import NOW
from sqlalchemy import Engine, select

from portal.access import SYSTEM, Forbidden
from portal.cases import (
    Paper,
    Refused,
    assign,
    issue_on_request,
    needed,
)
from portal.database import reading, writing
from portal.events import broken
from portal.fields import Value
from portal.migrate import apply
from portal.releases import sop_version
from portal.tables import Case, Event, IssuedLetter, Referral, SopVersion, Task
from portal.worktime import Due

WIB = timezone(timedelta(hours=7))
BROUGHT = Paper(state="brought")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return copied(tmp_path)


@pytest.fixture
def any_office(any_engine: Engine) -> Office:
    return furnish(any_engine)


def refused(act: Callable[[], object]) -> Mapping[str, str]:
    """Returns what the engine objects to."""
    with pytest.raises(Refused) as objection:
        act()
    return objection.value.problems


def local(moment: datetime | None) -> str:
    return moment.astimezone(WIB).isoformat(sep=" ", timespec="minutes")[:16] if moment else ""


def chain_holds(office: Office) -> bool:
    with reading(office.engine) as session:
        return broken(session) is None


def test_case_is_opened_on_the_newest_version_of_its_sop(any_office: Office) -> None:
    case = any_office.case(any_office.open())
    with reading(any_office.engine) as session:
        assert session.get_one(SopVersion, case.sop_version_id).number == 1
    assert (case.number, case.centre, case.stage) == ("ADU-202611-00001", "madani", "received")
    assert any_office.case(any_office.open()).number == "ADU-202611-00002"
    assert any_office.kinds(case.id) == ["case-opened"]


def test_first_task_waits_for_the_role_with_a_date_that_can_be_explained(office: Office) -> None:
    case = office.case(office.open())
    task = office.task(case.id)
    # Monday; Tuesday is day 1, Wednesday is a holiday, so Thursday is day 2.
    assert (task.role, task.step, local(task.due_at)) == ("front-office", "register", "2026-11-05 16:00")
    assert task.derivation is not None
    assert Due.restore(task.derivation).at == task.due_at
    assert "2026-11-04" in str(task.derivation)
    assert local(case.due_at) == "2026-11-17 16:00"


def test_priority_shortens_a_limit(office: Office) -> None:
    assert local(office.task(office.open(priority="urgent")).due_at) == "2026-11-03 16:00"


def test_limit_of_hours_counts_open_minutes_only(office: Office) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER, hours=5)  # Monday 14:12, closing at 16:00
    assert local(office.task(case).due_at) == "2026-11-03 10:12"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"program": "none"}, {"program": "case-program-closed"}),
        ({"description": "  "}, {"description": "field-required"}),
    ],
)
def test_complaint_that_cannot_be_taken_is_refused(
    office: Office, said: dict[str, str], problem: dict[str, str]
) -> None:
    before = rows(office.engine)
    assert refused(lambda: office.open(**said)) == problem
    assert rows(office.engine) == before


def test_complaint_of_another_programme_is_refused(office: Office) -> None:
    apply(
        office.engine,
        small_schema({"programs/pbi-jk/complaints": ["fee"]}, of=SCHEMA),
        {},
        TEMPLATES,
        actor=SYSTEM,
        now=NOW,
    )
    assert refused(office.open) == {"complaint": "case-complaint-foreign"}


def test_area_without_an_office_is_refused(office: Office) -> None:
    assert refused(lambda: office.open("neighbour", area=NEXT)) == {"area": "case-area-unserved"}


@pytest.mark.parametrize(("who", "area"), [("clerk", NEXT), ("visitor", HERE), ("auditor", HERE)])
def test_complaint_is_taken_only_where_one_may(office: Office, who: str, area: str) -> None:
    before = rows(office.engine)
    with pytest.raises(Forbidden):
        office.open(who, area=area)
    assert rows(office.engine) == before


def test_step_asks_for_its_fields_and_papers(any_office: Office) -> None:
    case = any_office.open()
    before = rows(any_office.engine)
    wanted = {"reason": "field-required", "ktp": "case-document-missing", "kk": "case-document-missing"}
    assert refused(lambda: any_office.do(case, "clerk", {})) == wanted
    assert rows(any_office.engine) == before


@pytest.mark.parametrize(
    ("papers", "missing"),
    [
        (PAPERS, set()),
        ({**PAPERS, "ktp": Paper(state="to-follow")}, {"ktp"}),
        ({**PAPERS, "ktp": Paper(state="not-needed")}, {"ktp"}),
        ({**PAPERS, "ktp": Paper(state="not-needed", note="Anak")}, set()),
        ({"ktp": BROUGHT}, {"kk"}),
    ],
)
def test_required_paper_is_there_follows_or_is_not_needed_because(
    office: Office, papers: dict[str, Paper], missing: set[str]
) -> None:
    case = office.open()
    if missing:
        assert refused(lambda: office.do(case, "clerk", REGISTER, papers)).keys() == missing
    else:
        office.do(case, "clerk", REGISTER, papers)
        assert office.task(case).step == "registry"


@pytest.mark.parametrize(("priority", "missing"), [("normal", set()), ("urgent", {"hospital"})])
def test_paper_is_required_when_its_condition_holds(office: Office, priority: str, missing: set[str]) -> None:
    case = office.open(priority=priority, papers=PAPERS)
    with reading(office.engine) as session:
        at, found = office.at(session, "clerk"), session.get_one(Case, case)
        step = sop_version(session, found.sop_version_id).steps["register"]
        assert {each.document for each in needed(at, found, step) if not each.settled} == missing


def test_paper_that_nobody_knows_is_left_out(office: Office) -> None:
    case = office.open(papers={**PAPERS, "x" * 99: BROUGHT})
    with reading(office.engine) as session:
        said = session.scalars(select(Event.data).where(Event.kind == "documents-noted")).one()
    assert said["documents"] == {"ktp": "brought", "kk": "to-follow"}
    assert office.kinds(case) == ["case-opened", "documents-noted"]


ROUTES: list[tuple[Mapping[str, Value], Mapping[str, Value], str, str]] = [
    (REGISTER, {"result": "registered", "decile": 1}, "draft", "Desil dalam batas."),
    (REGISTER, {"result": "registered", "decile": 5}, "draft", "Desil dalam batas."),
    (REGISTER, {"result": "registered", "decile": 6}, "close", "Desil di luar batas."),
    (REGISTER, {"result": "not-found"}, "visit", ""),
    ({"reason": "emergency"}, {"result": "not-found"}, "draft", ""),
    (REGISTER, {"result": "system-down"}, "registry", ""),
    ({"reason": "emergency"}, {"result": "not-checked", "decile": 3}, "registry", ""),
]


@pytest.mark.parametrize(("register", "registry", "step", "why"), ROUTES)
def test_answers_choose_the_way_and_unknown_is_not_yes(
    office: Office, register: Mapping[str, Value], registry: Mapping[str, Value], step: str, why: str
) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", register)
    office.do(case, "officer", {"checked_on": NOW.date(), **registry})
    assert (office.task(case).step, office.task(case).why) == (step, why)


def test_step_that_comes_again_keeps_the_newest_answer(office: Office) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    office.do(case, "officer", {"result": "system-down", "checked_on": date(2026, 11, 2)})
    office.do(case, "officer", LISTED, hours=24)
    with reading(office.engine) as session:
        tasks = session.execute(select(Task.step, Task.status).where(Task.case_id == case).order_by(Task.id))
        assert [tuple(each) for each in tasks] == [
            ("register", "done"),
            ("registry", "done"),
            ("registry", "done"),
            ("draft", "open"),
        ]


def test_visit_leaves_a_record_of_the_resident(office: Office) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    office.do(case, "officer", {"result": "not-found", "checked_on": NOW.date()})
    office.do(case, "visitor", {"visited_on": NOW.date(), "findings": "Rumah bilik", "met": "Siti"})
    visit = office.live.models.records["visit"]
    with reading(office.engine) as session:
        row = session.scalars(select(visit)).one()
        told = session.scalars(select(Event.kind).where(Event.subject == "visit", Event.subject_id == row.id))
        assert (row.resident, row.findings, row.area, row.created_by) == (1, "Rumah bilik", HERE, 3)
        assert list(told) == ["record-created"]


def test_referral_issues_its_letter_and_waits_for_the_reply(any_office: Office) -> None:
    case = any_office.to_referral()
    (letter,) = any_office.do(case, "officer", REFER)
    with reading(any_office.engine) as session:
        issued, referral = session.get_one(IssuedLetter, letter), session.scalars(select(Referral)).one()
        assert (issued.number, issued.destination) == ("400/001/PKS/XI/2026", "dinsos")
        assert (referral.letter_id, referral.status) == (letter, "issued")
        assert local(referral.reply_due_at) == "2026-11-10 16:00"
        assert issued.data["reply_by"] == "2026-11-10"
    any_office.do(case, "officer", {**ACCEPTED, "reply": "in-process"})
    assert any_office.task(case).step == "reply"
    with reading(any_office.engine) as session:
        assert session.scalars(select(Referral.status)).one() == "received"
    assert chain_holds(any_office)


def test_referral_outside_government_needs_consent(office: Office) -> None:
    case = office.to_referral()
    charity = {**REFER, "destination": "charity"}
    assert refused(lambda: office.do(case, "officer", charity)) == {"consent": "referral-consent-missing"}
    office.do(case, "officer", {**charity, "consent": True})
    assert office.task(case).step == "reply"


def to_approval(office: Office, who: str) -> int:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    office.do(case, "officer", LISTED)
    office.do(case, who, {})
    return case


def test_approval_is_somebody_elses(office: Office) -> None:
    case = to_approval(office, "officer")
    with writing(office.engine) as session:
        assign(office.at(session, "manager"), open_task(session, case).id, 4)
    office.do(case, "manager", {"verdict": "approved"})
    assert office.task(case).step == "referral"


def test_own_work_is_not_approved(office: Office) -> None:
    grants = {"roles/manager/acts_as": ["front-office", "back-office", "facilitator"]}
    apply(office.engine, small_schema(grants, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    case = to_approval(office, "manager")
    said = refused(lambda: office.do(case, "manager", {"verdict": "approved"}))
    assert said == {"verdict": "case-approval-own"}


def test_return_needs_a_reason_and_leads_back(office: Office) -> None:
    case = to_approval(office, "officer")
    said = refused(lambda: office.do(case, "manager", {"verdict": "returned"}))
    assert said == {"reason": "field-required"}
    office.do(case, "manager", {"verdict": "returned", "reason": "Kurang jelas"})
    assert office.task(case).step == "draft"


def test_outcome_closes_the_case(any_office: Office) -> None:
    case = any_office.to_referral()
    any_office.do(case, "officer", REFER)
    any_office.do(case, "officer", ACCEPTED)
    any_office.do(case, "clerk", END)
    closed = any_office.case(case)
    assert (closed.status, closed.outcome, closed.stage) == ("closed", "met", "settled")
    assert local(closed.closed_at) == "2026-11-02 09:12"
    with reading(any_office.engine) as session:
        assert not session.scalars(select(Task).where(Task.case_id == case, Task.status == "open")).all()
    assert any_office.kinds(case)[-2:] == ["step-completed", "case-closed"]
    assert chain_holds(any_office)


@pytest.mark.parametrize(
    ("letter", "form", "problem"),
    [
        ("referral", {}, {"letter": "letter-not-on-request"}),
        ("introduction", {}, {"purpose": "field-required"}),
    ],
)
def test_letter_on_request_is_refused_without_what_it_needs(
    office: Office, letter: str, form: dict[str, Value], problem: dict[str, str]
) -> None:
    case = office.open()

    def act() -> None:
        with writing(office.engine) as session:
            issue_on_request(office.at(session, "officer"), session.get_one(Case, case), letter, form, None)

    before = rows(office.engine)
    assert refused(act) == problem
    assert rows(office.engine) == before


def test_letter_on_request_is_for_who_works_there(office: Office) -> None:
    case = office.open()
    for who in ("auditor", "neighbour"):
        with pytest.raises(Forbidden), writing(office.engine) as session:
            issue_on_request(office.at(session, who), session.get_one(Case, case), "receipt", {}, None)


def test_running_case_keeps_its_steps_when_the_sop_changes(any_office: Office) -> None:
    old = any_office.open(papers=PAPERS)
    after = {
        "sops/pbi/steps/register/fields/phone": TEXT,
        "sops/pbi/steps/register/role": "back-office",
        "sops/pbi/steps/registry/within": "9 working days",
    }
    apply(any_office.engine, small_schema(after, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    new = any_office.open(papers=PAPERS)
    assert [any_office.task(case).role for case in (old, new)] == ["front-office", "back-office"]
    any_office.do(old, "clerk", REGISTER)
    any_office.do(new, "officer", {**REGISTER, "phone": "0812"})
    assert [local(any_office.task(case).due_at) for case in (old, new)] == [
        "2026-11-02 13:12",
        "2026-11-16 16:00",
    ]
    with reading(any_office.engine) as session:
        versions = [any_office.case(case).sop_version_id for case in (old, new)]
        assert [session.get_one(SopVersion, each).number for each in versions] == [1, 2]
