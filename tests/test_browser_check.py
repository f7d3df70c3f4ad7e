"""A letter is checked in a real Chromium: on a telephone by its QR, and without a network by its seal."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from pathlib import Path

import pytest
from axe import violations
from officers import PHONE, Officer, served
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from worked import demo_copy

from portal import seals
from portal.access import SYSTEM
from portal.database import engine_of, reading
from portal.letters.checker import checker
from portal.letters.proof import public_keys
from portal.seals import Statement
from portal.tables import IssuedLetter
from portal.wall import acting

pytestmark = pytest.mark.browser
SMALL = (390, 320)
"""The widths of telephones, in pixels."""


class Printed:
    """A letter of the demonstration that bears both codes, and the office's public keys."""

    def __init__(self, folder: Path) -> None:
        self.database = demo_copy(folder)
        engine = engine_of(f"sqlite:///{self.database}")
        with acting(SYSTEM), reading(engine) as session:
            row = session.scalars(select(IssuedLetter).where(IssuedLetter.statement.is_not(None))).first()
            assert row is not None
            self.code, self.number = str(row.data["letter"]["check_code"]), str(row.number)
            self.seal, self.keys = str(row.statement), public_keys(session)
        engine.dispose()


@pytest.fixture
def printed(tmp_path: Path) -> Printed:
    return Printed(tmp_path)


@pytest.fixture
def offline(browser: Browser, printed: Printed, tmp_path: Path) -> Page:
    """The page for checking without a network, in a telephone that has none."""
    file = tmp_path / "periksa.html"
    file.write_text(checker(printed.keys), "utf-8")
    page = browser.new_context(viewport=PHONE, offline=True).new_page()
    page.goto(file.as_uri())
    return page


def asked(page: Page, text: str) -> str:
    """Returns what the page says of a statement; the answer before is taken away first."""
    page.evaluate("document.getElementById('answer').replaceChildren()")
    page.fill("#text", text)
    page.click("button")
    expect(page.locator("#answer p")).to_be_visible()
    return page.inner_text("#answer")


def small_faults(page: Page) -> Iterator[str]:
    for width in SMALL:
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{width}: runs over"
        yield from violations(page)


def test_a_telephone_without_scripts_checks_a_letter(browser: Browser, printed: Printed) -> None:
    with served(printed.database) as address:
        citizen = Officer.at(browser, address, PHONE, scripts=False)
        citizen.open(f"/V/{printed.code.replace('-', '')}")
        expect(citizen.page.locator("main")).to_contain_text(printed.number)
        citizen.open("/periksa")
        citizen.page.fill("#kode", printed.code)
        citizen.page.click("button")
        expect(citizen.page.locator(".done")).to_be_visible()
        assert not citizen.runs_over
        assert citizen.troubles == []


def test_the_answer_is_for_everybody(browser: Browser, printed: Printed) -> None:
    with served(printed.database) as address:
        citizen = Officer.at(browser, address, PHONE)
        citizen.open(f"/v/{printed.code}")
        assert list(small_faults(citizen.page)) == []
        assert citizen.page.locator('meta[name="robots"][content="noindex"]').count() == 1
        assert citizen.troubles == []


def test_a_page_without_a_network_checks_a_statement(offline: Page, printed: Printed) -> None:
    assert "Pernyataan ini asli" in asked(offline, printed.seal)
    assert printed.number in offline.inner_text("#answer")
    assert list(small_faults(offline)) == []
    for wrong in ("x", printed.seal[:-1], f"{printed.seal[:-1]}A.", f"{printed.seal[:-1]}AA."):
        assert "asli" not in asked(offline, wrong)


def test_no_word_of_a_statement_may_change(offline: Page, printed: Printed) -> None:
    raw = seals._signed(printed.seal)
    honest = Statement(
        **dict(zip((f.name for f in fields(Statement)), raw[64:].decode().split("\n"), strict=True))
    )
    for name, value in zip((each.name for each in fields(Statement)), astuple(honest), strict=True):
        forged = raw[:64] + seals._bytes(replace(honest, **{name: f"{value}1"}))
        coded = base64.b32encode(forged).decode().rstrip("=")
        said = asked(offline, f"SP1.{coded}.")
        assert ("kunci yang tidak dikenal" if name == "key" else "telah diubah") in said, name


def test_no_letter_of_a_statement_may_change(offline: Page, printed: Printed) -> None:
    text = printed.seal
    for place in range(4, len(text) - 1, 7):
        other = "A" if text[place] != "A" else "B"
        assert "asli" not in asked(offline, text[:place] + other + text[place + 1 :]), place


def test_only_whole_bytes_are_a_statement(offline: Page) -> None:
    lengths = [n for n in range(1, 25) if offline.evaluate(f"bytesOf('A'.repeat({n})) !== null")]
    assert {n % 8 for n in lengths} == {0, 2, 4, 5, 7}


def test_a_browser_that_cannot_check_says_so(offline: Page, printed: Printed) -> None:
    offline.evaluate("SubtleCrypto.prototype.importKey = () => Promise.reject(new Error()); null")
    assert "Peramban ini belum dapat memeriksa" in asked(offline, printed.seal)
