"""What every attack has: the running portal, browsers of officers, what the database holds, and rows."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import httpx2

ROOT = Path(__file__).parent.parent.parent
PASSWORD = os.environ.get("PORTAL_DEMO_PASSWORD") or "pintu-terbuka-2026"
HOME = "18.10.03.2007"
"""The village of the officers who attack."""
TELLING = re.compile(
    r"Traceback|sqlalchemy|sqlite3?\b|psycopg|OperationalError|IntegrityError|\bSELECT \w|\bINSERT INTO|\bFROM \w+ WHERE"
    r"|site-packages|portal/\w+\.py|File &#34;|File \"|starlette|uvicorn|jinja2|weasyprint|/usr/|/home/|/root/",
)
"""What no answer may hold: traces, SQL, paths, the names of libraries."""
GONE = (400, 403, 404, 405)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One attack: what should come of it and what did."""

    group: str
    name: str
    expected: str
    seen: str
    closed: bool


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What stands in the database, to know what belongs to whom."""

    file: Path

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Returns the rows of a query."""
        connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=20)
        try:
            return [tuple(row) for row in connection.execute(query, values)]
        finally:
            connection.close()

    def one(self, query: str, *values: object) -> object:
        """Returns the first value of a query."""
        return self.ask(query, *values)[0][0]

    def digest(self) -> dict[str, object]:
        """Returns how many rows each table has and which, but for what notes who has looked."""
        tables = [str(name) for (name,) in self.ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        looked = {"web_session", "read_log", "access_log", "reading"}
        return {
            name: hash(tuple(self.ask(f'SELECT * FROM "{name}"')))
            for name in tables
            if name not in looked and "_words" not in name and not name.startswith("sqlite_")
        }


@dataclass(kw_only=True)
class World:
    """The portal under attack."""

    address: str
    truth: Truth
    log: Path
    pid: int
    browsers: dict[str, httpx2.Client] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """The port of the portal."""
        return int(self.address.rpartition(":")[2])

    @property
    def host(self) -> str:
        """What a browser sends as Host."""
        return self.address.removeprefix("http://")

    def fresh(self) -> httpx2.Client:
        """Returns a browser of nobody."""
        return httpx2.Client(base_url=self.address, timeout=30, follow_redirects=False)

    def log_in(self, login: str, password: str = PASSWORD) -> httpx2.Client:
        """Returns a new browser in which an officer has logged in."""
        browser = self.fresh()
        said = {**hidden(browser.get("/masuk").text, "/masuk"), "username": login, "password": password}
        answer = browser.post("/masuk", data=said, headers=self.own())
        if answer.status_code != 303:
            raise RuntimeError(f"{login} cannot log in: {answer.status_code}")
        return browser

    def as_(self, login: str) -> httpx2.Client:
        """Returns the browser of an officer."""
        if login not in self.browsers:
            self.browsers[login] = self.log_in(login)
        return self.browsers[login]

    def own(self, **more: str) -> dict[str, str]:
        """Returns the headers that a page of the portal sends with its forms."""
        return {"origin": self.address, "sec-fetch-site": "same-origin", **more}

    def post(self, login: str, path: str, data: Mapping[str, object], **headers: str) -> httpx2.Response:
        """Sends a form as an officer, as if from a page of the portal."""
        return self.as_(login).post(path, data=dict(data), headers=self.own(**headers))

    def raw(self, sent: bytes, seconds: float = 4.0) -> bytes:
        """Sends bytes and returns what comes back until the other side is done or the time is over."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as line:
            line.sendall(sent)
            got = b""
            try:
                while piece := line.recv(65536):
                    got += piece
            except (TimeoutError, ConnectionError):
                pass
            return got

    def row(
        self,
        group: str,
        name: str,
        answer: httpx2.Response,
        statuses: Collection[int],
        *,
        hides: Collection[str] = (),
        also: bool = True,
        sent: str = "",
    ) -> Row:
        """Returns the row of an answer: its status is one of these and its text tells nothing of these.

        Args:
            also: what else must hold.
            sent: what was typed and may stand there again.
        """
        text = unescape(answer.text) if "html" in answer.headers.get("content-type", "") else answer.text
        text = text.replace(sent, "") if sent else text
        told = [word for word in hides if word and word in text]
        telling = TELLING.search(text)
        seen = str(answer.status_code)
        seen += f", tells {len(told)} foreign facts" if told else ""
        seen += f", tells {telling[0]!r}" if telling else ""
        closed = answer.status_code in statuses and not told and not telling and also
        return Row(
            group=group,
            name=name,
            expected=ranges(statuses),
            seen=seen if also else f"{seen}, and not what should be",
            closed=closed,
        )

    def raw_row(self, group: str, name: str, sent: bytes, statuses: Collection[int]) -> Row:
        """Returns the row of an attack in bytes; 0 stands for a line that was cut without a word."""
        got = self.raw(sent)
        found = re.match(rb"HTTP/1\.1 (\d{3})", got)
        status = int(found[1]) if found else 0
        answers = len(re.findall(rb"HTTP/1\.1 [2-5]\d\d ", got))
        telling = TELLING.search(got.decode("latin-1"))
        return Row(
            group=group,
            name=name,
            expected=ranges(statuses),
            seen=f"{status}{f', {answers} answers' if answers > 1 else ''}{', tells' if telling else ''}",
            closed=status in statuses and answers < 2 and not telling,
        )


def hidden(text: str, action: str) -> dict[str, object]:
    """Returns what the form with an action would send as it stands: a value, or several, for each name."""
    found: dict[str, list[str]] = {}
    for name, value in _Sent(text, action).pairs:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


class _Sent(HTMLParser):
    """Reads one form of a page."""

    def __init__(self, text: str, action: str) -> None:
        super().__init__()
        self.action, self.pairs = action, list[tuple[str, str]]()
        self._inside, self._select, self._area = False, "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = has.get("action") == self.action
        if not self._inside:
            return
        if tag == "input" and "name" in has:
            if has.get("type") not in ("radio", "checkbox") or "checked" in has:
                self.pairs.append((has["name"], has.get("value", "")))
        elif tag == "select":
            self._select = has.get("name", "")
        elif tag == "option" and "selected" in has:
            self.pairs.append((self._select, has.get("value", "")))
        elif tag == "textarea":
            self._area = has.get("name", "")
            self.pairs.append((self._area, ""))

    def handle_data(self, data: str) -> None:
        if self._area and self._inside:
            self.pairs[-1] = (self._area, (self.pairs[-1][1] + data).removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""


@contextmanager
def demonstration(folder: Path, ready: Path | None = None, **settings: str) -> Iterator[World]:
    """Makes the demonstration in a folder, serves it on a free port, and ends it afterwards.

    Args:
        ready: a database that `portal demo --no-serve` has made before.
    """
    file, log = folder / "demo.db", folder / "serve.log"
    known = {**os.environ, "PORTAL_DATABASE_URL": f"sqlite:///{file}", "PORTAL_LANGUAGE": "id", **settings}
    if ready is not None:
        for beside in ("", ".key", ".anchor"):
            if (made := ready.with_name(ready.name + beside)).exists():
                shutil.copy2(made, file.with_name(file.name + beside))
        command = [sys.executable, "-m", "portal", "serve", "--port", "0"]
    else:
        command = [sys.executable, "-m", "portal", "demo", "--port", "0"]
    with (
        log.open("ab") as errors,
        subprocess.Popen(command, env=known, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        try:
            assert process.stdout is not None
            found = None
            while found is None and (line := process.stdout.readline()):
                found = re.search(r"http://[^\s/]+", line.decode())
            assert found, log.read_text("utf-8", "replace")[-2000:]
            yield World(address=found[0], truth=Truth(file=file), log=log, pid=process.pid)
        finally:
            process.terminate()
            process.wait(30)


def ranges(statuses: Iterable[int]) -> str:
    """Returns statuses as people write them: `200-499`, `401/403/404`; two in a row stay two."""
    runs: list[list[int]] = []
    for each in sorted(set(statuses)):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    short = (f"{run[0]}-{run[-1]}" if len(run) > 2 else "/".join(map(str, run)) for run in runs)
    return "/".join(short)
