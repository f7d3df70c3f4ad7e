"""The forms of a record type: a new record and changes to one, whoever else is at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import may_record_in
from portal.admin.forms import Form
from portal.admin.once import Reused, Stamp, answered, new_key, sent_version, stamp
from portal.admin.records import saving
from portal.admin.records.details import area_of, find
from portal.admin.records.lens import Lens
from portal.admin.records.lookup import check_areas, check_links, prepare, wanted
from portal.admin.records.mine import seen_as
from portal.admin.records.pages import LensPages, key_of, the_actor
from portal.admin.records.stale import OPENED, chosen, meanwhile, opened
from portal.admin.records.twincards import SEEN, Cards, cards
from portal.database import reading
from portal.fields import LinkField, Unreadable, Value
from portal.rights import asked
from portal.schema import RecordAct
from portal.words import say

OWN = ("submission", "version", "look-up", "keep", "all")
"""What a form of a record sends beside its fields."""


class EditPages(LensPages):
    """The pages on which a record is made and changed."""

    can_create = True
    can_edit = True

    async def create_page(self, request: Request) -> Response:
        """Returns the form of a new record, or saves it."""
        lens = self.lens(the_actor(request))
        data = await request.form() if request.method == "POST" else None
        return await self._answer(
            request, await run_in_threadpool(self._create, lens, data, request.query_params)
        )

    async def edit_page(self, request: Request, key: str) -> Response:
        """Returns the form of a record, or saves it."""
        lens = self.lens(the_actor(request))
        data = await request.form() if request.method == "POST" else None
        return await self._answer(request, await run_in_threadpool(self._edit, lens, key_of(key), data))

    async def _answer(self, request: Request, outcome: str | dict[str, Any]) -> Response:
        if isinstance(outcome, str):
            return RedirectResponse(outcome, status_code=303)
        return await self.show(request, "records/form.html", outcome, outcome["status"])

    def _create(self, lens: Lens, data: FormData | None, query: Mapping[str, str]) -> str | dict[str, Any]:
        fields = asked(lens.live.schema, lens.actor, lens.key)
        page: dict[str, Any] = {
            "title": say("list-new", label=lens.record.label),
            "version": 0,
            "status": 200,
        }
        if data is None:
            form = Form.filled(fields, _given(lens, query))
            return self._form(lens, form, "create", None, page)
        said = stamp(data, lens.actor)
        form = Form.submitted(fields, data)
        if wanted(data):
            return self._form(lens, _without_errors(form), "create", data, page)
        try:
            if led := answered(self.engine, said):
                return led
            self._check(lens, form, "create", {})
            page["twins"] = self._twins(lens, form) if form.valid and SEEN not in data else None
            if (
                form.valid
                and not page["twins"]
                and (led := self._save(lens, form, said, lambda change: saving.create(self.engine, change)))
            ):
                return led
        except Reused as other:
            again = {"again": other.led_to, "submission": new_key(), "status": 409}
            return self._form(lens, form, "create", data, {**page, **again})
        return self._form(lens, form, "create", data, {**page, "status": 422})

    def _twins(self, lens: Lens, form: Form) -> Cards | None:
        """Returns who a new record may be already; of people only."""
        if not lens.record.subject:
            return None
        with reading(self.engine) as session:
            return cards(session, lens.live, lens.actor, form.values)

    def _edit(self, lens: Lens, key: int, data: FormData | None) -> str | dict[str, Any]:
        said, led = self._answered(lens, data) if data is not None and "submission" in data else (None, None)
        if led:
            return led
        with reading(self.engine) as session:
            row = find(lens, session, key)
            if row is None:
                raise HTTPException(404)
            if not may_record_in(lens.live.schema, lens.actor, lens.key, "edit", area_of(lens, row)):
                raise HTTPException(403)
            lens = seen_as(lens, session, row)
            title, before = lens.title(row, lens.names(session)), lens.values(row)
            lens.seen((row,), lens.record.fields)
        version = int(row._mapping[lens.table.c.version])
        page: dict[str, Any] = {
            "title": say("list-edit", title=title),
            "key": key,
            "version": version,
            "status": 200,
        }
        fields = lens.record.fields
        if data is None:
            page["opened"] = opened(lens, before)
            form = Form.filled(fields, before, lens.sights, lens.changes)
            return self._form(lens, form, "edit", None, {**page, "before": before})
        if said is None:
            raise HTTPException(400)
        sent, since = chosen(data), sent_version(data)
        if "keep" in data:
            return f"{self.path}/details/{key}?notice=unchanged"
        form = Form.submitted(fields, sent, before, lens.sights, lens.changes)
        page |= {"version": since, "submission": said.key, "opened": _opened(data), "before": before}
        if wanted(data):
            return self._form(lens, _without_errors(form), "edit", sent, page)
        self._check(lens, form, "edit", before)
        if not form.valid:
            return self._form(lens, form, "edit", sent, {**page, "status": 422})
        changed = {name: value for name, value in form.values.items() if value != before[name]}
        if not changed:
            return f"{self.path}/details/{key}?notice=unchanged"
        try:
            led = self._save(
                lens, form, said, lambda change: saving.edit(self.engine, change, key, since), changed
            )
        except saving.Stale:
            return self._stale(lens, form, sent, {**page, "key": key})
        return led or self._form(lens, form, "edit", sent, {**page, "status": 422})

    def _answered(self, lens: Lens, data: FormData) -> tuple[Stamp, str | None]:
        """Returns what a submission is known by, and where it led when it was carried out already.

        A form that was sent, gone back to and changed is one of its own: its version says that it is stale.
        """
        said = stamp(data, lens.actor)
        try:
            return said, None if wanted(data) else answered(self.engine, said)
        except Reused:
            return said.renewed(), None

    def _stale(self, lens: Lens, form: Form, data: FormData, page: dict[str, Any]) -> str | dict[str, Any]:
        """Returns the form with both values side by side, for what is stored at this moment."""
        with reading(self.engine) as session:
            row = find(lens, session, page["key"])
            if row is None:
                raise HTTPException(404)
            now, version = lens.values(row), int(row._mapping[lens.table.c.version])
            against = meanwhile(lens, session, page["key"], version - page["version"], form, data, now)
        return self._form(
            lens, form, "edit", data, {**page, "stale": against, "version": version, "status": 409}
        )

    def _save(
        self,
        lens: Lens,
        form: Form,
        said: Stamp,
        write: Callable[[saving.Change], str],
        values: Mapping[str, Value] | None = None,
    ) -> str | None:
        """Writes a form and returns where that leads, None when another record holds a unique value."""
        change = saving.Change(
            lens=lens,
            values=form.values if values is None else values,
            stamp=said,
            now=type(self).clock(),
        )
        try:
            return write(change)
        except saving.Taken as taken:
            self._taken(lens, form, taken)
            return None

    def _taken(self, lens: Lens, form: Form, taken: saving.Taken) -> None:
        label = lens.record.fields[taken.field].label
        with reading(self.engine) as session:
            row = find(lens, session, taken.key)
            if row is None:
                form.add_error(taken.field, say("list-taken-elsewhere", label=label))
                return
            title = lens.title(row, lens.names(session))
            lens.seen((row,), ())
        url = f"{self.path}/details/{taken.key}"
        form.add_error(taken.field, say("list-taken", label=label, title=title), url)

    def _check(self, lens: Lens, form: Form, act: RecordAct, before: Mapping[str, Value]) -> None:
        with reading(self.engine) as session:
            check_links(form, session, lens, before)
        check_areas(form, lens, act, before)

    def _form(
        self, lens: Lens, form: Form, act: RecordAct, data: FormData | None, page: dict[str, Any]
    ) -> dict[str, Any]:
        before = page.pop("before", {})
        with reading(self.engine) as session:
            prepare(form, session, lens, act, data)
            form.tell_fixed({n: lens.text(n, v, lens.names(session)) for n, v in before.items()})
        key = page.get("key")
        return {
            "form": form,
            "record": lens.record,
            "many": lens.many,
            "submission": str(data.get("submission", "")) if data is not None else new_key(),
            "action": f"{self.path}/create" if key is None else f"{self.path}/edit/{key}",
            "back": f"{self.path}/list" if key is None else f"{self.path}/details/{key}",
            "path": self.path,
            **page,
        }


def _given(lens: Lens, query: Mapping[str, str]) -> dict[str, Value]:
    """Returns the links that an address already names, and the person's village when it is the only one."""
    given: dict[str, Value] = {}
    area = lens.record.area
    villages = lens.villages(area, "create") if area else ()
    if area and len(villages) == 1:
        given[area] = villages[0]
    for name, field in lens.record.fields.items():
        if isinstance(field, LinkField) and name in query:
            try:
                given[name] = field.read((query[name],))
            except Unreadable:
                continue
    return given


def _opened(data: FormData) -> dict[str, str]:
    return {
        name.removeprefix(OPENED): str(value)[:12]
        for name, value in data.multi_items()
        if name.startswith(OPENED)
    }


def _without_errors(form: Form) -> Form:
    """Returns a form that is only looked something up for: its gaps are no mistakes yet."""
    form.entries = {name: replace(entry, error=None) for name, entry in form.entries.items()}
    return form
