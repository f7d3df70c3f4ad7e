"""Every page that a role reaches passes axe-core, on a desk's screen and on a phone."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator

import pytest
from axe import violations
from officers import DESK, PHONE, Officer
from playwright.sync_api import Browser
from test_browser import PAGES, address  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
MOST = 60
"""So many kinds of pages each person walks to."""
MORE = {"manager": ("/data/resident/1/jejak", "/unduh/kasus", "/bagi"), "secretariat": ("/tugas",)}
LOGINS = ("manager", "secretariat", "front-office", "facilitator", "district-staff")
SIZES = {"desk": DESK, "phone": PHONE}
TRIED = (
    [(size, login) for size in SIZES for login in LOGINS]
    if os.environ.get("PORTAL_AXE_ALL")
    else [("desk", "manager"), ("phone", "front-office")]
)
"""Who walks, on which screen; `PORTAL_AXE_ALL=1` for everybody on both."""
_KEY = re.compile(r"\b[0-9]+\b")


def walk(officer: Officer, starts: tuple[str, ...]) -> Iterator[str]:
    """Yields, opened, one page of each kind that links lead to; numbers in addresses make no kind."""
    waiting, kinds = deque(starts), set[str]()
    while waiting and len(kinds) < MOST:
        path = waiting.popleft()
        kind = _KEY.sub("#", path)
        if (
            kind in kinds
            or path.endswith((".pdf", ".css"))
            or path.startswith(("/surat/", "/static", "/keluar"))
            or "/tanda-terima/" in path
        ):
            continue
        kinds.add(kind)
        officer.open(path)
        yield path
        links = officer.page.locator("a[href^='/']").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        waiting += [each.partition("#")[0] for each in links]


@pytest.mark.parametrize(("size", "login"), TRIED)
def test_pages_pass_axe(browser: Browser, address: str, size: str, login: str) -> None:  # noqa: F811
    officer = Officer.at(browser, address, SIZES[size])
    officer.log_in(login)
    starts = (*PAGES.get(login, ()), *MORE.get(login, ()), "/tugas")
    wrong = {path: found for path in walk(officer, starts) if (found := violations(officer.page))}
    assert wrong == {}


def test_page_before_log_in_passes_axe(browser: Browser, address: str) -> None:  # noqa: F811
    officer = Officer.at(browser, address, PHONE)
    for path in ("/masuk", "/undangan"):
        officer.open(path)
        assert violations(officer.page) == []


def test_axe_finds_what_is_wrong(browser: Browser, address: str) -> None:  # noqa: F811
    officer = Officer.at(browser, address, DESK)
    officer.open("/masuk")
    officer.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><input>')"
    )
    assert {each.split(":")[0] for each in violations(officer.page)} >= {
        "critical image-alt",
        "critical label",
    }
