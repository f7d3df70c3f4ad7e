"""The one filter in front of every page: same-origin writes, a size limit, safe headers, no error texts."""

from __future__ import annotations

import logging
import secrets
import traceback
from urllib.parse import urlsplit

from sqlalchemy.exc import OperationalError, ProgrammingError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.admin.reader import chosen_language
from portal.words import say_in

LARGEST_BODY = 2 * 1024 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; "
    "base-uri 'none'",
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

        language = chosen_language(scope)
        answer = _refused(scope, language)
        try:
            return await (answer or self.app)(scope, _limited(receive), guarded)
        except _TooLarge:
            answer = _sentence(413, language, "app-too-large")
        except Exception as error:
            number = scope.get("state", {}).get("error_number") or secrets.token_hex(4)
            _LOGGER.error("error %s\n%s", number, told(error))
            answer = _sentence(500, language, "app-error", number=number)
        return None if started else await answer(scope, receive, guarded)


def _sentence(status: int, language: str, slug: str, **values: object) -> ASGIApp:
    return PlainTextResponse(say_in(language, slug, **values), status_code=status)


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


def _refused(scope: Scope, language: str) -> ASGIApp | None:
    """An unsafe request must come from our own pages; browsers say where it comes from."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or len(length) > 18 or int(length) > LARGEST_BODY:
        return _sentence(413, language, "app-too-large")
    if scope["method"] in SAFE:
        return None
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = site not in (None, "same-origin", "none")
    if origin is not None:
        foreign = foreign or urlsplit(origin).netloc != headers.get("host", "")
    return _sentence(403, language, "app-foreign") if foreign else None


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
