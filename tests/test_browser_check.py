"""A letter is checked in a real Chromium: on a telephone by its QR, and without a network by its seal."""

from __future__ import annotations

from pathlib import Path

import pytest
from officers import PHONE, Officer, served
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from worked import demo_copy

from portal.access import SYSTEM
from portal.database import engine_of, reading
from portal.letters.checker import checker
from portal.letters.proof import public_keys
from portal.tables import IssuedLetter
from portal.wall import acting

pytestmark = pytest.mark.browser


def test_a_telephone_and_a_page_without_a_network_check_a_letter(browser: Browser, tmp_path: Path) -> None:
    database = demo_copy(tmp_path)
    engine = engine_of(f"sqlite:///{database}")
    with acting(SYSTEM), reading(engine) as session:
        row = session.scalars(select(IssuedLetter).where(IssuedLetter.statement.is_not(None))).first()
        assert row is not None
        code, seal, number, page = (
            row.data["letter"]["check_code"],
            row.statement,
            row.number,
            public_keys(session),
        )
    engine.dispose()
    with served(database) as address:
        citizen = Officer.at(browser, address, PHONE, scripts=False)
        citizen.open(f"/V/{code.replace('-', '')}")
        expect(citizen.page.locator("main")).to_contain_text(str(number))
        citizen.open("/periksa")
        citizen.page.fill("#kode", code)
        citizen.page.click("button")
        expect(citizen.page.locator(".done")).to_be_visible()
        assert not citizen.runs_over
        assert citizen.troubles == []
    file = tmp_path / "periksa.html"
    file.write_text(checker(page), "utf-8")
    offline = browser.new_context(viewport=PHONE, offline=True).new_page()
    offline.goto(file.as_uri())
    said = str(seal)
    for text, shown in (
        (said, "Pernyataan ini asli"),
        (f"{said[:80]}A{said[81:]}", "telah diubah"),
        ("x", "utuh"),
    ):
        offline.fill("#text", text)
        offline.click("button")
        expect(offline.locator("#answer")).to_contain_text(shown)
    offline.fill("#text", said)
    offline.click("button")
    expect(offline.locator("#answer")).to_contain_text(str(number))
    assert offline.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
