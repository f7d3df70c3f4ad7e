"""Letters in a real Chromium: the sheet follows what is typed, and a print job tells how far it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from officers import DESK, PHONE, Officer, served
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from test_accessible import faults
from worked import demo_copy

from portal.access import SYSTEM
from portal.database import engine_of, reading
from portal.tables import Case
from portal.wall import acting

pytestmark = pytest.mark.browser
HERE = "18.10.03.2007"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return demo_copy(tmp_path)


def a_case(database: Path) -> int:
    """Returns an open case of the front office's village."""
    engine = engine_of(f"sqlite:///{database}")
    here = (Case.status == "open", Case.area == HERE, Case.access == "normal")
    with acting(SYSTEM), reading(engine) as session:
        found = session.scalars(select(Case.id).where(*here)).first()
    engine.dispose()
    assert found is not None
    return found


def asked_for(officer: Officer, case: int) -> None:
    """Opens the form of a letter of introduction."""
    officer.open(f"/kasus/{case}")
    form = officer.page.locator(f'form[action="/kasus/{case}/surat"]').filter(
        has=officer.page.locator('[value="introduction"]')
    )
    if form.locator("select").count():
        form.locator("select").select_option("introduction")
    officer.page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    form.locator("button").last.click()
    expect(officer.page.locator("textarea[name=request]")).to_be_visible()


def picture(officer: Officer, name: str) -> None:
    """Keeps a picture of the page where PORTAL_SHOTS says a folder."""
    if folder := os.environ.get("PORTAL_SHOTS"):
        officer.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_sheet_follows_what_is_typed(browser: Browser, folder: Path) -> None:
    case = a_case(folder)
    with served(folder) as address:
        officer = Officer.at(browser, address, DESK)
        officer.log_in("front-office")
        asked_for(officer, case)
        frame = officer.page.locator(".preview iframe")
        expect(frame).to_be_hidden()
        officer.page.fill("textarea[name=request]", "Perbaikan ejaan nama")
        expect(frame).to_be_visible()
        sheet = officer.page.frame_locator(".preview iframe")
        expect(sheet.locator("main")).to_contain_text("Perbaikan ejaan nama")
        expect(sheet.locator(".letterhead")).to_have_css("text-align", "center")
        emblem = sheet.locator(".letterhead img").first
        assert emblem.evaluate("(each) => each.complete && each.naturalWidth > 0")
        picture(officer, "preview-desk")
        officer.page.set_viewport_size(PHONE)
        picture(officer, "preview-phone")
        assert list(faults(officer)) == []
        assert officer.troubles == []


def test_letters_for_many_cases_are_printed_while_one_watches(browser: Browser, folder: Path) -> None:
    with served(folder) as address:
        officer = Officer.at(browser, address, DESK)
        officer.log_in("front-office")
        officer.open("/cetak/baru")
        picture(officer, "choose-desk")
        officer.page.set_viewport_size(PHONE)
        picture(officer, "choose-phone")
        assert list(faults(officer)) == []
        officer.open("/cetak/baru")
        officer.page.select_option("select[name=surat]", "receipt")
        officer.page.check("input[name=semua]")
        officer.page.click("main form[action='/cetak/baru'] button")
        officer.page.wait_for_url("**/cetak/*")
        picture(officer, "job-phone")
        expect(officer.page.locator("main a.button")).to_be_visible(timeout=60_000)
        picture(officer, "done-phone")
        assert list(faults(officer)) == []
        officer.open("/cetak")
        assert list(faults(officer)) == []
        assert officer.troubles == []


def test_without_scripts_the_page_asks_again_by_itself(browser: Browser, folder: Path) -> None:
    case = a_case(folder)
    with served(folder) as address:
        officer = Officer.at(browser, address, PHONE, scripts=False)
        officer.log_in("front-office")
        officer.open("/cetak/baru?status=open")
        officer.page.select_option("select[name=surat]", "receipt")
        officer.page.check("input[name=kasus] >> nth=0")
        officer.page.click("main form[action='/cetak/baru'] button")
        officer.page.wait_for_url("**/cetak/*")
        expect(officer.page.locator("main a.button")).to_be_visible(timeout=60_000)
        officer.open(f"/kasus/{case}")
        assert officer.troubles == []
