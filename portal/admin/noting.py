"""The access log around every page: what it shows is written down before it is sent, or it is not sent."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import accesslog
from portal.access import SYSTEM, Actor
from portal.accounts.emergency import TAKEN
from portal.database import writing
from portal.keys import KeyMissing
from portal.reads import Reads, gathering
from portal.tables import Event
from portal.wall import acting

_KEY = re.compile(r"/[0-9]+(?=/|$)")
_CODE = re.compile(r"(?:(?<=/rujukan/)|(?<=/v/)|(?<=/V/))(?!\{id\})[^/]+")
"""The code of a letter in the address of its page."""
_LOGGER = logging.getLogger("portal")


class AccessLogged:
    """Gathers what a page shows, and writes it down in one short transaction when the answer begins.

    A redirect shows nothing. Where the row cannot be written the page is refused, and nothing of it leaves.
    """

    def __init__(
        self,
        app: ASGIApp,
        engine: Engine,
        clock: Callable[[], datetime],
        refuse: Callable[[Request], Awaitable[Response]],
    ) -> None:
        self.app = app
        self.engine = engine
        self.clock = clock
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = False

        async def logged(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and reads and not 300 <= message["status"] < 400:
                refused = not await run_in_threadpool(self._write, scope, reads)
                if refused:
                    answer = await self.refuse(Request(scope))
                    await answer(scope, receive, send)
            if not refused:
                await send(message)

        with gathering() as reads:
            await self.app(scope, receive, logged)

    def _write(self, scope: Scope, reads: Reads) -> bool:
        state = scope.get("state", {})
        actor: Actor | None = state.get("actor") or state.get("teller")
        if actor is None:
            _LOGGER.error("a page was refused: it shows people and nobody is known to look")
            return False
        try:
            with writing(self.engine) as session:
                accesslog.note(
                    session,
                    actor=actor,
                    now=self.clock(),
                    page=page_of(scope),
                    shown=reads.shown,
                    fields=reads.fields,
                    because=(*reads.because, *_emergencies(session, actor, reads)),
                )
        except (SQLAlchemyError, KeyMissing, OSError) as error:
            _LOGGER.error("a page was refused: the access log cannot be written (%s)", type(error).__name__)
            return False
        return True


def _emergencies(session: Session, actor: Actor, reads: Reads) -> tuple[int, ...]:
    """The events by which the person opened cases of the page in an emergency: they hold the reasons."""
    opened = sorted({*actor.emergency} & {*reads.shown.get("case", ())})
    if not opened:
        return ()
    mine = (Event.subject == "case", Event.subject_id.in_(opened), Event.actor_id == actor.account_id)
    query = select(func.max(Event.id)).where(*mine, Event.kind == TAKEN).group_by(Event.subject_id)
    with acting(SYSTEM):  # the evidence is the portal's own, whoever may see it
        return tuple(session.scalars(query.order_by(func.max(Event.id))))


def page_of(scope: Scope) -> str:
    """Returns the method and the pattern of an address: `GET /kasus/{id}`, without keys, query or words."""
    path = _KEY.sub("/{id}", scope["path"])
    return f"{scope['method']} {_CODE.sub('{code}', path)}"
