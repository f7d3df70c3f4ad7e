"""A new complaint on one page: who complains, about what, which papers are there.

Everything works without scripts: "Cari" sends the page back with the people found, and nothing typed is lost.
"""

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

from portal import reads, wall
from portal.access import Forbidden, may
from portal.admin.desk.asked import (
    ANONYMOUS,
    NEW,
    Typed,
    complaint_fields,
    intake_form,
    person_fields,
    starting,
    villages,
)
from portal.admin.desk.base import Desk, Here, new_key, row_key, typed_words
from portal.admin.desk.caselist import called
from portal.admin.desk.find import Person, holder, people
from portal.admin.desk.opening import known, saving
from portal.admin.desk.prefill import prefill
from portal.admin.desk.stepform import papers_of
from portal.admin.forms import Form
from portal.admin.once import Reused, stamp
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases import Refused
from portal.facts import today
from portal.fields import AreaField, Option, Value
from portal.rights import opens
from portal.schema import Schema
from portal.tables import Case
from portal.words import LANGUAGES, say

Labels = list[tuple[str, str]]
FIRST = ("ktp", "kk")
"""Papers that nearly every programme asks for, listed first."""


class NewComplaint(Desk):
    """Takes a complaint."""

    menu_url = "/aduan/baru"
    menu_slug = "desk-new"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "register") and opens(schema, actor, "intake")

    @expose("/aduan/baru", methods=["GET", "POST"])
    @needs("register", "records", "record", screen="intake")
    @takes(query=("warga",), form=("key", "words", "who", "find", "save", "look-up"), entries=intake_form)
    async def new(self, request: Request) -> Response:
        """Shows the page, looks people up, or opens the case."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        areas = villages(here.live, here.actor)
        if request.method == "GET":
            return await self._empty(request, here, areas)
        data = await request.form()
        said = stamp(data, here.actor)
        typed = await self.work(here.read, lambda session: taken(session, here, areas, data))
        if "save" not in data:
            return await self._page(request, here, areas, typed)
        try:
            if led := await self.work(here.answered, said):
                return RedirectResponse(led, status_code=303)
        except Reused as other:
            return await self._page(request, here, areas, typed, status=409, again=other.led_to)
        judge(here, typed)
        if typed.complaint.valid and (typed.who != NEW or typed.person.valid) and typed.who:
            try:
                led = await self.work(here.once, said, saving(here, typed))
                return RedirectResponse(led, status_code=303)
            except Refused as refused:
                object_to(typed, refused)
            except Forbidden:
                typed.complaint.add_error("where", say("desk-area-forbidden"))
        return await self._page(request, here, areas, typed, status=422)

    async def _empty(self, request: Request, here: Here, areas: tuple[Option, ...]) -> Response:
        first = starting(here.live, areas)
        person = Form.filled(person_fields(here.live.schema, here.actor), _home(here.live.schema, areas))
        complaint = Form.filled(complaint_fields(here.live, areas), first)
        typed = Typed(person=person, complaint=complaint, papers={})
        chosen = row_key(request.query_params.get("warga", ""))
        if chosen is not None:
            shown = await self.work(here.read, lambda session: known(session, here, chosen))
            typed.found, typed.who = shown, str(shown[0].id) if shown else ""
        return await self._page(request, here, areas, typed)

    async def _page(
        self,
        request: Request,
        here: Here,
        areas: tuple[Option, ...],
        typed: Typed,
        status: int = 200,
        again: str = "",
    ) -> Response:
        schema = here.live.schema
        for form, name in ((typed.complaint, "where"), *((typed.person, n) for n in _areas_of(typed.person))):
            form.offer(name, areas)
        open_cases = await self.work(here.read, lambda session: _open_cases(session, here, typed.found))
        values = {
            "typed": typed,
            "programs": _by_sector(schema, schema.programs, "sector"),
            "complaints": _complaints(schema, typed.complaint.entries["program"].text),
            "documents": _papers(schema, typed.complaint.entries["program"].text, typed.papers),
            "open_cases": open_cases,
            "one_area": len(areas) == 1,
            "key": new_key(),
            "again": again,
            "who_missing": status != 200 and not typed.who,
            "focus": _first_empty(typed) if status == 200 and not open_cases else "",
        }
        return await self.page(request, "desk/new.html", values, status=status)


def _first_empty(typed: Typed) -> str:
    """Where the typing goes on once it is known who complains."""
    person = typed.person.entries if typed.who == NEW else {}
    entries = {**person, **typed.complaint.entries} if typed.who and typed.who != ANONYMOUS else {}
    return next((name for name, entry in entries.items() if not any(entry.raw)), "")


def _areas_of(form: Form) -> list[str]:
    return [name for name, entry in form.entries.items() if isinstance(entry.field, AreaField)]


def _home(schema: Schema, areas: tuple[Option, ...]) -> dict[str, Value]:
    area = schema.records[schema.subject()].area
    return {area: areas[0].value} if area and len(areas) == 1 else {}


def _by_sector(schema: Schema, entries: Mapping[str, Any], name: str) -> list[tuple[str, list[str]]]:
    """Entries grouped by sector, for the option groups of a select."""
    groups: dict[str, list[str]] = {}
    for key, each in entries.items():
        groups.setdefault(getattr(each, name), []).append(key)
    return [
        (schema.sectors[sector].label, keys) for sector, keys in groups.items() if sector in schema.sectors
    ]


def _papers(schema: Schema, chosen: str, ticked: Mapping[str, Any]) -> tuple[Labels, Labels]:
    """The papers to ask for first, those of the programme or else the usual ones, and all others."""
    asked = {key for program in schema.programs.values() for key in program.documents}
    wanted = tuple(schema.programs[chosen].documents) if chosen in schema.programs else FIRST
    order = [key for key in dict.fromkeys((*wanted, *ticked, *schema.documents)) if key in schema.documents]
    labels = [(key, schema.documents[key].label) for key in order if key in asked]
    first = {*wanted, *ticked}
    return [each for each in labels if each[0] in first], [each for each in labels if each[0] not in first]


def _complaints(schema: Schema, chosen: str) -> list[tuple[str, list[str]]]:
    """Complaint kinds by sector, before them those of the programme that is chosen."""
    groups = _by_sector(schema, schema.complaints, "sector")
    program = schema.programs.get(chosen)
    if program is None or not program.complaints:
        return groups
    fitting = say("desk-complaint-fitting", program=program.short or program.label)
    rest = [(label, [key for key in keys if key not in program.complaints]) for label, keys in groups]
    return [(fitting, list(program.complaints)), *((label, keys) for label, keys in rest if keys)]


def taken(session: Session, here: Here, areas: tuple[Option, ...], data: FormData) -> Typed:
    words, saving = typed_words(data), "save" in data
    who, found = _who(session, here, words, data)
    person = Form.submitted(person_fields(here.live.schema, here.actor), data)
    complaint = Form.submitted(complaint_fields(here.live, areas), data)
    if not saving or who != NEW:
        person = _quiet(person)
    filled = "find" in data and who == NEW
    return Typed(
        words=words,
        who=who,
        found=found,
        from_nik=filled and prefill(here.live.schema, person, words, today(here.live.schema, here.now)),
        person=person,
        complaint=complaint if saving else _quiet(complaint),
        papers=papers_of(data),
    )


def _who(session: Session, here: Here, words: str, data: FormData) -> tuple[str, tuple[Person, ...]]:
    """Who complains, and the residents to choose from.

    A new search takes back an earlier choice; only a NIK chooses by itself, a name or a family card does not.
    """
    found = people(session, here, words, 8) if words else ()
    who = str(data.get("who", ""))
    keys = {str(person.id) for person in found}
    if "find" in data and words:
        return (str(holder(session, here, words) or "") if found else NEW), found
    key = row_key(who)
    if key is not None and who not in keys:
        found = (*known(session, here, key), *found)
    return who, found


def _quiet(form: Form) -> Form:
    """The same entries without complaints: nobody has asked to save them yet."""
    form.entries = {
        name: type(entry)(name=name, field=entry.field, raw=entry.raw) for name, entry in form.entries.items()
    }
    return form


def _open_cases(
    session: Session, here: Here, found: tuple[Person, ...]
) -> dict[int, list[tuple[int, str, str]]]:
    """The open cases of the people found, that they are continued and not opened twice."""
    keys = [person.id for person in found]
    query = select(Case.id, Case.number, Case.program, Case.resident_id).where(
        Case.resident_id.in_(keys), Case.status == "open", wall.cases(here.live.schema, here.actor)
    )
    cases: dict[int, list[tuple[int, str, str]]] = {}
    for key, number, program, resident in session.execute(query.order_by(Case.id.desc()).limit(40)):
        reads.note("case", (key,), {"number": "plain", "program": "plain"})
        cases.setdefault(resident or 0, []).append((key, number, called(here.live.schema, program)))
    return cases


def judge(here: Here, typed: Typed) -> None:
    """Notes what no single field can know: where an anonymous complaint is from, which kinds fit."""
    said, schema = typed.complaint.values, here.live.schema
    if typed.who == ANONYMOUS and said.get("where") is None:
        typed.complaint.add_error("where", say("screen-required", label=say("desk-area")))
    program = schema.programs.get(str(said.get("program")))
    kind = said.get("complaint")
    if program and kind and program.complaints and kind not in program.complaints:
        kinds = "; ".join(schema.complaints[key].label for key in program.complaints)
        fits = say("desk-complaint-fits", program=program.short or program.label, kinds=kinds)
        typed.complaint.add_error("complaint", fits)


def object_to(typed: Typed, refused: Refused) -> None:
    """Puts objections to a save at their fields."""
    for key, slug in refused.problems.items():
        name = "where" if key == "area" else key
        form = typed.complaint if name in typed.complaint.entries else typed.person
        if name in form.entries:
            label = form.entries[name].field.label
            form.add_error(name, say(slug, label=label) if slug in LANGUAGES["id"] else slug)
