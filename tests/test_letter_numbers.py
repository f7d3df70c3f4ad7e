"""Numbers by hand, set aside, void, withdrawn, replaced: none twice, and the agenda book has no hole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
import threads
from casework import REFER, SCHEMA, TEMPLATES, Office, copied, furnish
from pypdf import PdfReader
from schemas import small_schema
from small import NOW
from sqlalchemy import Engine, select

from portal.access import SYSTEM, Forbidden
from portal.cases import Refused, issue_on_request
from portal.cases.ending import EndRefused, end_letter, replace_letter
from portal.cases.signing import MOST, ScanRefused, add_scan, media_of, sign
from portal.database import reading, writing
from portal.fields import Value
from portal.letters import pdf_of
from portal.letters.agenda import Entry, agenda, years
from portal.letters.numbers import (
    LETTER_NUMBER,
    MOST_AT_ONCE,
    NumberRefused,
    book_of,
    cancel,
    reserve,
    spend,
)
from portal.migrate import apply
from portal.numbering import draw
from portal.tables import Case, Event, IssuedLetter, LetterFile, Referral, ReservedNumber

SERIES = "madani/outgoing"


def allowing(office: Office, manual: str) -> Office:
    edits = {"letters/introduction/manual": manual}
    apply(office.engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return allowing(copied(tmp_path), "allowed")


def introduce(office: Office, case: int, number: str | None = None) -> IssuedLetter:
    said: Mapping[str, Value] = {"purpose": "keringanan biaya", LETTER_NUMBER: number}
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        return issue_on_request(at, session.get_one(Case, case), "introduction", said, None)


def set_aside(office: Office, count: int, letter: str = "introduction") -> list[str]:
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        book = book_of(at.live.schema, letter, "madani", at.now)
        made = reserve(session, book, count, subject=None, actor=at.actor, now=at.now)
        return [each.number for each in made]


def book(office: Office) -> list[Entry]:
    with reading(office.engine) as session:
        assert list(years(session, office.live.schema, SERIES)) == [2026]
        return list(agenda(session, office.live.schema, "madani", SERIES, 2026))


def reserved(office: Office, number: str) -> ReservedNumber:
    with reading(office.engine) as session:
        return session.scalars(select(ReservedNumber).where(ReservedNumber.number == number)).one()


def test_a_number_of_another_agenda_is_kept_and_draws_nothing(office: Office) -> None:
    case = office.open()
    made = introduce(office, case, "  B-17/460/SRIKANDI/2026 ")
    assert (made.number, made.numbered, made.series) == ("B-17/460/SRIKANDI/2026", "manual", None)
    assert "letter" not in {key.partition(".")[0] for key in made.data["form"]}
    assert introduce(office, case).number == "400/001/PKS/XI/2026"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("B-17/SRIKANDI", "number-taken"),
        ("400/001/PKS/XI/2026", "number-taken"),
        ("400/099/PKS/XI/2026", "number-own-book"),
        ("400/099/pks/i/2027", "number-own-book"),
    ],
)
def test_a_number_that_is_in_use_or_looks_like_ours_is_refused(office: Office, number: str, why: str) -> None:
    case = office.open()
    introduce(office, case, "B-17/SRIKANDI")
    introduce(office, case)
    with pytest.raises(Refused) as refused:
        introduce(office, case, number)
    assert refused.value.problems == {LETTER_NUMBER: why}


def test_a_letter_that_is_numbered_elsewhere_alone_wants_its_number(tmp_path: Path) -> None:
    office = allowing(copied(tmp_path), "only")
    case = office.open()
    with pytest.raises(Refused) as refused:
        introduce(office, case)
    assert set(refused.value.problems) == {LETTER_NUMBER}
    assert introduce(office, case, "B-1/SRIKANDI").number == "B-1/SRIKANDI"


def test_a_typed_number_is_not_offered_where_it_is_never_typed(tmp_path: Path) -> None:
    office = copied(tmp_path)
    assert LETTER_NUMBER not in office.live.schema.letters["introduction"].asked()
    with pytest.raises(NumberRefused):
        introduce(office, office.open(), "B-1/SRIKANDI")


def test_a_number_that_was_set_aside_is_used_once(office: Office) -> None:
    case = office.open()
    numbers = set_aside(office, 3)
    assert numbers == [f"400/{place:03}/PKS/XI/2026" for place in (1, 2, 3)]
    made = introduce(office, case, numbers[1])
    assert (made.number, made.numbered, made.sequence) == (numbers[1], "reserved", 2)
    assert (reserved(office, numbers[1]).status, reserved(office, numbers[1]).letter_id) == ("used", made.id)
    with pytest.raises(Refused) as refused:
        introduce(office, case, numbers[1])
    assert refused.value.problems == {LETTER_NUMBER: "number-taken"}
    assert introduce(office, case).number == "400/004/PKS/XI/2026"


def test_a_number_set_aside_is_spent_on_paper_or_void_for_ever(office: Office) -> None:
    used, void = set_aside(office, 2)
    actor = office.at(None, "officer").actor  # type: ignore[arg-type]
    with writing(office.engine) as session:
        rows = {each.number: each for each in session.scalars(select(ReservedNumber))}
        spend(session, rows[used], "Undangan rapat", actor=actor, now=NOW)
        cancel(session, rows[void], "salah cetak nomor", actor=actor, now=NOW)
    for number in (used, void):
        with pytest.raises(Refused) as refused:
            introduce(office, office.open(), number)
        assert refused.value.problems == {LETTER_NUMBER: "number-not-free"}
        with writing(office.engine) as session, pytest.raises(NumberRefused):
            cancel(
                session,
                session.get_one(ReservedNumber, reserved(office, number).id),
                "x",
                actor=actor,
                now=NOW,
            )
    assert [(each.number, each.fate) for each in book(office)] == [
        (used, "on-paper"),
        (void, "reserved-void"),
    ]


@pytest.mark.parametrize("count", [0, -1, MOST_AT_ONCE + 1])
def test_only_so_many_are_set_aside_at_once(office: Office, count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        set_aside(office, count)


def test_the_book_tells_of_every_number(office: Office) -> None:
    case = office.to_referral()
    (first,) = office.do(case, "officer", REFER)
    second = introduce(office, case)
    aside = set_aside(office, 2)
    introduce(office, case, "B-9/SRIKANDI")
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        end_letter(at, second.id, "void", "salah ketik keperluan")
    told = book(office)
    assert [each.sequence for each in told] == [1, 2, 3, 4, None]
    assert [each.fate for each in told] == ["issued", "void", "reserved", "reserved", "manual"]
    assert [each.number for each in told][2:4] == aside
    assert told[0].letter == first
    assert not any("Siti" in f"{each.subject}{each.to}{each.kind}" for each in told)


def test_a_missing_number_would_show(office: Office) -> None:
    with writing(office.engine) as session:
        for _ in range(2):
            draw(session, series=SERIES, period="2026")
    introduce(office, office.open())
    assert [(each.sequence, each.fate) for each in book(office)] == [
        (1, "missing"),
        (2, "missing"),
        (3, "issued"),
    ]


def test_two_clerks_cannot_give_the_same_number(any_engine: Engine) -> None:
    office = allowing(furnish(any_engine), "allowed")
    case = office.open()

    def give(_: int) -> str:
        try:
            return str(introduce(office, case, "B-1/SRIKANDI").number)
        except Refused as refused:
            return refused.problems[LETTER_NUMBER]

    with threads.pool(4) as pool:
        told = sorted(pool.map(give, range(4)))
    assert told == ["B-1/SRIKANDI", *["number-taken"] * 3]


def end(office: Office, letter: int, how: str, who: str = "manager") -> None:
    with writing(office.engine) as session:
        end_letter(office.at(session, who), letter, how, "alasan yang cukup panjang")  # type: ignore[arg-type]


def row(office: Office, key: int) -> IssuedLetter:
    with reading(office.engine) as session:
        return session.get_one(IssuedLetter, key)


@pytest.fixture
def signing(tmp_path: Path) -> Office:
    office = copied(tmp_path)
    may = ["register", "work", "print", "sign"]
    edits = {"roles/back-office/may": may, "letters/introduction/manual": "allowed"}
    apply(office.engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return office


def test_a_signed_letter_is_withdrawn_and_never_void(signing: Office) -> None:
    case = signing.open()
    made = introduce(signing, case)
    with writing(signing.engine) as session:
        sign(signing.at(session, "officer"), session.get_one(IssuedLetter, made.id))
    with pytest.raises(EndRefused) as refused:
        end(signing, made.id, "void", "officer")
    assert refused.value.code == "letter-end-left"
    end(signing, made.id, "withdrawn", "officer")
    assert (row(signing, made.id).status, row(signing, made.id).number) == ("withdrawn", made.number)
    with pytest.raises(EndRefused) as again:
        end(signing, made.id, "withdrawn", "officer")
    assert again.value.code == "letter-end-already"
    assert signing.kinds(case)[-1] == "letter-withdrawn"


def test_who_may_not_sign_may_not_withdraw(office: Office) -> None:
    made = introduce(office, office.open())
    with pytest.raises(Forbidden):
        end(office, made.id, "withdrawn", "officer")
    with pytest.raises(Forbidden):
        end(office, made.id, "void", "auditor")
    assert row(office, made.id).status == "issued"


def test_a_withdrawn_referral_letter_takes_its_referral_along(signing: Office) -> None:
    case = signing.to_referral()
    (letter,) = signing.do(case, "officer", REFER)
    end(signing, letter, "withdrawn", "officer")
    with reading(signing.engine) as session:
        referral = session.scalars(select(Referral).where(Referral.case_id == case)).one()
    assert referral.status == "withdrawn"


def test_a_replaced_letter_points_to_the_new_one(signing: Office) -> None:
    case = signing.open()
    old = introduce(signing, case)
    with writing(signing.engine) as session:
        new = replace_letter(signing.at(session, "officer", 24), old.id, "nama warga salah tulis").id
    before, after = row(signing, old.id), row(signing, new)
    assert (before.status, before.replaced_by, after.status) == ("superseded", new, "issued")
    assert (before.number, after.number) == ("400/001/PKS/XI/2026", "400/002/PKS/XI/2026")
    assert after.data["form"] == before.data["form"]
    assert after.data["letter"]["date"] > before.data["letter"]["date"]
    with reading(signing.engine) as session:
        told = session.scalars(select(Event).where(Event.kind == "letter-superseded")).one()
    assert told.data["by"] == after.number
    assert "nama warga" not in str(told.data)


def test_a_replaced_referral_letter_keeps_its_referral_under_a_new_pin(signing: Office) -> None:
    case = signing.to_referral()
    (old,) = signing.do(case, "officer", REFER)
    with writing(signing.engine) as session:
        new = replace_letter(signing.at(session, "officer"), old, "alamat tujuan berubah").id
    with reading(signing.engine) as session:
        referral = session.scalars(select(Referral).where(Referral.case_id == case)).one()
    said = row(signing, old).data["reply"], row(signing, new).data["reply"]
    assert (referral.letter_id, referral.status) == (new, "issued")
    assert said[0]["code"] == said[1]["code"] == referral.page_code
    assert row(signing, new).data["form"]["request"] == REFER["request"]


def test_a_scan_is_kept_as_it_came_and_notes_the_signature(signing: Office) -> None:
    case = signing.open()
    made = introduce(signing, case)
    with writing(signing.engine) as session:
        issued = session.get_one(IssuedLetter, made.id)
        for place in range(MOST):
            add_scan(signing.at(session, "officer"), issued, b"%PDF-1.7 " + bytes([place]), "application/pdf")
        with pytest.raises(ScanRefused):
            add_scan(signing.at(session, "officer"), issued, b"%PDF-", "application/pdf")
    with reading(signing.engine) as session:
        files = session.scalars(select(LetterFile)).all()
        assert files[3].data == b"%PDF-1.7 \x03"
    assert signing.kinds(case).count("letter-signed") == 1
    assert signing.kinds(case).count("letter-scanned") == MOST


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "letter-scan-missing"),
        (b"<html>", "letter-scan-kind"),
        (b"MZ\x90", "letter-scan-kind"),
        (b"%PDF-" + b"x" * 10_000_000, "letter-scan-large"),
    ],
)
def test_what_is_no_scan_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ScanRefused) as refused:
        media_of(data)
    assert refused.value.code == code


def test_data_travel_inside_where_the_letter_says_so(tmp_path: Path) -> None:
    office = copied(tmp_path)
    edits = {"letters/introduction/data_inside": "true"}
    apply(office.engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    made = introduce(office, office.open())
    (inside,) = PdfReader(BytesIO(pdf_of(office.engine, made.id))).attachments["surat.json"]
    assert json.loads(inside) == made.data
