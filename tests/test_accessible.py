"""Every page for people who use a keyboard, a small screen or a reader: axe-core, targets, headings, Tab.

axe-core comes from the package `axe-playwright-python`, or from the file that PORTAL_AXE names.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe import violations
from officers import DESK, Officer
from playwright.sync_api import Browser, expect
from test_browser import PAGES

pytestmark = pytest.mark.browser
WIDTHS = (1366, 390, 360, 320)
EVERY = {
    **PAGES,
    "front-office": (*PAGES["front-office"], "/lapangan", "/lapangan/periksa"),
    "": ("/masuk", "/undangan", "/undangan/salah", "/tidak-ada"),
}
SMALL = """() => [...document.querySelectorAll(
  'a[href],button,input:not([type=hidden]),select,textarea,summary')]
  .filter((each) => {
    const inline = each.matches('a') && getComputedStyle(each).display === 'inline';
    const { width, height } = (each.closest('label.pick') ?? each).getBoundingClientRect();
    const shown = each.checkVisibility() && !inline && !each.matches('.unseen, .skip') && width > 1;
    return shown && (width < 24 || height < 24);
  }).map((each) => each.outerHTML.slice(0, 90))"""
MAIN_ONES = """() => [...document.querySelectorAll('main .buttons button')]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML)"""
OVER = """() => [...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 ||
    each.getBoundingClientRect().left + each.scrollWidth > innerWidth + 1)
  .map((each) => each.outerHTML.slice(0, 80)).slice(0, 5)"""
HEADINGS = """() => [...document.querySelectorAll('h1,h2,h3,h4')]
  .filter((each) => each.checkVisibility()).map((each) => +each.tagName[1])"""


def at(browser: Browser, address: str, login: str) -> Officer:
    officer = Officer.at(browser, address, DESK)
    if login:
        officer.log_in(login)
    return officer


@pytest.mark.parametrize("login", EVERY)
def test_axe_finds_nothing_on_any_page_at_any_width(browser: Browser, address: str, login: str) -> None:
    officer, found = at(browser, address, login), []
    for path in EVERY[login]:
        officer.open(path)
        for width in WIDTHS:
            officer.page.set_viewport_size({"width": width, "height": 768})
            found += [f"{path} at {width}: {each}" for each in violations(officer.page)]
    assert found == []


@pytest.mark.parametrize("login", EVERY)
def test_targets_are_large_and_headings_in_order(browser: Browser, address: str, login: str) -> None:
    officer, found = at(browser, address, login), []
    for path in EVERY[login]:
        officer.open(path)
        levels = officer.page.evaluate(HEADINGS)
        jumps = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
        found += [f"{path}: headings {levels}"] if jumps or levels.count(1) != 1 else []
        for width in (1366, 390):
            officer.page.set_viewport_size({"width": width, "height": 768})
            small = [*officer.page.evaluate(SMALL), *officer.page.evaluate(MAIN_ONES)]
            found += [f"{path} at {width}: {each}" for each in small]
    assert found == []


@pytest.mark.parametrize("login", ["front-office", "facilitator", "manager"])
def test_own_tasks_fit_320_pixels_at_twice_the_text_size(browser: Browser, address: str, login: str) -> None:
    officer, found = at(browser, address, login), []
    officer.page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/tugas",):
        officer.open(path)
        officer.page.evaluate("document.documentElement.style.fontSize = '200%'")
        if officer.runs_over:
            found.append(f"{path}: {officer.page.evaluate('document.documentElement.scrollWidth')}")
            found += officer.page.evaluate(OVER)
    assert found == [], "\n".join(found)


def test_keyboard_alone_leads_from_the_skip_link_to_the_form(browser: Browser, address: str) -> None:
    officer = at(browser, address, "front-office")
    page = officer.page
    officer.open("/tugas")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"
    officer.open("/lapangan")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        shown = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
        name = page.evaluate(f"[document.activeElement.name || document.activeElement.id || '', {shown}]")
        assert name[1] or not name[0], name
        seen.append(name[0])
        if name[0] == "kirim":
            break
    assert seen.index("who") < seen.index("name") < seen.index("program") < seen.index("kirim")
