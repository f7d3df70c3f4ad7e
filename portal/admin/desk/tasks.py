"""My tasks, the first page of everyone who works on cases."""

from __future__ import annotations

from sqladmin import expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import may
from portal.admin.desk.alerts import alerts
from portal.admin.desk.base import Desk, new_key
from portal.admin.desk.worklist import worklist
from portal.admin.exports import may_export
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.rights import opens


class Tasks(Desk):
    """What is late, what is due today, what comes next."""

    menu_url = "/tugas"
    menu_slug = "desk-tasks"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "work") and opens(schema, actor, "tasks")

    @expose("/tugas", methods=["GET"])
    @needs("work", "cases", "case", screen="tasks")
    @takes()
    async def tasks(self, request: Request) -> Response:
        """Shows the worklist."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        mine = await self.work(here.read, lambda session: worklist(session, here.live, here.actor, here.now))
        told = await self.work(here.read, lambda session: alerts(session, here.live, here.actor, here.now))
        registers = may(here.live.schema, here.actor, "register")
        exports = may_export(here.live, here.actor)
        values = {"worklist": mine, "may_register": registers, "may_export": exports}
        values |= {"alerts": told, "alert_key": new_key()}
        return await self.page(request, "desk/tasks.html", values)
