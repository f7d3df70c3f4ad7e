"""The team page: who has how much to do, who has too much, who is away; from here work is divided."""

from __future__ import annotations

from sqladmin import expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import may
from portal.admin.desk.base import Desk
from portal.admin.desk.team import team
from portal.admin.routes import needs
from portal.admin.takes import takes


class TeamPage(Desk):
    """By person and by role queue what is open."""

    menu_url = "/tim"
    menu_slug = "team-menu"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "assign")

    @expose("/tim", methods=["GET"])
    @needs("assign", "cases", "case")
    @takes()
    async def team(self, request: Request) -> Response:
        """Shows everybody whose work the person divides."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        found = await self.work(here.read, lambda session: team(session, here))
        return await self.page(request, "desk/team.html", {"team": found})
