"""The life of a referral: every state with every act, what is kept, who is reminded, what is erased."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from casework import ACCEPTED, PEOPLE, REFER, Office, copied
from small import NOW
from sqlalchemy import event as alchemy
from sqlalchemy import select, update

from portal.access import SYSTEM
from portal.cases import At
from portal.cases.answering import answered, offered
from portal.codes import LETTERS
from portal.database import reading, writing
from portal.duties.emptying import Emptying, empty_case
from portal.qr import drawn
from portal.referrals import Illegal, Lacking, NotYours, Said, Stale, move, reminders, state_of
from portal.referrals.codes import new_code, new_pin, typed_code, typed_pin
from portal.referrals.doors import VISITOR
from portal.referrals.states import ACTS, CONFIRMERS, NEXT, OPEN, STATES, Name, Party, led_to, open_acts
from portal.steps import WaitStep
from portal.tables import Case, Event, IssuedLetter, Referral, SopVersion, Task
from portal.wall import acting

TABLE = """
prepared    issue withdraw
issued      hand-over receive accept decline return expire withdraw
handed-over receive accept decline return expire withdraw
received    accept decline return serve expire withdraw
accepted    decline serve confirm withdraw
declined
returned    hand-over accept decline expire withdraw
served      confirm
confirmed
expired     receive accept decline return
withdrawn
"""
"""Written by hand from the field's own order of events, not from the code."""
LEGAL = {line.split()[0]: set(line.split()[1:]) for line in TABLE.strip().splitlines()}
AGENCYS = {"receive", "accept", "decline", "return", "serve"}
EVIDENCE = Said(
    way="in-person", confirmed_by="resident", evidence="Kartu aktif diperlihatkan", evidence_on=NOW.date()
)
WORDS: dict[str, Said] = {
    "decline": Said(way="phone", reason="other", note="Kuota habis"),
    "return": Said(way="slip", missing=("kk",)),
    "confirm": EVIDENCE,
    "withdraw": Said(way="in-person", note="Warga pindah"),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = copied(tmp_path)
    with acting(SYSTEM):
        yield made
    made.engine.dispose()


def referred(office: Office) -> tuple[int, int]:
    """Returns a case and its one referral."""
    case = office.to_referral()
    office.do(case, "officer", REFER)
    with reading(office.engine) as session:
        return case, session.scalars(select(Referral.id)).one()


def does(office: Office, key: int, act: Name, party: Party = "office", hours: float = 1, **how: Any) -> bool:
    said = WORDS.get(act, Said(way="phone"))
    with writing(office.engine) as session:
        return move(office.at(session, "officer", hours), key, act, said, party=party, **how)


def row(office: Office, key: int) -> Referral:
    with reading(office.engine) as session:
        return session.get_one(Referral, key)


def put(office: Office, key: int, state: str) -> None:
    with writing(office.engine) as session:
        session.execute(update(Referral).where(Referral.id == key).values(status=state))


def test_table_names_every_state() -> None:
    assert list(LEGAL) == list(STATES)


@pytest.mark.parametrize(("state", "act"), list(itertools.product(STATES, ACTS)))
def test_every_state_meets_every_act(state: Any, act: Any) -> None:
    if ACTS[act].to == state:
        assert led_to(state, act, "office") is None
    elif act in LEGAL[state]:
        assert led_to(state, act, "office") == ACTS[act].to
    else:
        with pytest.raises(Illegal):
            led_to(state, act, "office")


@pytest.mark.parametrize(("state", "act"), list(itertools.product(STATES, ACTS)))
def test_agencies_say_what_is_theirs_only(state: Any, act: Any) -> None:
    if act in AGENCYS:
        assert (act in open_acts(state, "agency")) == (act in LEGAL[state])
    else:
        with pytest.raises(NotYours):
            led_to(state, act, "agency")


def test_who_acts_next_is_said_of_every_state_that_has_not_ended() -> None:
    ended = {state for state in STATES if not LEGAL[state]} | {"expired"}
    assert set(NEXT) == set(STATES) - ended
    assert set(OPEN) == set(NEXT) - {"prepared"}


def test_replies_of_long_ago_are_states_of_today() -> None:
    old = ("issued", "accepted", "in-process", "incomplete", "declined", "no-answer")
    now = ("issued", "accepted", "received", "returned", "declined", "expired")
    assert tuple(state_of(each) for each in old) == now


@pytest.mark.parametrize("act", [each for each in ACTS if each != "issue"])
def test_each_act_changes_the_row_and_writes_one_event(office: Office, act: Any) -> None:
    case, key = referred(office)
    put(office, key, ACTS[act].of[0] if ACTS[act].of[0] != "prepared" else "issued")
    before, version = office.kinds(case), row(office, key).version
    assert does(office, key, act)
    now = row(office, key)
    assert (now.status, now.version) == (ACTS[act].to, version + 1)
    assert office.kinds(case)[len(before) :] == [f"referral-{ACTS[act].to}"]
    with reading(office.engine) as session:
        told = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert (told.actor, told.data["referral"], told.data["act"]) == (PEOPLE["officer"].label, key, act)
        assert told.data["way"] == WORDS.get(act, Said(way="phone")).way


def test_second_time_changes_nothing_and_tells_nothing(office: Office) -> None:
    case, key = referred(office)
    assert does(office, key, "accept")
    told = office.kinds(case)
    assert not does(office, key, "accept", version=1)
    assert (office.kinds(case), row(office, key).version) == (told, 2)


def test_illegal_act_leaves_everything(office: Office) -> None:
    case, key = referred(office)
    told = office.kinds(case)
    with pytest.raises(Illegal):
        does(office, key, "confirm")
    assert (row(office, key).status, office.kinds(case)) == ("issued", told)


def test_stale_form_is_refused(office: Office) -> None:
    _, key = referred(office)
    does(office, key, "hand-over")
    with pytest.raises(Stale):
        does(office, key, "receive", version=1)


@pytest.mark.parametrize(
    ("act", "said", "wrong"),
    [
        ("return", Said(way="phone"), {"missing"}),
        ("receive", Said(way="page"), {"way"}),
        ("withdraw", Said(way="in-person", note=" "), {"note"}),
        ("confirm", Said(way="in-person"), {"confirmed-by", "evidence", "evidence-on"}),
        ("confirm", Said(**{**vars(EVIDENCE), "evidence_on": date(2030, 1, 1)}), {"evidence-on"}),
    ],
)
def test_what_belongs_to_an_act_is_asked(office: Office, act: Any, said: Said, wrong: set[str]) -> None:
    _, key = referred(office)
    put(office, key, "accepted" if act == "confirm" else "issued")
    with writing(office.engine) as session, pytest.raises(Lacking) as refused:
        move(office.at(session, "officer"), key, act, said, party="office")
    assert set(refused.value.problems) == wrong


@pytest.mark.parametrize("who", CONFIRMERS)
def test_service_is_confirmed_with_evidence(office: Office, who: str) -> None:
    _, key = referred(office)
    does(office, key, "accept")
    said = Said(**{**vars(EVIDENCE), "confirmed_by": who})
    with writing(office.engine) as session:
        move(office.at(session, "officer"), key, "confirm", said, party="office")
    now = row(office, key)
    kept = (now.confirmed_by, now.evidence, now.evidence_on, now.act_by)
    assert kept == (who, EVIDENCE.evidence, NOW.date(), None)


def test_words_in_events_can_be_erased_and_codes_stay(office: Office) -> None:
    case, key = referred(office)
    does(office, key, "decline")
    with reading(office.engine) as session:
        told = session.scalars(select(Event).where(Event.kind == "referral-declined")).one()
        assert "Kuota" not in str(told.data)
        assert told.data["declined_for"] == "other"
    assert office.kinds(case)[-1] == "referral-declined"


def test_what_was_known_is_frozen_when_it_is_made_out(office: Office) -> None:
    case, key = referred(office)
    kept = row(office, key).frozen
    assert kept is not None
    assert kept["household"][0]["name"]
    assert kept["consent"] == {"needed": False, "ticked": False, "standing": "none"}
    assert kept["eligibility"]["answer"] in ("likely", "more-needed", "outside")
    assert {each["id"]: each["state"] for each in kept["documents"]}["ktp"] == "brought"
    office.do(case, "officer", ACCEPTED)
    assert row(office, key).frozen == kept


def test_erasing_the_case_empties_the_referral(office: Office) -> None:
    case, key = referred(office)
    does(office, key, "return")
    with writing(office.engine) as session:
        emptying = Emptying(session=session, live=office.live, actor=SYSTEM, now=NOW, erasure_id=None)
        empty_case(emptying, case)
    now = row(office, key)
    gone = (now.frozen, now.missing, now.note, now.evidence, now.page_code, now.page_secret)
    assert gone == (None,) * 6
    assert (now.status, now.destination) == ("returned", "dinsos")
    assert office.case(case).ticket_code is None


def test_letter_bears_a_code_and_a_pin_that_the_row_keeps_as_a_hash(office: Office) -> None:
    _, key = referred(office)
    now = row(office, key)
    with reading(office.engine) as session:
        data = session.get_one(IssuedLetter, now.letter_id).data["reply"]
    assert data["code"] == now.page_code
    assert len(data["pin"]) == 6
    assert now.page_secret is not None
    assert data["pin"] not in now.page_secret
    assert len(now.page_secret) == 64


def test_codes_have_fifty_bits_and_are_read_as_people_type_them() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert len(LETTERS) ** 10 >= 2**50
    assert {len(new_pin()) for _ in range(500)} == {6}
    assert typed_code(" k7mqx 2fhtp\n") == "K7MQX-2FHTP"
    assert typed_pin("48 29-15x") == "482915"


def test_reminders_name_who_is_late_and_change_nothing(office: Office) -> None:
    _, key = referred(office)
    late = NOW + timedelta(days=30)
    with reading(office.engine) as session:
        assert list(reminders(session, NOW)) == []
        (found,) = reminders(session, late)
        assert (found.referral, found.kind, found.party, found.role) == (
            key,
            "hand-over",
            "office",
            "back-office",
        )
    kinds = {}
    for act in ("hand-over", "receive", "accept", "serve"):
        does(office, key, act)
        with reading(office.engine) as session:
            kinds[act] = [(each.kind, each.party) for each in reminders(session, late)]
    does(office, key, "confirm")
    with reading(office.engine) as session:
        assert list(reminders(session, late)) == []
    assert kinds["hand-over"] == [("answer", "agency")]
    assert kinds["receive"] == [("answer", "agency")]
    assert kinds["serve"] == [("confirm", "office")]


def test_handing_over_is_due_after_two_working_days(office: Office) -> None:
    _, key = referred(office)
    due = row(office, key).act_by
    assert due is not None
    assert due.date() == date(2026, 11, 5)  # Tuesday is a holiday there


def answer(office: Office, key: int, act: Name, said: Said | None = None) -> bool:
    """Answers as the page of the letter does; tells whether that completed the step."""
    with writing(office.engine) as session:
        at = At(session=session, live=office.live, actor=VISITOR, now=NOW + timedelta(hours=3))
        move(at, key, act, said or Said(way="page"), party="agency")
        return answered(at, session.get_one(Referral, key).case_id)


def waits(office: Office, case: int) -> WaitStep:
    step = office.live.schema.sops[office.case(case).sop].steps["reply"]
    assert isinstance(step, WaitStep)
    return step


def test_answer_offers_itself_as_the_reply(office: Office) -> None:
    case, key = referred(office)
    with reading(office.engine) as session:
        assert (
            offered(office.at(session, "officer"), session.get_one(Case, case), waits(office, case)) is None
        )
    assert answer(office, key, "return", Said(way="page", missing=("kk",), note="Foto buram")) is False
    assert office.task(case).step == "reply"
    with reading(office.engine) as session:
        found = offered(office.at(session, "officer"), session.get_one(Case, case), waits(office, case))
    assert found is not None
    assert (found[1]["reply"], found[1]["received_on"]) == ("incomplete", NOW.date())
    assert str(found[1]["note"]).endswith("; Foto buram")


def test_completed_step_takes_the_answer_over_and_never_back(office: Office) -> None:
    case, key = referred(office)
    answer(office, key, "accept")
    does(office, key, "serve")
    office.do(case, "officer", ACCEPTED)
    now = row(office, key)
    assert now.status == "served"
    assert now.noted_at is not None
    assert office.kinds(case)[-3:].count("referral-replied") == 1


def test_pages_do_not_wait_for_a_query_of_every_row(office: Office) -> None:
    for _ in range(2):
        case = office.to_referral()
        office.do(case, "officer", REFER)
    asked: list[str] = []
    alchemy.listen(office.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    with reading(office.engine) as session:
        assert len(list(reminders(session, NOW + timedelta(days=30)))) == 2
    assert len(asked) <= 3


@pytest.fixture
def by_itself(office: Office) -> Office:
    """The same office, whose SOP lets an answer complete the step that waits for it."""
    with writing(office.engine) as session:
        for each in session.scalars(select(SopVersion)):
            before = '"waits_for":"agency"'
            each.definition = each.definition.replace(before, f'{before},"on_reply":"complete"')
    return office


def test_answer_completes_the_step_where_the_sop_says_so(by_itself: Office) -> None:
    case, key = referred(by_itself)
    assert answer(by_itself, key, "receive") is False  # that the letter arrived ends nothing
    assert by_itself.task(case).step == "reply"
    assert answer(by_itself, key, "accept") is True
    assert by_itself.task(case).step != "reply"
    with reading(by_itself.engine) as session:
        done = session.scalars(select(Task).where(Task.case_id == case, Task.step == "reply")).first()
        assert done is not None
        assert (done.status, done.completed_by) == ("done", None)
    assert row(by_itself, key).status == "accepted"


def test_code_on_the_letter_is_that_of_its_page() -> None:
    address = "https://satupintu.example.go.id/rujukan/K7MQX-2FHTP"
    (path, side), quiet = drawn(address), 4
    modules = [[0] * side for _ in range(side)]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        for place in range(int(x), int(x) + int(length)):
            modules[int(y)][place] = 1
    wanted = [list(line) for line in segno.make_qr(address, error="m").matrix]
    assert [line[quiet:-quiet] for line in modules[quiet:-quiet]] == wanted
    assert not any(any(line) for line in (*modules[:quiet], *modules[-quiet:]))
