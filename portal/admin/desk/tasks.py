"""My tasks, everyone's first page: in groups, narrowed by the address, taken from here."""

from __future__ import annotations

from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import may
from portal.admin.desk.alerts import alerts
from portal.admin.desk.base import Desk, new_key
from portal.admin.desk.dividepage import wanted
from portal.admin.desk.views import PATH, QUERY, STEP, Asked, NotAsked, asked, saved
from portal.admin.desk.worklist import worklist
from portal.admin.exports import may_export
from portal.admin.once import Reused, stamp
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases.dividing import divide, verdicts
from portal.rights import opens
from portal.steps import Stage
from portal.words import say


class Tasks(Desk):
    """What is late, what is due today, what comes next, what waits, what nobody has taken."""

    menu_url = PATH
    menu_slug = "desk-tasks"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "work") and opens(schema, actor, "tasks")

    @expose(PATH, methods=["GET"])
    @needs("work", "cases", "case", screen="tasks")
    @takes(query=QUERY)
    async def tasks(self, request: Request) -> Response:
        """Shows the worklist, narrowed as the address says; scope is that of whoever opens it."""
        return await self._show(request, self._asked(request))

    @expose(PATH, methods=["POST"])
    @needs("work", "cases", "case", screen="tasks")
    @takes(query=QUERY, form=("key", "ambil", "lepas"))
    async def take(self, request: Request) -> Response:
        """Takes a task of one's roles, or gives one back to them; the list stays as it was narrowed."""
        where, here, data = self._asked(request), self.here(request), await request.form()
        taking = "ambil" in data
        chosen = wanted([str(data.get("ambil" if taking else "lepas", ""))])
        account = here.actor.account_id if taking else None

        def act(session: Session) -> str:
            event = divide(here.at(session), chosen, account)
            refused = [verdict for verdict in verdicts(session, event) if verdict not in ("done", "same")]
            notice = f"task-{refused[0]}" if refused else "task-taken" if taking else "task-released"
            url = where.url(where.shown)
            return f"{url}{'&' if '?' in url else '?'}notice={notice}"

        try:
            led = await self.work(here.once, stamp(data, here.actor), act)
        except Reused:
            raise HTTPException(409) from None
        return RedirectResponse(led, status_code=303)

    def _asked(self, request: Request) -> Asked:
        if not self.is_accessible(request):
            raise HTTPException(403)
        try:
            return asked(self.site.live.schema, request.query_params)
        except NotAsked:
            raise HTTPException(400) from None

    async def _show(self, request: Request, where: Asked) -> Response:
        here = self.here(request)

        def read(session: Session) -> Any:
            return worklist(session, here.live, here.actor, here.now, where, where.shown)

        found = await self.work(here.read, read)
        values = {
            "alerts": await self.work(here.read, lambda s: alerts(s, here.live, here.actor, here.now)),
            "alert_key": new_key(),
            "worklist": found,
            "asked": where,
            "views": saved(here.live, here.actor, where),
            "told": tuple(_told(self, where)),
            "more_url": where.url(where.shown + STEP),
            "here_url": where.url(where.shown),
            "may_register": may(here.live.schema, here.actor, "register"),
            "may_divide": may(here.live.schema, here.actor, "assign"),
            "may_export": may_export(here.live, here.actor),
            "key": new_key(),
        }
        return await self.page(request, "desk/tasks.html", values)


def _told(page: Desk, where: Asked) -> list[str]:
    """What the list is narrowed to, in words."""
    known = page.site.live.schema.known
    program = known.programs.get(where.program or "")
    priority = known.priorities.get(where.priority or "")
    stage: Stage | None = where.stage
    return [
        each
        for each in (
            say(f"tasks-group-{where.group}") if where.group else "",
            (program.short or program.label) if program else "",
            say(f"tasks-step-{where.step}") if where.step else "",
            say(f"stage-{stage}") if stage else "",
            say(f"tasks-waits-{where.waits_for}") if where.waits_for else "",
            priority.label if priority else "",
            page.site.live.places.full_name(where.area).split(",")[0] if where.area else "",
        )
        if each
    ]
