"""A Release's site asked page by page without a server, as by somebody who may see everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqladmin.authentication import AuthenticationBackend
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message

from portal.access import Actor
from portal.admin.desk import PAGES
from portal.admin.records import RecordPages
from portal.admin.screen import Page
from portal.admin.site import build_site
from portal.releases import Live


class _Somebody(AuthenticationBackend):
    """Lets everybody in as one actor."""

    def __init__(self, actor: Actor) -> None:
        self.middlewares = []
        self.actor = actor

    async def authenticate(self, request: Request) -> Response | bool:
        request.state.actor = self.actor
        return True

    async def get_user_id(self, request: Request) -> int | None:
        return self.actor.account_id


def site_for(live: Live, engine: Engine, actor: Actor, clock: Callable[[], datetime]) -> Starlette:
    """Returns the site of a Release as one actor sees it; never to be served."""
    return build_site(live, engine, _Somebody(actor), PAGES, clock)


def addresses(site: Starlette, session: Session) -> Iterator[str]:
    """Yields the addresses of every list and form, and of the newest row of each kind."""
    for view in site.state.site.views:
        if isinstance(view, Page) and view.menu_url:
            yield view.menu_url
        elif isinstance(view, RecordPages):
            yield from _of_records(view, session)


def _of_records(view: RecordPages, session: Session) -> Iterator[str]:
    yield f"{view.path}/list"
    if view.can_create:
        yield f"{view.path}/create"
    model: Any = view.model
    (key,) = model.__table__.primary_key.columns
    newest = session.scalar(select(func.max(key)))
    if newest is not None:
        yield f"{view.path}/details/{newest}"
        if view.can_edit:
            yield f"{view.path}/edit/{newest}"


async def ask(app: ASGIApp, address: str, form: Mapping[str, str] | None = None) -> int:
    """Returns the status with which an app answers; what a page raises is raised here.

    Args:
        form: what to send; the address is only read without one.
    """
    path, _, query = address.partition("?")
    body = urlencode(form or {}).encode()
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET" if form is None else "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
        ],
        "client": ("127.0.0.1", 0),
        "server": ("rehearsal", 80),
        "state": {},
    }
    found: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.append(message["status"])

    await app(scope, receive, send)
    return found[0]
