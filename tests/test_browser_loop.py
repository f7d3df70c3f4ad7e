"""The loop in a real Chromium: a clerk refers, an agency answers on a telephone, the resident follows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from officers import DESK, PHONE, Officer, served
from playwright.sync_api import Browser, expect
from pypdf import PdfReader
from test_browser import letter, refer, register
from worked import demo_copy

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served(demo_copy(tmp_path)) as found:
        yield found


def read(printed: bytes) -> tuple[str, str]:
    """Returns code and PIN as they stand on a letter's last sheet."""
    said = PdfReader(io.BytesIO(printed)).pages[-1].extract_text()
    code, pin = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", said), re.search(r"PIN\s+(\d{6})", said)
    assert code, said
    assert pin, said
    return code[0], pin[1]


def test_agency_answers_on_a_telephone_and_the_resident_hears_of_it(browser: Browser, address: str) -> None:
    clerk = Officer.at(browser, address, DESK)
    case = register(clerk, "9931")
    refer(clerk, case)
    number, printed = letter(clerk)
    code, pin = read(printed)
    clerk.open(case)
    clerk.page.click("#rujukan form button")
    expect(clerk.page.locator("#rujukan")).to_contain_text("Surat diserahkan, menunggu jawaban")

    agency = Officer.at(browser, address, PHONE, scripts=False)
    agency.open(f"/rujukan/{code}")
    agency.page.fill("#pin", pin)
    agency.page.click("button")
    expect(agency.page.locator("main")).to_contain_text(number)
    expect(agency.page.locator("main")).not_to_contain_text("Sumirah")
    agency.page.get_by_role("button", name="Terima rujukan").click()
    expect(agency.page.locator(".done")).to_be_visible()
    assert not agency.runs_over
    assert agency.troubles == []

    clerk.open(case)
    expect(clerk.page.locator("#rujukan")).to_contain_text("Diterima untuk dilayani")
    clerk.log_in("facilitator")
    clerk.open(case)
    clerk.complete_step({"place": "Dinas Sosial", "result": "Berkas diserahkan"})
    clerk.log_in("back-office")
    clerk.open(case)
    expect(clerk.page.locator("main")).to_contain_text("Jawaban sudah masuk dari Dinas Sosial")
    expect(clerk.page.locator("[name=reply][value=accepted]")).to_be_checked()
    clerk.complete_step({})
    clerk.page.click("#tiket form button")
    expect(clerk.page.locator("dd").first).to_be_visible()
    ticket, secret = clerk.page.locator("dd").all_inner_texts()[:2]

    resident = Officer.at(browser, address, PHONE, scripts=False)
    resident.open("/lacak")
    resident.page.fill("#kode", ticket)
    resident.page.fill("#pin", secret)
    resident.page.click("button")
    expect(resident.page.locator("main")).to_contain_text("rujukan diterima")
    expect(resident.page.locator("main")).not_to_contain_text("Sumirah")
    assert not resident.runs_over
    assert (clerk.troubles, resident.troubles) == ([], [])
