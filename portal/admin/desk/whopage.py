"""Who can see a case, with reasons, for those who look after access."""

from __future__ import annotations

from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import may, may_in
from portal.admin.desk.base import Desk, Here, path_key
from portal.admin.desk.casefile import visible
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.whocan import who_can
from portal.words import say


class WhoPage(Desk):
    """The page of who can see one case."""

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "audit")

    @expose("/kasus/{case_id:int}/siapa", methods=["GET"])
    @needs("audit", "cases")
    @takes()
    async def who(self, request: Request) -> Response:
        """Shows everybody who can see the case."""
        here, key = self.here(request), path_key(request, "case_id")
        values = await self.work(here.read, lambda session: _values(session, here, key))
        return await self.page(request, "desk/who.html", values)


def _values(session: Session, here: Here, key: int) -> dict[str, Any]:
    case = visible(session, here.live, here.actor, key)
    if case is None:
        raise HTTPException(404)
    if not may_in(here.live.schema, here.actor, "audit", case.area):
        raise HTTPException(403)
    return {
        "case": case,
        "access": say(f"who-class-{case.access}"),
        "seers": who_can(session, here.live, case),
    }
