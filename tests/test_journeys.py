"""The worked cases in a real browser from complaint to close, by words alone; PORTAL_JOURNEYS=all: all 26."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.carried import carry
from journeys.screens import Screens, find
from journeys.told import CASES, journey
from officers import DESK, PHONE, chromium, launch, served
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright
from worked import demo_file

pytestmark = pytest.mark.browser
SIZES: dict[str, ViewportSize] = {"desk": DESK, "phone": PHONE}
FEW = (("1", "phone"), ("8", "desk"))
"""What every run carries: the most frequent case, and one without a name that ends early."""
ALL = [(case, size) for size in SIZES for case in CASES]
CHOSEN = ALL if os.environ.get("PORTAL_JOURNEYS") == "all" else FEW


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: set PORTAL_TEST_CHROMIUM to its path")
        pytest.skip("Chromium is missing")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=list(SIZES))
def screens(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Screens]:
    file = tmp_path_factory.mktemp("journeys") / "portal.db"
    file.write_bytes(demo_file().read_bytes())
    with served(file) as address:
        screens = Screens(browser=browser, address=address, size=SIZES[request.param])
        yield screens
        screens.close()


@pytest.mark.parametrize("case", CASES)
def test_case_is_carried_from_complaint_to_close(
    screens: Screens, case: str, request: pytest.FixtureRequest
) -> None:
    size = next(name for name, each in SIZES.items() if each == screens.size)
    if (case, size) not in CHOSEN:
        pytest.skip("PORTAL_JOURNEYS=all carries every case at both sizes")
    carry(screens, journey(case))
    assert screens.troubles == []


def test_case_is_carried_without_scripts(tmp_path: Path, browser: Browser) -> None:
    """Complaint, search by number, steps, referral and its letter, and the end, by forms and links alone."""
    file = tmp_path / "portal.db"
    file.write_bytes(demo_file().read_bytes())
    with served(file) as address:
        screens = Screens(browser=browser, address=address, size=DESK, scripts=False)
        number = carry(screens, journey("1"))
        page = screens.of("manager")
        find(page, number)
        expect(page).to_have_url(re.compile("/kasus/"))
        assert screens.troubles == []
        screens.close()
