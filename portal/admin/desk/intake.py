"""A new complaint on one page: who complains, about what, which papers are there, how programmes stand.

Everything works without scripts: each button sends the page back with what it found, and nothing typed is
lost. With scripts the read-only parts of the page are refreshed while one types.
"""

from __future__ import annotations

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
    UNNAMED,
    Typed,
    complaint_fields,
    consent_fields,
    intake_form,
    person_fields,
    question_fields,
    starting,
    villages,
)
from portal.admin.desk.base import Desk, Here, new_key, row_key
from portal.admin.desk.caselist import called
from portal.admin.desk.find import Person
from portal.admin.desk.hints import family, first_registered, mismatches
from portal.admin.desk.intakelists import by_sector, complaints, papers
from portal.admin.desk.opening import known, saving
from portal.admin.desk.receiptpage import last_size
from portal.admin.desk.screened import facts, shown
from portal.admin.desk.taking import is_saving, taken
from portal.admin.desk.twinasked import SEEN, likely
from portal.admin.forms import Form
from portal.admin.once import Reused, stamp
from portal.admin.records.twincards import Cards
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases import Refused
from portal.fields import AreaField, NikField, Option, Value
from portal.rights import opens
from portal.schema import Schema
from portal.tables import Case
from portal.words import LANGUAGES, say

SENT = ("key", "words", "who", "find", "save", "save-next", "look-up", "pasted", "paste", "screen", "pick")
"""What the form sends beside its entries."""


class NewComplaint(Desk):
    """Takes a complaint."""

    menu_url = "/aduan/baru"
    menu_slug = "desk-new"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "register") and opens(schema, actor, "intake")

    @expose("/aduan/baru", methods=["GET", "POST"])
    @needs("register", "records", "record", screen="intake")
    @takes(query=("warga", "tersimpan"), form=(*SENT, SEEN), entries=intake_form)
    async def new(self, request: Request) -> Response:
        """Shows the page, looks people up, reads a message, or opens the case."""
        here, areas = self._come(request)
        if request.method == "GET":
            return await self._empty(request, here, areas)
        data = await request.form()
        said = stamp(data, here.actor)
        typed = await self.work(here.read, lambda session: taken(session, here, areas, data))
        if not is_saving(data):
            return await self._page(request, here, areas, typed)
        try:
            if led := await self.work(here.answered, said):
                return RedirectResponse(led, status_code=303)
        except Reused as other:
            return await self._page(request, here, areas, typed, status=409, again=other.led_to)
        judge(here, typed)
        if complete(typed):
            if typed.who == NEW and SEEN not in data:
                said_of = typed.person.values
                if twins := await self.work(here.read, lambda session: likely(session, here, said_of)):
                    return await self._page(request, here, areas, typed, status=422, twins=twins)
            try:
                another = "save-next" in data
                led = await self.work(here.once, said, saving(here, typed, another=another))
                return RedirectResponse(led, status_code=303)
            except Refused as refused:
                object_to(typed, refused)
            except Forbidden:
                typed.complaint.add_error("where", say("desk-area-forbidden"))
        return await self._page(request, here, areas, typed, status=422)

    @expose("/aduan/baru/periksa", methods=["POST"])
    @needs("register", "records", "record", screen="intake")
    @takes(form=SENT, entries=intake_form)
    async def look(self, request: Request) -> Response:
        """Answers with the read-only parts of the page for what is typed so far; nothing is kept."""
        here, areas = self._come(request)
        data = await request.form()
        asked = FormData(
            [(k, v) for k, v in data.multi_items() if k not in ("find", "save", "save-next", "paste", "pick")]
        )
        typed = await self.work(here.read, lambda session: taken(session, here, areas, asked))
        typed.screened = True
        values = await self.work(here.read, lambda session: _looked_at(session, here, typed))
        return await self.page(request, "desk/intake/parts.html", {**values, "typed": typed})

    def _come(self, request: Request) -> tuple[Here, tuple[Option, ...]]:
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        return here, villages(here.live, here.actor)

    async def _empty(self, request: Request, here: Here, areas: tuple[Option, ...]) -> Response:
        schema = here.live.schema
        first = starting(here.live, areas)
        typed = Typed(
            person=Form.filled(person_fields(schema, here.actor), _home(schema, areas)),
            complaint=Form.filled(complaint_fields(here.live, areas), first),
            consents=Form.blank(consent_fields(schema)),
            asks=Form.blank(question_fields(schema)),
            papers={},
        )
        chosen = row_key(request.query_params.get("warga", ""))
        if chosen is not None:
            shown_people = await self.work(here.read, lambda session: known(session, here, chosen))
            typed.found, typed.who = shown_people, str(shown_people[0].id) if shown_people else ""
        return await self._page(request, here, areas, typed)

    async def _page(
        self,
        request: Request,
        here: Here,
        areas: tuple[Option, ...],
        typed: Typed,
        status: int = 200,
        again: str = "",
        twins: Cards | None = None,
    ) -> Response:
        schema = here.live.schema
        for form, name in ((typed.complaint, "where"), *((typed.person, n) for n in _areas_of(typed.person))):
            form.offer(name, areas)
        saved = row_key(request.query_params.get("tersimpan", ""))

        def read(session: Session) -> dict[str, Any]:
            open_cases = _open_cases(session, here, typed.found)
            just = _saved(session, here, saved) if saved else None
            return {**_looked_at(session, here, typed), "open_cases": open_cases, "saved": just}

        values = await self.work(here.read, read)
        program = typed.complaint.entries["program"].text
        values |= {
            "typed": typed,
            "programs": by_sector(schema, schema.programs, "sector"),
            "complaints": complaints(schema, program),
            "documents": papers(schema, program, typed.papers),
            "one_area": len(areas) == 1,
            "key": new_key(),
            "again": again,
            "twins": twins,
            "who_missing": status != 200 and not typed.who,
            "focus": _first_empty(typed) if status == 200 and not values["open_cases"] else "",
            "size": last_size(request),
        }
        return await self.page(request, "desk/new.html", values, status=status)


def complete(typed: Typed) -> bool:
    forms = (typed.complaint, typed.consents, *((typed.person,) if typed.who == NEW else ()))
    return bool(typed.who) and all(form.valid for form in forms)


def _looked_at(session: Session, here: Here, typed: Typed) -> dict[str, Any]:
    """The read-only parts: what the NIK says, the household, and how programmes stand once one can tell."""
    new = typed.who == NEW
    tell = typed.screened or (bool(typed.who) and typed.who != ANONYMOUS)
    return {
        "doubts": mismatches(typed.person) if new else (),
        "from_area": first_registered(typed.person, here.live.places) if new else "",
        "family": family(session, here, typed.person) if new else None,
        "screened": shown(session, here, typed, facts(session, here, typed)) if tell else None,
    }


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


def _saved(session: Session, here: Here, key: int) -> tuple[int, str] | None:
    """The case that was opened just before, for whoever may see it."""
    query = select(Case.id, Case.number).where(Case.id == key, wall.cases(here.live.schema, here.actor))
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    reads.note("case", (key,), {"number": "plain"})
    return row.id, row.number


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
    if said.get("reporter") == UNNAMED and (said.get("reporter_name") or said.get("reporter_phone")):
        typed.complaint.add_error("reporter_name", say("intake-reporter-unnamed"))
    _judge_nik(typed)
    agreed = typed.consents.values
    if "oral" in agreed.values() and not agreed.get("saksi") and typed.who != ANONYMOUS:
        typed.consents.add_error("saksi", say("consent-witness-missing"))


def _judge_nik(typed: Typed) -> None:
    """Somebody new without a NIK is taken in all the same, with the reason why there is none."""
    niks = [name for name, entry in typed.person.entries.items() if isinstance(entry.field, NikField)]
    lacking = niks and not any(typed.person.entries[name].text.strip() for name in niks)
    if typed.who == NEW and lacking and not typed.complaint.values.get("without_nik"):
        typed.complaint.add_error("without_nik", say("intake-without-missing"))


def object_to(typed: Typed, refused: Refused) -> None:
    """Puts objections to a save at their fields."""
    for key, slug in refused.problems.items():
        name = "where" if key == "area" else key
        form = typed.complaint if name in typed.complaint.entries else typed.person
        if name in form.entries:
            label = form.entries[name].field.label
            form.add_error(name, say(slug, label=label) if slug in LANGUAGES["id"] else slug)
