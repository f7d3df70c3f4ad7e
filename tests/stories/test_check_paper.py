"""From paper to page: the printed QR codes are scanned back, and what stands in them is checked."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from papers import words
from scanner import pattern_of, scanned
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser, Clock

from portal import seals
from portal.access import SYSTEM
from portal.database import reading, writing
from portal.letters import pdf_of
from portal.letters.proof import PAGE, public_keys
from portal.letters.proof import scanned as address_in
from portal.tables import Case, IssuedLetter, LetterCheck
from portal.wall import acting

BOTH = ("registry-statement", "unregistered-statement")
"""Letters with both codes: signed at the right alone, and by two."""
FOREIGN = "front-office"
"""A clerk who sees one village of the district only."""


def issued(engine: Engine, letter: str) -> IssuedLetter:
    with acting(SYSTEM), reading(engine) as session:
        query = select(IssuedLetter).where(IssuedLetter.letter == letter).order_by(IssuedLetter.id)
        return session.scalars(query).first() or pytest.fail(letter)


def address(row: IssuedLetter) -> str:
    said = row.data["letter"]
    return address_in(said["check_address"].removesuffix(PAGE), said["check_code"])


@pytest.mark.parametrize("letter", BOTH)
def test_a_printed_letter_is_scanned_and_found(app: ASGIApp, engine: Engine, letter: str) -> None:
    row = issued(engine, letter)
    with acting(SYSTEM):
        found = scanned(pdf_of(engine, row.id))
    assert set(found) == {pattern_of(address(row)), pattern_of(str(row.statement))}
    assert pattern_of(f"{address(row)[:-1]}?") not in found
    browser = Browser(app)
    browser.get(urlsplit(address(row)).path)
    assert "masih berlaku" in words(browser)
    assert str(row.number) in words(browser)
    with acting(SYSTEM), reading(engine) as session:
        said = seals.opened(str(row.statement), public_keys(session))
    assert (said.number, said.date) == (row.number, row.data["letter"]["date"])


def test_a_referral_has_a_code_to_check_and_one_to_answer(engine: Engine) -> None:
    row = issued(engine, "referral")
    with acting(SYSTEM):
        found = scanned(pdf_of(engine, row.id))
    assert set(found) == {pattern_of(address(row)), pattern_of(row.data["reply"]["address"])}


def test_a_cheap_scanner_reads_both_codes(engine: Engine) -> None:
    row = issued(engine, "registry-statement")
    with acting(SYSTEM):
        found = scanned(pdf_of(engine, row.id), dots=200)
    assert set(found) == {pattern_of(address(row)), pattern_of(str(row.statement))}


def test_the_letter_that_took_its_place_is_named(app: ASGIApp, engine: Engine) -> None:
    old, new = issued(engine, "referral"), issued(engine, "introduction")
    with acting(SYSTEM), writing(engine) as session:
        row = session.get_one(IssuedLetter, old.id)
        row.status, row.ended_at, row.replaced_by = "superseded", NOW, new.id
    browser = Browser(app)
    browser.get(urlsplit(address(old)).path)
    assert "sudah diganti" in words(browser)
    assert str(new.number) in words(browser)


def test_a_clerk_of_another_village_learns_what_anybody_learns(app: ASGIApp, engine: Engine) -> None:
    row = issued(engine, "health-recommendation")
    clerk, anybody = Browser(app, FOREIGN), Browser(app)
    for browser in (clerk, anybody):
        assert browser.get(urlsplit(address(row)).path).status_code == 200
    assert clerk.page.text == anybody.page.text
    assert clerk.get(f"/kasus/{row.case_id}").status_code == 404
    assert clerk.get(f"/surat/{row.id}").status_code == 404


def test_a_confidential_letter_tells_that_it_holds_its_number_and_office(
    app: ASGIApp, engine: Engine
) -> None:
    row = issued(engine, "confidential-referral")
    with acting(SYSTEM):
        pdf_of(engine, row.id)
    with acting(SYSTEM), reading(engine) as session:
        case, now = session.get_one(Case, row.case_id), session.get_one(IssuedLetter, row.id)
    assert case.access != "normal"
    browser = Browser(app)
    browser.get(urlsplit(address(row)).path)
    said = words(browser)
    assert "bersifat rahasia" in said
    assert [browser.page.text.count(f"<{tag}>") for tag in ("dt", "dd")] == [2, 2]
    for shown in (row.number, row.data["office"]["label"]):
        assert str(shown) in said
    for hidden in (row.data["letter"]["title"], str(now.pdf_digest)[:8], "•••", "November", "Desember"):
        assert hidden not in said


def test_the_office_sees_how_often_a_letter_was_checked(app: ASGIApp, engine: Engine, clock: Clock) -> None:
    row = issued(engine, "referral")
    office = Browser(app, "secretariat")
    assert "Diperiksa lewat laman" not in office.get(f"/surat/{row.id}/rincian").text
    anybody = Browser(app)
    for _ in range(2):
        anybody.get(urlsplit(address(row)).path)
    clock.wait(minutes=3)
    anybody.post("/periksa", {"code": row.data["letter"]["check_code"]})
    anybody.get("/v/AAAABBBBCCCCDDDD")
    office.get(f"/surat/{row.id}/rincian")
    assert "Diperiksa lewat laman pemeriksaan 3 kali, terakhir" in words(office)
    with acting(SYSTEM), reading(engine) as session:
        counted = session.scalars(select(LetterCheck)).all()
    assert [(each.letter_id, each.count, each.last_at) for each in counted] == [(row.id, 3, clock.now)]
