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
from officers import DESK, PHONE, served
from playwright.sync_api import Browser, ViewportSize, expect
from worked import demo_copy

pytestmark = pytest.mark.browser
SIZES: dict[str, ViewportSize] = {"desk": DESK, "phone": PHONE}
FEW = (("phone", "1"), ("desk", "8"))
"""What every run carries: the most frequent case, and one without a name that ends early."""
ALL = tuple((size, case) for size in SIZES for case in CASES)
CHOSEN = ALL if os.environ.get("PORTAL_JOURNEYS") == "all" else FEW


@pytest.fixture(scope="module")
def screens(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Screens]:
    with served(demo_copy(tmp_path_factory.mktemp("journeys"))) as address:
        screens = Screens(browser=browser, address=address, size=SIZES[request.param])
        yield screens
        screens.close()


@pytest.mark.parametrize(("screens", "case"), CHOSEN, indirect=["screens"])
def test_case_is_carried_from_complaint_to_close(screens: Screens, case: str) -> None:
    carry(screens, journey(case))
    assert screens.troubles == []


def test_case_is_carried_without_scripts(tmp_path: Path, browser: Browser) -> None:
    """Complaint, search by number, steps, referral and its letter, and the end, by forms and links alone."""
    with served(demo_copy(tmp_path)) as address:
        screens = Screens(browser=browser, address=address, size=DESK, scripts=False)
        number = carry(screens, journey("1"))
        page = screens.of("manager")
        find(page, number)
        expect(page).to_have_url(re.compile("/kasus/"))
        assert screens.troubles == []
        screens.close()
