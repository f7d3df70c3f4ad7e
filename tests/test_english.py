"""No English word stands on any page of the demonstration that is shown in Indonesian."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from sqlalchemy import Engine
from starlette.types import ASGIApp
from worked import LOGINS, NOW, Browser, demo_engine

from portal.app import create_app
from portal.settings import Settings

FREQUENT = """
the and of with for from to is are was be this that these those not you your please must error errors
invalid required failed save saved submit edit delete deleted remove search find update updated create
created add list show hide close closed open back next previous cancel confirm yes no new old all none
name date type value choose select unknown missing case cases step steps letter letters task tasks resident
user users password login logout account accounts settings home page pages file files has have been will
can cannot when where why by on at as an or if it its
"""
ENGLISH = frozenset(FREQUENT.split())
"""Frequent in English sentences and labels, and no words of Indonesian."""
BOTH = frozenset({"at", "an", "as", "all", "no", "is", "to", "on", "if"})
"""Also short forms, initials or ends of Indonesian words ("no." for nomor): not looked for."""
EXCEPT = re.compile(
    r"https?://\S+|\S+@\S+|/\S+|\b[\w.]*[-_][\w.-]*|\w+\.(?:css|svg)\b|\.[a-z]+\b|\([a-z.]+\)|back office"
)
"""Addresses, file names and keys are no words, and a role is called as the guideline calls it."""
SAID = ("placeholder", "title", "aria-label", "alt")
UNREAD = ("script", "style", "code", "pre")
"""What is no sentence: the YAML of an office is shown as it is written, and its keys are English."""
SOURCE = "source"
"""The class of a file of the office in its editor."""
EMPTY = frozenset({"meta", "link", "input", "br", "hr", "img", "col", "source", "wbr"})
MOST = 80
_KEY = re.compile(r"\b[0-9]+\b|(?<=berkas=).*")
_WORD = re.compile(r"[a-z]+")


class Visible(HTMLParser):
    """What a person reads on a page; what says that it is in English is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._within: list[tuple[str, bool]] = []

    @property
    def _passed(self) -> bool:
        return any(unread for _, unread in self._within)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "a" and (known.get("href") or "").startswith("/"):
            self.links.append(str(known["href"]).partition("#")[0])
        unread = tag in UNREAD or known.get("lang") == "en" or known.get("class") == SOURCE
        if not (self._passed or unread):
            self.texts += [str(known[each]) for each in SAID if known.get(each)]
        if tag not in EMPTY:
            self._within.append((tag, unread))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._passed:
            self.texts.append(data)


def read(page: str) -> Visible:
    visible = Visible()
    visible.feed(page)
    return visible


def english(texts: list[str]) -> list[str]:
    """Returns the texts in which an English word stands."""
    wanted = ENGLISH - BOTH
    return [each.strip() for each in texts if wanted & set(_WORD.findall(EXCEPT.sub(" ", each.lower())))]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ASGIApp]:
    engine: Engine = demo_engine(tmp_path_factory.mktemp("english"))
    yield create_app(Settings(database=str(engine.url)), clock=lambda: NOW)
    engine.dispose()


def walked(browser: Browser, starts: tuple[str, ...]) -> dict[str, Visible]:
    """Returns one page of each kind that links lead to, and some that are missing or refused."""
    waiting, kinds, found = deque(starts), set[str](), dict[str, Visible]()
    while waiting and len(kinds) < MOST:
        path = waiting.popleft()
        kind = _KEY.sub("#", path)
        if kind in kinds or path.startswith(("/static", "/surat/")):
            continue
        kinds.add(kind)
        answer = browser.client.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            found[path] = read(answer.text)
            waiting += found[path].links
    return found


@pytest.mark.parametrize("login", LOGINS)
def test_no_english_on_the_pages_of_a_role(app: ASGIApp, login: str) -> None:
    starts = ("/tugas", "/kasus", "/kasus/1", "/aduan/baru", "/aduan/baru?warga=1", "/akun-saya", "/rilis")
    pages = walked(Browser(app, login), (*starts, "/tidak-ada", "/kasus/987654", "/lapangan", "/akun"))
    assert len(pages) > 8
    assert {path: found for path, page in pages.items() if (found := english(page.texts))} == {}


def test_english_is_found() -> None:
    page = read(
        '<p>Simpan</p><p lang="en">Save</p><code>the</code><input alt="Search cases"><b>Not found</b>'
    )
    assert english(page.texts) == ["Search cases", "Not found"]
