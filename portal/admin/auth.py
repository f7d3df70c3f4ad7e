"""Who is asking: sqladmin's authentication questions answered from accounts and server-side sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqladmin.authentication import AuthenticationBackend
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import accounts, wall
from portal.accounts import Visitor
from portal.database import reading, writing
from portal.releases import Live

COOKIE = "portal_session"


class Nobody:
    """Begins each request without anybody: what surrounds the server is not who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with wall.nobody():
            await self.app(scope, receive, send)


class Door(AuthenticationBackend):
    """Asks a gate who somebody is, and puts whom it lets in before the wall for the rest of the request."""

    def __init__(self, gate: AuthenticationBackend, live: Live) -> None:
        self.middlewares = gate.middlewares
        self.gate = gate
        self.live = live

    async def login(self, request: Request) -> Response | bool:
        return await self.gate.login(request)

    async def logout(self, request: Request) -> Response | bool:
        return await self.gate.logout(request)

    async def authenticate(self, request: Request) -> Response | bool:
        """Finds the person who asks; from here on the request sees what they may see."""
        answer = await self.gate.authenticate(request)
        actor = getattr(request.state, "actor", None)
        if answer is True and actor is not None:
            wall.stand(actor, self.live)
        return answer

    async def get_user_id(self, request: Request) -> int | None:
        found: int | None = await self.gate.get_user_id(request)
        return found


class Gate(AuthenticationBackend):
    """Lets in who has a session; sets `request.state.actor`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.middlewares = []
        self.engine = engine
        self.clock = clock

    async def login(self, request: Request) -> Response | bool:
        """Starts a session and sets its cookie; False when name or password are wrong."""
        form = await request.form()
        login, password = str(form.get("username", "")), str(form.get("password", ""))
        token = await run_in_threadpool(self._log_in, login, password)
        if token is None:
            return False
        answer = RedirectResponse("/", status_code=303)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=secure, path="/")
        return answer

    def _log_in(self, login: str, password: str) -> str | None:
        with writing(self.engine) as session:
            return accounts.log_in(session, login, password, self.clock())

    async def logout(self, request: Request) -> Response | bool:
        """Ends the session."""
        token = request.cookies.get(COOKIE)
        if token:
            await run_in_threadpool(self._log_out, token)
        answer = RedirectResponse("/masuk", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    def _log_out(self, token: str) -> None:
        with writing(self.engine) as session:
            accounts.log_out(session, token, self.clock())

    async def authenticate(self, request: Request) -> Response | bool:
        """Finds the person behind the cookie; without one the log-in page follows."""
        token = request.cookies.get(COOKIE)
        seen = await run_in_threadpool(self._visitor, token) if token else None
        if seen is None:
            return RedirectResponse("/masuk", status_code=303)
        request.state.actor = seen.actor
        return True

    def _visitor(self, token: str) -> Visitor | None:
        now = self.clock()
        with reading(self.engine) as session:
            found = accounts.visitor(session, token, now)
        if found is None:
            return None
        seen, note = found
        if note:
            with writing(self.engine) as session:
                accounts.note_use(session, token, now)
        return seen

    async def get_user_id(self, request: Request) -> int | None:
        """Returns the account of the person who asks."""
        return getattr(getattr(request.state, "actor", None), "account_id", None)
