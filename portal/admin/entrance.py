"""The pages before the desk: an invitation accepted, a second factor shown, a locked screen.

They are for people who hold no role yet, so none of them has a menu, and none reads anything but the account
that it is about.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.accounts import Visitor, Wait, WeakPassword, entering, invitations, passwords, sessions
from portal.accounts.invitations import NotInvited
from portal.accounts.people import earlier, names_of
from portal.admin.auth import COOKIE, Gate
from portal.admin.routes import needs
from portal.admin.screen import own_path
from portal.admin.takes import takes
from portal.admin.threads import in_thread
from portal.database import reading, writing
from portal.tables import Account
from portal.words import say
from portal.worktime import clock

if TYPE_CHECKING:
    from portal.admin.site import Site


def waiting_words(site: Site, wait: Wait) -> str:
    """Returns the sentence about too many attempts."""
    return say("account-wait", clock=_clock(site, wait.until))


def _clock(site: Site, at: datetime) -> str:
    return clock(at.astimezone(ZoneInfo(site.live.schema.office.time_zone)))


class Entrance:
    """The pages on the way in."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> tuple[Route, ...]:
        """Returns its routes."""
        either = ["GET", "POST"]
        return (
            Route("/masuk/kode", self.code, methods=either, name="code"),
            Route("/kunci", self.lock, methods=either, name="lock"),
            Route("/kunci/buka", self.unlock, methods=["POST"], name="unlock"),
            Route("/undangan", self.typed_code, methods=either, name="invitation"),
            Route("/undangan/{code}", self.invitation, methods=either, name="accept"),
        )

    @property
    def gate(self) -> Gate:
        """The gate of the site.

        Raises:
            HTTPException: 404, this site lets everybody in and has no such pages.
        """
        gate = self.site.gate
        if not isinstance(gate, Gate):
            raise HTTPException(404)
        return gate

    async def _page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        made: Response = await self.site.templates.TemplateResponse(
            request, template, values, status_code=status
        )
        return made

    @needs("nothing")
    @takes(form=("code",))
    async def code(self, request: Request) -> Response:
        """Asks for the second factor."""
        gate = self.gate
        seen = await gate.visitor(request)
        if seen is None:
            return _to("/masuk")
        if seen.factor_shown or not seen.has_factor:
            return _to("/")
        if request.method == "GET":
            return await self._page(request, "entrance/code.html", wrong="")
        typed = str((await request.form()).get("code", ""))[:40]
        proof = await in_thread(self._prove, seen, typed, True)
        if proof is not True:
            return await self._page(
                request, "entrance/code.html", 400, wrong=self._wrong(proof, "account-code-wrong")
            )
        token = await in_thread(self._show, request.cookies[COOKIE])
        kept = await in_thread(gate.waiting, token)
        answer = await self._page(request, "entrance/kept.html", form=kept) if kept else _to("/")
        gate.give(request, answer, token)
        return answer

    def _prove(self, seen: Visitor, typed: str, code_only: bool = False) -> bool | Wait:
        gate, account = self.gate, seen.actor.account_id or 0
        return entering.proved(gate.engine, account, typed, gate.policy, gate.clock(), code_only=code_only)

    def _wrong(self, proof: bool | Wait, slug: str) -> str:
        return waiting_words(self.site, proof) if isinstance(proof, Wait) else say(slug)

    def _show(self, token: str) -> str:
        with writing(self.gate.engine) as session:
            return sessions.show_factor(session, token, self.gate.clock())

    @needs("nothing")
    @takes(query=("kembali",), form=("back",))
    async def lock(self, request: Request) -> Response:
        """Locks the screen, or shows that it is locked."""
        gate = self.gate
        seen = await gate.visitor(request)
        if seen is None:
            return _bare(request, 401) or _to("/masuk")
        back = own_path(request.query_params.get("kembali", "/"))
        if request.method == "POST":
            back = own_path(str((await request.form()).get("back", "/")))
            await in_thread(gate.lock, request.cookies[COOKIE])
            if bare := _bare(request, 204):
                return bare
        elif not seen.locked:
            return _to(back)
        return await self._locked(request, seen, back)

    async def _locked(self, request: Request, seen: Visitor, back: str, wrong: str = "") -> Response:
        values = {"label": seen.actor.label, "back": back, "wrong": wrong, "has_factor": seen.has_factor}
        return await self._page(request, "entrance/locked.html", 400 if wrong else 200, **values)

    @needs("nothing")
    @takes(form=("back", "proof"))
    async def unlock(self, request: Request) -> Response:
        """Unlocks the screen and leads back, with the form that was sent meanwhile."""
        gate, form = self.gate, await request.form()
        seen = await gate.visitor(request)
        if seen is None:
            return _bare(request, 401) or _to("/masuk")
        back = own_path(str(form.get("back", "/")))
        proof = await in_thread(self._prove, seen, str(form.get("proof", ""))[:200])
        if proof is not True:
            wrong = self._wrong(proof, "account-proof-wrong")
            return _bare(request, 400) or await self._locked(request, seen, back, wrong)
        token, kept = await in_thread(gate.unlock, request.cookies[COOKIE])
        done = _bare(request, 204) or _to(back)
        answer = await self._page(request, "entrance/kept.html", form=kept) if kept else done
        gate.give(request, answer, token)
        return answer

    @needs("nothing")
    @takes(form=("code",))
    async def typed_code(self, request: Request) -> Response:
        """Takes the code of a printed slip."""
        if request.method == "GET":
            return await self._page(request, "entrance/slip-code.html")
        code = "".join(each for each in str((await request.form()).get("code", "")) if each.isalnum())
        return _to(f"/undangan/{code[:40] or '-'}")

    @needs("nothing")
    @takes(form=("username", "password", "again"))
    async def invitation(self, request: Request) -> Response:
        """Lets who was invited set their passphrase."""
        code = request.path_params["code"]
        try:
            account = await in_thread(self._holder, code)
            if request.method == "GET":
                return await self._asked(request, account)
            return await self._accept(request, account, code)
        except NotInvited:
            return await self._page(request, "entrance/slip-code.html", 404, wrong=True)

    def _holder(self, code: str) -> Account:
        with reading(self.gate.engine) as session:
            return invitations.holder(session, code, self.gate.clock())

    async def _asked(self, request: Request, account: Account, faults: tuple[str, ...] = ()) -> Response:
        rules = self.gate.policy.rules
        values = {"account": account, "faults": faults, "rules": rules}
        return await self._page(request, "entrance/invitation.html", 422 if faults else 200, **values)

    async def _accept(self, request: Request, account: Account, code: str) -> Response:
        form = await request.form()
        typed, again = str(form.get("password", "")), str(form.get("again", ""))
        if typed != again:
            return await self._asked(request, account, (say("account-differs"),))
        try:
            await in_thread(self._set, account, code, typed)
        except WeakPassword as weak:
            faults = tuple(say(each.slug, least=each.least) for each in weak.faults)
            return await self._asked(request, account, faults)
        return _to("/masuk?notice=passphrase-set")

    def _set(self, account: Account, code: str, typed: str) -> None:
        engine, rules = self.gate.engine, self.gate.policy.rules
        with reading(engine) as session:
            before = earlier(session, account, rules)
        names = (*names_of(account), self.site.live.schema.office.label)
        kept = passwords.hashed(typed, rules, names, before)  # takes its time: outside of any transaction
        with writing(engine) as session:
            invitations.accept(session, code, kept, self.gate.clock())


def _bare(request: Request, status: int) -> Response | None:
    """Returns an answer without a page, for the script that locks a page in its place."""
    return Response(status_code=status) if request.headers.get("accept") == "application/json" else None


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)
