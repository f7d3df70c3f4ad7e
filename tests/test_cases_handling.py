"""What is done with a case beside its steps: branches, ways back, corrections, flags, needs, transfers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from casework import (
    END,
    HERE,
    LISTED,
    NEXT,
    PAPERS,
    PEOPLE,
    REFER,
    REGISTER,
    SCHEMA,
    STEPS,
    TEMPLATES,
    Office,
    copied,
    person,
)
from schemas import small_schema
from small import CENTRE, NOW
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Forbidden
from portal.cases import AlreadyMoved, At, Changed, Refused, complete, reopen, take_over
from portal.cases.back import correct, earlier_steps, send_back, undo_hindrance, undo_step
from portal.cases.beside import refer_beside
from portal.cases.checking import fresh_elsewhere, held_check
from portal.cases.closing import add_need, allow_closing, needs_of, open_referrals, settle_need
from portal.cases.flags import clear_flag, set_flag
from portal.cases.flow import open_tasks
from portal.cases.transfer import accept, give_back, offer, offered, take_back, waiting_offers
from portal.database import reading, writing
from portal.events import values_of
from portal.fields import Value
from portal.migrate import apply
from portal.releases import sop_version
from portal.steps import CheckStep
from portal.tables import Case, CaseTransfer, Event, IssuedLetter, Referral, Task
from portal.wall import acting

BRANCHED: Mapping[str, Any] = {
    "register": {**STEPS["register"], "documents": {}},
    "registry": {**STEPS["registry"], "stale_after": "30 days"},
    "together": {
        "label": "Bersamaan",
        "type": "parallel",
        "branches": ["draft", "visit"],
        "join": "all",
        "go": "referral",
    },
    "draft": {**STEPS["draft"], "within": "1 working day"},
    "approve": {**STEPS["approve"], "go": "referral"},
    "visit": {**STEPS["visit"], "go": "referral"},
    "referral": STEPS["referral"],
    "reply": STEPS["reply"],
    "close": STEPS["close"],
}
EDITS: Mapping[str, Any] = {
    "sops/pbi/steps": BRANCHED,
    "flags": {"urgent-visit": {"label": "Perlu dikunjungi segera"}},
    "complaints/lost-card": {"label": "Kartu hilang", "sector": "health"},
    "outcomes/proposed": {"label": "Diusulkan", "awaits": "true"},
    "office/centres/next": {**CENTRE, "label": "Puskesos Sebelah", "area": NEXT, "unit": "PKT"},
    "roles/back-office/may": ["register", "work", "print", "reopen"],
    "roles/manager/acts_as": ["front-office", "back-office", "facilitator"],
    "roles/manager/may": ["register", "work", "assign", "approve", "print", "reopen"],
}
VISITED: Mapping[str, Value] = {"visited_on": NOW.date(), "findings": "Rumah sempit"}
APPROVED: Mapping[str, Value] = {"verdict": "approved"}


def made(folder: Path, edits: Mapping[str, Any]) -> Office:
    office = copied(folder)
    schema = small_schema(deepcopy({**EDITS, **edits}), of=SCHEMA)
    apply(office.engine, schema, {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return made(tmp_path, {})


def do(
    office: Office, case: int, step: str, who: str, answers: Mapping[str, Value], hours: float = 0
) -> None:
    with writing(office.engine) as session:
        complete(office.at(session, who, hours), of(session, case, step).id, answers)


def of(session: Session, case: int, step: str) -> Task:
    query = select(Task).where(Task.case_id == case, Task.step == step).order_by(Task.id.desc()).limit(1)
    return session.scalars(query).one()


def waiting(office: Office, case: int) -> dict[str, str]:
    """Returns the steps of the open tasks, each with its branch."""
    with reading(office.engine) as session:
        return {each.step: each.branch for each in open_tasks(session, session.get_one(Case, case))}


def act(office: Office, who: str, what: Callable[[At], Any], hours: float = 0) -> Any:
    with writing(office.engine) as session:
        return what(office.at(session, who, hours))


def parted(office: Office, **said: Any) -> int:
    """Returns a case whose two branches are open."""
    case = office.open(**said)
    do(office, case, "register", "clerk", REGISTER)
    do(office, case, "registry", "officer", LISTED)
    return case


def joined(office: Office) -> int:
    """Returns a case at its referral, both branches behind it."""
    case = parted(office)
    do(office, case, "draft", "officer", {})
    do(office, case, "approve", "manager", APPROVED)
    do(office, case, "visit", "visitor", VISITED)
    return case


def refused(office: Office, who: str, what: Callable[[At], Any], hours: float = 0) -> Mapping[str, str]:
    with pytest.raises(Refused) as caught:
        act(office, who, what, hours)
    return caught.value.problems


def last(office: Office, case: int) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Returns kind, data and values of the newest event of a case."""
    with reading(office.engine) as session:
        query = select(Event).where(Event.subject == "case", Event.subject_id == case)
        event = session.scalars(query.order_by(Event.id.desc()).limit(1)).one()
        return event.kind, event.data, values_of(session, [event.id]).get(event.id, {})


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
    assert values["act.reason"] == (None, "NIK keliru")


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


def test_flag_is_set_once_with_a_reason_and_decides(office: Office) -> None:
    case = office.open()
    act(office, "clerk", lambda at: set_flag(at, case, "urgent-visit", "Tinggal sendiri"))
    assert office.case(case).flags == ["urgent-visit"]
    assert refused(office, "clerk", lambda at: set_flag(at, case, "urgent-visit", "lagi")) == {
        "flag": "flag-set-already"
    }
    assert refused(office, "clerk", lambda at: set_flag(at, case, "other", "x")) == {"flag": "flag-unknown"}
    act(office, "clerk", lambda at: clear_flag(at, case, "urgent-visit", "Sudah dikunjungi"))
    assert (office.case(case).flags, last(office, case)[0]) == ([], "flag-cleared")


def test_flags_decide_ways(tmp_path: Path) -> None:
    route = {
        "label": "Jalur",
        "type": "decision",
        "choose": [{"when": {"case.flags": "urgent-visit"}, "go": "visit"}],
        "otherwise": "draft",
    }
    steps = {"register": BRANCHED["register"], "route": route, "draft": {**STEPS["draft"], "go": "close"}}
    steps |= {"visit": {**STEPS["visit"], "go": "close"}, "close": STEPS["close"]}
    office = made(tmp_path, {"sops/pbi/steps": steps})
    plain, flagged = office.open(), office.open()
    act(office, "clerk", lambda at: set_flag(at, flagged, "urgent-visit", "Sakit"))
    for case in (plain, flagged):
        do(office, case, "register", "clerk", REGISTER)
    assert (set(waiting(office, plain)), set(waiting(office, flagged))) == ({"draft"}, {"visit"})


def ended(office: Office) -> int:
    """Returns a case at its outcome whose referral has no answer."""
    case = joined(office)
    do(office, case, "referral", "officer", REFER)
    do(office, case, "reply", "officer", {"reply": "in-process", "received_on": NOW.date()})
    return case


def close(case: int, outcome: str = "met") -> Callable[[At], Any]:
    return lambda at: complete(at, of(at.session, case, "close").id, {**END, "outcome": outcome})


def test_open_referral_holds_up_the_close(office: Office) -> None:
    case = ended(office)
    assert refused(office, "clerk", close(case)) == {"outcome": "close-referrals-open"}
    act(office, "clerk", close(case, "proposed"))
    assert office.case(case).status == "closed"


def test_need_without_outcome_holds_up_the_close(office: Office) -> None:
    case = ended(office)
    act(office, "officer", lambda at: add_need(at, case, "lost-card"))
    assert refused(office, "clerk", close(case, "proposed")) == {"outcome": "close-needs-open"}
    with reading(office.engine) as session:
        (need,) = needs_of(session, session.get_one(Case, case))
    act(office, "officer", lambda at: settle_need(at, case, need.id, "declined"))
    act(office, "clerk", close(case, "proposed"))
    assert office.case(case).status == "closed"


def test_manager_allows_the_close_with_a_reason(office: Office) -> None:
    case = ended(office)
    with pytest.raises(Forbidden):
        act(office, "officer", lambda at: allow_closing(at, case, "Saya mau"))
    assert refused(office, "manager", lambda at: allow_closing(at, case, "")) == {"reason": "field-required"}
    act(office, "manager", lambda at: allow_closing(at, case, "Instansi sudah menjawab lisan"))
    act(office, "clerk", close(case))
    assert office.case(case).status == "closed"
    act(office, "officer", lambda at: reopen(at, case, "Ternyata belum"))
    assert office.case(case).may_close is False
    assert refused(office, "clerk", close(case)) == {"outcome": "close-referrals-open"}


def test_case_goes_on_beside_another_referral(office: Office) -> None:
    case = parted(office)
    act(office, "officer", lambda at: refer_beside(at, case, "referral", REFER))
    assert set(waiting(office, case)) == {"draft", "visit"}
    with reading(office.engine) as session:
        assert len(open_referrals(session, session.get_one(Case, case))) == 1
    assert office.kinds(case)[-2:] == ["letter-issued", "referral-opened"]


def test_consent_is_asked_beside_the_steps_as_well(office: Office) -> None:
    case = parted(office)
    said = {**REFER, "destination": "charity"}
    problems = refused(office, "officer", lambda at: refer_beside(at, case, "referral", said))
    assert problems == {"consent": "referral-consent-missing"}


def test_reply_goes_to_the_referral_of_its_step(office: Office) -> None:
    case = joined(office)
    do(office, case, "referral", "officer", REFER)
    act(office, "officer", lambda at: refer_beside(at, case, "referral", REFER))
    do(office, case, "reply", "officer", {"reply": "accepted", "received_on": NOW.date()})
    with reading(office.engine) as session:
        rows = session.scalars(select(Referral).where(Referral.case_id == case).order_by(Referral.id)).all()
        assert [each.status for each in rows] == ["accepted", "issued"]


def test_case_passes_to_another_office_with_its_history(office: Office) -> None:
    case = parted(office)
    before = office.kinds(case)
    made_offer = act(office, "officer", lambda at: offer(at, case, NEXT, "Warga pindah"))
    assert office.case(case).area == HERE
    act(office, "neighbour", lambda at: accept(at, made_offer.id))
    moved = office.case(case)
    assert (moved.area, moved.centre) == (NEXT, "next")
    assert waiting(office, case) == {"draft": "together/draft", "visit": "together/visit"}
    assert office.kinds(case) == [*before, "transfer-offered", "case-transferred"]


def test_office_that_is_asked_sees_the_offer_and_not_the_case(office: Office) -> None:
    case = parted(office)
    act(office, "officer", lambda at: offer(at, case, NEXT, "Warga pindah"))
    with acting(PEOPLE["neighbour"], office.live), reading(office.engine) as session:
        at = office.at(session, "neighbour")
        assert [each.case_id for each in waiting_offers(at)] == [case]
        assert session.scalars(select(Case.id)).all() == []


def test_wall_follows_the_case_to_its_new_office(office: Office) -> None:
    case = parted(office)
    with acting(PEOPLE["officer"], office.live):
        made_offer = act(office, "officer", lambda at: offer(at, case, NEXT, "Warga pindah"))
    with acting(PEOPLE["neighbour"], office.live):
        act(office, "neighbour", lambda at: accept(at, made_offer.id))
        with reading(office.engine) as session:
            assert session.scalars(select(Case.id)).all() == [case]
    with acting(PEOPLE["officer"], office.live), reading(office.engine) as session:
        assert session.scalars(select(Case.id)).all() == []
        assert session.scalars(select(CaseTransfer.status)).all() == ["accepted"]


def test_stranger_sees_no_offer(office: Office) -> None:
    case = parted(office)
    act(office, "officer", lambda at: offer(at, case, NEXT, "Warga pindah"))
    far = person(8, "Jauh Contoh", ("back-office", "18.10.04.2001"))
    with acting(far, office.live), reading(office.engine) as session:
        assert session.scalars(select(CaseTransfer.id)).all() == []


def test_returned_offer_leaves_the_case_where_it_is(office: Office) -> None:
    case = parted(office)
    made_offer = act(office, "officer", lambda at: offer(at, case, NEXT, "Warga pindah"))
    assert refused(office, "neighbour", lambda at: give_back(at, made_offer.id, "")) == {
        "reason": "field-required"
    }
    act(office, "neighbour", lambda at: give_back(at, made_offer.id, "Bukan warga kami"))
    assert (office.case(case).area, last(office, case)[0]) == (HERE, "transfer-returned")
    assert refused(office, "neighbour", lambda at: accept(at, made_offer.id)) == {"case": "transfer-answered"}


def test_only_the_office_that_is_asked_answers(office: Office) -> None:
    case = parted(office)
    made_offer = act(office, "officer", lambda at: offer(at, case, NEXT, "Warga pindah"))
    with pytest.raises(Forbidden):
        act(office, "officer", lambda at: accept(at, made_offer.id))
    assert refused(office, "officer", lambda at: offer(at, case, NEXT, "lagi")) == {
        "case": "transfer-offered-already"
    }
    act(office, "officer", lambda at: take_back(at, case))
    with reading(office.engine) as session:
        assert offered(office.at(session, "officer"), session.get_one(Case, case)) is None


def test_office_less_area_is_refused(office: Office) -> None:
    case = parted(office)
    assert refused(office, "officer", lambda at: offer(at, case, HERE, "x")) == {"area": "transfer-same-area"}
    assert refused(office, "officer", lambda at: offer(at, case, "99.99", "x")) == {
        "area": "case-area-unserved"
    }


def test_letters_stay_with_a_case_that_passes_on(office: Office) -> None:
    case = joined(office)
    do(office, case, "referral", "officer", REFER)
    with reading(office.engine) as session:
        before = session.scalars(select(IssuedLetter.number)).all()
    made_offer = act(office, "officer", lambda at: offer(at, case, NEXT, "Pindah"))
    act(office, "neighbour", lambda at: accept(at, made_offer.id))
    with reading(office.engine) as session:
        assert session.scalars(select(IssuedLetter.number)).all() == before


def test_closing_withdraws_an_offer(office: Office) -> None:
    case = ended(office)
    made_offer = act(office, "officer", lambda at: offer(at, case, NEXT, "Pindah"))
    act(office, "clerk", close(case, "proposed"))
    assert refused(office, "neighbour", lambda at: accept(at, made_offer.id)) == {"case": "transfer-answered"}


def test_late_form_changes_nothing(office: Office) -> None:
    case = office.open()
    with pytest.raises(Changed):
        act(office, "clerk", lambda at: set_flag(at, case, "urgent-visit", "x", version=99))
    assert office.case(case).flags == []
