"""What the draft would change, in sentences and line by line, and asking that it be put in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import history, studio
from portal.admin.desk.base import Here, new_key, row_key, sent_key
from portal.admin.desk.releasepage import marked
from portal.admin.desk.studio.base import PLAN, Draft, StudioPage, draft_of
from portal.admin.desk.studio.problems import told
from portal.admin.forms import Form
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.facts import today
from portal.fields import DateField, FieldType, LongTextField
from portal.history import UnknownRelease
from portal.releases import Live
from portal.studio import Behind, Effect, Overtaken, Trial, Wish
from portal.words import say


def _fields() -> Mapping[str, FieldType]:
    """What is asked of whoever wants a draft to be put in force."""
    return {
        "alasan": LongTextField(
            type="long-text", label=say("studio-reason"), help=say("studio-reason-help"), required=True
        ),
        "berlaku": DateField(type="date", label=say("studio-from"), help=say("studio-from-help")),
    }


def _names(live: Live, said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_fields())


class PlanPage(StudioPage):
    """The plan of a draft."""

    @expose(PLAN, methods=["GET"])
    @needs("rules", "releases")
    @takes()
    async def plan(self, request: Request) -> Response:
        """Shows what would change, or what has to be mended first."""
        return await self._shown(request, Form.blank(_fields()))

    @expose(PLAN, methods=["POST"])
    @needs("rules", "releases")
    @takes(form=("key", "versi", "digest", "pindah", "sesuaikan"), entries=_names)
    async def ask(self, request: Request) -> Response:
        """Asks that it be put in force as it was shown."""
        here, data = self.permitted(request), await request.form()
        form = Form.submitted(_fields(), data)
        on = form.values.get("berlaku")
        if isinstance(on, date) and on < today(here.live.schema, here.now):
            form.add_error("berlaku", say("studio-from-past"))
        if not form.valid:
            return await self._shown(request, form, status=422)
        trial = await self._trial(here)
        if trial.differences and not (trial.adjusted and data.get("sesuaikan") == trial.digest):
            return await self._shown(request, form, trial=trial, status=409)
        wish = Wish(
            reason=str(form.values["alasan"]),
            digest=str(data.get("digest", "")),
            on=on if isinstance(on, date) else None,
            moves=data.get("pindah") == "1",
        )
        version = row_key(data.get("versi")) or 0

        def act(session: Session) -> str:
            nonlocal version
            if trial.adjusted:
                version = studio.save(session, here.actor, version, trial.adjusted, here.now).version
            draft = studio.ask(session, here.live.schema, here.actor, version, wish, here.now)
            return f"/atur/rancangan/{draft.id}"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except (Overtaken, Behind) as error:
            slug = "studio-behind" if isinstance(error, Behind) else "studio-overtaken"
            return await self._shown(request, form, problem=say(slug), status=409)
        return RedirectResponse(led, status_code=303)

    @expose("/rilis/{number:int}/kembalikan", methods=["POST"])
    @needs("rules", "releases")
    @takes(form=("key",))
    async def go_back(self, request: Request) -> Response:
        """Begins a draft that holds the files of an earlier Release."""
        here, data = self.permitted(request), await request.form()
        number = row_key(request.path_params["number"]) or 0

        def act(session: Session) -> str:
            studio.new(session, here.actor, here.now, history.files(session, number))
            return PLAN

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except UnknownRelease:
            raise HTTPException(404) from None
        return RedirectResponse(led, status_code=303)

    async def _trial(self, here: Here) -> Trial:
        """Tries the scenarios of the draft."""
        draft = await self.work(here.read, lambda session: draft_of(session, here))
        effect = await self.work(studio.effect, here.engine, draft.files)
        changes = effect.plan.changes if effect.plan else ()
        return await self.work(studio.trial, draft.files, changes)

    async def _shown(
        self,
        request: Request,
        form: Form,
        *,
        problem: str = "",
        trial: Trial | None = None,
        status: int = 200,
    ) -> Response:
        here = self.permitted(request)
        draft, base = await self.work(here.read, lambda session: _with_base(session, here))
        effect = await self.work(studio.effect, here.engine, draft.files)
        values = {
            "draft": draft,
            "form": form,
            "problem": problem,
            "trial": trial,
            "differences": await self.work(told, trial.differences) if trial else (),
            "alone": studio.alone(here.live.schema, here.actor),
            "key": new_key(),
            **await self.work(effect_values, effect, base, draft.files),
        }
        return await self.page(request, "studio/plan.html", values, status)


def _with_base(session: Session, here: Here) -> tuple[Draft, Mapping[str, str]]:
    return draft_of(session, here), studio.released(session, here.live.release_id)


def effect_values(effect: Effect, base: Mapping[str, str], files: Mapping[str, str]) -> Mapping[str, Any]:
    """Returns what pages show of what a draft would do."""
    plan = effect.plan
    return {
        "ready": effect.ready,
        "problems": told(effect.checked.diagnostics),
        "broken": plan is None,
        "changes": plan.changes if plan else (),
        "refused": plan.refused if plan else (),
        "digest": plan.digest if plan else "",
        "files": [marked(each) for each in history.differing(base, files)],
        "sops": _sops(effect),
    }


def _sops(effect: Effect) -> bool:
    """Whether running cases are left on an older version, so that moving them is a question."""
    return any("pinned" in each.risks for each in (effect.plan.changes if effect.plan else ()))
