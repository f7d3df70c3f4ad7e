"""My account: passphrase, second factor, where I am logged in, language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.accounts import Visitor, Wait, WeakPassword, emergency, entering, factor, passwords, sessions
from portal.accounts.people import earlier, keep_password, names_of
from portal.admin.auth import COOKIE, Gate
from portal.admin.desk.base import Desk, Here, row_key
from portal.admin.entrance import waiting_words
from portal.admin.reader import LANGUAGE_COOKIE
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.database import writing
from portal.facts import calendar
from portal.places import Places
from portal.tables import Account
from portal.words import LANGUAGES, say
from portal.worktime import moment

YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One session as its owner sees it."""

    id: int
    device: str
    began: str
    seen: str
    mine: bool


class OwnPage(Desk):
    """What everybody may see and change of their own account."""

    def is_accessible(self, request: Request) -> bool:
        return True

    def gate(self) -> Gate:
        """Returns the gate of the site.

        Raises:
            HTTPException: 404, this site lets everybody in and has no accounts.
        """
        gate = self.site.gate
        if not isinstance(gate, Gate):
            raise HTTPException(404)
        return gate

    @expose("/akun-saya", methods=["GET"])
    @needs("account")
    @takes()
    async def own(self, request: Request) -> Response:
        """Shows the account of who asks."""
        return await self._own(request)

    async def _own(self, request: Request, status: int = 200, **more: Any) -> Response:
        here, seen = self.here(request), _visitor(request, self.gate())
        values = await self.work(here.read, lambda session: _values(session, here, seen))
        return await self.page(request, "accounts/own.html", {**values, **more}, status)

    @expose("/akun-saya/sandi", methods=["GET", "POST"])
    @needs("account")
    @takes(form=("username", "current", "password", "again"))
    async def passphrase(self, request: Request) -> Response:
        """Changes the passphrase; the other sessions end."""
        here, seen = self.here(request), _visitor(request, self.gate())
        values: dict[str, Any] = {"rules": self.gate().policy.rules, "faults": (), "login": seen.login}
        values["overdue"] = entering.is_overdue(self.gate().policy, seen.password_at, here.now)
        if request.method == "GET":
            return await self.page(request, "accounts/passphrase.html", values)
        form = await request.form()
        typed = [str(form.get(name, ""))[:400] for name in ("current", "password", "again")]
        faults = await self.work(self._changed, here, seen, *typed)
        if faults:
            return await self.page(request, "accounts/passphrase.html", {**values, "faults": faults}, 422)
        answer = RedirectResponse("/akun-saya?notice=passphrase-changed", status_code=303)
        self.gate().give(request, answer, await self.work(self._renewed, here, request.cookies[COOKIE]))
        return answer

    def _changed(self, here: Here, seen: Visitor, current: str, password: str, again: str) -> tuple[str, ...]:
        """Changes the passphrase; returns why not."""
        if password != again:
            return (say("account-differs"),)
        policy = self.gate().policy
        proof = entering.proved(here.engine, here.actor.account_id or 0, current, policy, here.now)
        if proof is not True:
            return (self._wrong(proof),)
        with writing(here.engine) as session:
            account = session.get_one(Account, here.actor.account_id)
            before = earlier(session, account, policy.rules)
        try:
            names = (*names_of(account), here.live.schema.office.label)
            kept = passwords.hashed(password, policy.rules, names, before)
        except WeakPassword as weak:
            return tuple(say(each.slug, least=each.least) for each in weak.faults)
        with writing(here.engine) as session:
            account = session.get_one(Account, here.actor.account_id)
            keep_password(session, account, kept, actor=here.actor, now=here.now, but=seen.session_id)
        return ()

    def _wrong(self, proof: bool | Wait) -> str:
        return waiting_words(self.site, proof) if isinstance(proof, Wait) else say("account-proof-wrong")

    def _renewed(self, here: Here, token: str) -> str:
        with writing(here.engine) as session:
            return sessions.renew(session, token)

    @expose("/akun-saya/kode", methods=["GET", "POST"])
    @needs("account")
    @takes(form=("proof", "act"))
    async def code(self, request: Request) -> Response:
        """Sets up the second factor, or makes new recovery codes."""
        here, seen = self.here(request), _visitor(request, self.gate())
        wrong = ""
        if request.method == "POST":
            form = await request.form()
            act = {
                "start": self._start,
                "confirm": self._confirm,
                "codes": self._codes,
                "remove": self._remove,
            }
            chosen = act.get(str(form.get("act", "")))
            if chosen is None:
                raise HTTPException(400)
            token = request.cookies[COOKIE]
            done = await self.work(chosen, here, seen, str(form.get("proof", ""))[:200], token)
            if isinstance(done, _Codes):
                shown = await self.page(request, "accounts/codes.html", {"codes": done.codes})
                self.gate().give(request, shown, done.token)
                return shown
            if done is None:
                return RedirectResponse("/akun-saya/kode", status_code=303)
            wrong = done
        values = await self.work(here.read, lambda session: self._factor(session, here, seen))
        return await self.page(
            request, "accounts/factor.html", {**values, "wrong": wrong}, 400 if wrong else 200
        )

    def _factor(self, session: Session, here: Here, seen: Visitor) -> dict[str, Any]:
        account = here.actor.account_id or 0
        secret = factor.pending(session, account, self.gate().policy.factor_key)
        return {
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else "",
            "since": factor.since(session, account),
            "left": factor.codes_left(session, account),
            "needed": factor.needed(here.live.schema, seen.actor) and not seen.without_factor,
        }

    def _start(self, here: Here, seen: Visitor, proof: str, token: str) -> None:
        with writing(here.engine) as session:
            account = session.get_one(Account, here.actor.account_id)
            factor.start(session, account, self.gate().policy.factor_key)

    def _confirm(self, here: Here, seen: Visitor, proof: str, token: str) -> _Codes | str:
        with writing(here.engine) as session:
            account = session.get_one(Account, here.actor.account_id)
            codes = factor.confirm(session, account, proof, self.gate().policy.factor_key, here.now)
            if codes is None:
                return say("account-code-wrong")
            sessions.end(session, account.id, here.now, but=seen.session_id)
            return _Codes(codes=codes, token=sessions.show_factor(session, token, here.now))

    def _codes(self, here: Here, seen: Visitor, proof: str, token: str) -> _Codes | str:
        wrong = self._unproved(here, proof)
        if wrong:
            return wrong
        with writing(here.engine) as session:
            account = session.get_one(Account, here.actor.account_id)
            codes = factor.fresh_codes(session, account, self.gate().policy.factor_key, here.now)
            return _Codes(codes=codes, token=sessions.renew(session, token))

    def _remove(self, here: Here, seen: Visitor, proof: str, token: str) -> str | None:
        """Takes the app away, so that another phone can be set up; the other sessions end."""
        wrong = self._unproved(here, proof)
        if wrong:
            return wrong
        with writing(here.engine) as session:
            account = session.get_one(Account, here.actor.account_id)
            factor.reset(session, account, actor=here.actor, now=here.now, but=seen.session_id)
        return None

    def _unproved(self, here: Here, proof: str) -> str:
        """Returns why a passphrase or code is not accepted, empty when it is."""
        found = entering.proved(here.engine, here.actor.account_id or 0, proof, self.gate().policy, here.now)
        return "" if found is True else self._wrong(found)

    @expose("/akun-saya/kode/gambar", methods=["GET"])
    @needs("account")
    @takes()
    async def picture(self, request: Request) -> Response:
        """The secret as a QR code, while it is being set up."""
        here, seen = self.here(request), _visitor(request, self.gate())
        key, account = self.gate().policy.factor_key, here.actor.account_id or 0
        secret = await self.work(here.read, lambda session: factor.pending(session, account, key))
        if secret is None:
            raise HTTPException(404)
        drawn = factor.picture(secret, seen.login, here.live.schema.office.label)
        return Response(drawn, media_type="image/svg+xml")

    @expose("/akun-saya/sesi", methods=["POST"])
    @needs("account")
    @takes(form=("session",))
    async def end(self, request: Request) -> Response:
        """Ends one session of one's own, or all others."""
        here, seen = self.here(request), _visitor(request, self.gate())
        only = row_key((await request.form()).get("session", ""))

        def act() -> None:
            with writing(here.engine) as session:
                account = here.actor.account_id or 0
                sessions.end(session, account, here.now, only=only, but=None if only else seen.session_id)

        await self.work(act)
        return RedirectResponse("/akun-saya?notice=sessions-ended", status_code=303)

    @expose("/akun-saya/bahasa", methods=["POST"])
    @needs("account")
    @takes(form=("language",))
    async def language(self, request: Request) -> Response:
        """Keeps the language of the account."""
        here, chosen = self.here(request), str((await request.form()).get("language", ""))
        if chosen not in LANGUAGES:
            raise HTTPException(400)

        def act() -> None:
            with writing(here.engine) as session:
                session.get_one(Account, here.actor.account_id).language = chosen

        await self.work(act)
        answer = RedirectResponse("/akun-saya", status_code=303)
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="lax")
        return answer


@dataclass(frozen=True, kw_only=True)
class _Codes:
    """Fresh recovery codes, and the token of a session that now holds more."""

    codes: tuple[str, ...]
    token: str


def _visitor(request: Request, gate: Gate) -> Visitor:
    visitor = getattr(request.state, "visitor", None)
    if not isinstance(visitor, Visitor):
        raise HTTPException(404)
    return visitor


def _values(session: Session, here: Here, seen: Visitor) -> dict[str, Any]:
    account, zone = session.get_one(Account, here.actor.account_id), calendar(here.live.schema).zone
    places, roles = Places(here.live.schema), here.live.schema.roles
    return {
        "account": account,
        "may_ask": emergency.may_ask(here.live.schema, here.actor),
        "roles_held": [
            (roles[each.role].label, places.full_name(each.area) if each.area else "", each.acting)
            for each in here.actor.grants
            if each.role in roles
        ],
        "since": factor.since(session, account.id),
        "left": factor.codes_left(session, account.id),
        "lines": [
            _Line(
                id=web.id,
                device=web.device,
                began=moment(web.started_at.astimezone(zone)),
                seen=moment(web.seen_at.astimezone(zone)),
                mine=web.id == seen.session_id,
            )
            for web in sessions.of_account(session, account.id, here.now)
        ],
    }
