"""Pages that leave compressed: a village's line is slow, and a page of ours shrinks to a fifth.

Only a page that our own pages or the person alone asked for is compressed. Another site could otherwise have
a browser fetch pages that repeat its guesses, and learn from their length what else stands there (BREACH).
"""

from __future__ import annotations

import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHORTEST = 512
"""Bytes below which a page fits into one packet anyway."""
LEVEL = 6
OWN = ("same-origin", "none")
"""What a browser says of a request that no other site has caused."""


class Squeezed:
    """Compresses whole HTML answers for browsers that take gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        wanted = takes_gzip(headers.get("accept-encoding", "")) and _is_own(scope, headers)
        return await self.app(scope, receive, _Answer(send, wanted=wanted).send)


class _Answer:
    """Holds a page until the whole of it is there."""

    def __init__(self, send: Send, *, wanted: bool) -> None:
        self._send, self._wanted = send, wanted
        self._head: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Passes a piece on; those of a page are kept until the last one."""
        if message["type"] == "http.response.start" and _is_page(message):
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Accept-Encoding")
            headers.add_vary_header("Sec-Fetch-Site")
            if self._wanted:
                self._head = message
                return
        elif self._head is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            head, self._head = self._head, None
            message = {"type": "http.response.body", "body": _squeezed(head, bytes(self._body))}
            await self._send(head)
        await self._send(message)


def _squeezed(head: Message, body: bytes) -> bytes:
    """Returns the body compressed and puts so into the head; a short one stays as it is."""
    if len(body) < SHORTEST:
        return body
    small = gzip.compress(body, LEVEL, mtime=0)
    headers = MutableHeaders(scope=head)
    headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(small))
    return small


def _is_page(head: Message) -> bool:
    headers = Headers(raw=head["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers


def _is_own(scope: Scope, headers: Headers) -> bool:
    """Tells whether no other site has caused a request.

    Over plain http browsers do not say so, but there whoever could measure an answer can also read it.
    """
    site = headers.get("sec-fetch-site")
    return scope["scheme"] != "https" if site is None else site in OWN


def takes_gzip(accepted: str) -> bool:
    """Tells whether a browser takes gzip, by its Accept-Encoding."""
    said: dict[str, bool] = {}
    for each in accepted.lower().split(","):
        name, _, rest = each.partition(";")
        weight = rest.replace(" ", "").removeprefix("q=")
        said[name.strip()] = weight.rstrip("0.") != "" if rest else True
    return said.get("gzip", said.get("*", False))
