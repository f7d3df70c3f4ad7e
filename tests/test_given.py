"""Numbers that are drawn, typed in and set aside at once, on both databases; and what the database keeps."""

from __future__ import annotations

import pytest
import threads
from casework import PEOPLE, SCHEMA, TEMPLATES, Office, furnish
from schemas import small_schema
from small import NOW
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import DatabaseError

from portal.access import SYSTEM, Actor, Granted
from portal.cases import Refused, issue_on_request
from portal.database import reading, writing
from portal.letters import pdf_of
from portal.letters.agenda import agenda
from portal.letters.numbers import LETTER_NUMBER, NumberRefused, book_of, cancel, reserve, spend, wrong
from portal.migrate import apply
from portal.relabel import relabel
from portal.renames import Rename
from portal.tables import Case, Event, IssuedLetter, ReservedNumber
from portal.wall import acting

SERIES = "madani/outgoing"
FORM = {"purpose": "keringanan biaya"}


@pytest.fixture
def office(any_engine: Engine) -> Office:
    """An office whose introductions may have a typed number."""
    found = furnish(any_engine)
    edits = {"letters/introduction/manual": "allowed"}
    apply(found.engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return found


def introduce(office: Office, case: int, number: str | None = None) -> int:
    with writing(office.engine) as session:
        at, said = office.at(session, "officer"), {**FORM, LETTER_NUMBER: number}
        return issue_on_request(at, session.get_one(Case, case), "introduction", said, None).id


def set_aside(office: Office, count: int) -> list[str]:
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        book = book_of(at.live.schema, "introduction", "madani", at.now)
        rows = reserve(session, book, count, subject=None, actor=at.actor, now=at.now)
        return [each.number for each in rows]


def test_numbers_have_neither_hole_nor_twin_however_they_are_asked_for(office: Office) -> None:
    """Clerks issue letters and set numbers aside at the same moment, and use what they set aside."""
    case = office.open()

    def one(turn: int) -> None:
        if turn % 3 == 0:
            set_aside(office, 2)
        elif turn % 3 == 1:
            (number,) = set_aside(office, 1)
            introduce(office, case, number)
        else:
            introduce(office, case)

    with threads.pool(6) as pool:
        list(pool.map(one, range(24)))
    with reading(office.engine) as session:
        entries = agenda(session, office.live.schema, "madani", SERIES, 2026)
    assert [each.sequence for each in entries] == list(range(1, 33))
    assert {each.fate for each in entries} == {"issued", "reserved"}


def test_a_number_set_aside_is_settled_once_at_the_same_moment(office: Office) -> None:
    (number,) = set_aside(office, 1)
    case = office.open()

    def settle(turn: int) -> str:
        try:
            if turn == 0:
                introduce(office, case, number)
                return "issued"
            with writing(office.engine) as session:
                row = session.scalars(select(ReservedNumber).where(ReservedNumber.number == number)).one()
                actor = PEOPLE["officer"]
                if turn == 1:
                    spend(session, row, "Undangan rapat", actor=actor, now=NOW)
                else:
                    cancel(session, row, "salah cetak nomor", actor=actor, now=NOW)
            return "settled"
        except (NumberRefused, Refused):
            return "refused"

    with threads.pool(3) as pool:
        told = sorted(pool.map(settle, range(3)))
    assert told.count("refused") == 2
    with reading(office.engine) as session:
        kinds = ("number-used", "number-void", "letter-issued")
        assert len(session.scalars(select(Event.id).where(Event.kind.in_(kinds))).all()) == 1


ELSEWHERE = Actor(
    account_id=2, label="Ratna Contoh", grants=(Granted(role="back-office", area="18.10.04.2001"),)
)


def test_a_number_is_taken_also_where_its_letter_is_out_of_sight(office: Office) -> None:
    introduce(office, office.open(), "B-17/SRIKANDI")
    (number,) = set_aside(office, 1)
    with acting(ELSEWHERE, office.live), reading(office.engine) as session:
        book = book_of(office.live.schema, "introduction", "madani", NOW)
        assert wrong(session, book, "B-17/SRIKANDI") == "number-taken"
        assert wrong(session, book, number) == "number-taken"


def test_a_letter_out_of_sight_is_in_the_book_and_says_no_more(office: Office) -> None:
    case = office.open()
    letter = introduce(office, case)
    introduce(office, office.open())
    with acting(SYSTEM), writing(office.engine) as session:
        session.get_one(Case, case).access = "protected"
        number = session.get_one(IssuedLetter, letter).number
    with acting(PEOPLE["officer"], office.live), reading(office.engine) as session:
        first, second = agenda(session, office.live.schema, "madani", SERIES, 2026)
    assert (first.sequence, first.fate, first.number, first.letter) == (1, "hidden", "", None)
    assert (second.sequence, second.fate) == (2, "issued")
    assert str(number) not in str(first)


def test_the_book_says_why_a_number_is_void(office: Office) -> None:
    (number,) = set_aside(office, 1)
    with writing(office.engine) as session:
        row = session.scalars(select(ReservedNumber).where(ReservedNumber.number == number)).one()
        cancel(session, row, "salah cetak nomor", actor=PEOPLE["officer"], now=NOW)
    with acting(PEOPLE["officer"], office.live), reading(office.engine) as session:
        (entry,) = agenda(session, office.live.schema, "madani", SERIES, 2026)
    assert (entry.fate, entry.reason) == ("reserved-void", "salah cetak nomor")


def test_the_database_changes_nothing_that_a_letter_says(office: Office) -> None:
    issued = introduce(office, office.open())
    with acting(SYSTEM):
        pdf_of(office.engine, issued)
    one = IssuedLetter.id == issued
    changes = (
        update(IssuedLetter).where(one).values(number="400/077/PKS/XI/2026"),
        update(IssuedLetter).where(one).values(data={"letter": {}}),
        update(IssuedLetter).where(one).values(pdf=b"%PDF-other"),
        update(IssuedLetter).where(one).values(pdf=None),
        update(IssuedLetter).where(one).values(pdf_digest="0" * 64),
        delete(IssuedLetter).where(one),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="never changes"), writing(office.engine) as session:
            session.execute(change)
    with acting(SYSTEM), writing(office.engine) as session:
        session.execute(update(IssuedLetter).where(one).values(status="withdrawn"))
        session.execute(update(IssuedLetter).where(one).values(data={"erased": {}}, pdf=None))


def test_a_renamed_letter_takes_its_book_along(any_engine: Engine) -> None:
    office = furnish(any_engine)
    alone = {"letters/introduction/series": None, "letters/introduction/number": "S/{sequence}/{year}"}
    apply(office.engine, small_schema(alone, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    introduce(office, office.open())
    set_aside(office, 1)
    with reading(office.engine) as session:
        before = agenda(session, office.live.schema, "madani", "madani/introduction", 2026)
    with acting(SYSTEM), writing(office.engine) as session:
        relabel(session, (Rename(kind="letters", was="introduction", key="intro"),), office.live.models)
    with reading(office.engine) as session:
        after = agenda(session, office.live.schema, "madani", "madani/intro", 2026)
    assert [each.sequence for each in after] == [each.sequence for each in before] == [1, 2]
