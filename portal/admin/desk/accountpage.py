"""Accounts of others, for who manages them: a list, invitations, roles and areas, deputies, closing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden, Granted, may
from portal.accounts import LoginTaken, deputies, factor, find, invitations, managing, people, sessions
from portal.accounts.deputies import WrongDates
from portal.admin.desk.accountparts import UNCHOSEN, account_values, chosen_grants, line, offered
from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key, sent_key, typed_words
from portal.admin.desk.slip import printed_slip
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.database import writing
from portal.facts import calendar
from portal.fields.base import legible
from portal.releases import Live
from portal.tables import Account, Grant
from portal.words import say
from portal.worktime import moment

SHOWN = 50
_LOGIN = re.compile(r"[^\s:@][^\s]{0,79}")


def _held(live: Live, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles that stay ticked, one entry for each."""
    return ("held",)


class AccountPage(Desk):
    """The accounts in the area of a manager."""

    menu_url = "/akun"
    menu_slug = "account-menu"
    menu_group = "desk-rules"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "accounts")

    def _permitted(self, request: Request) -> Here:
        if not self.is_accessible(request):
            raise HTTPException(403)
        return self.here(request)

    @expose("/akun", methods=["GET", "POST"])
    @needs("accounts")
    @takes(query=("mulai",), form=("words",))
    async def accounts(self, request: Request) -> Response:
        """Lists the accounts, all or those with some words in their name."""
        here = self._permitted(request)
        words = typed_words(await request.form()) if request.method == "POST" else ""
        skip = row_key(request.query_params.get("mulai", "")) or 0
        skip = min(skip, 100_000)
        values = await self.work(here.read, lambda session: _list(session, here, words, skip))
        return await self.page(request, "accounts/list.html", values)

    @expose("/akun/baru", methods=["GET", "POST"])
    @needs("accounts")
    @takes(form=("key", "label", "login", "role", "area"))
    async def new(self, request: Request) -> Response:
        """Makes an account; its owner sets the passphrase by an invitation."""
        here = self._permitted(request)
        errors: tuple[str, ...] = ()
        typed: dict[str, str] = {}
        if request.method == "POST":
            form = await request.form()
            typed = {
                name: legible(str(form.get(name, "")))[:200] for name in ("login", "label", "role", "area")
            }
            done = await self.work(_created, here, typed, sent_key(form.get("key")))
            if isinstance(done, str):
                return RedirectResponse(done, status_code=303)
            errors = done
        values = {"typed": typed, "errors": errors, "key": new_key(), **offered(here)}
        return await self.page(request, "accounts/new.html", values, 422 if errors else 200)

    @expose("/akun/{account_id:int}", methods=["GET"])
    @needs("accounts")
    @takes()
    async def account(self, request: Request) -> Response:
        """Shows one account."""
        return await self._account(request, self._permitted(request), path_key(request, "account_id"))

    async def _account(
        self, request: Request, here: Here, key: int, status: int = 200, **more: Any
    ) -> Response:
        def values(session: Session) -> dict[str, Any]:
            return account_values(session, here, _managed(session, here, key))

        found = await self.work(here.read, values)
        return await self.page(request, "accounts/account.html", {**found, **more}, status)

    @expose("/akun/{account_id:int}/undang", methods=["POST"])
    @needs("accounts")
    @takes()
    async def invite(self, request: Request) -> Response:
        """Makes an invitation and shows its code this once."""
        here, key = self._permitted(request), path_key(request, "account_id")

        def act() -> tuple[str, datetime]:
            with writing(here.engine) as session:
                account = _managed(session, here, key)
                if not account.active:
                    raise HTTPException(409)
                return invitations.invite(session, account, actor=here.actor, now=here.now)

        code, until = await self.work(act)
        told = moment(until.astimezone(calendar(here.live.schema).zone))
        link = f"{request.url.scheme}://{request.url.netloc}/undangan/{code}"
        return await self._account(request, here, key, code=code, link=link, until=told)

    @expose("/akun/{account_id:int}/slip", methods=["POST"])
    @needs("accounts")
    @takes(form=("code",))
    async def slip(self, request: Request) -> Response:
        """The invitation as a slip of paper."""
        here, key = self._permitted(request), path_key(request, "account_id")
        code = str((await request.form()).get("code", ""))[:40]

        def found() -> tuple[Account, datetime]:
            def ask(session: Session) -> tuple[Account, datetime]:
                account = _managed(session, here, key)
                held = invitations.holder(session, code, here.now)
                until = invitations.waiting(session, account.id, here.now)
                if held.id != account.id or until is None:
                    raise invitations.NotInvited
                return account, until

            return here.read(ask)

        try:
            account, until = await self.work(found)
        except invitations.NotInvited:
            raise HTTPException(404) from None
        link = f"{request.url.scheme}://{request.url.netloc}/undangan"
        told = moment(until.astimezone(calendar(here.live.schema).zone))
        env = self.templates.env
        data = await self.work(printed_slip, env, here.live.schema.office.label, account, code, link, told)
        headers = {"Content-Disposition": f'inline; filename="undangan-{account.id}.pdf"'}
        return Response(data, media_type="application/pdf", headers=headers)

    async def _act(
        self, request: Request, act: Callable[[Session, Here, Account], None], notice: str
    ) -> Response:
        """Carries out an act on an account of somebody else and leads back to it."""
        here, key = self._permitted(request), path_key(request, "account_id")

        def carried() -> None:
            with writing(here.engine) as session:
                account = _managed(session, here, key)
                if account.id == here.actor.account_id:
                    raise Forbidden  # nobody changes what they themselves may do
                act(session, here, account)

        await self.work(carried)
        return RedirectResponse(f"/akun/{key}?notice={notice}", status_code=303)

    @expose("/akun/{account_id:int}/peran", methods=["POST"])
    @needs("accounts")
    @takes(form=("role", "area"), entries=_held)
    async def roles(self, request: Request) -> Response:
        """Changes roles and areas; the account's sessions end."""
        grants = chosen_grants(await request.form())

        def act(session: Session, here: Here, account: Account) -> None:
            held = {each for each in managing.all_grants(session, account.id) if not each.acting}
            fresh = [each for each in grants if each not in held]
            if not all(managing.may_give(here.live.schema, here.actor, each) for each in fresh):
                raise Forbidden
            people.set_grants(session, account, grants, actor=here.actor, now=here.now)

        if not grants or any(each.area == UNCHOSEN for each in grants):
            here, key = self._permitted(request), path_key(request, "account_id")
            return await self._account(request, here, key, 422, wrong=say("account-role-missing"))
        return await self._act(request, act, "roles-changed")

    @expose("/akun/{account_id:int}/tutup", methods=["POST"])
    @needs("accounts")
    @takes()
    async def close(self, request: Request) -> Response:
        """Closes an account."""
        return await self._act(
            request, lambda s, here, a: people.disable(s, a, actor=here.actor, now=here.now), "account-closed"
        )

    @expose("/akun/{account_id:int}/buka", methods=["POST"])
    @needs("accounts")
    @takes()
    async def reopen(self, request: Request) -> Response:
        """Opens a closed account; an invitation lets its owner in."""
        return await self._act(
            request,
            lambda s, here, a: people.reopen(s, a, actor=here.actor, now=here.now),
            "account-reopened",
        )

    @expose("/akun/{account_id:int}/sesi", methods=["POST"])
    @needs("accounts")
    @takes()
    async def end(self, request: Request) -> Response:
        """Ends every session of an account."""

        def act(session: Session, here: Here, account: Account) -> None:
            sessions.end_all(session, account.id, actor=here.actor, now=here.now)

        return await self._act(request, act, "sessions-ended")

    @expose("/akun/{account_id:int}/kode", methods=["POST"])
    @needs("accounts")
    @takes()
    async def lost_phone(self, request: Request) -> Response:
        """Takes a lost phone's second factor away."""
        return await self._act(
            request, lambda s, here, a: factor.reset(s, a, actor=here.actor, now=here.now), "factor-reset"
        )

    @expose("/akun/{account_id:int}/wakil", methods=["POST"])
    @needs("accounts")
    @takes(form=("role", "area", "acting", "since", "until", "for"))
    async def depute(self, request: Request) -> Response:
        """Gives a deputy's role for some days."""
        form, here = await request.form(), self._permitted(request)
        zone = calendar(here.live.schema).zone
        kind = str(form.get("acting", ""))
        granted = Granted(role=str(form.get("role", "")), area=str(form.get("area", "")), acting=kind)
        try:
            since, last = (
                datetime.strptime(str(form.get(name, "")).strip(), "%d-%m-%Y").replace(tzinfo=zone)
                for name in ("since", "until")
            )
            until = last + timedelta(days=1)
        except (ValueError, OverflowError):
            return await self._account(
                request, here, path_key(request, "account_id"), 422, wrong=say("account-dates-wrong")
            )

        def act(session: Session, here: Here, account: Account) -> None:
            plain = Granted(role=granted.role, area=granted.area)
            if kind not in deputies.KINDS or not managing.may_give(here.live.schema, here.actor, plain):
                raise Forbidden
            officer = _officer(session, here, str(form.get("for", "")))
            deputies.depute(
                session,
                account,
                granted,
                stands_in_for=officer,
                since=since,
                until=until,
                actor=here.actor,
                now=here.now,
            )

        try:
            return await self._act(request, act, "deputy-appointed")
        except WrongDates:
            return await self._account(
                request, here, path_key(request, "account_id"), 422, wrong=say("account-dates-wrong")
            )

    @expose("/akun/{account_id:int}/wakil/{grant_id:int}", methods=["POST"])
    @needs("accounts")
    @takes()
    async def dismiss(self, request: Request) -> Response:
        """Ends a deputy's role before its date."""
        grant_id = path_key(request, "grant_id")

        def act(session: Session, here: Here, account: Account) -> None:
            grant = session.get(Grant, grant_id)
            if grant is None or grant.account_id != account.id or not grant.acting:
                raise HTTPException(404)
            deputies.dismiss(session, grant, actor=here.actor, now=here.now)

        return await self._act(request, act, "deputy-dismissed")


def _officer(session: Session, here: Here, login: str) -> Account | None:
    """Returns whom a deputy stands in for, None when nobody is named.

    Raises:
        HTTPException: 404, there is no such account in the area of who asks.
    """
    if not login.strip():
        return None
    found = find(session, login)
    if found is None or managing.managed(session, here.live.schema, here.actor, found.id) is None:
        raise HTTPException(404)
    return found


def _managed(session: Session, here: Here, key: int) -> Account:
    """Returns an account that the person manages.

    Raises:
        HTTPException: 404, there is none, or it is another's; which is not told.
    """
    account = managing.managed(session, here.live.schema, here.actor, key)
    if account is None:
        raise HTTPException(404)
    return account


def _list(session: Session, here: Here, words: str, skip: int) -> dict[str, Any]:
    schema = here.live.schema
    found = managing.listed(session, schema, here.actor, words, most=SHOWN + 1, skip=skip)
    return {
        "words": words,
        "lines": [line(session, here, each) for each in found[:SHOWN]],
        "after": f"/akun?mulai={skip + SHOWN}" if len(found) > SHOWN and not words else "",
        "before": ("/akun" if skip <= SHOWN else f"/akun?mulai={skip - SHOWN}") if skip else "",
    }


def _created(here: Here, typed: dict[str, str], key: str) -> str | tuple[str, ...]:
    """Makes an account and returns where it leads, or what is wrong with what was typed."""
    login, label = typed["login"].strip().lower(), " ".join(typed["label"].split())
    granted = Granted(role=typed["role"], area=typed["area"])
    errors: tuple[str, ...] = () if _LOGIN.fullmatch(login) else (say("account-login-wrong"),)
    errors += () if 0 < len(label) <= 120 else (say("account-label-wrong"),)
    errors += () if typed["role"] and typed["area"] != UNCHOSEN else (say("account-role-missing"),)
    if errors:
        return errors
    if not managing.may_give(here.live.schema, here.actor, granted):
        raise Forbidden

    def act(session: Session) -> str:
        made = people.create(
            session, login=login, label=label, grants=(granted,), actor=here.actor, now=here.now
        )
        return f"/akun/{made.id}?notice=account-created"

    try:
        return here.once(key, act)
    except LoginTaken:
        return (say("account-login-taken"),)
