"""The reader's language, set around each request, with the Release that answers it."""

from __future__ import annotations

from sqladmin.i18n import set_locale
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.releases import Live
from portal.words import LANGUAGES, language, speaking

LANGUAGE_COOKIE = "language"


class ReaderMiddleware:
    """Sets `request.state.live` and `.language`, and speaks that language until the answer is sent."""

    def __init__(self, app: ASGIApp, live: Live) -> None:
        self.app = app
        self.live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        chosen = chosen_language(scope)
        scope.setdefault("state", {}).update(live=self.live, language=chosen)
        set_locale(chosen)
        with speaking(chosen):
            return await self.app(scope, receive, send)


def chosen_language(scope: Scope) -> str:
    """Returns the language that a browser has chosen, else the portal's."""
    # Starlette's parser takes what browsers send; http.cookies raises at names such as "a,b".
    chosen = cookie_parser(Headers(scope=scope).get("cookie", "")).get(LANGUAGE_COOKIE)
    return chosen if chosen and chosen in LANGUAGES else language()
