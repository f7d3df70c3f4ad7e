"""The text editor in a real Chromium, under the portal's Content-Security-Policy and at both sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe import violations
from editing import FOLDER, HOSTILE, Desk, editing
from officers import DESK, PHONE, Officer
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

pytestmark = pytest.mark.browser
TEXT = (FOLDER / "sop.yaml").read_text("utf-8")
ROLE = "        role: front-office\n"
ROLE_LINE = TEXT.count("\n", 0, TEXT.index(ROLE)) + 1
OPENING = 150
"""Milliseconds for which a fresh list of completions takes no Enter, so that nobody takes one by accident."""
SLIPPED = TEXT.replace(ROLE, ROLE.replace("office", "ofice"), 1)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with editing(Desk(text=TEXT)) as desk:
        yield desk


def shown(browser: Browser, desk: Desk, size: ViewportSize = DESK) -> Officer:
    """Returns somebody before the page, once the text was checked."""
    officer = Officer.at(browser, desk.address, size)
    officer.open("/")
    expect(officer.page.locator("#masalah [role=status]")).to_have_text(re.compile(r"\d+ galat"))
    return officer


def content(page: Page) -> Locator:
    return page.locator(".cm-content")


def go_to(page: Page, line: int) -> None:
    """Puts the cursor at the end of a line, as a link to it does."""
    page.evaluate(f"location.hash = '#baris-{line}'")
    expect(content(page)).to_be_focused()
    page.keyboard.press("End")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_editor_stands_in_its_place_and_breaks_no_policy(
    browser: Browser, desk: Desk, size: ViewportSize
) -> None:
    officer = shown(browser, desk, size)
    expect(content(officer.page)).to_have_attribute("aria-label", "Naskah SOP")
    expect(officer.page.locator("textarea")).to_be_hidden()
    style = officer.page.evaluate("getComputedStyle(document.querySelector('.cm-scroller')).display")
    assert style == "flex", "CodeMirror's own style is here"
    assert officer.page.locator("style").count() == 0
    wraps = officer.page.locator(".cm-lineWrapping").count()
    assert wraps == (1 if size == PHONE else 0)
    assert not officer.runs_over
    assert violations(officer.page) == []
    assert officer.troubles == []


def test_a_slip_is_underlined_listed_and_mended_by_a_click(browser: Browser, desk: Desk) -> None:
    desk.text = SLIPPED
    officer = shown(browser, desk)
    row = officer.page.locator("#masalah li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(f"Baris {ROLE_LINE}")
    row.locator("a").click()
    expect(officer.page.locator(".cm-lintRange-error")).to_have_text("front-ofice")
    assert violations(officer.page) == []
    row.locator("button").click()
    expect(row).to_have_count(0)
    expect(officer.page.locator("#masalah [role=status]")).to_have_text("0 galat")
    assert officer.page.input_value("textarea") == TEXT
    assert officer.troubles == []


def test_typing_offers_keys_with_their_meaning_and_then_roles(browser: Browser, desk: Desk) -> None:
    page = shown(browser, desk).page
    go_to(page, ROLE_LINE - 1)
    page.keyboard.press("Enter")
    page.keyboard.type("esc")
    offered = page.locator(".cm-tooltip-autocomplete")
    expect(offered.locator("[aria-selected]")).to_contain_text("escalate")
    expect(page.locator(".cm-completionInfo")).to_contain_text("Peran yang diberi tahu")
    page.wait_for_timeout(OPENING)
    page.keyboard.press("Enter")
    page.keyboard.type("[back")
    expect(offered.locator("[aria-selected]")).to_contain_text("back-office")
    page.wait_for_timeout(OPENING)
    page.keyboard.press("Enter")
    page.keyboard.type("]")
    assert page.input_value("textarea").split("\n")[ROLE_LINE - 1] == "        escalate: [back-office]"
    expect(page.locator("#arti")).to_contain_text("Peran yang diberi tahu")


def test_steps_that_were_just_typed_are_offered(browser: Browser, desk: Desk) -> None:
    desk.text = (
        "sops:\n  baru:\n    label: Baru\n    steps:\n      terima:\n        label: Terima\n        go: "
    )
    page = shown(browser, desk).page
    go_to(page, 7)
    page.keyboard.type(" te")
    expect(page.locator(".cm-tooltip-autocomplete [aria-selected]")).to_contain_text("terima")


def test_conditions_are_offered_paths_and_their_values(browser: Browser, desk: Desk) -> None:
    step = "    steps:\n      route:\n        type: decision\n        choose:\n"
    desk.text = f"sops:\n  pbi-new:\n{step}          - {{when: {{"
    page = shown(browser, desk).page
    go_to(page, 7)
    offered = page.locator(".cm-tooltip-autocomplete [aria-selected]")
    page.keyboard.type("case.pri")
    expect(offered).to_contain_text("case.priority")
    page.wait_for_timeout(OPENING)
    page.keyboard.press("Enter")
    page.keyboard.type("[urg")
    expect(offered).to_contain_text("urgent")
    page.wait_for_timeout(OPENING)
    page.keyboard.press("Enter")
    assert page.input_value("textarea").endswith("- {when: {case.priority: [urgent")


def test_an_answer_to_an_older_text_is_dropped(browser: Browser, desk: Desk) -> None:
    page = shown(browser, desk).page
    go_to(page, ROLE_LINE)
    before, desk.delay = len(desk.asked), 1.5
    page.keyboard.type("x")
    page.wait_for_timeout(600)
    page.keyboard.press("Backspace")
    page.wait_for_timeout(2000)
    assert len(desk.asked) == before + 2
    assert page.locator("#masalah li").count() == 0
    assert page.locator(".cm-lintRange").count() == 0


def test_enter_indents_and_tab_leaves(browser: Browser, desk: Desk) -> None:
    desk.text = "sops:\n  baru:"
    page = shown(browser, desk).page
    go_to(page, 2)
    page.keyboard.press("Enter")
    page.keyboard.type("label: Baru")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+]")
    assert page.input_value("textarea") == "sops:\n  baru:\n      label: Baru"
    page.keyboard.press("Tab")
    expect(page.locator("form button")).to_be_focused()


def test_a_link_leads_to_its_line(browser: Browser, desk: Desk) -> None:
    page = shown(browser, desk).page
    page.get_by_text("Ke baris 20").click()
    expect(page.locator(".cm-activeLineGutter.cm-gutterElement").first).to_have_text("20")
    expect(content(page)).to_be_focused()


def test_the_last_good_picture_stays(browser: Browser, desk: Desk) -> None:
    officer = shown(browser, desk)
    picture = officer.page.locator("#gambar svg")
    expect(picture.locator("a[href='#baris-12'] rect.step")).to_have_count(1)
    desk.picture = None
    go_to(officer.page, 30)
    officer.page.keyboard.type("x")
    expect(officer.page.locator("#masalah [role=status]")).not_to_have_text("0 galat")
    expect(picture).to_be_visible()
    picture.locator("a").click()
    expect(officer.page.locator(".cm-activeLineGutter.cm-gutterElement").first).to_have_text("12")
    assert officer.troubles == []


def test_a_picture_is_shown_without_what_could_act(browser: Browser, desk: Desk) -> None:
    desk.picture = HOSTILE
    page = shown(browser, desk).page
    expect(page.locator("#gambar svg text")).to_have_text("Langkah")
    assert (
        page.locator("#gambar").locator("script, foreignObject, use, [style], [onload], [href]").count() == 0
    )
    assert page.title() == "Naskah"


def test_the_draft_is_kept_and_then_sent(browser: Browser, desk: Desk) -> None:
    page = shown(browser, desk).page
    go_to(page, 1)
    page.keyboard.type(" Lampung")
    expect(page.locator("#tersimpan")).to_have_text("Tersimpan 14.05")
    (kept,) = desk.kept
    assert (kept["draft"], kept["version"], kept["file"]) == ("7", 1, "sop.yaml")
    assert page.locator("[name=version]").input_value() == "2"
    page.locator("form button").click()
    expect(page.locator("#sent")).to_be_visible()
    assert desk.posted[0].replace("\r\n", "\n") == kept["text"]
    assert " Lampung" in str(kept["text"]).partition("\n")[0]


def test_a_draft_that_somebody_changed_loses_nothing(browser: Browser, desk: Desk) -> None:
    desk.conflict = True
    page = shown(browser, desk).page
    go_to(page, 1)
    page.keyboard.type(" Lampung")
    expect(page.locator("#tersimpan")).to_have_text("Sudah diubah oleh Dewi.")
    page.keyboard.type(" Tengah")
    assert page.input_value("textarea").partition("\n")[0].endswith(" Lampung Tengah")


def test_a_dead_line_is_said_quietly_and_made_good(browser: Browser, desk: Desk) -> None:
    page = shown(browser, desk).page
    page.context.set_offline(True)
    go_to(page, 1)
    page.keyboard.type(" Lampung")
    expect(page.locator("#masalah [role=status]")).to_contain_text("Belum diperiksa")
    expect(page.locator("#tersimpan")).to_contain_text("Belum tersimpan")
    page.context.set_offline(False)
    expect(page.locator("#tersimpan")).to_have_text("Tersimpan 14.05")
    assert len(desk.kept) == 1


def test_what_is_read_only_stays_so(browser: Browser, desk: Desk) -> None:
    desk.read_only, desk.text = True, SLIPPED
    page = shown(browser, desk).page
    expect(content(page)).to_have_attribute("contenteditable", "false")
    expect(page.locator("#masalah li")).to_have_count(1)
    assert page.locator("#masalah li button").count() == 0


def test_the_editor_speaks_indonesian(browser: Browser, desk: Desk) -> None:
    page = shown(browser, desk).page
    go_to(page, 1)
    page.keyboard.press("Control+f")
    panel = page.locator(".cm-search")
    expect(panel.locator("[name=search]")).to_have_attribute("placeholder", "Cari")
    expect(panel).to_contain_text("huruf besar/kecil sama")
    assert violations(page) == []


def test_without_scripts_the_textarea_stays(browser: Browser, desk: Desk) -> None:
    officer = Officer.at(browser, desk.address, PHONE, scripts=False)
    officer.open("/")
    expect(officer.page.locator("textarea")).to_be_visible()
    officer.page.click("form button")
    assert desk.posted[0].replace("\r\n", "\n") == TEXT
