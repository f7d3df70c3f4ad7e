"""The page of one referral: what was known when it was made out, and writing down what happened since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads
from portal.access import may_in
from portal.admin.desk.base import Desk, Here, new_key, path_key
from portal.admin.desk.casefile import visible
from portal.admin.desk.referralcards import ReferralCard, card
from portal.admin.desk.referralform import any_referral_form, fields_of, said_in
from portal.admin.desk.referralfrozen import Frozen, frozen_of
from portal.admin.forms import Form
from portal.admin.once import Reused, stamp
from portal.admin.once import sent_version as version_in
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases.answering import answered
from portal.referrals import Illegal, Lacking, NotYours, Stale, move, state_of
from portal.referrals.opening import renew_page, ticket_part, web_of
from portal.referrals.states import ACTS, Name, open_acts
from portal.tables import Case, Event, Referral
from portal.words import say


class ReferralPage(Desk):
    """One referral of a case."""

    @expose("/kasus/{case_id:int}/rujukan/{referral_id:int}", methods=["GET"])
    @needs("account", "cases", "case")
    @takes(query=("catat",))
    async def referral(self, request: Request) -> Response:
        """Shows the referral, with the form of an act where one is chosen."""
        return await self._show(request, act=_act(request.query_params.get("catat")))

    @expose("/kasus/{case_id:int}/rujukan/{referral_id:int}", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key", "version", "act"), entries=any_referral_form)
    async def act(self, request: Request) -> Response:
        """Writes down what happened, or shows what is missing with everything that was typed."""
        here, data = self.here(request), await request.form()
        act, version = _act(data.get("act")), version_in(data)
        if act is None:
            raise HTTPException(400)
        row = await self.work(here.read, lambda session: _found(session, here, request, "work")[1])
        form = Form.submitted(fields_of(here.live.schema, row, act), data)
        if not form.valid:
            return await self._show(request, act=act, form=form, status=422)

        def carry_out(session: Session) -> str:
            case, found = _found(session, here, request, "work")
            at = here.at(session)
            if move(at, found.id, act, said_in(form, act), party="office", version=version):
                answered(at, case.id)
            return f"/kasus/{case.id}?notice=referral-kept"

        try:
            led = await self.work(here.once, stamp(data, here.actor), carry_out)
        except Reused as reused:
            led = reused.led_to
        except Lacking as lacking:
            for name, slug in lacking.problems.items():
                form.add_error(name, say(slug))
            return await self._show(request, act=act, form=form, status=422)
        except (Illegal, NotYours, Stale) as error:
            told = _words(error)
            return await self._show(request, act=act, form=form, told=told, status=409)
        return RedirectResponse(led, status_code=303)

    @expose("/kasus/{case_id:int}/rujukan/{referral_id:int}/pin", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key",))
    async def pin(self, request: Request) -> Response:
        """Gives the agency's page a new PIN and shows it, this once."""
        here, data = self.here(request), await request.form()
        made: dict[str, Any] = {}

        def act(session: Session) -> str:
            case, row = _found(session, here, request, "work")
            pair, web = renew_page(here.at(session), row), web_of(here.live.schema)
            made.update(ticket_part(here.live.schema, pair))
            made["address"] = f"{web}/rujukan/{pair.code}" if web else None
            return f"/kasus/{case.id}"

        return await shown_once(self, request, here, data, act, made)

    async def _show(
        self,
        request: Request,
        *,
        act: Name | None = None,
        form: Form | None = None,
        told: str = "",
        status: int = 200,
    ) -> Response:
        here = self.here(request)

        def read(session: Session) -> tuple[Case, Referral, ReferralCard, Frozen | None]:
            case, row = _found(session, here, request)
            mine = (Event.subject == "case", Event.subject_id == case.id, Event.kind.like("referral-%"))
            events = session.scalars(select(Event).where(*mine).order_by(Event.id)).all()
            reads.note("case", (case.id,), {"referrals": "plain"})
            return case, row, card(here.at(session), row, events), frozen_of(session, here, case, row)

        case, row, shown, frozen = await self.work(here.read, read)
        may = may_in(here.live.schema, here.actor, "work", case.area)
        allowed = [each for each in open_acts(state_of(row.status), "office") if may]
        if form is None and act in allowed:
            form = Form.blank(fields_of(here.live.schema, row, act))
        values = {
            "case": case,
            "card": shown,
            "frozen": frozen,
            "acts": allowed,
            "act": act if form is not None else None,
            "form": form,
            "told": told,
            "version": row.version,
            "may": may,
            "key": new_key(),
        }
        return await self.page(request, "desk/referral.html", values, status=status)


async def shown_once(
    page: Desk, request: Request, here: Here, data: FormData, act: Any, made: Mapping[str, Any]
) -> Response:
    """Carries out an act that makes a PIN and shows it; the same form sent again cannot show it again."""
    try:
        led = await page.work(here.once, stamp(data, here.actor), act)
    except Reused as reused:
        led = reused.led_to
    values = {"made": made or None, "back": led}
    return await page.page(request, "desk/pin.html", values)


def _act(text: object) -> Name | None:
    return next((each for each in ACTS if each == text and "office" in ACTS[each].who), None)


def _words(error: Illegal | NotYours | Stale) -> str:
    """Why an act is refused, in words."""
    if isinstance(error, Illegal):
        state, act = say(f"referral-state-{error.state}"), say(f"referral-act-{error.act}")
        return say("referral-illegal", state=state, act=act)
    return say("referral-stale" if isinstance(error, Stale) else "referral-not-yours")


def _found(session: Session, here: Here, request: Request, right: str = "") -> tuple[Case, Referral]:
    """The case and referral of an address, within the person's sight.

    Raises:
        HTTPException: 404, missing, foreign or of another case; 403, they may not.
    """
    case = visible(session, here.live, here.actor, path_key(request, "case_id"))
    row = session.get(Referral, path_key(request, "referral_id")) if case else None
    if case is None or row is None or row.case_id != case.id:
        raise HTTPException(404)
    if right and not may_in(here.live.schema, here.actor, "work", case.area):
        raise HTTPException(403)
    return case, row
