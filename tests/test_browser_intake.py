"""The page of a complaint in a browser: what is refreshed, what is never replaced; without scripts too."""

from __future__ import annotations

import pytest
from officers import DESK, PHONE, Officer
from playwright.sync_api import Browser, ViewportSize, expect

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
NOBODY = "1810034101909970"


def front(browser: Browser, address: str, size: ViewportSize, *, scripts: bool = True) -> Officer:
    officer = Officer.at(browser, address, size, scripts=scripts)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    return officer


@SIZES
def test_programmes_are_refreshed_and_answers_stay(
    browser: Browser, address: str, size: ViewportSize
) -> None:
    officer = front(browser, address, size)
    page = officer.page
    page.fill("#kata", NOBODY)
    page.press("#kata", "Enter")
    officer.answer({"name": "Wati Contoh", "complaint": "kes-01"})
    line = page.locator("#bagian-kelayakan li[data-program=pbi-jk]")
    expect(line).to_contain_text("Perlu jawaban lagi")
    decile = page.locator("[name='tanya-registry--decile']")
    decile.fill("9")
    decile.press("Tab")
    expect(line).to_contain_text("Tidak sesuai: Desil DTSEN 1 sampai 5.")
    expect(decile).to_have_value("9")
    expect(page.locator("[name=name]")).to_have_value("Wati Contoh")
    line.locator("button[name=pick]").click()
    expect(page.locator("[name=program]")).to_have_value("pbi-jk")
    assert not officer.runs_over
    assert officer.troubles == []


def test_complaint_that_one_programme_takes_has_chosen_it(browser: Browser, address: str) -> None:
    officer = front(browser, address, DESK)
    officer.answer({"complaint": "kes-02"})
    expect(officer.page.locator("[name=program]")).to_have_value("pbi-jk-reactivation")


def test_nik_and_family_are_told_while_one_types(browser: Browser, address: str) -> None:
    officer = front(browser, address, DESK)
    page = officer.page
    page.check("#orang-baru")
    officer.answer({"nik": NOBODY})
    page.press("[name=nik]", "Tab")
    expect(page.locator("[name=birth_date]").nth(2)).to_have_value("1990")
    expect(page.locator("[name=sex][value=female]")).to_be_checked()
    officer.answer({"sex": "male", "household-kk": "1810031203189901"})
    page.press("[name='household-kk']", "Tab")
    expect(page.locator("#bagian-nik")).to_contain_text("Menurut NIK, ini perempuan")
    expect(page.locator("#bagian-keluarga")).to_contain_text("KK ini sudah terdaftar")
    expect(page.locator("[name=without_nik]")).to_be_hidden()


@SIZES
def test_without_scripts_a_message_fills_the_form_and_errors_take_the_focus(
    browser: Browser, address: str, size: ViewportSize
) -> None:
    officer = front(browser, address, size, scripts=False)
    page = officer.page
    page.click("details:has(#pesan) summary")
    page.fill("#pesan", f"Nama: Wati Contoh\nNIK: {NOBODY}\nBantuan: PBI-JK\nKeluhan: Sakit")
    page.click("button[name=paste]")
    expect(page.locator("[name=name]")).to_have_value("Wati Contoh")
    page.click("button[name=save]")
    expect(page.locator("#ringkasan-galat")).to_be_focused()
    expect(page.locator("#ringkasan-galat a")).to_have_attribute("href", "#isian-complaint")
    expect(page.locator("#isian-complaint-galat")).to_be_visible()
    expect(page.locator("[name=description]")).to_have_value("Sakit")
    page.click("button[name=screen]")
    expect(page.locator("#bagian-kelayakan li").first).to_be_visible()
    assert not officer.runs_over
