"""Cases that pass between offices: offers that wait for this office's answer, and those that it made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden, may, may_in
from portal.admin.desk.actspage import sentences
from portal.admin.desk.base import Desk, Here, new_key, path_key
from portal.admin.desk.casefile import visible
from portal.admin.once import Reused, stamp
from portal.admin.reasons import reason_in
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases import Refused
from portal.cases.transfer import accept, give_back, waiting_offers
from portal.facts import calendar
from portal.tables import CaseTransfer
from portal.words import say
from portal.worktime import moment

SENT = 50
"""So many of its own offers an office is shown, the newest first."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One offer as the page shows it."""

    id: int
    number: str
    text: str
    reason: str
    answer: str = ""


class TransferPage(Desk):
    """Accepting and returning cases that other offices offer."""

    menu_url = "/pelimpahan"
    menu_slug = "transfer-menu"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "register")

    @expose("/pelimpahan", methods=["GET"])
    @needs("register", "cases", "case")
    @takes()
    async def offers(self, request: Request) -> Response:
        """Shows the offers."""
        return await self._list(request)

    @expose("/pelimpahan/{offer_id:int}", methods=["POST"])
    @needs("register", "cases", "case")
    @takes(form=("key", "answer", "reason"))
    async def answer(self, request: Request) -> Response:
        """Accepts a case, or returns it with the reason."""
        here, data = self.here(request), await request.form()
        key, said, answer = path_key(request, "offer_id"), stamp(data, here.actor), data.get("answer")
        if answer not in ("accept", "return"):
            raise HTTPException(400)
        reason = reason_in(data)
        try:
            led = await self.work(here.answered, said)
        except Reused:
            said, led = said.renewed(), None

        def act(session: Session) -> str:
            if answer == "return":
                give_back(here.at(session), key, reason)
                return "/pelimpahan?notice=transfer-returned"
            case = accept(here.at(session), key)
            seen = visible(session, here.live, here.actor, case) is not None
            return f"/kasus/{case}?notice=case-transferred" if seen else "/pelimpahan?notice=case-transferred"

        try:
            done = led if led else str(await self.work(here.once, said, act))
        except Refused as refused:
            typed = str(data.get("reason", ""))
            return await self._list(request, told=sentences(refused), at=key, typed=typed, status=422)
        except Forbidden:
            raise HTTPException(404) from None
        return RedirectResponse(done, status_code=303)

    async def _list(
        self,
        request: Request,
        *,
        told: tuple[str, ...] = (),
        at: int = 0,
        typed: str = "",
        status: int = 200,
    ) -> Response:
        here = self.here(request)
        mine, sent = await self.work(here.read, lambda session: _lines(session, here))
        values = {"mine": mine, "sent": sent, "told": told, "at": at, "typed": typed, "key": new_key()}
        return await self.page(request, "desk/transfers.html", values, status=status)


def _lines(session: Session, here: Here) -> tuple[Sequence[Line], Sequence[Line]]:
    mine = [_asked(here, each) for each in waiting_offers(here.at(session))]
    query = select(CaseTransfer).order_by(CaseTransfer.id.desc()).limit(SENT)
    made = [
        each
        for each in session.scalars(query)
        if may_in(here.live.schema, here.actor, "work", each.from_area)
    ]
    return mine, [_sent(here, each) for each in made]


def _asked(here: Here, each: CaseTransfer) -> Line:
    known = here.live.schema.known
    program, complaint = known.programs.get(each.program), known.complaints.get(each.complaint)
    text = say(
        "transfer-line",
        program=program.label if program else each.program,
        complaint=complaint.label if complaint else each.complaint,
        area=here.live.places.full_name(each.from_area),
        at=_local(here, each),
    )
    return Line(id=each.id, number=each.number, text=text, reason=each.reason)


def _sent(here: Here, each: CaseTransfer) -> Line:
    program = here.live.schema.known.programs.get(each.program)
    text = say(
        "transfer-line-to",
        program=program.label if program else each.program,
        area=here.live.places.full_name(each.to_area),
        at=_local(here, each),
        state=say(f"transfer-state-{each.status}"),
    )
    return Line(id=each.id, number=each.number, text=text, reason=each.reason, answer=each.answer)


def _local(here: Here, each: CaseTransfer) -> str:
    return moment(each.offered_at.astimezone(calendar(here.live.schema).zone))
