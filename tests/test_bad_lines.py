"""Bad lines in a real browser: a dead line, a killed server, a lost answer, and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from badlines import Server, cases
from officers import DESK, PHONE, Officer
from playwright.sync_api import Browser, Route, expect

pytestmark = pytest.mark.browser
NEW = {
    "who": "new",
    "nik": "1810035408949931",
    "name": "Wagini Contoh",
    "birth_date": "14 08 1994",
    "sex": "female",
    "rt": "002",
    "rw": "001",
    "program": "dtsen",
    "complaint": "sos-01",
    "description": "Buruh tani, belum pernah didata.",
}


def status(officer: Officer, text: str) -> None:
    expect(officer.page.locator("#draf")).to_contain_text(text)


def test_draft_survives_a_closed_browser(browser: Browser, server: Server) -> None:
    officer = Officer.at(browser, server.address, PHONE)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer(NEW)
    status(officer, "Draf tersimpan")
    officer.page.context.close()
    again = Officer.at(browser, server.address, DESK, scripts=False)
    again.log_in("front-office")
    again.open("/aduan/baru")
    again.page.get_by_role("link", name="Pakai").click()
    expect(again.page.locator("main [name=name]")).to_have_value(NEW["name"])
    expect(again.page.locator("main [name=birth_date]").nth(2)).to_have_value("1994")
    expect(again.page.locator("main [name=description]")).to_have_value(NEW["description"])
    again.page.get_by_role("button", name="Buang").click()
    expect(again.page.locator("main [name=description]")).to_have_value("")
    expect(again.page.get_by_text("Draf sudah dibuang")).to_be_visible()


def test_server_killed_while_typing_costs_nothing(browser: Browser, server: Server, database: Path) -> None:
    officer, before = Officer.at(browser, server.address, DESK), cases(database)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer(NEW)
    status(officer, "Draf tersimpan")
    server.kill()
    officer.page.fill("main [name=description]", "Ditulis ketika server mati.")
    status(officer, "Belum tersimpan - isian Anda aman")
    officer.page.click("button[name=save]")
    status(officer, "mengirim lagi sendiri")
    expect(officer.page.locator("main [name=description]")).to_have_value("Ditulis ketika server mati.")
    server.start()
    officer.page.wait_for_url("**/kasus/*", timeout=40_000)
    expect(officer.page.get_by_text("Ditulis ketika server mati.")).to_be_visible()
    assert cases(database) == before + 1
    officer.open("/aduan/baru")
    expect(officer.page.get_by_text("Ada isian yang belum tersimpan")).to_have_count(0)


def test_submit_without_a_line_stays_on_the_page(browser: Browser, server: Server, database: Path) -> None:
    officer, before = Officer.at(browser, server.address, PHONE), cases(database)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer(NEW)
    officer.page.context.set_offline(True)
    officer.page.click("button[name=save]")
    status(officer, "Sambungan terputus")
    assert officer.page.url.endswith("/aduan/baru")
    assert cases(database) == before
    officer.page.context.set_offline(False)
    officer.page.wait_for_url("**/kasus/*", timeout=40_000)
    assert cases(database) == before + 1


def test_lost_answer_makes_no_second_case(browser: Browser, server: Server, database: Path) -> None:
    officer, before = Officer.at(browser, server.address, DESK), cases(database)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer(NEW)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    officer.page.route("**/aduan/baru", lose)
    officer.page.click("button[name=save]")
    status(officer, "Sambungan terputus")
    assert (len(lost), cases(database)) == (1, before + 1)
    officer.page.wait_for_url("**/kasus/*", timeout=40_000)
    assert cases(database) == before + 1


def test_ended_session_keeps_the_page_and_says_so(browser: Browser, server: Server, database: Path) -> None:
    officer = Officer.at(browser, server.address, DESK)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer(NEW)
    status(officer, "Draf tersimpan")
    kept = officer.page.context.cookies()
    officer.page.context.clear_cookies()
    officer.page.click("button[name=save]")
    status(officer, "sesi Anda sudah berakhir")
    expect(officer.page.locator("main [name=name]")).to_have_value(NEW["name"])
    officer.page.context.add_cookies(kept)  # type: ignore[arg-type]
    officer.page.click("button[name=save]")
    officer.page.wait_for_url("**/kasus/*")


def test_form_that_the_server_sends_back_keeps_its_draft(browser: Browser, server: Server) -> None:
    officer = Officer.at(browser, server.address, DESK)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer({**NEW, "nik": "1810035408949"})
    status(officer, "Draf tersimpan")
    officer.page.click("button[name=save]")
    expect(officer.page.locator("#ringkasan-galat")).to_be_focused()
    status(officer, "Draf tersimpan")
    officer.open("/aduan/baru")
    expect(officer.page.get_by_role("link", name="Pakai")).to_have_count(1)
    officer.page.get_by_role("link", name="Pakai").click()
    officer.answer({"nik": NEW["nik"]})
    officer.page.click("button[name=save]")
    officer.page.wait_for_url("**/kasus/*")
    officer.open("/tugas")
    expect(officer.page.get_by_text("belum tersimpan")).to_have_count(0)


def test_nothing_typed_is_left_in_the_browser(browser: Browser, server: Server) -> None:
    officer = Officer.at(browser, server.address, PHONE)
    officer.log_in("front-office")
    officer.open("/aduan/baru")
    officer.answer(NEW)
    status(officer, "Draf tersimpan")
    kept = officer.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    assert officer.troubles == []
