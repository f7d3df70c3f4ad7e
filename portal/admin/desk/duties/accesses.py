"""Unusual access: who opened very many people, worked at closed hours, or searched without a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from portal.admin.desk.base import Here
from portal.admin.desk.duties.common import DutyPage
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.duties.unusual import labels, looks, unusual, worked_on
from portal.facts import calendar
from portal.wall import unscoped

DAYS = 30
"""How far back the page looks."""


class UnusualPage(DutyPage):
    """What somebody should ask about."""

    menu_url = "/akses"
    menu_slug = "duty-accesses"

    @expose("/akses", methods=["GET"])
    @needs("erase", "records")
    @takes()
    async def accesses(self, request: Request) -> Response:
        """Shows the findings of the last thirty days, the newest first."""
        here = self.permitted(request)
        lines = await self.work(here.read, lambda session: _lines(session, here))
        return await self.page(request, "duties/accesses.html", {"lines": lines, "days": DAYS})


def _lines(session: Session, here: Here) -> list[dict[str, Any]]:
    names = labels(session)
    with unscoped("the people whom an account looked at are counted, and none of them is shown"):
        seen = looks(session, here.live, here.now - timedelta(days=DAYS))
        found = unusual(seen, calendar(here.live.schema), worked_on(session))
    return [
        {"who": names.get(each.account, str(each.account)), "text": each.sentence(), "rule": each.rule}
        for each in found
    ]
