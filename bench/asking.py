"""An app as the bench asks it: raw ASGI calls, the same for every contestant."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

HOST = b"localhost"
ON_A_PAGE = 25

Asgi = Callable[..., Awaitable[None]]


_ROW = re.compile(r"/details/(\d+)|/(\d+)/change/")
"""How the apps lead to a record."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an app sent back."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The resident that is looked for, one from the middle of the table."""

    key: int
    nik: str
    part: str
    rare: str
    rows: int


@dataclass(kw_only=True)
class Contestant:
    """An app with what it is asked for each measure."""

    name: str
    app: Asgi
    cookie: str = ""
    asks: Mapping[str, Callable[[Contestant], Awaitable[Answer]]]

    async def call(self, path: str, query: str = "", form: Mapping[str, str] | None = None) -> Answer:
        """Sends one request and returns the whole answer."""
        body = urlencode(form or {}).encode()
        headers = [(b"host", HOST), (b"cookie", self.cookie.encode()), (b"sec-fetch-site", b"same-origin")]
        if form is not None:
            headers += [
                (b"origin", b"http://" + HOST),
                (b"content-type", b"application/x-www-form-urlencoded"),
                (b"content-length", str(len(body)).encode()),
                (b"sec-fetch-site", b"same-origin"),
            ]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
            "method": "GET" if form is None else "POST", "path": path, "raw_path": path.encode(),
            "query_string": query.encode(), "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("localhost", 80), "state": {},
        }  # fmt: skip
        sent: list[dict[str, Any]] = []
        finished = asyncio.Event()
        read = False

        async def receive() -> dict[str, Any]:
            nonlocal read
            if read:
                await finished.wait()
                return {"type": "http.disconnect"}
            read = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        finished.set()
        return _answer(sent)


def _answer(sent: list[dict[str, Any]]) -> Answer:
    start = sent[0]
    return Answer(
        status=start["status"],
        headers={key.decode().lower(): value.decode() for key, value in start["headers"]},
        body=b"".join(message.get("body", b"") for message in sent[1:]).decode(),
    )


def get(
    path: str, query: str = "", *, shows: str = "", rows: int | None = None
) -> Callable[[Contestant], Awaitable[Answer]]:
    """Returns a request for a page, which must show a text and lead to so many different rows."""

    async def ask(contestant: Contestant) -> Answer:
        answer = await contestant.call(path, query)
        assert answer.status == 200, f"{contestant.name} {path}?{query}: {answer.status}"
        assert shows.lower() in answer.body.lower(), f"{contestant.name} {path}?{query} lacks {shows}"
        found = set(_ROW.findall(answer.body))
        assert rows in (None, len(found)), f"{contestant.name} {path}?{query}: {len(found)} rows"
        return answer

    return ask
