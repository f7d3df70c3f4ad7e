"""A complaint over HTTP: from the counter to the printed letter, with what goes wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from starlette.types import ASGIApp
from worked import LOGINS, Browser

from portal.database import reading
from portal.events import broken
from portal.tables import Case, Event, IssuedLetter

BENDA = "32.02.16.2004"


def count(engine: Engine, table: type[Any]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


PERSON = {
    "who": "new",
    "name": "Wati Contoh",
    "nik": "1810034101909970",
    "birth_date": ("1", "1", "1990"),
    "sex": "female",
    "address": "Dusun II",
    "household__kk": "1810031203189970",
}
COMPLAINT = {
    "program": "pbi-jk",
    "complaint": "kes-01",
    "description": "Hamil tua, belum punya jaminan.",
    "priority": "urgent",
    "channel": "counter",
    "doc__ktp": "brought",
    "doc__kk": "brought",
    "doc__facility__letter": "brought",
}


NAMES = ("Wati", "Bambang", "Yudi", "Kartika", "Lukman", "Endang", "Gita", "Hotman", "Irfan", "Oktavia")
"""A name for each last digit of a NIK: whoever is called alike is asked about before a second record."""


def registered(browser: Browser, **said: Any) -> int:
    """Registers a complaint through the pages and returns its case."""
    browser.get("/aduan/baru")
    if "nik" in said:
        said = {"name": f"{NAMES[int(said['nik'][-1])]} Contoh", **said}
    browser.send("/aduan/baru", "save", **{**PERSON, **COMPLAINT, **said})
    return int(re.findall(r"/kasus/(\d+)", browser.page.headers["location"])[0])


def complete(browser: Browser, case: int, **said: Any) -> None:
    browser.get(f"/kasus/{case}")
    browser.send(f"/kasus/{case}/langkah", **said)
    assert browser.page.status_code == 303, browser.page.text


CHECK = {"result": "registered", "decile": "2", "checked_on": ("12", "11", "2026"), "jkn": "none"}


def test_complaint_goes_from_the_counter_to_the_printed_letter(engine: Engine, app: ASGIApp) -> None:
    front, back = Browser(app, "front-office"), Browser(app, "back-office")
    front.get("/aduan/baru")
    front.send("/aduan/baru", "find", words="1810034101909970")
    assert front.page.status_code == 200
    assert 'value="1810034101909970"' in front.page.text
    front.send("/aduan/baru", "save", **{**PERSON, **COMPLAINT})
    page = front.follow()
    assert "Wati Contoh" in page.text
    assert "Aduan tersimpan" in page.text
    case = int(front.asked[-1].partition("?")[0].rpartition("/")[2])

    complete(front, case, condition="pregnant", facility="UPT Puskesmas Ambarawa")
    assert f"/kasus/{case}" in Browser.get(back, "/tugas").text
    complete(back, case, **CHECK)
    assert "Terdaftar, desil dalam batas, dan mendesak." in back.follow().text
    complete(back, case, destination="dinsos-linjamsos", request="Kepesertaan PBI", assessment="Hamil tua.")
    back.follow()
    (letter,) = {link for link in back.seen.links if re.fullmatch(r"/surat/\d+", link)}
    with reading(engine) as session:
        issued = session.get_one(IssuedLetter, int(letter.rpartition("/")[2]))
        assert issued.pdf_digest is not None  # printed while the clerk was led back to the case
        assert broken(session) is None
    answer = back.client.get(letter)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"] == f'inline; filename="referral-{issued.id}.pdf"'
    assert back.client.get(letter).content == answer.content
    assert not [url for url in (*front.asked, *back.asked) if re.search(r"\d{10}", url)]


def test_form_sent_twice_makes_one_case(engine: Engine, app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    before = count(engine, Case), count(engine, Event)
    browser.get("/aduan/baru")
    form = browser.page
    led = []
    for _ in range(2):
        browser.page = form
        browser.send("/aduan/baru", "save", **{**PERSON, **COMPLAINT})
        led.append((browser.page.status_code, browser.page.headers["location"]))
    assert led[0] == led[1]
    assert count(engine, Case) == before[0] + 1


def test_step_sent_twice_is_done_once(engine: Engine, app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    case = registered(browser)
    form = browser.get(f"/kasus/{case}")
    answers = []
    for _ in range(2):
        browser.page = form
        answers.append(browser.send(f"/kasus/{case}/langkah", condition="healthy").headers["location"])
    assert answers == [f"/kasus/{case}?notice=step-completed"] * 2
    with reading(engine) as session:
        done = (
            select(func.count())
            .select_from(Event)
            .where(Event.kind == "step-completed", Event.subject_id == case)
        )
        assert session.scalar(done) == 1


def test_somebody_elses_page_of_a_done_step_shows_the_newest_state(app: ASGIApp) -> None:
    front, back = Browser(app, "front-office"), Browser(app, "back-office")
    case = registered(front)
    back.get(f"/kasus/{case}")
    complete(front, case, condition="healthy")
    for said in ({"condition": "healthy"}, {}):  # complete and incomplete
        old = back.page
        back.send(f"/kasus/{case}/langkah", **said)
        assert back.page.status_code == 409
        assert "sudah diselesaikan petugas lain: Sekar Contoh" in back.page.text
        assert "Langkah kini: Cek DTSEN" in back.page.text
        assert 'name="result"' in back.page.text
        back.page = old


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"nik": "123"}, "NIK"),
        ({"birth_date": ("31", "2", "1990")}, "1990"),
        ({"name": ""}, "Nama"),
        ({"program": ""}, "Program"),
        ({"complaint": "sos-05"}, "Keluhan"),
        ({"nik": "1810035408949901"}, "sudah terdaftar"),
        ({"who": ""}, "Pilih warga"),
        ({"who": "²"}, ""),
        ({"description": "\0"}, "Uraian"),
    ],
)
def test_wrong_input_keeps_what_was_typed(
    shared: Engine, people: Mapping[str, Browser], said: dict[str, Any], error: str
) -> None:
    browser, before = people["front-office"], count(shared, Event)
    browser.get("/aduan/baru")
    browser.send("/aduan/baru", "save", **{**PERSON, **COMPLAINT, **said})
    if said == {"who": "²"}:
        assert browser.page.status_code == 404
        return
    assert browser.page.status_code == 422
    assert error in browser.page.text
    kept = browser.form("/aduan/baru").fields
    typed = {**PERSON, **COMPLAINT, **said}
    for name, value in typed.items():
        each = (value,) if isinstance(value, str) else value
        shown = [text for key, text in kept if key == name.replace("__", "-")]
        assert value in ("", "\0") or all(text in shown for text in each), (name, shown)
    assert count(shared, Event) == before


def test_missing_answers_and_papers_are_named_and_typed_ones_kept(app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    case = registered(front, doc__kk=(), doc__facility__letter=())
    front.get(f"/kasus/{case}")
    front.send(f"/kasus/{case}/langkah", facility="RSUD Contoh", condition="sick", note__kk="besok")
    assert front.page.status_code == 422
    assert "Kartu Keluarga" in re.findall(r'id="ringkasan-galat".*?</div>', front.page.text, re.S)[0]
    assert {("facility", "RSUD Contoh"), ("condition", "sick")} <= set(
        front.form(f"/kasus/{case}/langkah").fields
    )


def test_complaint_belongs_where_it_says_not_where_its_resident_lives(engine: Engine, app: ASGIApp) -> None:
    browser = Browser(app, "secretariat")
    case = registered(browser, area="18.10.03.2007", where=BENDA)
    with reading(engine) as session:
        assert session.get_one(Case, case).area == BENDA


def test_confidential_complaint_is_saved_and_not_shown_to_who_took_it(engine: Engine, app: ASGIApp) -> None:
    browser, before = Browser(app, "front-office"), count(engine, Case)
    secret = {**PERSON, **COMPLAINT, "program": "sembako", "complaint": "sos-08"}
    browser.get("/aduan/baru")
    browser.send("/aduan/baru", "save", **secret)
    page = browser.follow()
    assert page.status_code == 200
    assert "Demi kerahasiaan" in page.text
    assert count(engine, Case) == before + 1
    assert "Wati Contoh" not in browser.get("/kasus").text


def test_task_is_given_to_who_can_do_it_only(engine: Engine, app: ASGIApp) -> None:
    front, manager = Browser(app, "front-office"), Browser(app, "manager")
    case = registered(front)
    offered = re.findall(r'<option value="(\d+)">', manager.get(f"/kasus/{case}").text)
    rule_keeper = str(LOGINS.index("district-staff") + 1)
    assert offered
    assert rule_keeper not in offered
    for account, status in ((rule_keeper, 403), ("99", 403), ("9" * 30, 400), ("²", 400), (offered[0], 303)):
        manager.get(f"/kasus/{case}")
        manager.send(f"/kasus/{case}/tugas", account=account)
        assert manager.page.status_code == status, account


def test_letter_on_request_is_issued_once_and_opens(engine: Engine, app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    case, before = registered(front), count(engine, IssuedLetter)
    front.get(f"/kasus/{case}")
    page = front.send(f"/kasus/{case}/surat", letter="receipt")
    for _ in range(2):
        front.page = page
    answer = front.follow()
    assert answer.content.startswith(b"%PDF")
    assert count(engine, IssuedLetter) == before + 1


def test_letter_on_request_asks_what_it_needs(app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    case = registered(front)
    front.get(f"/kasus/{case}")
    assert front.send(f"/kasus/{case}/surat", letter="introduction").status_code == 200
    assert front.send(f"/kasus/{case}/surat", "issue", request="").status_code == 422
    front.send(f"/kasus/{case}/surat", "issue", request="Perekaman KTP-el")
    assert front.follow().content.startswith(b"%PDF")


def test_who_may_not_print_is_led_back_to_the_case(app: ASGIApp) -> None:
    front, facilitator = Browser(app, "front-office"), Browser(app, "facilitator")
    case = registered(facilitator)
    facilitator.get(f"/kasus/{case}")
    facilitator.send(f"/kasus/{case}/surat", letter="receipt")
    page = facilitator.follow()
    assert page.status_code == 200
    assert "Surat diterbitkan" in page.text
    assert not [link for link in facilitator.seen.links if re.fullmatch(r"/surat/\d+", link)]
    front.get(f"/kasus/{case}")
    assert [link for link in front.seen.links if re.fullmatch(r"/surat/\d+", link)]


def test_unknown_resident_is_named_later(app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    case = registered(front, who="anonymous")
    front.get(f"/kasus/{case}")
    front.send(f"/kasus/{case}/warga", words="Sumarni")
    ((_, resident),) = front.form(f"/kasus/{case}/warga").buttons
    front.send(f"/kasus/{case}/warga", "resident")
    assert "Sumarni" in front.follow().text
    assert f"/data/resident/details/{resident}" in front.seen.links
