"""The page of a case: read it, complete its step, give its task to someone, issue a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden, may_in, sees
from portal.admin.desk.base import Desk, Here, new_key, path_key, printing, row_key, sent_key, typed_words
from portal.admin.desk.casefile import CaseFile, casefile, visible
from portal.admin.desk.casenames import STEP_FORM, any_step_form, letter_form, step_names
from portal.admin.desk.duties.persons import consent_lines
from portal.admin.desk.find import people
from portal.admin.forms import Form
from portal.admin.records.mine import case_is_mine
from portal.admin.routes import needs
from portal.admin.takes import only, takes
from portal.cases import (
    STATES,
    AlreadyMoved,
    Paper,
    Refused,
    Rerouted,
    assign,
    colleagues,
    complete,
    form_fields,
    identify,
    issue_on_request,
    may_carry_out,
)
from portal.cases.moving import MoveRefused, rerouted, undo
from portal.duties.emptying import is_emptied
from portal.facts import earlier_answers, today
from portal.fields import DateField, FieldType, Value
from portal.fields.base import legible
from portal.models import lists_of
from portal.releases import sop_version
from portal.rights import may_letter, reads_step
from portal.schema import CASE
from portal.steps import CheckStep, ReferralStep
from portal.tables import Case, SopVersion, Task
from portal.words import LANGUAGES, say


class CasePage(Desk):
    """One case."""

    @expose("/kasus/{case_id:int}", methods=["GET"])
    @needs("account", "cases", "case")
    @takes(query=("surat",))
    async def case(self, request: Request) -> Response:
        """Shows the case."""
        return await self._show(request)

    @expose("/kasus/{case_id:int}/langkah/{task_id:int}", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=STEP_FORM, entries=any_step_form)
    async def step(self, request: Request) -> Response:
        """Completes the step of a task, or shows what is missing with everything that was typed."""
        here, data = self.here(request), await request.form()
        key = sent_key(data.get("key"))
        shown = row_key(data.get("sop-version", ""))
        task, fields = await self.work(here.read, lambda session: _asked(session, here, request))
        only(data, STEP_FORM, await self.work(here.read, lambda each: step_names(each, here, fields, shown)))
        form, papers = Form.submitted(fields, data), papers_of(data)
        if not form.valid and task.status != "open":
            return await self._show(request, moved=True, status=409)
        if not form.valid and await self.work(here.read, lambda session: _rerouted(session, task, shown)):
            return await self._rerouted(request, data, shown)
        if not form.valid:
            return await self._show(request, form=form, papers=papers, status=422)
        issued: list[int] = []

        def act(session: Session) -> str:
            issued.extend(
                each.id for each in complete(here.at(session), task.id, form.values, papers, shown=shown)
            )
            led = _leads(session, here, task.case_id, "step-completed")
            return f"{led}&surat={issued[-1]}" if issued else led

        try:
            led = await self.work(here.once, key, act)
            return RedirectResponse(led, status_code=303, background=printing(here, issued))
        except Refused as refused:
            missing = _mark(form, refused)
            return await self._show(request, form=form, papers=papers, missing=missing, status=422)
        except Rerouted:
            return await self._rerouted(request, data, shown)
        except AlreadyMoved:
            return await self._show(request, moved=True, status=409)
        except Forbidden:
            raise HTTPException(403) from None

    @expose("/kasus/{case_id:int}/versi", methods=["POST"])
    @needs("releases", "cases")
    @takes(form=("key",))
    async def back(self, request: Request) -> Response:
        """Takes the case back to the version of its SOP from which it was just moved."""
        here, data = self.here(request), await request.form()

        def act(session: Session) -> str:
            undo(here.at(session), _visible(session, here, request).id)
            return f"/kasus/{path_key(request, 'case_id')}?notice=case-moved-back"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except MoveRefused:
            return await self._show(request, moved=True, status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    @expose("/kasus/{case_id:int}/tugas/{task_id:int}", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key", "account"))
    async def give(self, request: Request) -> Response:
        """Takes a task, releases it, or gives it to someone."""
        here, data = self.here(request), await request.form()
        chosen = str(data.get("account", ""))
        account = here.actor.account_id if chosen == "me" else row_key(chosen)
        if chosen and account is None:
            raise HTTPException(400)

        def act(session: Session) -> str:
            task, _ = _asked(session, here, request)
            assign(here.at(session), task.id, account)
            session.flush()
            return _leads(session, here, task.case_id, "task-assigned")

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except AlreadyMoved:
            return await self._show(request, moved=True, status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    @expose("/kasus/{case_id:int}/surat", methods=["POST"])
    @needs("work", "cases", "letter")
    @takes(form=("key", "letter", "issue"), entries=letter_form)
    async def letter(self, request: Request) -> Response:
        """Asks what a letter needs, then issues it and leads to it."""
        here, data = self.here(request), await request.form()
        letter = str(data.get("letter", ""))
        definition = here.live.schema.letters.get(letter)
        if definition is None or not definition.on_request:
            raise HTTPException(404)
        case = await self.work(here.read, lambda session: _visible(session, here, request))
        fields: dict[str, FieldType] = dict(definition.fields)
        asking = bool(fields) and "issue" not in data
        form = Form.blank(fields) if asking else Form.submitted(fields, data)
        if asking or not form.valid:
            values = {
                "form": form,
                "letter": letter,
                "definition": definition,
                "case": case,
                "key": new_key(),
            }
            return await self.page(request, "desk/letter.html", values, status=200 if asking else 422)

        issued: list[int] = []

        def act(session: Session) -> str:
            found = _visible(session, here, request)
            program = here.live.schema.known.programs.get(found.program)
            destination = program.destination if program else None
            made = issue_on_request(here.at(session), found, letter, form.values, destination)
            issued.append(made.id)
            prints = may_letter(here.live.schema, here.actor, letter, "print", found.area)
            return f"/surat/{made.id}" if prints else f"/kasus/{found.id}?notice=letter-issued"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
            return RedirectResponse(led, status_code=303, background=printing(here, issued))
        except Forbidden:
            raise HTTPException(403) from None

    @expose("/kasus/{case_id:int}/warga", methods=["POST"])
    @needs("work", "records", "record")
    @takes(form=("key", "words", "resident"))
    async def name(self, request: Request) -> Response:
        """Finds and then names the resident of a case that was opened without one."""
        here, data = self.here(request), await request.form()
        resident, words = row_key(data.get("resident", "")), typed_words(data)
        if resident is None:
            return await self._show(request, words=words)

        def act(session: Session) -> str:
            case = _visible(session, here, request)
            if not may_in(here.live.schema, here.actor, "work", case.area):
                raise Forbidden(case.area)
            known = {each.id for each in people(session, here, words)}
            if resident not in known:
                raise HTTPException(404)
            identify(here.at(session), case.id, resident)
            return f"/kasus/{case.id}?notice=resident-identified"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    async def _rerouted(self, request: Request, data: FormData, shown: int | None) -> Response:
        """Shows the step of the case's present version with what was typed for the other one."""
        here = self.here(request)
        task, fields = await self.work(here.read, lambda session: _asked(session, here, request))
        left = await self.work(here.read, lambda session: _left(session, here, task, data, shown, fields))
        form, papers = Form.submitted(fields, data), papers_of(data)
        return await self._show(request, form=form, papers=papers, moved=True, left=left, status=409)

    async def _show(
        self,
        request: Request,
        *,
        form: Form | None = None,
        papers: Mapping[str, Paper] | None = None,
        missing: tuple[str, ...] = (),
        moved: bool = False,
        left: tuple[tuple[str, str], ...] | None = None,
        words: str = "",
        status: int = 200,
    ) -> Response:
        here = self.here(request)

        def read(session: Session) -> tuple[CaseFile, Form | None, Any, Any, Any]:
            case = _visible(session, here, request)
            file = casefile(session, here.live, here.actor, case, here.now)
            now = file.now
            shown = form or (Form.filled(now.fields, _proposed(session, here, case, file)) if now else None)
            found = people(session, here, words, 8) if words else ()
            given = colleagues(here.at(session), now.task, case) if now else {}
            return file, shown, found, tuple(given.items()), _duties(session, here, file)

        file, shown, found, others, duties = await self.work(here.read, read)
        values = {
            "file": file,
            "duties": duties,
            "form": shown,
            "papers": papers or {},
            "missing": missing,
            "moved": moved,
            "rerouted": left is not None,
            "left": left or (),
            "words": words,
            "found": found,
            "colleagues": others,
            "fresh": row_key(request.query_params.get("surat", "")),
            "key": new_key(),
            "subject": here.live.schema.subject(),
        }
        return await self.page(request, "desk/case.html", values, status=status)


def _duties(session: Session, here: Here, file: CaseFile) -> dict[str, Any]:
    """What the resident agreed to, and whether the case was erased."""
    seen = file.case.resident_id if file.resident else None
    return {
        "erased": is_emptied(session, "case", file.case.id),
        "consents": consent_lines(session, here, seen) if seen else (),
    }


def _visible(session: Session, here: Here, request: Request) -> Case:
    """The case of the address, within the person's sight.

    Raises:
        HTTPException: 404, missing or foreign: the answer is the same.
    """
    case = visible(session, here.live, here.actor, path_key(request, "case_id"))
    if case is None:
        raise HTTPException(404)
    return case


def _asked(session: Session, here: Here, request: Request) -> tuple[Task, dict[str, FieldType]]:
    """The task of the address and what its step asks; it must belong to the case of the address."""
    case = _visible(session, here, request)
    task = session.get(Task, path_key(request, "task_id"))
    if task is None or task.case_id != case.id:
        raise HTTPException(404)
    return task, dict(form_fields(here.live, sop_version(session, case.sop_version_id).steps[task.step]))


def _rerouted(session: Session, task: Task, shown: int | None) -> bool:
    return rerouted(session, session.get_one(Case, task.case_id), shown)


def _left(
    session: Session,
    here: Here,
    task: Task,
    data: FormData,
    shown: int | None,
    fields: Mapping[str, FieldType],
) -> tuple[tuple[str, str], ...]:
    """What was typed for another version and has no place on the page now, with the labels that it had."""
    known = session.get(SopVersion, shown) if shown else None
    asked: dict[str, FieldType] = {}
    for step in sop_version(session, known.id).steps.values() if known else ():
        asked |= form_fields(here.live, step)
    case = session.get_one(Case, task.case_id)
    step = sop_version(session, case.sop_version_id).steps[task.step]
    may = may_carry_out(here.at(session), case, task, step)
    kept = fields if may else {}
    typed = ((key, " ".join(map(str, data.getlist(key))).strip()) for key in asked if key not in kept)
    return tuple((asked[key].label, text) for key, text in typed if text)


def _leads(session: Session, here: Here, case_id: int, notice: str) -> str:
    """Back to the case, or to the tasks when it has left the person's sight."""
    seen = visible(session, here.live, here.actor, case_id) is not None
    return f"/kasus/{case_id}?notice={notice}" if seen else f"/tugas?notice={notice}"


def papers_of(data: FormData) -> dict[str, Paper]:
    """Returns what a form says of documents: `doc-<id>` its state and `note-<id>` the note."""
    said = {}
    for name, state in data.multi_items():
        if name.startswith("doc-") and state in STATES:
            note = legible(str(data.get(f"note-{name[4:]}", ""))).strip()[:200]
            said[name[4:]] = Paper(state=str(state), note=note or None)
    return said


def _mark(form: Form, refused: Refused) -> tuple[str, ...]:
    """Puts the engine's objections at their fields; returns the documents that are missing."""
    missing = []
    for name, slug in refused.problems.items():
        if name in form.entries:
            field = form.entries[name].field
            form.add_error(name, say(slug, label=field.label) if slug in LANGUAGES["id"] else slug)
        else:
            missing.append(name)
    return tuple(missing)


def _proposed(session: Session, here: Here, case: Case, file: CaseFile) -> dict[str, Value]:
    """What a form starts with: today, who looks, what an earlier step knows, and where to refer to."""
    if file.now is None:
        return {}
    step, day = file.now.step, today(here.live.schema, here.now)
    own = step.answer_fields(lists_of(here.live.schema))
    schema, mine = here.live.schema, case_is_mine(session, here.live.schema, here.actor, case)

    def readable(key: str, field: FieldType) -> bool:
        sight = sees(schema, here.actor, field, CASE, area=case.area, assigned=mine)
        return sight == "plain" and reads_step(schema, here.actor, case.sop, key, case.area)

    said = earlier_answers(session, here.live, case, file.sop, readable)
    proposed: dict[str, Value] = {
        key: day for key, field in own.items() if field.required and isinstance(field, DateField)
    }
    proposed |= {key: value for key, value in said.items() if key in file.now.fields and key not in own}
    if isinstance(step, CheckStep):
        proposed["checked_by"] = here.actor.label
    if isinstance(step, ReferralStep):
        program = here.live.schema.known.programs.get(case.program)
        proposed["destination"] = step.destination or (program.destination if program else None)
    return proposed
