"""The text of one file of a draft: saved, checked, and never lost to what somebody else saved meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from portal import studio
from portal.admin.desk.base import Here, row_key
from portal.admin.desk.studio.base import PLAN, Draft, StudioPage, draft_of, saving
from portal.admin.desk.studio.problems import text_url, told
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.diagnostics import Diagnostic
from portal.editor import completions, problems
from portal.facts import calendar
from portal.history import SCHEMA
from portal.studio import LARGEST, Checked, Overtaken, TooLong, UnknownFile
from portal.words import language, say
from portal.worktime import clock


class TextPage(StudioPage):
    """The text of a file."""

    @expose("/atur/naskah", methods=["GET"])
    @needs("rules", "releases")
    @takes(query=("berkas",))
    async def text(self, request: Request) -> Response:
        """Shows a file of the draft as text, with everything that is wrong in it."""
        here, name = self.permitted(request), request.query_params.get("berkas", "")
        draft = await self.work(here.read, lambda session: draft_of(session, here))
        if name not in draft.files:
            raise HTTPException(404)
        return await self._shown(request, draft, name, draft.files[name])

    @expose("/atur/naskah", methods=["POST"])
    @needs("rules", "releases")
    @takes(query=("berkas",), form=("version", "text", "lanjut"))
    async def save(self, request: Request) -> Response:
        """Saves the text; where the draft was saved elsewhere meanwhile, both are shown."""
        here, data = self.permitted(request), await request.form()
        name, text = request.query_params.get("berkas", ""), _lines(str(data.get("text", "")))
        version = row_key(data.get("version")) or 0
        try:
            await self.work(saving, here, lambda session: _save(session, here, version, name, text))
        except UnknownFile:
            raise HTTPException(404) from None
        except (Overtaken, TooLong) as error:
            draft = await self.work(here.read, lambda session: draft_of(session, here))
            problem = say("studio-overtaken" if isinstance(error, Overtaken) else "studio-too-long")
            return await self._shown(request, draft, name, text, problem=problem, status=409)
        on = PLAN if data.get("lanjut") == "rencana" else f"{text_url(name)}&notice=draft-saved"
        return RedirectResponse(on, status_code=303)

    @expose("/atur/simpan", methods=["POST"])
    @needs("rules", "releases")
    @takes(form=("file", "version", "text"))
    async def keep(self, request: Request) -> Response:
        """Saves the text as it is typed, for the editor's script."""
        here, data = self.permitted(request), await request.form()
        name, text = str(data.get("file", "")), _lines(str(data.get("text", "")))
        version = row_key(data.get("version")) or 0
        try:
            saved = await self.work(saving, here, lambda session: _save(session, here, version, name, text))
        except UnknownFile:
            raise HTTPException(404) from None
        except Overtaken:
            return JSONResponse({"message": say("studio-overtaken")}, status_code=409)
        except TooLong:
            return JSONResponse({"message": say("studio-too-long")}, status_code=409)
        at = clock(here.now.astimezone(calendar(here.live.schema).zone))
        return JSONResponse({"version": saved, "saved": say("studio-saved", at=at)})

    @expose("/atur/periksa", methods=["POST"])
    @needs("rules", "releases")
    @takes(form=("file", "text"))
    async def check(self, request: Request) -> Response:
        """Tells what is wrong in a text that is being typed, for the editor's script; nothing is saved."""
        here, data = self.permitted(request), await request.form()
        name, text = str(data.get("file", "")), _lines(str(data.get("text", "")))
        draft = await self.work(here.read, lambda session: draft_of(session, here))
        if name not in draft.files or len(text) > LARGEST:
            raise HTTPException(404)
        found = await self.work(studio.typed, draft.files, name, text)
        shown = await self.work(_problems, found, name)
        slug = "studio-problems-count" if shown else "studio-no-problems"
        return JSONResponse({"problems": shown, "picture": None, "summary": say(slug, count=len(shown))})

    async def _shown(
        self, request: Request, draft: Draft, name: str, text: str, *, problem: str = "", status: int = 200
    ) -> Response:
        found = await self.work(studio.checked, {**draft.files, name: text})
        values: Mapping[str, Any] = {
            "draft": draft,
            "name": name,
            "text": text,
            "problem": problem,
            "stored": draft.files.get(name, "") if problem and draft.files.get(name) != text else "",
            "problems": await self.work(told, found.diagnostics),
            "model": await self.work(_model, found) if name.endswith(".yaml") else "",
        }
        return await self.page(request, "studio/text.html", values, status)


def _problems(found: tuple[Diagnostic, ...], name: str) -> list[dict[str, object]]:
    """Returns what is wrong as the editor shows it, with the names that a draft's files have."""
    told = problems(found, name.rpartition("/")[2], language())
    return [{**each, "file": f"{SCHEMA}/{each['file']}"} for each in told]


def _model(found: Checked) -> str:
    """Returns what the editor completes with, as JSON that is safe inside a page."""
    model = json.dumps(completions(found.loaded.parts, language()), ensure_ascii=False)
    return model.replace("<", "\\u003c")


def _lines(text: str) -> str:
    """Returns a text with the ends of lines that files have: browsers send others."""
    return text.replace("\r\n", "\n")


def _save(session: Session, here: Here, version: int, name: str, text: str) -> int:
    try:
        return studio.save(session, here.actor, version, {name: text}, here.now).version
    except Overtaken:
        # The editor's last save may have come just before the form that brings the same text.
        draft = draft_of(session, here)
        if draft.files.get(name) != text:
            raise
        return draft.version
