"""What the pages of the desk share: where they are asked, transactions, forms that are carried out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import SYSTEM, Actor
from portal.admin.once import Stamp, answered, new_key, once, sent_key
from portal.admin.screen import Page
from portal.admin.site import Site
from portal.admin.threads import in_turn
from portal.cases import At
from portal.database import reading
from portal.fields.base import legible
from portal.letters import pdf_of
from portal.pressroom import PrintStopped
from portal.releases import Live
from portal.wall import acting
from portal.words import language, speaking

__all__ = [
    "Desk",
    "Here",
    "new_key",
    "path_key",
    "printing",
    "row_key",
    "sent_key",
    "typed_words",
]

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Here:
    """One request at the desk: who asks, of which Release, when."""

    engine: Engine
    live: Live
    actor: Actor
    now: datetime

    def at(self, session: Session) -> At:
        """Returns where the engine acts for this request."""
        return At(session=session, live=self.live, actor=self.actor, now=self.now)

    def read(self, ask: Callable[[Session], Answer]) -> Answer:
        """Asks something in a transaction that changes nothing."""
        with reading(self.engine) as session:
            return ask(session)

    def once(self, said: Stamp | str, act: Callable[[Session], str]) -> str:
        """Carries out a form's act once and returns where it leads.

        The form's key is written in the same transaction: a double click, a lost answer or a retry finds the
        key and is led to the same place.

        Raises:
            Reused: the form was carried out already, with other content.
        """
        if isinstance(said, str):
            said = Stamp(key=said, account=self.actor.account_id or 0)
        return once(self.engine, said, self.now, act)

    def answered(self, said: Stamp) -> str | None:
        """Returns where a form led that was carried out already, None for a new one.

        Raises:
            Reused: it was carried out with other content.
        """
        return answered(self.engine, said)


def printing(here: Here, issued: Sequence[int]) -> BackgroundTask | None:
    """Returns the printing of letters, for after the answer: who opens one first need not wait for the press.

    A letter whose printing is cut short is printed when it is opened.
    """

    def press(key: int) -> None:
        with acting(SYSTEM):  # the printing of what this request issued is the portal's own work
            pdf_of(here.engine, key)

    async def all_of_them() -> None:
        for key in issued:
            with suppress(PrintStopped):  # whoever opens it is told
                await in_turn(press, key)

    return BackgroundTask(all_of_them) if issued else None


def typed_words(data: FormData) -> str:
    """Returns what was typed into a search box, at most 80 characters that can be seen."""
    return legible(str(data.get("words", "")))[:80].strip()


LARGEST_KEY = 2**63 - 1
"""The largest key that a database holds."""


def row_key(text: object) -> int | None:
    """Returns the key of a row that a form or an address names, None when no row can have it."""
    said = str(text)
    key = int(said) if said.isascii() and said.isdigit() and len(said) < 20 else -1
    return key if 0 < key <= LARGEST_KEY else None


def path_key(request: Request, name: str) -> int:
    """Returns the key of a row in the address.

    Raises:
        HTTPException: 404, no row can have it.
    """
    key = row_key(request.path_params[name])
    if key is None:
        raise HTTPException(404)
    return key


class Desk(Page):
    """A page of the desk."""

    @property
    def site(self) -> Site:
        """The site that this page belongs to."""
        return cast("Site", self._admin_ref)

    def here(self, request: Request) -> Here:
        """Returns the request as the desk sees it."""
        site = self.site
        return Here(
            engine=cast("Engine", site.engine), live=site.live, actor=request.state.actor, now=site.clock()
        )

    async def work(self, act: Callable[..., Answer], *given: Any) -> Answer:
        """Runs database work in a thread, in the reader's language."""
        spoken = language()

        def run() -> Answer:
            with speaking(spoken):
                return act(*given)

        return await run_in_threadpool(run)

    async def page(
        self, request: Request, template: str, values: Mapping[str, Any], status: int = 200
    ) -> Response:
        """Returns a page from a template."""
        made: Response = await self.templates.TemplateResponse(
            request, template, dict(values), status_code=status
        )
        return made
