"""A letter while its form is filled in: the HTML of its PDF, marked as a draft; nothing is written.

What the person sees masked on screen is covered on the sheet as well, so that looking needs no reason.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import pressroom, reads
from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key
from portal.admin.desk.casefile import visible
from portal.admin.desk.casenames import STEP_FORM, any_step_form, letter_form, step_names
from portal.admin.desk.casepage import CasePage
from portal.admin.desk.correctpage import OWN, PREVIEW, CorrectPage
from portal.admin.desk.stepform import papers_of
from portal.admin.forms import Form
from portal.admin.once import sent_version
from portal.admin.records.mine import case_is_mine
from portal.admin.records.names import entries_of
from portal.admin.routes import needs
from portal.admin.takes import only, takes
from portal.admin.threads import in_turn
from portal.cases import At, form_fields, may_carry_out
from portal.cases.base import due_of
from portal.facts import today
from portal.fields import FieldType
from portal.letters import html, template_folder
from portal.letters.context import Wanted
from portal.letters.draft import drafted
from portal.letters.example import Kind, example
from portal.letters.screen import on_screen
from portal.letters.sight import veiled
from portal.releases import sop_version
from portal.rights import may_letter
from portal.steps import StepType
from portal.tables import Case, IssuedLetter, Task

PART = "part"
"""What is wanted of a preview: the page with it, `html` alone, `pdf`, or a made-up case in its place."""
MADE_UP: tuple[Kind, ...] = ("example", "worst")
SERVED = (".css", ".svg")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A letter that is being filled in."""

    letter: str
    fields: Mapping[str, FieldType]
    form: Form
    step: StepType | None = None
    """The step that issues it, None for one on request."""


class PreviewPage(Desk):
    """Shows letters before they are issued."""

    @expose("/kasus/{case_id:int}/langkah/{task_id:int}/pratinjau", methods=["POST"])
    @needs("work", "cases", "letter")
    @takes(form=(*STEP_FORM, PART), entries=any_step_form)
    async def of_step(self, request: Request) -> Response:
        """Shows the letter of a step with what its form holds, and the form as it was."""
        here, data = self.here(request), await request.form()
        step, letter, fields = await self.work(here.read, lambda session: _of_step(session, here, request))
        shown = row_key(data.get("sop-version", ""))
        only(
            data,
            (*STEP_FORM, PART),
            await self.work(here.read, lambda session: step_names(session, here, fields, shown)),
        )
        asked = Asked(letter=letter, fields=fields, form=Form.begun(fields, data), step=step)
        made = await self._made(request, here, asked, data)
        if isinstance(made, Response):
            return made
        return await CasePage._show(self, request, form=asked.form, papers=papers_of(data), preview=made)

    @expose("/kasus/{case_id:int}/surat/pratinjau", methods=["POST"])
    @needs("work", "cases", "letter")
    @takes(form=("key", "version", "letter", "issue", PART), entries=letter_form)
    async def of_request(self, request: Request) -> Response:
        """Shows a letter on request with what its form holds, and the form as it was."""
        here, data = self.here(request), await request.form()
        letter = str(data.get("letter", ""))
        definition = here.live.schema.letters.get(letter)
        if definition is None or not definition.on_request:
            raise HTTPException(404)
        fields = dict(definition.asked())
        asked = Asked(letter=letter, fields=fields, form=Form.begun(fields, data))
        made = await self._made(request, here, asked, data)
        if isinstance(made, Response):
            return made
        case = await self.work(here.read, lambda session: _visible(session, here, request))
        values = {
            "form": asked.form,
            "letter": letter,
            "definition": definition,
            "case": case,
            "key": new_key(),
            "version": sent_version(data),
            "preview": made,
        }
        return await self.page(request, "desk/letter.html", values)

    @expose(f"/kasus/{{case_id:int}}/rujukan/{{letter}}{PREVIEW}", methods=["POST"])
    @needs("work", "cases", "letter")
    @takes(form=(*OWN, PART), entries=any_step_form)
    async def of_referral(self, request: Request) -> Response:
        """Shows the letter of a further referral with what its form holds, and the form as it was."""
        here, data = self.here(request), await request.form()
        sheet = await CorrectPage._referral(self, request)
        only(data, (*OWN, PART), entries_of(sheet.fields))
        letter = str(request.path_params["letter"])
        asked = Asked(
            letter=letter, fields=sheet.fields, form=Form.begun(sheet.fields, data), step=sheet.step
        )
        made = await self._made(request, here, asked, data)
        if isinstance(made, Response):
            return made
        return await CorrectPage._show(self, request, sheet, asked.form, preview=made)

    @expose("/surat/bahan/{release_id:int}/{name:path}", methods=["GET"])
    @needs("account")
    @takes()
    async def material(self, request: Request) -> Response:
        """Answers with a style sheet or an emblem of the letters' folder."""
        here, name = self.here(request), request.path_params["name"]
        text = here.live.templates.get(name) if name.endswith(SERVED) else None
        if text is None or path_key(request, "release_id") != here.live.release_id:
            raise HTTPException(404)
        kept = {"Cache-Control": "private, max-age=86400"}
        return Response(text, media_type=mimetypes.guess_type(name)[0], headers=kept)

    async def _made(self, request: Request, here: Here, asked: Asked, data: FormData) -> Response | str:
        """The preview for a page, or the answer itself where only the sheet is wanted.

        Raises:
            HTTPException: 400, the form was not one of ours.
        """
        part = str(data.get(PART, ""))
        if part not in ("", "html", "pdf", *MADE_UP):
            raise HTTPException(400)
        said = await self.work(here.read, lambda session: _data(session, here, request, asked, part))
        template = here.live.schema.letters[asked.letter].template
        if part == "pdf":
            text = await self.work(html, here.live.templates, template, said)
            printed = await in_turn(_printed, text, here)
            named = {"Content-Disposition": 'inline; filename="konsep.pdf"'}
            return Response(printed, media_type="application/pdf", headers=named)
        at, style = f"/surat/bahan/{here.live.release_id}", self.site.assets.path("letter-screen.css")
        shown = await self.work(lambda: on_screen(here.live.templates, template, said, at=at, style=style))
        # As text, for a script to put into its frame: by itself it is no page of ours.
        return Response(shown, media_type="text/plain") if part == "html" else shown


def _printed(text: str, here: Here) -> bytes:
    return pressroom.pdf(text, assets=template_folder(here.live.templates)).data


def _visible(session: Session, here: Here, request: Request) -> Case:
    """The case of the address, within the person's sight.

    Raises:
        HTTPException: 404, missing or foreign: the answer is the same.
    """
    case = visible(session, here.live, here.actor, path_key(request, "case_id"))
    if case is None:
        raise HTTPException(404)
    return case


def _of_step(session: Session, here: Here, request: Request) -> tuple[StepType, str, dict[str, FieldType]]:
    """The step of the task in the address, its letter, and what it asks.

    Raises:
        HTTPException: 404, there is no such open task, or it issues none; 403, it is somebody else's to do.
    """
    case = _visible(session, here, request)
    task = session.get(Task, path_key(request, "task_id"))
    if task is None or task.case_id != case.id or task.status != "open":
        raise HTTPException(404)
    step = sop_version(session, case.sop_version_id).steps[task.step]
    letter = getattr(step, "letter", None)
    if letter not in here.live.schema.letters:
        raise HTTPException(404)
    if not may_carry_out(here.at(session), case, task, step):
        raise HTTPException(403)
    return step, str(letter), dict(form_fields(here.live, step))


def _data(session: Session, here: Here, request: Request, asked: Asked, part: str) -> dict[str, Any]:
    """What the sheet says: of the case as the person sees it, or of the office's example.

    Raises:
        HTTPException: 404, there is no such case; 403, the person may not issue such a letter about it.
    """
    schema, actor, case = here.live.schema, here.actor, _visible(session, here, request)
    if not may_letter(schema, actor, asked.letter, "issue", case.area):
        raise HTTPException(403)
    for kind in MADE_UP:
        if part == kind:
            return example(schema, asked.letter, kind)
    said = drafted(session, here.live, case, _wanted(here.at(session), case, asked), now=here.now)
    made = IssuedLetter(letter=asked.letter, release_id=here.live.release_id, data=said)
    mine = case_is_mine(session, schema, actor, case)
    reads.note("case", (case.id,), {"letter": "plain"})
    if case.resident_id is not None:
        reads.note(schema.subject(), (case.resident_id,), {"letter": "masked"})
    return veiled(session, here.live, made, case, actor, assigned=mine)


def _wanted(at: At, case: Case, asked: Asked) -> Wanted:
    """What would be asked of the letter if the form were sent now."""
    program = at.live.schema.known.programs.get(case.program)
    chosen = asked.form.values.get("destination") or getattr(asked.step, "destination", None)
    limit = due_of(at, getattr(asked.step, "reply_within", None), None, case=case)
    return Wanted(
        letter=asked.letter,
        destination=str(chosen) if chosen else program.destination if program else None,
        form=asked.form.values,
        form_fields=asked.fields,
        reply_by=today(at.live.schema, limit.at) if limit else None,
    )
