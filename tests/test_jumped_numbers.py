"""Books that are not gapless: a typed number goes ahead, the counter goes on behind it, nothing is twice."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

import pytest
import threads
from casework import SCHEMA, TEMPLATES, Office, furnish
from schemas import small_schema
from small import NOW
from sqlalchemy import Engine, select

from portal.access import SYSTEM
from portal.cases import Refused, issue_on_request
from portal.database import reading, writing
from portal.fields import Value
from portal.letters.agenda import agenda
from portal.letters.numbers import LETTER_NUMBER, book_of, reserve, wrong
from portal.migrate import apply
from portal.numbering import draw, reach
from portal.tables import Case, IssuedLetter

SERIES = "madani/outgoing"


def with_edits(engine: Engine, **more: object) -> Office:
    found = furnish(engine)
    series = [key for key, each in found.live.schema.letters.items() if each.series == "outgoing"]
    edits = {f"letters/{key}/gapless": False for key in series} | dict(more)
    apply(found.engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return found


@pytest.fixture
def office(any_engine: Engine) -> Office:
    """An office whose letters may jump."""
    return with_edits(any_engine)


def introduce(office: Office, case: int, number: str | None = None) -> IssuedLetter:
    said: Mapping[str, Value] = {"purpose": "keringanan biaya", LETTER_NUMBER: number}
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        return issue_on_request(at, session.get_one(Case, case), "introduction", said, None)


def number(place: int) -> str:
    return f"400/{place:03}/PKS/XI/2026"


def fates(office: Office) -> list[tuple[int | None, str]]:
    with reading(office.engine) as session:
        return [(e.sequence, e.fate) for e in agenda(session, office.live.schema, "madani", SERIES, 2026)]


def refused(office: Office, case: int, typed: str) -> str:
    with pytest.raises(Refused) as why:
        introduce(office, case, typed)
    return why.value.problems[LETTER_NUMBER]


def test_an_office_begins_in_the_middle_of_a_year(office: Office) -> None:
    case = office.open()
    first = introduce(office, case, number(38))
    assert (first.number, first.sequence, first.numbered) == (number(38), 38, "ahead")
    assert introduce(office, case).number == number(39)
    told = fates(office)
    assert told[:37] == [(place, "skipped") for place in range(1, 38)]
    assert told[37:] == [(38, "issued"), (39, "issued")]


def test_a_place_that_was_left_out_is_filled_later(office: Office) -> None:
    case = office.open()
    introduce(office, case, number(3))
    assert introduce(office, case, "400/2/pks/xi/2026").number == number(2)
    assert fates(office) == [(1, "skipped"), (2, "issued"), (3, "issued")]
    assert introduce(office, case).number == number(4)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (number(2), "number-taken"),
        ("400/2/PKS/XI/2026", "number-taken"),
        ("400/0002/PKS/XI/2026", "number-taken"),
        (number(5), "number-other-book"),
        ("400/5/PKS/XI/2026", "number-taken"),
        ("400/009/PKS/X/2026", "number-other-day"),
        ("400/009/PKS/XI/2027", "number-other-day"),
        ("400/000/PKS/XI/2026", "number-other-day"),
        ("400/9999999/PKS/XI/2026", "number-other-day"),
        ("400/٣/PKS/XI/2026", "number-not-reserved"),
        ("B-17/SRIKANDI", "number-not-reserved"),
    ],
)
def test_what_is_no_free_place_today_is_refused(office: Office, typed: str, why: str) -> None:
    case = office.open()
    introduce(office, case, number(2))
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        other = book_of(at.live.schema, "introduction", "madani", at.now)
        reach(session, series=other.series, period=other.period, value=4)
        (kept,) = reserve(session, other, 1, subject=None, actor=at.actor, now=at.now)
        if why == "number-other-book":
            kept.series = "madani/other"
    assert refused(office, case, typed) == why


def test_looking_at_a_number_draws_nothing(office: Office) -> None:
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        assert wrong(session, book_of(at.live.schema, "introduction", "madani", at.now), number(70)) is None
    assert introduce(office, office.open()).number == number(1)


def test_a_counter_never_goes_back(any_engine: Engine) -> None:
    office = furnish(any_engine)
    with writing(office.engine) as session:
        for value, then in ((7, 8), (3, 9), (9, 10), (20, 21)):
            reach(session, series="a/b", period="2026", value=value)
            assert draw(session, series="a/b", period="2026") == then


def test_a_book_that_is_gapless_stays_so(any_engine: Engine) -> None:
    office = furnish(any_engine)
    edits = {"letters/introduction/manual": "allowed"}
    apply(office.engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    assert refused(office, office.open(), number(38)) == "number-own-book"


def test_who_jumps_at_once_gets_one_place_each(office: Office) -> None:
    """Two clerks type one number, others draw: one of the two is told, and no place is there twice."""
    case = office.open()

    def one(turn: int) -> str | None:
        try:
            made = introduce(office, case, number(5 * (turn // 4 + 1)) if turn % 2 else None)
        except Refused as why:
            return why.problems[LETTER_NUMBER]
        return made.number

    with threads.pool(6) as pool:
        futures: list[Future[str | None]] = [pool.submit(one, turn) for turn in range(32)]
        found = [each.result(60) for each in futures]
    given = [each for each in found if each != "number-taken"]
    assert len(given) == len(set(given)) >= 16
    with reading(office.engine) as session:
        places = session.scalars(select(IssuedLetter.sequence)).all()
    assert len(places) == len(set(places)) == len(given)
