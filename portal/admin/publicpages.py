"""What the two pages without an account share: templates, waits, and work done as the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from portal.access import SYSTEM
from portal.accounts import Wait
from portal.admin.entrance import waiting_words
from portal.database import reading
from portal.wall import acting
from portal.words import say

if TYPE_CHECKING:
    from portal.admin.site import Site

Answer = TypeVar("Answer")


class PublicPages:
    """Pages that somebody opens with a code and its PIN."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """Returns a page from a template; the portal tells that it was seen: nobody has an account there."""
        request.state.teller = SYSTEM
        made: Response = await self.site.templates.TemplateResponse(
            request, f"public/{template}.html", values, status_code=status
        )
        return made

    def as_portal(self, ask: Callable[[Session], Answer]) -> Answer:
        """Asks something that the code and its PIN have opened; nobody's own rights stand behind it."""
        with acting(SYSTEM), reading(cast("Engine", self.site.engine)) as session:
            return ask(session)

    def refused(self, entered: Wait | None) -> tuple[int, str]:
        """Returns status and words for somebody who is not let in: always the same, whatever the reason."""
        if isinstance(entered, Wait):
            return 429, waiting_words(self.site, entered)
        return 400, say("answer-wrong")


def address_of(request: Request) -> str:
    """Returns where a request comes from."""
    return request.client.host if request.client else ""
