"""An SOP on paper: the choice of its sheets, and each as PDF, for who works by it or sees the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import sheets
from portal.admin.desk.base import Desk, Here
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_turn
from portal.worktime import long_date

KINDS: Mapping[str, sheets.Kind] = {"formulir": "form", "standar": "standard", "tugas": "aid"}
"""What a sheet is called in the address."""


class SheetPage(Desk):
    """The sheets of one SOP."""

    @expose("/sop/{sop}/lembar", methods=["GET"])
    @needs("account")
    @takes()
    async def choose(self, request: Request) -> Response:
        """Shows which sheets there are."""
        here, sop, roles = self._asked(request)
        facts = await self.work(here.read, lambda session: _facts(session, here, sop))
        values: Mapping[str, Any] = {
            "sop": sop,
            "label": facts.sop.label,
            "version": facts.in_force.version,
            "since": long_date(facts.effective),
            "centre": facts.centre.label,
            "aids": [(role, sheets.role_label(here.live.schema, role)) for role in roles],
        }
        return await self.page(request, "desk/sheets.html", values)

    @expose("/sop/{sop}/lembar/{name}.pdf", methods=["GET"])
    @needs("account")
    @takes(query=("peran",))
    async def sheet(self, request: Request) -> Response:
        """Answers with a sheet as PDF."""
        here, sop, roles = self._asked(request)
        name, role = request.path_params["name"], request.query_params.get("peran", "")
        if name not in KINDS or (KINDS[name] == "aid") != bool(role):
            raise HTTPException(404)
        if role and role not in sheets.executors(here.live.schema.sops[sop]):
            raise HTTPException(404)
        if role and role not in roles:
            raise HTTPException(403)
        facts = await self.work(here.read, lambda session: _facts(session, here, sop))
        printed = await in_turn(sheets.sheet_pdf, facts, KINDS[name], role)
        file = "-".join(filter(None, (sop, name, role)))
        shown = {"Content-Disposition": f'inline; filename="{file}.pdf"'}
        return Response(printed.data, media_type="application/pdf", headers=shown)

    def _asked(self, request: Request) -> tuple[Here, str, tuple[str, ...]]:
        """Returns which SOP is asked for, and the roles whose job aid the person may print.

        Raises:
            HTTPException: 404, there is no such SOP; 403, the person has nothing to do with it.
        """
        here, sop = self.here(request), request.path_params["sop"]
        if sop not in here.live.schema.sops:
            raise HTTPException(404)
        roles = sheets.roles_open(here.live.schema, here.actor, sop)
        if not roles:
            raise HTTPException(403)
        return here, sop, roles


def _facts(session: Session, here: Here, sop: str) -> sheets.Facts:
    return sheets.facts_of(session, here.live, sop, sheets.office_of(here.live.schema, here.actor))
