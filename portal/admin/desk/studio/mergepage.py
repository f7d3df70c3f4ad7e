"""A draft over an older Release is merged with the newest one; what both changed, people decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import studio
from portal.admin.desk.base import Here, row_key
from portal.admin.desk.studio.base import HOME, StudioPage, saving
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.releases import Live
from portal.studio import Overtaken, Rebased, Side
from portal.words import say

MERGE = "/atur/gabung"
PREFIX = "pilih-"


def _choices(live: Live, said: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"{PREFIX}*",)


class MergePage(StudioPage):
    """What has changed on both sides."""

    @expose(MERGE, methods=["GET"])
    @needs("rules", "releases")
    @takes()
    async def merge(self, request: Request) -> Response:
        """Shows what merging would do."""
        return await self._shown(request, {})

    @expose(MERGE, methods=["POST"])
    @needs("rules", "releases")
    @takes(form=("versi",), entries=_choices)
    async def take(self, request: Request) -> Response:
        """Merges as it was decided; as long as something is not, nothing is changed."""
        here, data = self.permitted(request), await request.form()
        chosen = {
            name.removeprefix(PREFIX): _side(str(value))
            for name, value in data.items()
            if name.startswith(PREFIX) and value in ("mine", "theirs")
        }
        version = row_key(data.get("versi")) or 0

        def act(session: Session) -> int:
            made = _rebased(session, here, chosen)
            if not made.clashes:
                studio.rebase(session, here.actor, version, made.files, here.now)
            return len(made.clashes)

        try:
            left = await self.work(saving, here, act)
        except Overtaken:
            return RedirectResponse(f"{HOME}?notice=draft-elsewhere", status_code=303)
        if left:
            return await self._shown(request, chosen, problem=say("studio-merge-left"), status=422)
        return RedirectResponse("/atur/rencana?notice=rules-merged", status_code=303)

    async def _shown(
        self, request: Request, chosen: Mapping[str, Side], *, problem: str = "", status: int = 200
    ) -> Response:
        here = self.permitted(request)
        version, made = await self.work(here.read, lambda session: _both(session, here))
        values = {
            "version": version,
            "files": sorted(made.files),
            "clashes": made.clashes,
            "chosen": chosen,
            "prefix": PREFIX,
            "problem": problem,
        }
        return await self.page(request, "studio/merge.html", values, status)


def _side(text: str) -> Side:
    return "mine" if text == "mine" else "theirs"


def _both(session: Session, here: Here) -> tuple[int, Rebased]:
    mine = studio.mine(session, here.actor)
    return (mine.version if mine else 0), _rebased(session, here, {})


def _rebased(session: Session, here: Here, chosen: Mapping[str, Side]) -> Rebased:
    mine = studio.mine(session, here.actor)
    if mine is None:
        raise HTTPException(404)
    work = studio.work(session, mine)
    theirs = studio.released(session, here.live.release_id)
    return studio.rebased(work.base, mine.files, theirs, chosen)
