"""Where everything meets and nothing is decided: the newest Release as an ASGI app, behind one filter.

Each request is answered by the site of the newest Release. When another process has applied a new one, the
next request builds its site; requests that began on the old one end on it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from anyio.to_thread import current_default_thread_limiter
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import events, pressroom, twins
from portal.access import SYSTEM
from portal.accounts import Policy, policy_of
from portal.admin.auth import Gate
from portal.admin.desk import PAGES
from portal.admin.exports import Limits
from portal.admin.openapi import OpenapiPage, described
from portal.admin.shield import Shield
from portal.admin.site import build_site
from portal.admin.squeezed import Squeezed
from portal.audit import Keeper
from portal.database import AT_ONCE, engine_of, reading, writing
from portal.migrate import prepare
from portal.releases import Live, latest_id, live
from portal.settings import Settings
from portal.wall import acting, nobody
from portal.words import say_in, speaking

KEPT = 2
"""How many Releases a process keeps ready: the newest and the one that requests are ending on."""


def utc_now() -> datetime:
    """Returns the present moment."""
    return datetime.now(UTC)


class Portal:
    """An ASGI app that serves the newest Release of a database."""

    def __init__(
        self,
        engine: Engine,
        language: str,
        clock: Callable[[], datetime] = utc_now,
        policy: Policy | None = None,
        exports: Limits | None = None,
        *,
        openapi: bool = False,
    ) -> None:
        self.engine = engine
        self.policy = policy
        self.language = language
        self.clock = clock
        self.openapi = openapi
        self.exports = exports
        self._sites: dict[int, ASGIApp] = {}
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with nobody():
            return await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        site = await run_in_threadpool(self._site)
        if site is None:
            site = PlainTextResponse(say_in(self.language, "app-no-release"), status_code=503)
        return await site(scope, receive, send)

    def _site(self) -> ASGIApp | None:
        with reading(self.engine) as session:
            number = latest_id(session)
        if number is None:
            return None
        site = self._sites.get(number)
        return site if site is not None else self._build(number)

    def _build(self, number: int) -> ASGIApp:
        with self._lock:
            if number not in self._sites:
                with reading(self.engine) as session:
                    current = live(session, number)
                gate = Gate(self.engine, self.clock, self.policy)
                pages = (*PAGES, OpenapiPage) if self.openapi else PAGES
                self._sites[number] = build_site(current, self.engine, gate, pages, self.clock, self.exports)
            site = self._sites[number]
            for old in sorted(self._sites)[:-KEPT]:
                del self._sites[old]
            return site


async def _lifespan(receive: Receive, send: Send) -> None:
    current_default_thread_limiter().total_tokens = AT_ONCE
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> ASGIApp:
    """Returns the portal over the database of the settings, its own tables brought up to date."""
    engine = engine_of(settings.database)
    with acting(SYSTEM):
        prepare(engine)
        _find_twins(engine)
    events.watch(engine, Keeper(engine=engine))
    pressroom.hire(settings.printers)
    exports = Limits(rows=settings.export_rows, day=settings.exports_a_day)
    policy = policy_of(settings, engine)
    served = Portal(engine, settings.language, clock, policy, exports, openapi=settings.openapi)
    shielded = Shield(Squeezed(served), settings.hosts)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with speaking(settings.language):
            await shielded(scope, receive, send)

    return app


def _find_twins(engine: Engine) -> None:
    """Lets an older database know who may be one person; one that knows is left as it is."""
    with reading(engine) as session:
        number = latest_id(session)
    if number is not None:
        with writing(engine) as session:
            twins.rebuild(session, live(session, number))


def openapi_of(engine: Engine, current: Live) -> dict[str, object]:
    """Returns the OpenAPI document of what a Release serves."""
    app = build_site(current, engine, Gate(engine, utc_now), PAGES)
    return described(app.state.site)
