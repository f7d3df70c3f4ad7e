"""Two acts with a form of their own: correcting a completed step, and a referral beside the current one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads
from portal.access import Forbidden, sees
from portal.admin.desk.actspage import case_of, sentences
from portal.admin.desk.base import Desk, new_key, path_key, printing
from portal.admin.desk.casenames import any_step_form
from portal.admin.desk.stepform import mark
from portal.admin.forms import Form
from portal.admin.once import Reused, sent_version, stamp
from portal.admin.reasons import LONGEST, SHORTEST
from portal.admin.records.mine import case_is_mine
from portal.admin.records.names import entries_of
from portal.admin.routes import needs
from portal.admin.takes import only, takes
from portal.cases import Changed, Refused
from portal.cases.back import correct, correct_hindrance, may_undo
from portal.cases.beside import refer_beside, referral_fields, referral_letters
from portal.facts import answers_of, step_answers
from portal.fields import FieldType, Value
from portal.fields.base import legible
from portal.models import lists_of
from portal.releases import sop_version
from portal.rights import reads_step
from portal.schema import CASE
from portal.steps import StepType
from portal.tables import Case, Task
from portal.words import say

WHY = "act.reason"
"""The name of the reason in the form of a correction: a step may ask for a `reason` of its own."""
OWN = ("key", "version", WHY)
PREVIEW = "/pratinjau"
"""What is added to the address of a form to see its letter."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form with what it stands for."""

    case: Case
    label: str
    fields: Mapping[str, FieldType]
    before: Mapping[str, Value]
    hindrance: str = ""
    proposed: Mapping[str, Value] | None = None
    step: StepType | None = None
    """The step whose letter a further referral issues."""


class CorrectPage(Desk):
    """The form in which the answers of a completed step are corrected, and that of a further referral."""

    @expose("/kasus/{case_id:int}/koreksi/{task_id:int}", methods=["GET"])
    @needs("account", "cases", "case")
    @takes()
    async def ask(self, request: Request) -> Response:
        """Shows the answers as they are, to be corrected."""
        sheet = await self._sheet(request)
        return await self._show(request, sheet, Form.filled(sheet.fields, sheet.before))

    @expose("/kasus/{case_id:int}/koreksi/{task_id:int}", methods=["POST"])
    @needs("account", "cases", "case")
    @takes(form=OWN, entries=any_step_form)
    async def save(self, request: Request) -> Response:
        """Saves a correction."""
        here, data = self.here(request), await request.form()
        sheet, version = await self._sheet(request), sent_version(data)
        only(data, OWN, entries_of(sheet.fields))
        form, reason = Form.submitted(sheet.fields, data, sheet.before), _why(data)
        if not form.valid or not reason:
            told = () if reason else (say("unmask-reason-missing"),)
            return await self._show(request, sheet, form, told, reason=data.get(WHY), status=422)
        given = {**sheet.before, **form.values}
        task, key = path_key(request, "task_id"), path_key(request, "case_id")

        def act(session: Session) -> str:
            case_of(session, here, key)
            elsewhere = correct(here.at(session), task, given, reason, version=version)
            return f"/kasus/{key}?notice=step-corrected{'-elsewhere' if elsewhere else ''}"

        return await self._carry(request, sheet, form, act, reason=reason)

    @expose("/kasus/{case_id:int}/rujukan/{letter}", methods=["GET"])
    @needs("work", "cases", "letter")
    @takes()
    async def refer(self, request: Request) -> Response:
        """Asks what a further referral needs."""
        sheet = await self._referral(request)
        return await self._show(request, sheet, Form.filled(sheet.fields, sheet.proposed or {}))

    @expose("/kasus/{case_id:int}/rujukan/{letter}", methods=["POST"])
    @needs("work", "cases", "letter")
    @takes(form=OWN, entries=any_step_form)
    async def issue(self, request: Request) -> Response:
        """Issues a further referral."""
        here, data = self.here(request), await request.form()
        sheet, version = await self._referral(request), sent_version(data)
        only(data, OWN, entries_of(sheet.fields))
        form, letter = Form.submitted(sheet.fields, data), str(request.path_params["letter"])
        if not form.valid:
            return await self._show(request, sheet, form, status=422)
        key, issued = path_key(request, "case_id"), list[int]()

        def act(session: Session) -> str:
            case_of(session, here, key)
            made = refer_beside(here.at(session), key, letter, form.values, version=version)
            issued[:] = [each.id for each in made]
            return f"/kasus/{key}?notice=referral-beside&surat={issued[-1]}"

        return await self._carry(request, sheet, form, act, issued=issued)

    async def _carry(
        self,
        request: Request,
        sheet: Sheet,
        form: Form,
        act: Callable[[Session], str],
        *,
        reason: str = "",
        issued: list[int] | None = None,
    ) -> Response:
        here, data = self.here(request), await request.form()
        said = stamp(data, here.actor)
        try:
            led = await self.work(here.answered, said)
        except Reused:
            said, led = said.renewed(), None
        try:
            done = led if led else str(await self.work(here.once, said, act))
        except Refused as refused:
            left = mark(form, refused)
            told = sentences(Refused({name: refused.problems[name] for name in left}))
            return await self._show(request, sheet, form, told, reason=reason, status=422)
        except Changed:
            fresh = await self._sheet(request) if issued is None else await self._referral(request)
            told = (say("acts-changed"),)
            return await self._show(request, fresh, form, told, reason=reason, status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(done, status_code=303, background=printing(here, issued or ()))

    async def _sheet(self, request: Request) -> Sheet:
        """The form of a correction: only answers that the person sees in full are asked."""
        here = self.here(request)

        def read(session: Session) -> Sheet:
            case = case_of(session, here, path_key(request, "case_id"))
            task = session.get(Task, path_key(request, "task_id"))
            if task is None or task.case_id != case.id:
                raise HTTPException(404)
            at, sop = here.at(session), sop_version(session, case.sop_version_id)
            readable = reads_step(here.live.schema, here.actor, case.sop, task.step, case.area)
            if not may_undo(at, case, task) or not readable:
                raise HTTPException(403)
            hindrance = correct_hindrance(case, sop, task)
            if hindrance:
                label = sop.steps[task.step].label if task.step in sop.steps else task.step
                return Sheet(case=case, label=label, fields={}, before={}, hindrance=hindrance)
            fields = sop.steps[task.step].answer_fields(lists_of(here.live.schema))
            mine = case_is_mine(session, here.live.schema, here.actor, case)

            def plain(field: FieldType) -> bool:
                sight = sees(here.live.schema, here.actor, field, CASE, area=case.area, assigned=mine)
                return sight == "plain"

            before = step_answers(here.live, sop, answers_of(session, here.live, case), task.step)
            reads.note("case", (case.id,), {"number": "plain", f"answers.{task.step}": "plain"})
            seen = {key: each for key, each in fields.items() if plain(each)}
            return Sheet(case=case, label=sop.steps[task.step].label, fields=seen, before=before)

        return await self.work(here.read, read)

    async def _referral(self: Desk, request: Request) -> Sheet:
        here, letter = self.here(request), str(request.path_params["letter"])

        def read(session: Session) -> Sheet:
            case = case_of(session, here, path_key(request, "case_id"))
            at = here.at(session)
            step = referral_letters(at, case).get(letter)
            if step is None:
                raise HTTPException(404)
            hindrance = "" if case.status == "open" else "acts-case-closed"
            fields = referral_fields(at, step)
            reads.note("case", (case.id,), {"number": "plain"})
            label = here.live.schema.letters[letter].label
            proposed: dict[str, Value] = {"destination": step.destination}
            return Sheet(
                case=case,
                label=label,
                fields=fields,
                before={},
                hindrance=hindrance,
                proposed=proposed,
                step=step,
            )

        return await self.work(here.read, read)

    async def _show(
        self: Desk,
        request: Request,
        sheet: Sheet,
        form: Form,
        told: tuple[str, ...] = (),
        *,
        reason: object = "",
        status: int = 200,
        preview: str = "",
    ) -> Response:
        corrects = "task_id" in request.path_params
        slug = "acts-correct" if corrects else "acts-refer"
        said = {"step": sheet.label} if corrects else {"letter": sheet.label}
        values = {
            "title": say(f"{slug}-title", **said),
            "help": say(f"{slug}-help"),
            "save": say(f"{slug}-save"),
            "sheet": sheet,
            "form": form,
            "told": told,
            "corrects": corrects,
            "why": WHY,
            "reason": reason if isinstance(reason, str) else "",
            "hindrance": say(sheet.hindrance) if sheet.hindrance else "",
            "action": request.url.path.removesuffix(PREVIEW),
            "preview_url": "" if corrects else f"{request.url.path.removesuffix(PREVIEW)}{PREVIEW}",
            "preview": preview,
            "key": new_key(),
        }
        return await self.page(request, "desk/correct.html", values, status=status)


def _why(data: FormData) -> str:
    said = " ".join(legible(str(data.get(WHY, ""))).split())[:LONGEST]
    return said if len(said) >= SHORTEST else ""
