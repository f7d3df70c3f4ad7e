"""The one filter in front of every page: same-origin writes, a size limit, safe headers, no error texts."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.words import say

LARGEST_BODY = 2 * 1024 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_LOGGER = logging.getLogger("portal")


class Shield:
    """Refuses what comes from another site or is too large, and hides what went wrong inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        refused = _refused(scope)
        if refused is not None:
            return await refused(scope, receive, send)
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, _limited(receive), guarded)
        except _TooLarge:
            await PlainTextResponse(say("app-too-large"), status_code=413)(scope, receive, guarded)
        except Exception:
            number = scope.get("state", {}).get("error_number") or secrets.token_hex(4)
            _LOGGER.exception("error %s", number)
            if started:
                return None
            await PlainTextResponse(say("app-error", number=number), status_code=500)(scope, receive, guarded)


def _refused(scope: Scope) -> ASGIApp | None:
    """An unsafe request must come from our own pages; browsers say where it comes from."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return PlainTextResponse(say("app-too-large"), status_code=413)
    if scope["method"] in SAFE:
        return None
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = site not in (None, "same-origin", "none")
    if origin is not None:
        foreign = foreign or urlsplit(origin).netloc != headers.get("host", "")
    return PlainTextResponse(say("app-foreign"), status_code=403) if foreign else None


class _TooLarge(Exception):
    """The body is larger than any of our forms."""


def _limited(receive: Receive) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise _TooLarge
        return message

    return counted
