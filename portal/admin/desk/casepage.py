"""The page of a case: read it, complete its step, give its task to someone, issue a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden, may_in
from portal.admin.desk.base import Desk, Here, new_key, sent_key
from portal.admin.desk.casefile import CaseFile, casefile, visible
from portal.admin.desk.find import people
from portal.admin.forms import Form
from portal.cases import (
    STATES,
    AlreadyMoved,
    Paper,
    Refused,
    assign,
    complete,
    form_fields,
    identify,
    issue_on_request,
)
from portal.facts import earlier_answers
from portal.fields import FieldType, Value
from portal.models import lists_of
from portal.releases import sop_version
from portal.steps import ReferralStep
from portal.tables import Account, Case, Grant, Task
from portal.words import LANGUAGES, say


class CasePage(Desk):
    """One case."""

    @expose("/kasus/{case_id:int}", methods=["GET"])
    async def case(self, request: Request) -> Response:
        """Shows the case."""
        return await self._show(request)

    @expose("/kasus/{case_id:int}/langkah/{task_id:int}", methods=["POST"])
    async def step(self, request: Request) -> Response:
        """Completes the step of a task, or shows what is missing with everything that was typed."""
        here, data = self.here(request), await request.form()
        task_id, key = request.path_params["task_id"], sent_key(data.get("key"))
        fields = await self.work(here.read, lambda session: _fields(session, here, request, task_id))
        form = Form.submitted(fields, data)
        papers = papers_of(data)
        if not form.valid:
            return await self._show(request, form=form, papers=papers, status=422)

        def act(session: Session) -> str:
            complete(here.at(session), task_id, form.values, papers)
            return f"/kasus/{request.path_params['case_id']}?notice=step-completed"

        try:
            return RedirectResponse(await self.work(here.once, key, act), status_code=303)
        except Refused as refused:
            missing = _mark(form, refused)
            return await self._show(request, form=form, papers=papers, missing=missing, status=422)
        except AlreadyMoved:
            return await self._show(request, moved=True, status=409)
        except Forbidden:
            raise HTTPException(403) from None

    @expose("/kasus/{case_id:int}/tugas/{task_id:int}", methods=["POST"])
    async def give(self, request: Request) -> Response:
        """Takes a task, releases it, or gives it to someone."""
        here, data = self.here(request), await request.form()
        chosen = str(data.get("account", ""))
        account = here.actor.account_id if chosen == "me" else int(chosen) if chosen.isdigit() else None

        def act(session: Session) -> str:
            _fields(session, here, request, request.path_params["task_id"])
            assign(here.at(session), request.path_params["task_id"], account)
            return f"/kasus/{request.path_params['case_id']}?notice=task-assigned"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except AlreadyMoved:
            return await self._show(request, moved=True, status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    @expose("/kasus/{case_id:int}/surat", methods=["POST"])
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

        def act(session: Session) -> str:
            found = _visible(session, here, request)
            destination = here.live.schema.programs[found.program].destination
            issued = issue_on_request(here.at(session), found, letter, form.values, destination)
            return f"/surat/{issued.id}"

        try:
            return RedirectResponse(
                await self.work(here.once, sent_key(data.get("key")), act), status_code=303
            )
        except Forbidden:
            raise HTTPException(403) from None

    @expose("/kasus/{case_id:int}/warga", methods=["POST"])
    async def name(self, request: Request) -> Response:
        """Finds and then names the resident of a case that was opened without one."""
        here, data = self.here(request), await request.form()
        resident, words = str(data.get("resident", "")), str(data.get("words", ""))[:80]
        if not resident.isdigit():
            return await self._show(request, words=words)

        def act(session: Session) -> str:
            case = _visible(session, here, request)
            if not may_in(here.live.schema, here.actor, "work", case.area):
                raise Forbidden(case.area)
            known = {each.id for each in people(session, here, words)}
            if int(resident) not in known:
                raise HTTPException(404)
            identify(here.at(session), case.id, int(resident))
            return f"/kasus/{case.id}?notice=resident-identified"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    async def _show(
        self,
        request: Request,
        *,
        form: Form | None = None,
        papers: Mapping[str, Paper] | None = None,
        missing: tuple[str, ...] = (),
        moved: bool = False,
        words: str = "",
        status: int = 200,
    ) -> Response:
        here = self.here(request)

        def read(session: Session) -> tuple[CaseFile, Form | None, Any, Any]:
            case = _visible(session, here, request)
            file = casefile(session, here.live, here.actor, case, here.now)
            now = file.now
            shown = form or (Form.filled(now.fields, _proposed(session, here, case, file)) if now else None)
            found = people(session, here, words, 8) if words else ()
            return file, shown, found, _colleagues(session, here, now.task) if now else ()

        file, shown, found, colleagues = await self.work(here.read, read)
        values = {
            "file": file,
            "form": shown,
            "papers": papers or {},
            "missing": missing,
            "moved": moved,
            "words": words,
            "found": found,
            "colleagues": colleagues,
            "key": new_key(),
            "subject": here.live.schema.subject(),
        }
        return await self.page(request, "desk/case.html", values, status=status)


def _visible(session: Session, here: Here, request: Request) -> Case:
    """The case of the address, within the person's sight.

    Raises:
        HTTPException: 404, missing or foreign: the answer is the same.
    """
    case = visible(session, here.live, here.actor, request.path_params["case_id"])
    if case is None:
        raise HTTPException(404)
    return case


def _fields(session: Session, here: Here, request: Request, task_id: int) -> dict[str, FieldType]:
    """What the step of a task asks; the task must belong to the case of the address."""
    case = _visible(session, here, request)
    task = session.get(Task, task_id)
    if task is None or task.case_id != case.id:
        raise HTTPException(404)
    return dict(form_fields(here.live, sop_version(session, case.sop_version_id).steps[task.step]))


def papers_of(data: FormData) -> dict[str, Paper]:
    """Returns what a form says of documents: `doc-<id>` its state and `note-<id>` the note."""
    said = {}
    for name, state in data.multi_items():
        if name.startswith("doc-") and state in STATES:
            note = str(data.get(f"note-{name[4:]}", "")).strip()[:200]
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
    """What a form starts with: what an earlier step said that the letter asks again, and where to refer to."""
    if file.now is None:
        return {}
    step = file.now.step
    own = step.answer_fields(lists_of(here.live.schema))
    said = earlier_answers(session, here.live, case, file.sop)
    proposed = {key: value for key, value in said.items() if key in file.now.fields and key not in own}
    if isinstance(step, ReferralStep):
        program = here.live.schema.programs.get(case.program)
        proposed["destination"] = step.destination or (program.destination if program else None)
    return proposed


def _colleagues(session: Session, here: Here, task: Task) -> list[tuple[int, str]]:
    """Who a task can be given to: the accounts whose roles carry out such steps in its area."""
    if not may_in(here.live.schema, here.actor, "assign", task.area):
        return []
    roles = {key for key, role in here.live.schema.roles.items() if task.role in (key, *role.acts_as)}
    rows = session.execute(
        select(Account.id, Account.label, Grant.area)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.active, Grant.role.in_(roles))
        .order_by(Account.label)
    )
    inside = {key: label for key, label, area in rows if not area or f"{task.area}.".startswith(f"{area}.")}
    return list(inside.items())
