"""A draft that was asked for: what it would change, who decides, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import studio
from portal.access import Forbidden, may
from portal.admin.desk.base import Here, path_key, row_key
from portal.admin.desk.studio.base import HOME, StudioPage, local, saving
from portal.admin.desk.studio.planpage import effect_values
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.fields.base import legible
from portal.studio import ASKED, DUE, NotOpen, Overtaken
from portal.tables import Account, RuleDraft
from portal.worktime import long_date


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A draft that was asked for, as its page tells it."""

    id: int
    version: int
    status: str
    who: str
    own: bool
    asked: str
    reason: str
    on: str
    moves: bool
    approved: str
    published: int | None
    problem: str


class WishPage(StudioPage):
    """One draft that was asked for."""

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "rules") or may(schema, actor, "publish")

    @expose("/atur/rancangan/{draft:int}", methods=["GET"])
    @needs("account", "releases")
    @takes()
    async def asked(self, request: Request) -> Response:
        """Shows a draft and where it stands."""
        here, key = self.permitted(request), path_key(request, "draft")
        found = await self.work(here.read, lambda session: _asked(session, here, key))
        values: dict[str, Any] = {"line": found[0], "decides": _decides(here, found[0])}
        if found[0].status in (ASKED, DUE):
            effect = await self.work(studio.effect, here.engine, found[2])
            values |= await self.work(effect_values, effect, found[1], found[2])
        return await self.page(request, "studio/wish.html", values)

    @expose("/atur/rancangan/{draft:int}/setuju", methods=["POST"])
    @needs("publish", "releases")
    @takes(form=("versi",))
    async def approve(self, request: Request) -> Response:
        """Lets it be put in force."""
        here, data = self.permitted(request), await request.form()
        key, version = path_key(request, "draft"), row_key(data.get("versi")) or 0
        return await self._done(
            here,
            key,
            lambda session: studio.approve(session, here.live.schema, here.actor, key, version, here.now),
        )

    @expose("/atur/rancangan/{draft:int}/kembali", methods=["POST"])
    @needs("account", "releases")
    @takes(form=("alasan",))
    async def send_back(self, request: Request) -> Response:
        """Gives it back to its author, or takes one's own back."""
        here, data = self.permitted(request), await request.form()
        key, reason = path_key(request, "draft"), legible(str(data.get("alasan", "")))[:2000].strip()
        return await self._done(
            here,
            key,
            lambda session: studio.send_back(session, here.live.schema, here.actor, key, reason, here.now),
        )

    async def _done(self, here: Here, key: int, act: Callable[[Session], RuleDraft]) -> Response:
        def change(session: Session) -> int:
            act(session)
            return 0

        try:
            await self.work(saving, here, change)
        except Forbidden:
            raise HTTPException(403) from None
        except (NotOpen, Overtaken):
            return RedirectResponse(f"/atur/rancangan/{key}?notice=draft-elsewhere", status_code=303)
        return RedirectResponse(f"/atur/rancangan/{key}", status_code=303)


def _asked(session: Session, here: Here, key: int) -> tuple[Asked, Mapping[str, str], Mapping[str, str]]:
    draft = session.get(RuleDraft, key)
    if draft is None:
        raise HTTPException(404)
    named = {draft.account_id, draft.approved_by} - {None}
    labels = {each: session.get_one(Account, each).label for each in named}
    line = Asked(
        id=draft.id,
        version=draft.version,
        status=draft.status,
        who=labels[draft.account_id],
        own=draft.account_id == here.actor.account_id,
        asked=local(here, draft.asked_at) if draft.asked_at else "",
        reason=draft.reason,
        on=long_date(draft.on) if draft.on else "",
        moves=draft.moves,
        approved=labels[draft.approved_by] if draft.approved_by else "",
        published=draft.published,
        problem=draft.problem,
    )
    return line, studio.released(session, here.live.release_id), studio.work(session, draft).files


def _decides(here: Here, line: Asked) -> bool:
    """Whether the person who looks may let it be put in force."""
    schema = here.live.schema
    return may(schema, here.actor, "publish") and not (line.own and schema.office.four_eyes)


__all__ = ["HOME", "WishPage"]
