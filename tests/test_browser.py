"""A complaint in a real browser: registered, checked, referred, its letter opened, at both sizes."""

from __future__ import annotations

import io
import re

import pytest
from officers import DESK, PHONE, Officer
from playwright.sync_api import Browser, ViewportSize, expect
from pypdf import PdfReader

from portal.demo import PASSWORD

pytestmark = pytest.mark.browser


def register(officer: Officer, serial: str) -> str:
    """Takes the first worked case anew for somebody else; returns the path of the case."""
    officer.log_in("front-office")
    officer.page.locator('main a[href="/aduan/baru"]').first.click()
    officer.page.fill("#kata", f"181003540894{serial}")
    officer.page.click("button[name=find]")
    expect(officer.page.locator("[name=birth_date]").nth(2)).to_have_value("1994")
    expect(officer.page.locator("[name=sex][value=female]")).to_be_checked()
    name = {"9922": "Kartika", "9923": "Endang", "9982": "Wiranti"}.get(serial, "Sumirah")
    who = {"name": f"{name} Contoh", "household-kk": f"181003120318{serial}", "rt": "002", "rw": "001"}
    what = {"program": "pbi-jk", "complaint": "kes-01", "description": "Hamil tujuh bulan, belum punya JKN."}
    officer.answer({**who, **what, "priority": "urgent", "doc-ktp": "brought", "doc-kk": "brought"})
    officer.page.click("button[name=save]")
    officer.page.wait_for_url("**/kasus/*")
    case = officer.page.url.removeprefix(officer.address).partition("?")[0]
    officer.complete_step({"condition": "pregnant", "doc-facility-letter": "brought"})
    return case


def refer(officer: Officer, case: str) -> None:
    """Checks the registry and issues the referral letter, starting from one's own tasks."""
    officer.log_in("back-office")
    officer.page.click(f'main a[href="{case}"]')
    officer.complete_step({"result": "registered", "decile": "2", "jkn": "none"})
    officer.complete_step(
        {"assessment": "Hamil tujuh bulan.", "request": "Pendaftaran sebagai peserta PBI-JK."}
    )


def letter(officer: Officer) -> tuple[str, bytes]:
    """Returns number and bytes of the letter that was just issued, fetched by the page's own session."""
    link = officer.page.locator('p.notice a[href^="/surat/"]')
    number = link.locator("..").inner_text().rpartition(", ")[2]
    answer = officer.page.context.request.get(f"{officer.address}{link.get_attribute('href')}")
    assert answer.headers["content-type"] == "application/pdf"
    return number, answer.body()


@pytest.mark.parametrize(
    ("serial", "size", "scripts"),
    [("9921", DESK, True), ("9922", PHONE, True), ("9923", DESK, False)],
    ids=["desk", "phone", "without-scripts"],
)
def test_complaint_reaches_its_printed_letter(
    browser: Browser, address: str, serial: str, size: ViewportSize, scripts: bool
) -> None:
    officer = Officer.at(browser, address, size, scripts=scripts)
    case = register(officer, serial)
    refer(officer, case)
    number, printed = letter(officer)
    assert printed.startswith(b"%PDF")
    assert number in "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    assert officer.page.title().startswith("ADU-")
    assert officer.troubles == []


def test_pages_speak_english_when_asked(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, PHONE)
    officer.log_in("front-office")
    officer.page.click(".account summary")
    officer.page.click('.account button[lang="en"]')
    expect(officer.page).to_have_title("My tasks · Puskesos Madani")
    assert officer.page.get_attribute("html", "lang") == "en"
    for path in ("/aduan/baru", "/kasus/1"):
        officer.open(path)
        assert not officer.runs_over, path
    assert officer.troubles == []


def test_programme_offers_its_own_complaints_and_papers(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, DESK)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    offered = officer.page.locator("[name=complaint] option:not([hidden])")
    everything = offered.count()
    officer.answer({"program": "pbi-jk"})
    assert offered.count() == 4 < everything
    expect(officer.page.locator("label[data-paper=facility-letter]")).to_be_visible()


def test_fields_of_somebody_new_wait_until_asked_for(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, DESK)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    expect(officer.page.locator("[name=name]")).to_be_hidden()
    officer.page.check("#orang-baru")
    expect(officer.page.locator("[name=name]")).to_be_visible()


def test_errors_take_the_focus_and_keep_what_was_typed(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, DESK)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer({"who": "new", "name": "Sumirah Contoh", "program": "pbi-jk"})
    officer.page.click("button[name=save]")
    expect(officer.page.locator("#ringkasan-galat")).to_be_focused()
    expect(officer.page.locator("[name=name]")).to_have_value("Sumirah Contoh")
    assert officer.page.title().startswith("Galat: ")
    officer.page.click("#ringkasan-galat a >> nth=0")
    assert officer.page.evaluate("document.activeElement.name") == "sex"


def test_form_rests_while_it_is_sent(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, DESK)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.page.route("**/aduan/baru", lambda route: route.fulfill(status=204))
    button = officer.page.locator("button[name=save]")
    button.click()
    expect(button).to_be_disabled()
    expect(button).to_have_text("Menyimpan …")


def test_known_resident_is_a_card_with_open_cases_first(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, PHONE)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.page.fill("#kata", "1810035408949901")
    officer.page.press("#kata", "Enter")
    card = officer.page.locator(".known")
    expect(card).to_contain_text("Warga sudah terdaftar: Sumarni")
    expect(card.locator("a").first).to_have_attribute("href", re.compile("^/kasus/"))
    expect(officer.page.locator("[name=name]")).to_be_hidden()
    assert officer.page.title() == "Aduan baru · Puskesos Madani"


def test_nik_opens_the_resident_from_any_page(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, DESK)
    officer.log_in("front-office")
    officer.page.keyboard.press("/")
    officer.page.keyboard.type("1810035408949901")
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/data/resident/details/*")
    assert "Sumarni" not in officer.page.title()


def test_locked_screen_hides_the_page_and_keeps_what_is_typed(browser: Browser, address: str) -> None:
    officer = Officer.at(browser, address, DESK)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.page.fill("[name=description]", "Belum selesai diketik")
    officer.page.click("details.account summary")
    officer.page.click("#kunci-layar button")
    expect(officer.page.locator("main")).to_be_hidden()
    expect(officer.page.locator("header")).to_be_hidden()
    officer.page.fill("#terkunci-bukti", PASSWORD)
    officer.page.click("#terkunci button >> nth=0")
    expect(officer.page.locator("[name=description]")).to_have_value("Belum selesai diketik")
    expect(officer.page.locator("main")).to_be_visible()
    assert officer.open("/tugas") == 200
    assert officer.troubles == []
