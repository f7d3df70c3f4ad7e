"""The settings at a glance: what somebody is changing, what others are, and every part of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import studio
from portal.access import may
from portal.admin.desk.base import Here, row_key
from portal.admin.desk.studio.base import HOME, StudioPage, draft_of, local, saving
from portal.admin.desk.studio.problems import text_url
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.studio import NotOpen, Overtaken


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A draft beside one's own."""

    id: int
    who: str
    own: bool
    status: str
    saved: str
    files: tuple[str, ...]


class StudioHome(StudioPage):
    """The home of the studio."""

    menu_url = HOME
    menu_slug = "studio-menu"
    menu_group = "desk-rules"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "rules") or may(schema, actor, "publish")

    @expose(HOME, methods=["GET"])
    @needs("account", "releases")
    @takes()
    async def home(self, request: Request) -> Response:
        """Shows drafts and files."""
        here = self.permitted(request)
        return await self.page(
            request, "studio/home.html", await self.work(here.read, lambda session: _home(session, here))
        )

    @expose("/atur/buang", methods=["POST"])
    @needs("rules", "releases")
    @takes(form=("versi",))
    async def drop(self, request: Request) -> Response:
        """Drops the draft that somebody works on."""
        here, data = self.permitted(request), await request.form()
        version = row_key(data.get("versi")) or 0

        def act(session: Session) -> int:
            studio.drop(session, here.actor, version, here.now)
            return 0

        try:
            await self.work(saving, here, act)
        except Overtaken:
            return RedirectResponse(f"{HOME}?notice=draft-elsewhere", status_code=303)
        return RedirectResponse(f"{HOME}?notice=rules-dropped", status_code=303)

    @expose("/atur/lanjut", methods=["POST"])
    @needs("rules", "releases")
    @takes(form=("rancangan",))
    async def take_up(self, request: Request) -> Response:
        """Goes on with another draft of one's own."""
        here, data = self.permitted(request), await request.form()
        key = row_key(data.get("rancangan")) or 0

        def act(session: Session) -> int:
            studio.take_up(session, here.actor, key, here.now)
            return 0

        try:
            await self.work(saving, here, act)
        except NotOpen:
            raise HTTPException(404) from None
        return RedirectResponse(HOME, status_code=303)


def _home(session: Session, here: Here) -> Mapping[str, Any]:
    draft = draft_of(session, here)
    return {
        "draft": draft,
        "files": [(name, text_url(name)) for name in draft.files if name.endswith((".yaml", ".csv"))],
        "letters": [(name, text_url(name)) for name in draft.files if not name.endswith((".yaml", ".csv"))],
        "others": list(_others(session, here)),
        "edits": may(here.live.schema, here.actor, "rules"),
        "decides": may(here.live.schema, here.actor, "publish"),
    }


def _others(session: Session, here: Here) -> Iterator[Beside]:
    for each in studio.others(session, here.actor):
        yield Beside(
            id=each.id,
            who=each.who,
            own=each.own,
            status=each.status,
            saved=local(here, each.saved_at),
            files=each.files,
        )
