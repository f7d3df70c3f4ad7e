"""Giving the resident of a case a ticket code and PIN, or a new PIN, from the page of the case."""

from __future__ import annotations

from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import may_in
from portal.admin.desk.base import Desk, path_key
from portal.admin.desk.casefile import visible
from portal.admin.desk.referralpage import shown_once
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases.base import event, locked_case
from portal.duties.emptying import is_emptied
from portal.referrals import give_ticket, ticket_part


class TicketAct(Desk):
    """The ticket of a case."""

    @expose("/kasus/{case_id:int}/tiket", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key",))
    async def ticket(self, request: Request) -> Response:
        """Gives a code, or a new PIN for it, and shows both, this once."""
        here, data = self.here(request), await request.form()
        made: dict[str, Any] = {}

        def act(session: Session) -> str:
            case = visible(session, here.live, here.actor, path_key(request, "case_id"))
            if case is None:
                raise HTTPException(404)
            erased = is_emptied(session, "case", case.id)
            if erased or not may_in(here.live.schema, here.actor, "work", case.area):
                raise HTTPException(403)
            at, case = here.at(session), locked_case(session, case.id)
            kind = "ticket-renewed" if case.ticket_code else "ticket-given"
            made.update(ticket_part(here.live.schema, give_ticket(at, case)))
            event(at, case, kind, {})
            return f"/kasus/{case.id}"

        return await shown_once(self, request, here, data, act, made)
