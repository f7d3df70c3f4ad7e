"""The demonstration in tests: built once for each process, copied for each test, asked as by a browser."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

from httpx2 import Response
from sqlalchemy import Engine, select
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from portal import accounts, demo
from portal.admin.auth import COOKIE
from portal.database import engine_of, reading, writing
from portal.settings import Settings
from portal.tables import Case, IssuedLetter, Submission

NOW = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
"""Ten o'clock on a Thursday, after the last of the worked cases."""
LOGINS = tuple(login for login, _, _ in demo.ACCOUNTS)
TOKENS: dict[str, str] = {}
"""The session of each account in the copies of the demonstration: verifying passwords takes its time."""
ORIGIN = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
FORM = {**ORIGIN, "content-type": "application/x-www-form-urlencoded"}


class Clock:
    """The time of a portal, moved by the test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **how: float) -> None:
        self.now += timedelta(**how)


@cache
def demo_file() -> Path:
    """Returns the database file of the demonstration; nobody changes it."""
    file = Path(tempfile.mkdtemp(prefix="portal-demo-")) / "demo.db"
    atexit.register(shutil.rmtree, file.parent)
    demo.load(Settings(database=f"sqlite:///{file}"))
    engine = engine_of(f"sqlite:///{file}")
    with writing(engine) as session:
        for login in LOGINS:
            TOKENS[login] = accounts.log_in(session, login, demo.PASSWORD, NOW) or ""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


def demo_copy(folder: Path) -> Path:
    """Returns the database file of a demonstration of one's own."""
    return Path(shutil.copyfile(demo_file(), folder / "demo.db"))


def demo_engine(folder: Path) -> Engine:
    """Returns a demonstration of one's own."""
    return engine_of(f"sqlite:///{demo_copy(folder)}")


def case_of(engine: Engine, story: str) -> int:
    """Returns the case of a worked case."""
    with reading(engine) as session:
        led = session.scalars(select(Submission.led_to).where(Submission.key == f"demo-case-{story}")).one()
    return int(led.rpartition("/")[2])


def letters_of(engine: Engine, case: int) -> list[int]:
    """Returns the letters of a case."""
    with reading(engine) as session:
        return list(session.scalars(select(IssuedLetter.id).where(IssuedLetter.case_id == case)))


def cases_in(engine: Engine, area: str) -> list[int]:
    """Returns the cases of an area."""
    with reading(engine) as session:
        return list(session.scalars(select(Case.id).where(Case.area == area)))


def mark_printed(engine: Engine) -> None:
    """Gives every letter some bytes, for tests that are not about printing."""
    with writing(engine) as session:
        for letter in session.scalars(select(IssuedLetter).where(IssuedLetter.pdf.is_(None))):
            letter.pdf = b"%PDF-1.7 already printed"


@dataclass(kw_only=True)
class Form:
    """One form of a page: its address, what it would send, its buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class Reader(HTMLParser):
    """Reads a page: its forms, its links, and the text that people see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self._open: Form | None = None
        self._select: str | None = None
        self._area: tuple[str, list[str]] | None = None
        self._skip = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        if tag in ("style", "script"):
            self._skip += 1
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        if tag == "form":
            self._open = Form(action=has["action"], method=has.get("method", "get"))
            self.forms.append(self._open)
        self.text += [has[key] for key in ("placeholder", "aria-label", "title") if has.get(key)]
        if self._open is not None:
            self._control(tag, has)

    def _control(self, tag: str, has: Mapping[str, str]) -> None:
        form, name = self._open, has.get("name", "")
        if form is None or (not name and tag != "option"):
            return
        form.names.add(name)
        if tag == "button":
            form.buttons.append((name, has.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            form.fields.append((self._select, has["value"]))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "input" and (has.get("type") not in ("radio", "checkbox") or "checked" in has):
            form.fields.append((name, has.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._skip -= 1
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = None
        if tag == "textarea" and self._area and self._open:
            self._open.fields.append((self._area[0], "".join(self._area[1]).removeprefix("\n")))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        if data.strip() and not self._skip:
            self.text.append(" ".join(data.split()))


class Browser:
    """Somebody at a browser without scripts, in the demonstration or with a password of their own."""

    def __init__(self, app: ASGIApp, login: str | None = None, password: str = "") -> None:
        self.client = TestClient(
            app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False
        )
        self.asked: list[str] = []
        self.page: Response
        if password:
            self.post("/masuk", {"username": login or "", "password": password})
            assert self.page.status_code == 303, login
        elif login is not None:
            self.client.cookies.set(COOKIE, TOKENS[login])

    def get(self, url: str) -> Response:
        """Opens an address and follows where it leads."""
        self.asked.append(url)
        self.page = self.client.get(url)
        while self.page.status_code in (302, 303):
            self.asked.append(self.page.headers["location"])
            self.page = self.client.get(self.asked[-1])
        return self.page

    def post(self, url: str, data: Mapping[str, str] | Sequence[tuple[str, str]]) -> Response:
        """Sends a form as a browser would; where it leads is not followed."""
        self.asked.append(url)
        self.page = self.client.post(
            url,
            content=urlencode(list(dict(data).items()) if isinstance(data, Mapping) else data),
            headers=FORM,
        )
        return self.page

    @property
    def seen(self) -> Reader:
        """The page as it is read."""
        return Reader(self.page.text)

    def form(self, action: str) -> Form:
        """Returns the form of the page whose address begins so."""
        return next(form for form in self.seen.forms if form.action.startswith(action))

    def send(self, action: str, button: str = "", /, **typed: str | Sequence[str]) -> Response:
        """Fills in a form of the page and presses a button; `_` in a name stands for itself, `__` for `-`."""
        form = self.form(action)
        said = {name.replace("__", "-"): value for name, value in typed.items()}
        assert said.keys() <= form.names, said.keys() - form.names
        pairs = [(name, value) for name, value in form.fields if name not in said]
        for name, value in said.items():
            pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        pairs += [each for each in form.buttons if each[0] == button]
        return self.post(form.action, pairs)

    def follow(self) -> Response:
        """Goes where the last form led."""
        assert self.page.status_code == 303, self.page.text
        return self.get(self.page.headers["location"])
