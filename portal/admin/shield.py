"""The one filter in front of every page: what is let in, what every answer bears, and no error texts."""

from __future__ import annotations

import logging
import secrets
import traceback

from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.admin import cookies
from portal.admin.patience import TooLarge, TooSlow, Untaken, arriving, taken
from portal.admin.reader import chosen_language
from portal.admin.refusals import LARGEST_BODY, Refusal, largest_body, refusal_of
from portal.settings import LOCAL
from portal.words import say_in

__all__ = ["HEADERS", "LARGEST_BODY", "Shield", "is_busy", "new_number", "told"]

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; "
    "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""What every answer bears; ASVS 5.0, chapter 3.4."""
HTTPS_ONLY = "max-age=31536000; includeSubDomains"
"""A year, as ASVS 5.0 3.4.1 asks."""
_LOGGER = logging.getLogger("portal")


class Shield:
    """Refuses what no page of ours is asked, and hides what went wrong inside.

    A refusal is shown by the portal itself, in its layout: the request goes on as one for an error page, and
    leaves its own address, words and body behind.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...] = LOCAL) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        https, asked = scope["scheme"] == "https", scope
        if https:
            scope = {**scope, "headers": cookies.inward(scope["headers"])}
        answer = _Answer(taken(send), https=https)
        refusal = refusal_of(scope, self.hosts)
        if refusal and refusal.plain:
            return await _sentence(asked, 400, "app-host")(asked, receive, answer.send)
        try:
            await self._serve(scope, receive, answer, refusal)
        except Untaken:
            # Whoever does not take an answer gets no other; uvicorn closes the connection.
            return None
        return None

    async def _serve(self, scope: Scope, receive: Receive, answer: _Answer, refusal: Refusal | None) -> None:
        if refusal:
            return await self._refuse(scope, answer, refusal)
        try:
            return await self.app(scope, arriving(receive, largest=largest_body(scope)), answer.send)
        except TooLarge:
            refusal = Refusal(status=413)
        except TooSlow:
            refusal = Refusal(status=408)
        except Untaken:
            raise
        except Exception as error:
            number = scope.get("state", {}).get("error_number") or new_number()
            _LOGGER.error("error %s\n%s", number, told(error))
            if not answer.started:
                busy = is_busy(error)
                page = _sentence(scope, 503 if busy else 500, "app-busy" if busy else "app-error", number)
                await page(scope, receive, answer.send)
            return None
        return None if answer.started else await self._refuse(scope, answer, refusal)

    async def _refuse(self, scope: Scope, answer: _Answer, refusal: Refusal) -> None:
        """Lets the portal say it in its layout; should even that fail, a sentence does."""
        state = {**scope.get("state", {}), "refusal": refusal}
        kept = {b"cookie", b"host", b"accept", b"hx-request"}
        calm = {
            **scope,
            "method": "GET",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [each for each in scope["headers"] if each[0] in kept],
            "state": state,
        }
        try:
            await self.app(calm, _nothing, answer.send)
        except Exception as error:
            number = new_number()
            _LOGGER.error("error %s\n%s", number, told(error))
            if not answer.started:
                page = _sentence(
                    scope, refusal.status, "app-foreign" if refusal.foreign else "app-error", number
                )
                await page(calm, _nothing, answer.send)


class _Answer:
    """What goes back: headers are added to it, and it is known whether it has begun."""

    def __init__(self, send: Send, *, https: bool) -> None:
        self.started = False
        self._send, self._https = send, https

    async def send(self, message: Message) -> None:
        """Passes a piece on; the first one gets the headers."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
            del headers["Server"]
            if self._https:
                headers["Strict-Transport-Security"] = HTTPS_ONLY
                message["headers"] = [
                    (name, cookies.outward(value) if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
        await self._send(message)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def new_number() -> str:
    """Returns the number under which an error stands on the page and in the log."""
    return secrets.token_hex(4)


def _sentence(scope: Scope, status: int, slug: str, number: str = "") -> ASGIApp:
    text = say_in(chosen_language(scope), slug, number=number)
    # What else came over this line is not read.
    return PlainTextResponse(text, status_code=status, headers={"Connection": "close"})


def is_busy(error: BaseException) -> bool:
    """Tells whether trying again shortly may help: the database is locked, or cannot be reached just now."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or "database is locked" in str(error.orig)


def told(error: BaseException) -> str:
    """Returns where an error happened and of which kind, for the log.

    What an error says may hold what a person typed, so its text is left out; only the database's complaint
    that it cannot be used or lacks a table or column is kept, which names nothing but those.
    """
    lines = []
    step: BaseException | None = error
    while step is not None:
        frames = traceback.format_list(traceback.extract_tb(step.__traceback__))
        lines += [*frames, f"{type(step).__module__}.{type(step).__qualname__}{_harmless(step)}\n"]
        step = step.__cause__ or step.__context__
    return "".join(lines)


def _harmless(error: BaseException) -> str:
    if not isinstance(error, OperationalError | ProgrammingError):
        return ""
    said = str(error.orig).splitlines()
    return f": {said[0]}" if said else ""
