"""People at their screens: they read labels and buttons, type, choose and press, and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from officers import PATIENCE, Officer
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from journeys import names
from portal.demo import PASSWORD


@dataclass(kw_only=True)
class Screens:
    """The screens of an office: one for each role, logged in once."""

    browser: Browser
    address: str
    size: ViewportSize
    scripts: bool = True
    open: dict[str, Officer] = field(default_factory=dict)

    def of(self, login: str) -> Page:
        """Returns the screen of somebody, who logs in when they sit down."""
        if login not in self.open:
            officer = Officer.at(self.browser, self.address, self.size, scripts=self.scripts)
            page = officer.page
            page.goto(f"{self.address}/")
            page.get_by_label(names.LOG_IN_NAME).fill(login)
            page.get_by_label(names.PASSWORD).fill(os.environ.get("PORTAL_DEMO_PASSWORD") or PASSWORD)
            page.get_by_role("button", name=names.LOG_IN).click()
            page.wait_for_url(lambda url: "/masuk" not in url)
            self.open[login] = officer
        return self.open[login].page

    def close(self) -> None:
        """Everybody leaves."""
        for officer in self.open.values():
            officer.page.context.close()
        self.open.clear()

    @property
    def troubles(self) -> list[str]:
        """What went wrong behind the pages."""
        return [each for officer in self.open.values() for each in officer.troubles]


def main(page: Page) -> Locator:
    """Returns what stands in the middle of a page."""
    return page.get_by_role("main")


def entry(page: Page, label: str, text: str | Sequence[str]) -> None:
    """Fills in the entry of a label, whatever kind of entry it is; an answer is named as it reads."""
    group = main(page).get_by_role("group", name=names.called(label))
    if group.count() and group.first.is_visible():
        return _in_group(group.first, [text] if isinstance(text, str) else list(text))
    box = main(page).get_by_label(names.called(label)).locator("visible=true").first
    expect(box, f"no entry is called {label!r}").to_be_visible(timeout=PATIENCE // 3)
    if box.evaluate("each => each.tagName") == "SELECT":
        box.select_option(label=str(text))
    else:
        box.fill(str(text))
    return None


def _in_group(group: Locator, said: list[str]) -> None:
    if group.get_by_role("textbox").count() == 3 and re.fullmatch(r"\d{4}-\d\d-\d\d", said[0]):
        for label, part in zip((names.YEAR, names.MONTH, names.DAY), said[0].split("-"), strict=True):
            group.get_by_label(label).fill(part)
        return
    for each in said:
        kind = "radio" if group.get_by_role("radio").count() else "checkbox"
        group.get_by_role(kind, name=each, exact=True).check()  # type: ignore[arg-type]


def unfold(page: Page, summary: str) -> None:
    """Opens what is folded under a line, where the page has it and it is shut."""
    line = main(page).locator("summary").filter(has_text=summary)
    if line.count() and not line.first.evaluate("each => each.parentElement.open"):
        line.first.click()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Presses a button of the middle of the page."""
    main(page).get_by_role("button", name=name).locator("visible=true").first.click()


def problems(page: Page) -> str:
    """Returns what the page says is wrong, for the message of a journey that got stuck."""
    alert = main(page).get_by_role("alert")
    heading = page.get_by_role("heading").all_inner_texts()
    return " | ".join([*alert.all_inner_texts(), *heading[:4]])


def find(page: Page, number: str) -> bool:
    """Opens a case by its number from the search box of any page; False when it is not shown to them."""
    box = page.get_by_role("searchbox", name=names.SEARCH)
    box.fill(number)
    box.press("Enter")
    page.wait_for_url(lambda url: "/kasus/" in url or url.endswith("/cari"))
    return bool(main(page).get_by_role("heading", name=names.begins(names.STEP_NOW)).count())
