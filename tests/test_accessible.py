"""Every page for people who use a keyboard, a small screen, large letters or a reader of the screen.

Everybody walks to one page of each kind; there axe-core looks, targets are measured, and nothing may stand
beside the screen, nor at twice the text size. `PORTAL_AXE_ALL=1` sends everybody and looks at each width.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from axe import violations
from badlines import Server
from officers import DESK, Officer
from playwright.sync_api import Browser, expect
from tour import NOBODY, tour
from worked import LOGINS

pytestmark = pytest.mark.browser
ALL = bool(os.environ.get("PORTAL_AXE_ALL"))
WALKERS = (*LOGINS, NOBODY) if ALL else ("front-office", "manager", NOBODY)
WIDTHS = (1366, 390, 360, 320)
"""Pixels: a desk, and phones."""
LOOKED_AT = WIDTHS if ALL else (1366, 320)
"""At which widths axe looks."""
TOUCHED = (1366, 390)
"""At which widths targets are measured."""
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
  .map((each) => each.outerHTML.slice(0, 80)).slice(0, 3)"""
HEADINGS = """() => [...document.querySelectorAll('h1,h2,h3,h4')]
  .filter((each) => each.checkVisibility()).map((each) => +each.tagName[1])"""


def at(browser: Browser, address: str, login: str) -> Officer:
    officer = Officer.at(browser, address, DESK)
    if login:
        officer.log_in(login)
    return officer


def faults(officer: Officer) -> Iterator[str]:
    """Yields what is wrong with a page as it stands, with the width at which it is."""
    page = officer.page
    levels = page.evaluate(HEADINGS)
    if levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)):
        yield f"headings {levels}"
    if page.get_attribute("html", "lang") != "id":
        yield "no language"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        if officer.runs_over:
            yield f"{width}: runs over {page.evaluate(OVER)}"
        if width in LOOKED_AT:
            yield from (f"{width}: {each}" for each in violations(page))
        if width in TOUCHED:
            small = (*page.evaluate(SMALL), *page.evaluate(MAIN_ONES))
            yield from (f"{width}: too small to touch: {each}" for each in small)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if officer.runs_over:
        yield f"320 at 200 %: runs over {page.evaluate(OVER)}"
    page.set_viewport_size(DESK)


@pytest.mark.parametrize("login", WALKERS)
def test_every_page_is_for_everybody(browser: Browser, address: str, login: str) -> None:
    officer = at(browser, address, login)
    found = [f"{path}: {fault}" for path in tour(officer, login) for fault in faults(officer)]
    assert found == [], "\n".join(found)
    assert officer.troubles == []


@contextmanager
def without(database: Path, table: str) -> Iterator[None]:
    """Takes a table away from a portal that runs, and puts it back."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO away")
    yield
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"ALTER TABLE away RENAME TO {table}")


def test_errors_are_for_everybody(browser: Browser, server: Server, database: Path) -> None:
    officer, edit = at(browser, server.address, "front-office"), "/data/resident/edit/1"
    page, found = officer.page, dict[int, list[str]]()

    for path in ("/tidak-ada", "/kasus?x=1", "/data/resident/export/csv"):
        status = officer.open(path)
        found[status] = list(faults(officer))
    officer.open(edit)
    other = Officer(page=page.context.new_page(), address=server.address)
    other.open(edit)
    other.page.fill("[name=name]", "Nama Lain Contoh")
    other.page.click("main .buttons button")
    other.page.wait_for_url("**/details/**")
    page.fill("[name=name]", "Nama Ketiga Contoh")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.click("main .buttons button")
    expect(page.locator("main")).to_contain_text("Nama Lain Contoh")
    found[answer.value.status] = list(faults(officer))
    with without(database, "screening"):
        status = officer.open("/kasus/1")
        found[status] = list(faults(officer))
    officer.open(edit)
    page.context.clear_cookies()
    page.click("main .buttons button")  # the session has ended: what was typed stays, and the page says so
    expect(page.locator("#draf")).to_contain_text("sesi Anda sudah berakhir")
    found[0] = list(faults(officer))
    assert {code: each for code, each in found.items() if each} == {}
    assert set(found) >= {404, 400, 409, 500}, sorted(found)


def test_axe_finds_what_is_wrong(browser: Browser, address: str) -> None:
    officer = at(browser, address, NOBODY)
    officer.open("/masuk")
    officer.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><input>')"
    )
    assert {each.split(":")[0] for each in violations(officer.page)} >= {
        "critical image-alt",
        "critical label",
    }


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
