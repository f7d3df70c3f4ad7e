"""What else a case holds and where it goes: flags, needs, closing, further referrals, other offices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from branched import BRANCHED, act, do, joined, last, made, of, parted, refused, waiting
from casework import (
    END,
    HERE,
    NEXT,
    PEOPLE,
    REFER,
    REGISTER,
    STEPS,
    Office,
    person,
)
from small import NOW
from sqlalchemy import select

from portal.access import Forbidden
from portal.cases import At, Changed, complete, reopen
from portal.cases.beside import refer_beside
from portal.cases.closing import add_need, allow_closing, needs_of, open_referrals, settle_need
from portal.cases.flags import clear_flag, set_flag
from portal.cases.transfer import accept, give_back, offer, offered, take_back, waiting_offers
from portal.database import reading
from portal.tables import Case, CaseTransfer, IssuedLetter, Referral
from portal.wall import acting


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return made(tmp_path, {})


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


@pytest.mark.parametrize(
    ("ends", "due"),
    [
        ({"window": {"days": ["7", "24"]}}, "2026-11-06T09:00"),  # the 7th is a Saturday
        ({"window": {"days": ["7", "24"], "on_holiday": "after"}}, "2026-11-09T09:00"),
        ({"window": {"days": ["7", "24"], "on_holiday": "same"}}, "2026-11-07T16:59:59"),
        ({"until": "register.next_on"}, "2026-11-11T09:00"),
    ],
    ids=["before", "after", "same", "until"],
)
def test_wait_is_due_when_its_window_or_day_ends(tmp_path: Path, ends: dict[str, Any], due: str) -> None:
    asked = {"next_on": {"label": "Tanggal berikutnya", "type": "date"}, **STEPS["register"]["fields"]}
    steps = {
        "register": {**BRANCHED["register"], "fields": asked},
        "hold": {"label": "Menunggu", "type": "wait", "waits_for": "register", "role": "back-office", **ends},
        "close": STEPS["close"],
    }
    office = made(tmp_path, {"sops/pbi/steps": steps})
    case = office.open()
    do(office, case, "register", "clerk", {**REGISTER, "next_on": date(2026, 11, 11)})
    with reading(office.engine) as session:
        task = of(session, case, "hold")
        assert task.due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)
        assert task.derivation
