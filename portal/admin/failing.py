"""What a reader sees when something is refused or goes wrong: a page in the layout, or a small answer.

Each has a number, which stands in the log as well; only what is missing or not allowed has none.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.admin import screen
from portal.admin.patience import TooLarge, TooSlow
from portal.admin.refusals import Refusal
from portal.admin.shield import is_busy, new_number
from portal.pressroom import PrintStopped
from portal.words import say, speaking

WORDS_FOR = {
    400: "bad",
    401: "login",
    403: "forbidden",
    404: "missing",
    405: "method",
    408: "slow",
    409: "changed",
    413: "large",
    414: "bad",
    415: "bad",
    429: "often",
    431: "bad",
    503: "busy",
}
"""Which sentence explains a status: `screen-error-...`."""
ALIKE = frozenset({403, 404})
"""What is missing and what belongs to others answer alike, byte for byte: no number tells them apart."""
PATIENCE = "5"
"""Seconds after which somebody who came while the portal was busy may try again."""
_LOGGER = logging.getLogger("portal")


class RefusalPages:
    """Answers what the shield has refused, inside the layout; everything else passes."""

    def __init__(self, app: ASGIApp, site: Any) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = scope.get("state", {}).get("refusal")
        if scope["type"] != "http" or not isinstance(refusal, Refusal):
            return await self.app(scope, receive, send)
        request = Request(scope, receive)
        words = "foreign" if refusal.foreign else None
        answer = await refused(self.site, request, refusal.status, words=words)
        if refusal.status in (405, 408, 413):
            # What is left of the body is not read.
            answer.headers["Connection"] = "close"
        return await answer(scope, receive, send)


async def refused(
    site: Any,
    request: Request,
    status: int,
    headers: Mapping[str, str] | None = None,
    words: str | None = None,
) -> Response:
    """Returns the page of a status, with the menu for who is logged in."""
    number = str(status)
    if status not in ALIKE:
        number = new_number()
        _LOGGER.warning("refused %s %s", number, status)
    if screen.actor_of(request) is None and site.authentication_backend is not None:
        # An address that no page has was not asked for its log-in yet: with it the menu is there.
        await site.authentication_backend.authenticate(request)
    answer = await _page(site, request, status, words or WORDS_FOR.get(status, "other"), number)
    answer.headers.update(headers or {})
    return answer


async def broken(site: Any, request: Request, error: Exception) -> Response:
    """Says that something went wrong, with the number under which the shield writes it to the log."""
    number = request.state.error_number = new_number()
    busy, stopped = is_busy(error), isinstance(error, PrintStopped)
    words = "busy" if busy else "print" if stopped else "broken"
    with speaking(request.state.language):  # the middleware that speaks it has been left already
        reason = _reason(error)
        answer = await _page(site, request, 503 if busy or stopped else 500, words, number, reason)
    if busy:
        answer.headers["Retry-After"] = PATIENCE
    return answer


def _reason(error: Exception) -> str:
    """Returns why a letter was not printed."""
    if not isinstance(error, PrintStopped):
        return ""
    return say("screen-error-print-reason", reason=say(error.code))


async def _page(
    site: Any, request: Request, status: int, words: str, number: str, reason: str = ""
) -> Response:
    title, why = say(f"screen-error-{words}-title"), say(f"screen-error-{words}")
    if request.headers.get("hx-request") == "true":
        # A region of a page: a sentence in its place, and no layout within the layout.
        text = f'<p class="warning" role="alert">{title}. {say("screen-error-code", status=number)}</p>'
        return HTMLResponse(text, status_code=status)
    if "json" in request.headers.get("accept", ""):
        said = {"status": status, "number": number, "title": title, "detail": f"{why} {reason}".strip()}
        return JSONResponse(said, status_code=status, media_type="application/problem+json")
    values = {"words": words, "status": number, "reason": reason}
    made: Response = await site.templates.TemplateResponse(request, "error.html", values, status_code=status)
    return made


def status_of(error: Exception) -> int:
    """Returns the status of an error that a page raised: what it says, else that it is forbidden."""
    if isinstance(error, HTTPException):
        return error.status_code
    return {TooLarge: 413, TooSlow: 408}.get(type(error), 403)
