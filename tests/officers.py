"""The demonstration in a real Chromium: `portal serve` on a free port, and officers at their screens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, ViewportSize

from portal.demo import PASSWORD

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 15_000
"""Milliseconds after which a page that does not answer is a failure."""
EXPECTED = ("status of 422", "status of 404", "status of 403")
"""Chromium writes answers that say "not so" to its console; the page itself says it to the reader."""


def chromium() -> str | None:
    """Returns the path of the browser, None when there is none."""
    return os.environ.get("PORTAL_TEST_CHROMIUM") or shutil.which("chromium")


def launch(playwright: Playwright) -> Browser:
    """Starts the browser."""
    return playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


@contextmanager
def served(database: Path) -> Iterator[str]:
    """Serves a database as `portal serve` does and gives the address."""
    known = {**os.environ, "PORTAL_DATABASE_URL": f"sqlite:///{database}", "PORTAL_LANGUAGE": "id"}
    command = [sys.executable, "-m", "portal", "serve", "--port", "0"]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, env=known, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://[^\s/]+", line)
            assert found, line
            yield found[0]
        finally:
            process.terminate()


@dataclass(kw_only=True)
class Officer:
    """Somebody with a log-in in front of a screen; what goes wrong behind the page is kept in `troubles`."""

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, browser: Browser, address: str, size: ViewportSize, *, scripts: bool = True) -> Officer:
        """Returns somebody in front of a fresh window."""
        context = browser.new_context(viewport=size, java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        officer = cls(page=context.new_page(), address=address)
        officer.page.on("console", officer._console)
        officer.page.on("pageerror", lambda error: officer.troubles.append(str(error)))
        officer.page.on("request", officer._request)
        return officer

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(text in message.text for text in EXPECTED):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.troubles.append(f"{self.page.url} asked {request.url}")

    def log_in(self, login: str) -> None:
        """Logs in as somebody else."""
        self.page.context.clear_cookies()
        self.open("/masuk")
        self.page.fill("#login", login)
        self.page.fill("#password", os.environ.get("PORTAL_DEMO_PASSWORD") or PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(lambda url: "/masuk" not in url)

    def open(self, path: str) -> int:
        """Opens a page and returns its status."""
        response = self.page.goto(f"{self.address}{path}")
        return response.status if response else 0

    def answer(self, answers: Mapping[str, str]) -> None:
        """Fills entries by their names, whatever they are; the boxes of a date are parted by spaces."""
        for name, text in answers.items():
            entry = self.page.locator(f'main [name="{name}"]:not([type="hidden"])')
            kind = entry.first.get_attribute("type")
            if kind in ("radio", "checkbox"):
                self.page.check(f'main [name="{name}"][value="{text}"]')
            elif kind is None and entry.locator("option").count():
                entry.select_option(text)
            elif entry.count() == 3:
                for box, part in zip(entry.all(), text.split(), strict=True):
                    box.fill(part)
            else:
                entry.fill(text)

    def complete_step(self, answers: Mapping[str, str]) -> None:
        """Fills the form of a case's step and completes it."""
        self.answer(answers)
        self.page.click('form[action*="/langkah/"] .buttons button')
        self.page.wait_for_url("**notice=step-completed**")

    @property
    def runs_over(self) -> bool:
        """Whether the page must be moved sideways to be read."""
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return bool(wide)
