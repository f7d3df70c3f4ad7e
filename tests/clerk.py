"""A clerk at a portal that runs somewhere: logs in, fills in the forms that the pages show, sends them.

Forms are read from the page: whatever hidden entries they hold go back with what the clerk typed.
"""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

SESSION = re.compile(r"([^=;\s]+)=([^;]*)")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
IDLE_SECONDS = 3.0
"""After so long a new connection is made: a server closes one that is idle, and a browser notices."""
Pairs = Sequence[tuple[str, str]]


@dataclass(kw_only=True)
class Form:
    """One form of a page: where it goes, and what its entries hold."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values of each select and each group of radio buttons or boxes."""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=said.get("action", "")))
        elif self.forms and tag in ("input", "select", "textarea") and said.get("name"):
            self._entry(tag, said)
        elif self.forms and tag == "option" and self.select:
            self.forms[-1].choices[self.select].append(said.get("value", ""))
            if "selected" in said:
                self.forms[-1].values[self.select] = said.get("value", "")

    def _entry(self, tag: str, said: Mapping[str, str]) -> None:
        form, name, kind = self.forms[-1], said["name"], said.get("type", "text")
        if tag == "select":
            self.select = name
            form.choices[name] = []
        elif tag == "textarea":
            self.area = name
            form.values[name] = ""
        elif kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(said.get("value", "on"))
            if "checked" in said:
                form.values[name] = said.get("value", "on")
        elif kind != "submit":
            form.values[name] = said.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1].values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the portal answered."""

    status: int
    led: str
    """Where it leads, empty for a page."""
    text: str

    def form(self, action: str) -> Form | None:
        """Returns the first form whose address holds a text, None when the page has none."""
        reader = _Forms()
        reader.feed(self.text)
        return next((form for form in reader.forms if action in form.action), None)


@dataclass(kw_only=True)
class Clerk:
    """One browser: an address, its cookies, its connection."""

    port: int
    host: str = "127.0.0.1"
    seconds: float = 30.0
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None
    used: float = 0.0

    def ask(self, method: str, address: str, values: Mapping[str, str] | Pairs | None = None) -> Page:
        """Sends one request and returns the answer.

        Raises:
            OSError: no answer came.
            http.client.HTTPException: the answer broke off.
        """
        headers = {"Host": f"{self.host}:{self.port}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if values is not None:
            body = urlencode(values if isinstance(values, Mapping) else list(values))
            headers |= {**FORM, "Origin": f"http://{headers['Host']}"}
        if time.monotonic() - self.used > IDLE_SECONDS:
            self.leave()
        connection = self.connection or http.client.HTTPConnection(self.host, self.port, timeout=self.seconds)
        self.connection = None
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            data = answer.read()
        except BaseException:
            connection.close()
            raise
        self.connection, self.used = connection, time.monotonic()
        for name, value in (pair for head in answer.msg.get_all("Set-Cookie", []) for pair in _pair(head)):
            self.cookies[name] = value
        return Page(
            status=answer.status, led=answer.headers.get("Location", ""), text=data.decode("utf-8", "replace")
        )

    def get(self, address: str) -> Page:
        """Opens a page."""
        return self.ask("GET", address)

    def send(self, form: Form, typed: Mapping[str, str]) -> Page:
        """Sends a form with what was typed into it."""
        return self.ask("POST", form.action, {**form.values, **typed})

    def log_in(self, login: str, password: str) -> None:
        """Logs in.

        Raises:
            PermissionError: the portal did not let the clerk in.
        """
        form = self.get("/masuk").form("/masuk")
        entered = {"username": login, "password": password}
        page = self.send(form or Form(action="/masuk"), entered)
        if page.status != 303:
            raise PermissionError(login)

    def leave(self) -> None:
        """Closes the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _pair(head: str) -> list[tuple[str, str]]:
    found = SESSION.match(head)
    return [(found[1], found[2])] if found else []
