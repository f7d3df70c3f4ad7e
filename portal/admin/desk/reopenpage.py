"""Opening a closed case again, with the reason."""

from __future__ import annotations

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden, may_in
from portal.admin.desk.base import Desk, Here, new_key, path_key, sent_key
from portal.admin.desk.casefile import visible
from portal.admin.reasons import reason_in
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases import AlreadyMoved, reopen
from portal.tables import Case
from portal.words import say


class ReopenPage(Desk):
    """Asks why, then opens the case at the step that closed it."""

    @expose("/kasus/{case_id:int}/buka", methods=["GET"])
    @needs("reopen", "cases")
    @takes()
    async def ask(self, request: Request) -> Response:
        """Asks for the reason."""
        return await self._ask(request, self.here(request))

    @expose("/kasus/{case_id:int}/buka", methods=["POST"])
    @needs("reopen", "cases")
    @takes(form=("key", "reason"))
    async def act(self, request: Request) -> Response:
        """Opens the case again."""
        here, data = self.here(request), await request.form()
        reason, key = reason_in(data), path_key(request, "case_id")
        if not reason:
            return await self._ask(request, here, missing=True)

        def act(session: Session) -> str:
            reopen(here.at(session), _closed(session, here, key).id, reason)
            return f"/kasus/{key}?notice=case-reopened"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except AlreadyMoved:
            raise HTTPException(409) from None
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    async def _ask(self, request: Request, here: Here, *, missing: bool = False) -> Response:
        key = path_key(request, "case_id")
        case = await self.work(here.read, lambda session: _closed(session, here, key))
        values = {
            "title": say("reopen-case"),
            "about": say("reopen-about", number=case.number),
            "action": f"/kasus/{key}/buka",
            "back": f"/kasus/{key}",
            "missing": missing,
            "key": new_key(),
        }
        return await self.page(request, "desk/reason.html", values, status=422 if missing else 200)


def _closed(session: Session, here: Here, key: int) -> Case:
    """A case within the person's sight that they may open again.

    Raises:
        HTTPException: 404, missing or foreign; 403, they may not.
    """
    case = visible(session, here.live, here.actor, key)
    if case is None:
        raise HTTPException(404)
    if not may_in(here.live.schema, here.actor, "reopen", case.area):
        raise HTTPException(403)
    return case
