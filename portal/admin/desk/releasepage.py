"""Releases: which state of the YAML is served, since when, and what changed."""

from __future__ import annotations

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import may
from portal.admin.desk.base import Desk, Here
from portal.facts import calendar
from portal.tables import Release
from portal.worktime import moment

SHOWN = 50


class ReleasePage(Desk):
    """The newest releases, for those who answer for the rules."""

    menu_url = "/rilis"
    menu_slug = "desk-releases"
    menu_group = "desk-rules"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "releases")

    @expose("/rilis", methods=["GET"])
    async def releases(self, request: Request) -> Response:
        """Shows the releases, the newest first."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        rows = await self.work(here.read, lambda session: _rows(session, here))
        return await self.page(request, "desk/releases.html", {"rows": rows})


def _rows(session: Session, here: Here) -> list[tuple[int, str, str, str]]:
    zone = calendar(here.live.schema).zone
    columns = (Release.id, Release.applied_at, Release.applied_by, Release.reason)
    rows = session.execute(select(*columns).order_by(Release.id.desc()).limit(SHOWN))
    return [(key, moment(at.astimezone(zone)), who, why) for key, at, who, why in rows]
