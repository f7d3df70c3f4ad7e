"""Who is asking: sqladmin's authentication questions answered from accounts and server-side sessions.

Somebody who has a session may still owe something: to unlock the screen, to show or set up a second factor,
to change a passphrase that is too old. Until then every page leads there, and the person holds no role.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqladmin.authentication import AuthenticationBackend
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import accounts, wall
from portal.access import Actor
from portal.accounts import Attempt, Entered, Policy, Visitor, Wait, drafts, entering, factor, sessions
from portal.database import reading, writing
from portal.releases import Live
from portal.schema import Schema
from portal.tables import WebSession

COOKIE = "portal_session"
BROWSER_COOKIE = "portal_browser"
YEAR = 365 * 24 * 60 * 60
DRAFTS = "/draf"
"""What is typed while the screen is locked is no form that was sent."""
LARGEST_KEPT = 200_000
"""How long a form may be that is kept behind a locked screen."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form that was sent to a locked screen: where to, and what was typed."""

    path: str
    entries: tuple[tuple[str, str], ...]


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
    """Lets in who has a session and owes nothing; sets `request.state.actor` and `.visitor`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], policy: Policy | None = None) -> None:
        self.middlewares = []
        self.engine = engine
        self.clock = clock
        self.policy = policy or Policy.passing()

    async def login(self, request: Request) -> Response | bool:
        """Starts a session and sets its cookie; False when name or passphrase are wrong."""
        form = await request.form()
        attempt = Attempt(
            login=str(form.get("username", "")),
            password=str(form.get("password", "")),
            address=request.client.host if request.client else "",
            browser=request.cookies.get(BROWSER_COOKIE, ""),
            agent=request.headers.get("user-agent", ""),
        )
        entered = await run_in_threadpool(entering.enter, self.engine, attempt, self.policy, self.clock())
        if isinstance(entered, Wait):
            request.state.wait = entered
            return False
        if not entered:
            return False
        before = request.cookies.get(COOKIE)
        if before:
            await run_in_threadpool(self._carry, before, entered.token)
        request.state.token = entered.token
        return self.entered(request, entered)

    def entered(self, request: Request, entered: Entered) -> Response:
        """Returns the answer to somebody who got in."""
        answer = RedirectResponse("/", status_code=303)
        self.give(request, answer, entered.token)
        self._cookie(request, answer, BROWSER_COOKIE, entered.browser, YEAR)
        return answer

    def give(self, request: Request, answer: Response, token: str) -> None:
        """Sets the cookie of a session."""
        self._cookie(request, answer, COOKIE, token, None)

    def _cookie(self, request: Request, answer: Response, name: str, value: str, age: int | None) -> None:
        secure = request.url.scheme == "https"
        answer.set_cookie(name, value, max_age=age, httponly=True, samesite="lax", secure=secure, path="/")

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
            drafts.drop_all_of(session, token)
            accounts.log_out(session, token, self.clock())

    async def visitor(self, request: Request) -> Visitor | None:
        """Returns who the cookie belongs to, whatever they still owe."""
        token = request.cookies.get(COOKIE)
        return await run_in_threadpool(self._visitor, token) if token else None

    async def authenticate(self, request: Request) -> Response | bool:
        """Finds the person behind the cookie; without one, or with something owed, leads there."""
        seen = await self.visitor(request)
        if seen is None:
            kept = await self._keep(request, self._put_aside)
            return RedirectResponse("/masuk?notice=session-ended" if kept else "/masuk", status_code=303)
        owed = self.owed(seen, request.state.live.schema)
        request.state.visitor, request.state.actor = seen, seen.actor
        if owed is None:
            return True
        # Whoever owes something holds no role yet: their pages have no menu.
        request.state.actor = Actor(account_id=seen.actor.account_id, label=seen.actor.label)
        if request.url.path == owed or request.url.path.startswith(f"{owed}/"):
            return True
        if seen.locked:
            del request.state.actor
            await self._keep(request, self.lock)
            if request.method == "GET":
                owed = f"{owed}?{urlencode({'kembali': request.url.path})}"
        return RedirectResponse(owed, status_code=303)

    def owed(self, seen: Visitor, schema: Schema) -> str | None:
        """Returns the page that somebody has to pass before all others."""
        if seen.locked:
            return "/kunci"
        if seen.has_factor and not seen.factor_shown:
            return "/masuk/kode"
        if not seen.has_factor and not seen.without_factor and factor.needed(schema, seen.actor):
            return "/akun-saya/kode"
        overdue = entering.is_overdue(self.policy, seen.password_at, self.clock())
        return "/akun-saya/sandi" if overdue else None

    async def _keep(self, request: Request, keep: Callable[[str, str], bool]) -> bool:
        """Keeps a form sent to a locked screen or in a session that has ended; tells whether it did."""
        if request.method != "POST" or request.url.path == DRAFTS:
            return False
        token = request.cookies.get(COOKIE)
        if not token or not await run_in_threadpool(self._is_known, token):
            return False
        try:
            data = await request.form()
        except HTTPException:  # no form that a browser of ours sent: there is nothing to keep
            return False
        entries = [(name, text) for name, text in data.multi_items() if isinstance(text, str)]
        said = json.dumps([request.url.path, entries])
        return len(said) <= LARGEST_KEPT and await run_in_threadpool(keep, token, said)

    def _is_known(self, token: str) -> bool:
        """Tells whether a token is a session's, perhaps of one that is over; else no body is read."""
        with reading(self.engine) as session:
            web = sessions.of_token(session, token)
            return web is not None and web.ended_at is None

    def _put_aside(self, token: str, form: str) -> bool:
        """Keeps a form in a session that the clock has ended, for its owner's next one."""
        with writing(self.engine) as session:
            web = sessions.of_token(session, token)
            if web is None or web.ended_at is not None:
                return False
            web.kept = factor.sealed(self.policy.form_key, form, _row(web))
        return True

    def _carry(self, before: str, token: str) -> None:
        """Hands the form of an ended session on to the next one of the same person; of another's it goes."""
        with writing(self.engine) as session:
            old, new = sessions.of_token(session, before), sessions.of_token(session, token)
            if old is None or new is None or old.kept is None:
                return
            said = factor.unsealed(self.policy.form_key, old.kept, _row(old))
            if said is not None and old.account_id == new.account_id and old.ended_at is None:
                new.kept = factor.sealed(self.policy.form_key, said, _row(new))
            old.kept = None

    def waiting(self, token: str) -> Form | None:
        """Takes the form that waits in a session; it is shown once."""
        with writing(self.engine) as session:
            web = sessions.of_token(session, token)
            if web is None or web.kept is None:
                return None
            said, web.kept = factor.unsealed(self.policy.form_key, web.kept, _row(web)), None
        return _form(said)

    def owes(self, token: str, schema: Schema) -> bool:
        """Tells whether somebody who has just got in still has to pass a page before all others."""
        seen = self._visitor(token)
        return seen is None or self.owed(seen, schema) is not None

    def lock(self, token: str, form: str | None = None) -> bool:
        """Locks a screen, keeping the form that was sent."""
        with writing(self.engine) as session:
            web = sessions.of_token(session, token)
            if web is not None:
                kept = None if form is None else factor.sealed(self.policy.form_key, form, _row(web))
                sessions.lock(session, token, self.clock(), kept)
        return True

    def unlock(self, token: str) -> tuple[str, Form | None]:
        """Unlocks a screen; returns the session's new token and the form that waited."""
        with writing(self.engine) as session:
            web = sessions.of_token(session, token)
            fresh, kept = sessions.unlock(session, token, self.clock())
            said = factor.unsealed(self.policy.form_key, kept, _row(web)) if web and kept else None
        return fresh, _form(said)

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


def _form(said: str | None) -> Form | None:
    if said is None:
        return None
    path, entries = json.loads(said)
    return Form(path=path, entries=tuple((name, text) for name, text in entries))


def _row(web: WebSession) -> str:
    return f"kept-form {web.id}"
