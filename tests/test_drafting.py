"""A letter with a chain is drafted, looked at by one after the other, sent back, issued by the last act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import threads
from casework import ACCEPTED, END, REFER, SCHEMA, TEMPLATES, Office, copied, furnish, open_task
from schemas import small_schema
from small import NOW
from sqlalchemy import Engine, func, select

from portal.access import SYSTEM, Forbidden
from portal.cases import AlreadyMoved, Changed, Refused, draft_on_request, issue_on_request, mark_draft
from portal.cases.drafting import draft_of, marks, send_back, take_back, why_not
from portal.database import reading, writing
from portal.migrate import apply
from portal.tables import Case, Counter, Event, IssuedLetter, LetterDraft, Referral, Task

CHAIN = [{"role": "front-office", "act": "initial"}, {"role": "manager", "act": "sign"}]


def chained(office: Office, **more: Any) -> Office:
    edits = {"letters/referral/chain": CHAIN, "letters/introduction/chain": CHAIN[1:], **more}
    apply(office.engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return chained(copied(tmp_path))


def drafted(office: Office) -> tuple[int, int]:
    """Carries a case to a drafted referral; returns the keys of case and draft."""
    case = office.to_referral()
    assert office.do(case, "officer", REFER) == ()
    with reading(office.engine) as session:
        row = draft_of(session, open_task(session, case))
        assert row is not None
        return case, row.id


def mark(office: Office, draft: int, who: str, version: int | None = None) -> tuple[int, ...]:
    with writing(office.engine) as session:
        return tuple(each.id for each in mark_draft(office.at(session, who), draft, version=version))


def row(office: Office, key: int) -> LetterDraft:
    with reading(office.engine) as session:
        return session.get_one(LetterDraft, key)


def numbers(office: Office) -> int:
    with reading(office.engine) as session:
        newest = select(func.max(Counter.value)).where(Counter.series == "madani/outgoing")
        return session.scalar(newest) or 0


def test_a_draft_has_no_number_and_its_step_waits(office: Office) -> None:
    case, _ = drafted(office)
    assert numbers(office) == 0
    assert office.task(case).status == "open"
    with pytest.raises(Refused) as refused:
        office.do(case, "officer", REFER)
    assert refused.value.problems == {"letter": "draft-waiting"}


def test_the_last_act_issues_the_letter_and_completes_the_step_as_its_drafter(office: Office) -> None:
    case, draft = drafted(office)
    assert mark(office, draft, "clerk") == ()
    (letter,) = mark(office, draft, "manager")
    with reading(office.engine) as session:
        issued = session.get_one(IssuedLetter, letter)
        tasks = select(Task).where(Task.case_id == case, Task.status == "done").order_by(Task.id.desc())
        done = session.scalars(tasks).first()
        told = session.scalars(select(Event).where(Event.kind == "letter-issued")).one()
        referral = session.scalars(select(Referral).where(Referral.case_id == case)).one()
    assert (issued.number, issued.issued_by) == ("400/001/PKS/XI/2026", 4)
    assert issued.data["form"]["request"] == REFER["request"]
    assert done is not None
    assert done.completed_by == 2
    assert told.actor == "Laras Contoh"
    assert referral.letter_id == letter
    assert (row(office, draft).status, row(office, draft).letter_id) == ("issued", letter)
    office.do(case, "officer", ACCEPTED)
    office.do(case, "clerk", END)
    assert office.case(case).status == "closed"


def test_acts_come_in_order_from_the_right_people(office: Office) -> None:
    _, draft = drafted(office)
    for who in ("visitor", "neighbour", "auditor", "officer"):
        with pytest.raises(Forbidden):
            mark(office, draft, who)
    mark(office, draft, "clerk")
    with pytest.raises(Forbidden):
        mark(office, draft, "clerk")
    assert row(office, draft).stage == 1


def test_who_drafted_it_does_not_look_at_it(tmp_path: Path) -> None:
    office = chained(
        copied(tmp_path), **{"letters/referral/chain": [{"role": "front-office", "act": "sign"}]}
    )
    case, draft = drafted(office)
    with reading(office.engine) as session:
        at = office.at(session, "officer")
        assert why_not(at, session.get_one(LetterDraft, draft), session.get_one(Case, case)) == "draft-own"


def test_only_the_officer_on_the_letter_signs_where_the_office_says_who_that_is(tmp_path: Path) -> None:
    officers = {"head": {"post": "Kepala", "name": "Wati Contoh", "login": "user-7"}}
    office = chained(copied(tmp_path), **{"office/centres/madani/officers": officers})
    _, draft = drafted(office)
    mark(office, draft, "clerk")
    with pytest.raises(Forbidden):
        mark(office, draft, "manager")


def test_a_draft_that_is_sent_back_is_drafted_again(office: Office) -> None:
    case, draft = drafted(office)
    with writing(office.engine) as session:
        send_back(office.at(session, "clerk"), draft, "tujuan keliru, mohon diperbaiki")
    assert row(office, draft).status == "returned"
    assert office.task(case).why == "tujuan keliru, mohon diperbaiki"
    assert office.task(case).draft
    with pytest.raises(Changed):
        mark(office, draft, "clerk")
    assert office.do(case, "officer", {**REFER, "request": "Lain"}) == ()
    with reading(office.engine) as session:
        again = draft_of(session, open_task(session, case))
        assert again is not None
        assert again.id != draft
        assert [each.act for each in marks(session, session.get_one(LetterDraft, draft))] == ["return"]
    mark(office, again.id, "clerk")
    (letter,) = mark(office, again.id, "manager")
    with reading(office.engine) as session:
        assert session.get_one(IssuedLetter, letter).data["form"]["request"] == "Lain"
    assert numbers(office) == 1


def test_a_drafter_takes_their_draft_back(office: Office) -> None:
    case, draft = drafted(office)
    with writing(office.engine) as session, pytest.raises(Forbidden):
        take_back(office.at(session, "clerk"), draft)
    with writing(office.engine) as session:
        take_back(office.at(session, "officer"), draft)
    assert row(office, draft).status == "dropped"
    assert office.do(case, "officer", REFER) == ()


def test_two_signers_at_once_issue_one_letter(any_engine: Engine) -> None:
    office = chained(furnish(any_engine), **{"letters/referral/chain": CHAIN[1:]})
    _, draft = drafted(office)
    version = row(office, draft).version

    def sign(_: int) -> str:
        try:
            return f"{len(mark(office, draft, 'manager', version))}"
        except (Changed, AlreadyMoved) as late:
            return type(late).__name__

    with threads.pool(4) as pool:
        told = sorted(pool.map(sign, range(4)))
    assert told.count("1") == 1
    assert set(told) <= {"1", "Changed", "AlreadyMoved"}
    assert numbers(office) == 1


def test_a_draft_whose_step_went_another_way_is_over(office: Office) -> None:
    case, draft = drafted(office)
    with writing(office.engine) as session:
        open_task(session, case).status = "withdrawn"
    with pytest.raises(AlreadyMoved):
        mark(office, draft, "clerk")
    assert numbers(office) == 0


def test_a_letter_on_request_is_drafted_too(office: Office) -> None:
    key = office.open()
    said = {"purpose": "keringanan biaya"}
    with writing(office.engine) as session:
        at, case = office.at(session, "officer"), session.get_one(Case, key)
        with pytest.raises(Refused):
            issue_on_request(at, case, "introduction", said, None)
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        draft = draft_on_request(at, session.get_one(Case, key), "introduction", said, "dinsos").id
    (letter,) = mark(office, draft, "manager")
    with reading(office.engine) as session:
        issued = session.get_one(IssuedLetter, letter)
    assert (issued.data["form"]["purpose"], issued.destination) == ("keringanan biaya", "dinsos")
