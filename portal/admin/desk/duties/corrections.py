"""Requests for correction that wait for an answer, the most urgent first."""

from __future__ import annotations

from typing import Any

from sqladmin import expose
from sqlalchemy import Table, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import may, may_record
from portal.admin.desk.base import Desk, Here
from portal.admin.desk.duties.common import local
from portal.admin.records.lens import Lens
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.duties.correction import open_corrections
from portal.facts import calendar
from portal.releases import SessionNames
from portal.worktime import standing, standing_in_words


class CorrectionPage(Desk):
    """The requests, for those who may change residents' data."""

    menu_url = "/perbaikan"
    menu_slug = "duty-corrections"
    menu_group = "duty-group"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may_record(schema, actor, schema.subject(), "edit") or may(schema, actor, "erase")

    @expose("/perbaikan", methods=["GET"])
    @needs("edit", "records", "record")
    @takes()
    async def corrections(self, request: Request) -> Response:
        """Shows the requests of the people in one's area."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        lines = await self.work(here.read, lambda session: _lines(session, here))
        return await self.page(request, "duties/corrections.html", {"lines": lines})


def _lines(session: Session, here: Here) -> list[dict[str, Any]]:
    subject = here.live.schema.subject()
    lens = Lens(live=here.live, key=subject, actor=here.actor)
    rows = open_corrections(session)
    table: Table = lens.table
    wanted = {row.resident_id for row in rows}
    mine = set(session.scalars(select(table.c.id).where(table.c.id.in_(wanted), lens.scope)))
    names = SessionNames(session, here.live, here.actor)
    office = calendar(here.live.schema)
    return [
        {
            "person": names.record(subject, row.resident_id),
            "url": f"/warga/{row.resident_id}/data",
            "wanted": row.wanted,
            "due": local(here, row.due_at),
            "late": row.due_at < here.now,
            "standing": standing_in_words(standing(row.due_at, here.now, office)),
        }
        for row in rows
        if row.resident_id in mine
    ]
