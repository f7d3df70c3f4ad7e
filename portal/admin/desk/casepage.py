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

from portal.access import Forbidden, may_in
from portal.admin.desk.base import Desk, Here, new_key, path_key, printing, row_key, typed_words
from portal.admin.desk.beside import beside, owed
from portal.admin.desk.casefile import CaseFile, casefile, visible
from portal.admin.desk.casehistory import ABOUT
from portal.admin.desk.casenames import STEP_FORM, any_step_form, letter_form, step_names
from portal.admin.desk.find import people
from portal.admin.desk.receiptpage import last_size
from portal.admin.desk.stale import Overtaken, overtaken
from portal.admin.desk.stepform import (
    answered_before,
    hindered,
    is_rerouted,
    left_over,
    mark,
    papers_of,
    proposed,
    wrong_dates,
)
from portal.admin.forms import Form
from portal.admin.once import Reused, Stamp, sent_version, stamp
from portal.admin.routes import needs
from portal.admin.takes import only, takes
from portal.cases import (
    AlreadyMoved,
    Changed,
    Paper,
    Refused,
    Rerouted,
    assign,
    colleagues,
    complete,
    draft_on_request,
    form_fields,
    identify,
    issue_on_request,
)
from portal.cases.moving import MoveRefused, undo
from portal.fields import FieldType
from portal.releases import sop_version
from portal.rights import may_letter
from portal.tables import Case, Task
from portal.words import say

OWN = ("key", "version")
"""What every form of a case sends beside its fields."""


class CasePage(Desk):
    """One case."""

    @expose("/kasus/{case_id:int}", methods=["GET"])
    @needs("account", "cases", "case")
    @takes(query=("surat", "riwayat", "tugas"))
    async def case(self, request: Request) -> Response:
        """Shows the case."""
        return await self._show(request)

    @expose("/kasus/{case_id:int}/langkah/{task_id:int}", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=STEP_FORM, entries=any_step_form)
    async def step(self, request: Request) -> Response:
        """Completes the step of a task, or shows what is missing with everything that was typed."""
        here, data = self.here(request), await request.form()
        said, led = await self._sent(here, data)
        if led:
            return RedirectResponse(led, status_code=303)
        shown, version = row_key(data.get("sop-version", "")), sent_version(data)
        task, fields = await self.work(here.read, lambda session: _asked(session, here, request))
        only(data, STEP_FORM, await self.work(here.read, lambda each: step_names(each, here, fields, shown)))
        before = await self.work(here.read, lambda session: answered_before(session, here, task))
        form, papers, dates = Form.submitted(fields, data, before), papers_of(data), wrong_dates(data)
        given = {**{key: value for key, value in before.items() if key not in data}, **form.values}
        if not form.valid and task.status != "open":
            return await self._late(request, task, fields, data)
        if not form.valid and await self.work(here.read, lambda session: is_rerouted(session, task, shown)):
            return await self._rerouted(request, data, shown)
        if not form.valid and task.version != version:
            return await self._late(request, task, fields, data, form)
        if not form.valid or (dates and task.status == "open"):
            return await self._show(request, form=form, papers=papers, dates=dates, status=422)
        issued: list[int] = []

        def act(session: Session) -> str:
            at = here.at(session)
            issued[:] = [
                each.id for each in complete(at, task.id, given, papers, shown=shown, version=version)
            ]
            led = _leads(session, here, task.case_id, "step-completed")
            return f"{led}&surat={issued[-1]}" if issued else led

        try:
            led = await self.work(here.once, said, act)
            return RedirectResponse(led, status_code=303, background=printing(here, issued))
        except Refused as refused:
            missing, told = mark(form, refused), hindered(form, refused)
            return await self._show(request, form=form, papers=papers, missing=missing, told=told, status=422)
        except Rerouted:
            return await self._rerouted(request, data, shown)
        except (AlreadyMoved, Changed):
            return await self._late(request, task, fields, data, form)
        except Forbidden:
            raise HTTPException(403) from None

    @expose("/kasus/{case_id:int}/versi", methods=["POST"])
    @needs("publish", "cases")
    @takes(form=OWN)
    async def back(self, request: Request) -> Response:
        """Takes the case back to the version of its SOP from which it was just moved."""
        here, data = self.here(request), await request.form()
        said, led = await self._sent(here, data)
        if led:
            return RedirectResponse(led, status_code=303)
        version = sent_version(data)

        def act(session: Session) -> str:
            undo(here.at(session), _visible(session, here, request, version).id)
            return f"/kasus/{path_key(request, 'case_id')}?notice=case-moved-back"

        try:
            led = await self.work(here.once, said, act)
        except (MoveRefused, Changed):
            return await self._show(request, moved=True, status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    @expose("/kasus/{case_id:int}/tugas/{task_id:int}", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "account"))
    async def give(self, request: Request) -> Response:
        """Takes a task, releases it, or gives it to someone."""
        here, data = self.here(request), await request.form()
        said, led = await self._sent(here, data)
        if led:
            return RedirectResponse(led, status_code=303)
        version, chosen = sent_version(data), data.get("account")
        if chosen is None:
            raise HTTPException(400)
        account = here.actor.account_id if chosen == "me" else row_key(chosen)
        if chosen and account is None:
            raise HTTPException(400)
        task, _ = await self.work(here.read, lambda session: _asked(session, here, request))

        def act(session: Session) -> str:
            assign(here.at(session), task.id, account, version=version)
            session.flush()
            return _leads(session, here, task.case_id, "task-assigned")

        try:
            led = await self.work(here.once, said, act)
        except (AlreadyMoved, Changed):
            return await self._late(request, task, {}, data)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    @expose("/kasus/{case_id:int}/surat", methods=["POST"])
    @needs("work", "cases", "letter")
    @takes(form=(*OWN, "letter", "issue"), entries=letter_form)
    async def letter(self, request: Request) -> Response:
        """Asks what a letter needs, then issues it and leads to it."""
        here, data = self.here(request), await request.form()
        letter = str(data.get("letter", ""))
        definition = here.live.schema.letters.get(letter)
        if definition is None or not definition.on_request:
            raise HTTPException(404)
        said, led = await self._sent(here, data)
        if led:
            return RedirectResponse(led, status_code=303)
        version = sent_version(data)
        case = await self.work(here.read, lambda session: _visible(session, here, request))
        fields: dict[str, FieldType] = dict(definition.asked())
        asking = bool(fields) and "issue" not in data
        form = Form.begun(fields, data) if asking else Form.submitted(fields, data)
        values = {"form": form, "letter": letter, "definition": definition, "case": case, "key": new_key()}
        if asking or not form.valid:
            values["version"] = version
            return await self.page(request, "desk/letter.html", values, status=200 if asking else 422)

        issued: list[int] = []

        def act(session: Session) -> str:
            found = _visible(session, here, request)
            program = here.live.schema.known.programs.get(found.program)
            destination = program.destination if program else None
            at = here.at(session)
            if definition.chain:
                drafted = draft_on_request(at, found, letter, form.values, destination, version=version)
                return f"/konsep/{drafted.id}?notice=letter-drafted"
            made = issue_on_request(at, found, letter, form.values, destination, version=version)
            issued[:] = [made.id]
            prints = may_letter(here.live.schema, here.actor, letter, "print", found.area)
            return f"/surat/{made.id}" if prints else f"/kasus/{found.id}?notice=letter-issued"

        try:
            led = await self.work(here.once, said, act)
            return RedirectResponse(led, status_code=303, background=printing(here, issued))
        except Changed:
            if not fields:
                return await self._show(request, told=_case_changed(), status=409)
            now = await self.work(here.read, lambda session: _visible(session, here, request))
            late = {**values, "version": now.version, "told": _case_changed()}
            return await self.page(request, "desk/letter.html", late, status=409)
        except Refused as refused:
            mark(form, refused)
            return await self.page(request, "desk/letter.html", {**values, "version": version}, status=422)
        except Forbidden:
            raise HTTPException(403) from None

    @expose("/kasus/{case_id:int}/warga", methods=["POST"])
    @needs("work", "records", "record")
    @takes(form=(*OWN, "words", "resident"))
    async def name(self, request: Request) -> Response:
        """Finds and then names the resident of a case that was opened without one."""
        here, data = self.here(request), await request.form()
        resident, words = row_key(data.get("resident", "")), typed_words(data)
        if resident is None:
            return await self._show(request, words=words)
        said, led = await self._sent(here, data)
        if led:
            return RedirectResponse(led, status_code=303)
        version = sent_version(data)

        def act(session: Session) -> str:
            case = _visible(session, here, request)
            if not may_in(here.live.schema, here.actor, "work", case.area):
                raise Forbidden(case.area)
            known = {each.id for each in people(session, here, words)}
            if resident not in known:
                raise HTTPException(404)
            identify(here.at(session), case.id, resident, version=version)
            return f"/kasus/{case.id}?notice=resident-identified"

        try:
            led = await self.work(here.once, said, act)
        except Changed:
            return await self._show(request, told=_case_changed(), status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    async def _sent(self, here: Here, data: FormData) -> tuple[Stamp, str | None]:
        """Returns what a submission is known by, and where it led when it was carried out already.

        A form that was sent, gone back to and changed is one of its own: its version says that it is late.
        """
        said = stamp(data, here.actor)
        try:
            return said, await self.work(here.answered, said)
        except Reused:
            return said.renewed(), None

    async def _late(
        self,
        request: Request,
        task: Task,
        fields: Mapping[str, FieldType],
        data: FormData,
        form: Form | None = None,
    ) -> Response:
        """Shows the case as it is now, who was quicker, and everything that was typed for it."""
        here, papers = self.here(request), papers_of(data)

        def read(session: Session) -> Overtaken:
            found = session.get_one(Task, task.id)
            return overtaken(session, here, found, fields, data, papers)

        told = await self.work(here.read, read)
        kept = form if not told.done else None
        return await self._show(request, form=kept, papers=papers if kept else {}, told=told, status=409)

    async def _rerouted(self, request: Request, data: FormData, shown: int | None) -> Response:
        """Shows the step of the case's present version with what was typed for the other one."""
        here = self.here(request)
        task, fields = await self.work(here.read, lambda session: _asked(session, here, request))
        left = await self.work(here.read, lambda session: left_over(session, here, task, data, shown, fields))
        form, papers = Form.submitted(fields, data), papers_of(data)
        return await self._show(request, form=form, papers=papers, moved=True, left=left, status=409)

    async def _show(
        self: Desk,
        request: Request,
        *,
        form: Form | None = None,
        papers: Mapping[str, Paper] | None = None,
        missing: tuple[str, ...] = (),
        dates: Mapping[str, str] | None = None,
        moved: bool = False,
        told: Overtaken | None = None,
        left: tuple[tuple[str, str], ...] | None = None,
        words: str = "",
        preview: str = "",
        status: int = 200,
    ) -> Response:
        here, about = self.here(request), request.query_params.get("riwayat", "")
        if about and about not in ABOUT:
            raise HTTPException(400)

        def read(session: Session) -> tuple[CaseFile, Form | None, Any, Any, dict[str, Any]]:
            case = _visible(session, here, request)
            file = casefile(session, here.live, here.actor, case, here.now, about, _wanted(request))
            now = file.now
            shown = form or (Form.filled(now.fields, proposed(session, here, case, file)) if now else None)
            found = people(session, here, words, 8) if words else ()
            given = colleagues(here.at(session), now.task, case) if now else {}
            more = {"duties": owed(session, here, file), "beside": beside(session, here, file)}
            return file, shown, found, tuple(given.items()), more

        file, shown, found, others, more = await self.work(here.read, read)
        values = {
            **more,
            "file": file,
            "about": about,
            "abouts": ("", *ABOUT),
            "dates": dates or {},
            "form": shown,
            "papers": papers or {},
            "missing": missing,
            "moved": moved,
            "told": told,
            "rerouted": left is not None,
            "left": left or (),
            "words": words,
            "found": found,
            "colleagues": others,
            "preview": preview,
            "fresh": row_key(request.query_params.get("surat", "")),
            "key": new_key(),
            "subject": here.live.schema.subject(),
            "size": last_size(request),
        }
        return await self.page(request, "desk/case.html", values, status=status)


def _visible(session: Session, here: Here, request: Request, version: int | None = None) -> Case:
    """The case of the address, within the person's sight, and of the version that a form was shown for.

    Raises:
        HTTPException: 404, missing or foreign: the answer is the same.
        Changed: it has another version by now.
    """
    case = visible(session, here.live, here.actor, path_key(request, "case_id"))
    if case is None:
        raise HTTPException(404)
    if version not in (None, case.version):
        raise Changed
    return case


def _wanted(request: Request) -> int | None:
    """The open task to show: that of the form that was sent, else the one that the address names."""
    return row_key(request.path_params.get("task_id", request.query_params.get("tugas", "")))


def _case_changed() -> Overtaken:
    return Overtaken(sentence=say("write-case-changed"))


def _asked(session: Session, here: Here, request: Request) -> tuple[Task, dict[str, FieldType]]:
    """The task of the address and what its step asks; it must belong to the case of the address."""
    case = _visible(session, here, request)
    task = session.get(Task, path_key(request, "task_id"))
    if task is None or task.case_id != case.id:
        raise HTTPException(404)
    return task, dict(form_fields(here.live, sop_version(session, case.sop_version_id).steps[task.step]))


def _leads(session: Session, here: Here, case_id: int, notice: str) -> str:
    """Back to the case, or to the tasks when it has left the person's sight."""
    seen = visible(session, here.live, here.actor, case_id) is not None
    return f"/kasus/{case_id}?notice={notice}" if seen else f"/tugas?notice={notice}"
