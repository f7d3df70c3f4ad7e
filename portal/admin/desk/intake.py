"""A new complaint on one page: who complains, about what, which papers are there.

Everything works without scripts: "Cari" sends the page back with the people found, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Actor, Forbidden, case_scope, may, may_in, may_record_in
from portal.admin.desk.base import Desk, Here, new_key, sent_key
from portal.admin.desk.casepage import papers_of
from portal.admin.desk.find import Person, people
from portal.admin.forms import Form
from portal.admin.records.lens import Lens
from portal.cases import Intake, Refused, open_case
from portal.events import record
from portal.fields import (
    AreaField,
    ChoiceField,
    FieldType,
    KkField,
    LinkField,
    LongTextField,
    NikField,
    Option,
    PhoneField,
    TextField,
    Value,
)
from portal.models import column_name
from portal.releases import Live
from portal.schema import Schema
from portal.tables import Case
from portal.words import LANGUAGES, say

NEW, ANONYMOUS = "new", "anonymous"
FIRST = ("ktp", "kk")
"""Papers that nearly every programme asks for, listed first."""


@dataclass(kw_only=True)
class Typed:
    """What the page holds between two submissions."""

    words: str = ""
    who: str = ""
    found: tuple[Person, ...] = ()
    person: Form
    complaint: Form
    papers: Mapping[str, Any]


def person_fields(schema: Schema) -> dict[str, FieldType]:
    """Returns what is asked of somebody new: what is required, and how they are identified and reached."""
    subject = schema.records[schema.subject()]
    asked = {
        key: field
        for key, field in subject.fields.items()
        if not isinstance(field, LinkField)
        and (field.required or key in subject.list or isinstance(field, NikField | PhoneField | AreaField))
    }
    wanted = {
        key: field
        for key, field in subject.fields.items()
        if key in ("birth_date", "sex", "address", "rt", "rw")
    }
    kept = {key: field for key, field in subject.fields.items() if key in {**asked, **wanted}}
    return {**kept, **({"household-kk": kk} if (kk := _family_card(schema)) else {})}


def _household(schema: Schema) -> tuple[str, str, str] | None:
    """The subject's link to a record with a family card number: link field, record type, number field."""
    for key, field in schema.records[schema.subject()].fields.items():
        if isinstance(field, LinkField):
            for other, number in schema.records[field.to].fields.items():
                if isinstance(number, KkField):
                    return key, field.to, other
    return None


def _family_card(schema: Schema) -> KkField | None:
    found = _household(schema)
    if found is None:
        return None
    number = schema.records[found[1]].fields[found[2]]
    return number.model_copy(update={"required": False}) if isinstance(number, KkField) else None


def complaint_fields(live: Live, areas: tuple[Option, ...]) -> dict[str, FieldType]:
    """Returns what is asked of a complaint."""
    schema = live.schema
    programs = {
        key: _named(each) for key, each in schema.programs.items() if each.status == "active" and each.sop
    }

    def choice(slug: str, choices: Mapping[str, str]) -> ChoiceField:
        return ChoiceField(type="choice", label=say(slug), choices=dict(choices), required=True)

    return {
        "program": choice("desk-program", programs),
        "complaint": choice("desk-complaint", {k: each.label for k, each in schema.complaints.items()}),
        "description": LongTextField(type="long-text", label=say("desk-description"), required=True),
        "channel": choice("desk-channel", {k: each.label for k, each in schema.channels.items()}),
        "priority": choice("desk-priority", {k: each.label for k, each in schema.priorities.items()}),
        "area": AreaField(type="area", label=say("desk-area"), help=say("desk-area-help")),
        "reporter_name": TextField(
            type="text", label=say("desk-reporter"), help=say("desk-reporter-help"), max_length=120
        ),
        "reporter_phone": PhoneField(type="phone", label=say("desk-reporter-phone")),
        "reporter_relation": TextField(type="text", label=say("desk-reporter-relation"), max_length=80),
    }


def _named(program: Any) -> str:
    return f"{program.short} - {program.label}" if program.short else str(program.label)


def villages(live: Live, actor: Actor) -> tuple[Option, ...]:
    """Returns the villages whose complaints a person may take, by their full names."""
    found = [
        code
        for code in live.schema.areas
        if code.count(".") == 3 and may_in(live.schema, actor, "register", code)
    ]
    return tuple(Option(value=code, label=live.places.full_name(code)) for code in found)


def _starting(live: Live, areas: tuple[Option, ...]) -> dict[str, Value]:
    schema = live.schema
    first = {"channel": next(iter(schema.channels)), "priority": next(iter(schema.priorities))}
    return {**first, "area": areas[0].value if len(areas) == 1 else None}


class NewComplaint(Desk):
    """Takes a complaint."""

    menu_url = "/aduan/baru"
    menu_slug = "desk-new"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "register")

    @expose("/aduan/baru", methods=["GET", "POST"])
    async def new(self, request: Request) -> Response:
        """Shows the page, looks people up, or opens the case."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        areas = villages(here.live, here.actor)
        if request.method == "GET":
            return await self._empty(request, here, areas)
        data = await request.form()
        typed = await self.work(here.read, lambda session: _typed(session, here, areas, data))
        if "save" not in data:
            return await self._page(request, here, areas, typed)
        _judge(here, typed)
        if typed.complaint.valid and (typed.who != NEW or typed.person.valid) and typed.who:
            try:
                led = await self.work(here.once, sent_key(data.get("key")), _saving(here, typed))
                return RedirectResponse(led, status_code=303)
            except Refused as refused:
                _object(typed, refused)
            except Forbidden:
                typed.complaint.add_error("area", say("desk-area-forbidden"))
        return await self._page(request, here, areas, typed, status=422)

    async def _empty(self, request: Request, here: Here, areas: tuple[Option, ...]) -> Response:
        starting = _starting(here.live, areas)
        person = Form.filled(person_fields(here.live.schema), _home(here.live.schema, areas))
        complaint = Form.filled(complaint_fields(here.live, areas), starting)
        typed = Typed(person=person, complaint=complaint, papers={})
        chosen = request.query_params.get("warga", "")
        if chosen.isdigit() and len(chosen) < 19:
            known = await self.work(here.read, lambda session: _known(session, here, int(chosen)))
            typed.found, typed.who = known, str(known[0].id) if known else ""
        return await self._page(request, here, areas, typed)

    async def _page(
        self, request: Request, here: Here, areas: tuple[Option, ...], typed: Typed, status: int = 200
    ) -> Response:
        schema = here.live.schema
        for form, name in ((typed.complaint, "area"), *((typed.person, n) for n in _areas_of(typed.person))):
            form.offer(name, areas)
        open_cases = await self.work(here.read, lambda session: _open_cases(session, here, typed.found))
        values = {
            "typed": typed,
            "programs": _by_sector(schema, schema.programs, "sector"),
            "complaints": _by_sector(schema, schema.complaints, "sector"),
            "documents": _papers(schema),
            "open_cases": open_cases,
            "one_area": len(areas) == 1,
            "key": new_key(),
            "who_missing": status != 200 and not typed.who,
        }
        return await self.page(request, "desk/new.html", values, status=status)


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


def _papers(schema: Schema) -> list[tuple[str, str]]:
    """The papers that programmes ask for, the usual ones first."""
    asked = {key for program in schema.programs.values() for key in program.documents}
    order = [key for key in FIRST if key in asked] + [k for k in schema.documents if k in asked - set(FIRST)]
    return [(key, schema.documents[key].label) for key in order if key in schema.documents]


def _typed(session: Session, here: Here, areas: tuple[Option, ...], data: FormData) -> Typed:
    words = str(data.get("words", ""))[:80].strip()
    found = people(session, here, words, 8) if words else ()
    who = str(data.get("who", ""))
    if who.isdigit() and int(who) not in {person.id for person in found}:
        found = (*_known(session, here, int(who)), *found)
    if "find" in data:
        who = str(found[0].id) if len(found) == 1 else NEW if words and not found else who
    saving = "save" in data
    person = Form.submitted(person_fields(here.live.schema), data)
    complaint = Form.submitted(complaint_fields(here.live, areas), data)
    if not saving or who != NEW:
        person = _quiet(person)
    if "find" in data and who == NEW:
        _prefill(here.live.schema, person, words)
    return Typed(
        words=words,
        who=who,
        found=found,
        person=person,
        complaint=complaint if saving else _quiet(complaint),
        papers=papers_of(data),
    )


def _prefill(schema: Schema, person: Form, words: str) -> None:
    """What was searched for in vain is the NIK or the name of somebody new."""
    digits = "".join(words.split())
    wanted: type[FieldType] = NikField if digits.isdigit() else TextField
    for name, entry in person.entries.items():
        named = name in schema.records[schema.subject()].title
        if isinstance(entry.field, wanted) and not entry.text and (wanted is NikField or named):
            person.entries[name] = type(entry)(name=name, field=entry.field, raw=(words,))
            return


def _quiet(form: Form) -> Form:
    """The same entries without complaints: nobody has asked to save them yet."""
    form.entries = {
        name: type(entry)(name=name, field=entry.field, raw=entry.raw) for name, entry in form.entries.items()
    }
    return form


def _known(session: Session, here: Here, key: int) -> tuple[Person, ...]:
    """The resident of a key, if the person may see them."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    row = session.execute(select(lens.table).where(lens.scope, lens.table.c.id == key)).one_or_none()
    if row is None:
        return ()
    return (Person(id=key, title=lens.title(row, lens.names(session)), detail=""),)


def _open_cases(
    session: Session, here: Here, found: tuple[Person, ...]
) -> dict[int, list[tuple[int, str, str]]]:
    """The open cases of the people found, that they are continued and not opened twice."""
    keys = [person.id for person in found]
    query = select(Case.id, Case.number, Case.program, Case.resident_id).where(
        Case.resident_id.in_(keys), Case.status == "open", case_scope(here.live.schema, here.actor)
    )
    cases: dict[int, list[tuple[int, str, str]]] = {}
    for key, number, program, resident in session.execute(query.order_by(Case.id.desc()).limit(40)):
        label = here.live.schema.programs[program].label if program in here.live.schema.programs else program
        cases.setdefault(resident or 0, []).append((key, number, label))
    return cases


def _judge(here: Here, typed: Typed) -> None:
    """Notes what no single field can know: an anonymous complaint must say where."""
    if typed.who == ANONYMOUS and typed.complaint.values.get("area") is None:
        typed.complaint.add_error("area", say("screen-required", label=say("desk-area")))


def _object(typed: Typed, refused: Refused) -> None:
    """Puts objections to a save at their fields."""
    for name, slug in refused.problems.items():
        form = typed.complaint if name in typed.complaint.entries else typed.person
        if name in form.entries:
            label = form.entries[name].field.label
            form.add_error(name, say(slug, label=label) if slug in LANGUAGES["id"] else slug)


def _saving(here: Here, typed: Typed) -> Any:
    def act(session: Session) -> str:
        resident = _resident(session, here, typed)
        said = typed.complaint.values
        case = open_case(
            here.at(session),
            Intake(
                area=_area(session, here, typed, resident),
                channel=str(said["channel"]),
                program=str(said["program"]),
                complaint=str(said["complaint"]),
                priority=str(said["priority"]),
                description=str(said["description"]),
                resident_id=resident,
                reporter_name=_text(said.get("reporter_name")),
                reporter_phone=_text(said.get("reporter_phone")),
                reporter_relation=_text(said.get("reporter_relation")),
                papers=typed.papers,
            ),
        )
        return f"/kasus/{case.id}?notice=case-opened"

    return act


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _area(session: Session, here: Here, typed: Typed, resident: int | None) -> str:
    """Where the complaint belongs: where it says, else where the resident lives."""
    said = typed.complaint.values.get("area")
    if said is not None:
        return str(said)
    schema = here.live.schema
    area = schema.records[schema.subject()].area
    row = session.get(here.live.models.records[schema.subject()], resident) if resident else None
    lives = getattr(row, column_name(area), None) if area and row is not None else None
    if lives is None:
        raise Refused({"area": "field-required"})
    return str(lives)


def _resident(session: Session, here: Here, typed: Typed) -> int | None:
    if typed.who == ANONYMOUS:
        return None
    if typed.who != NEW:
        known = _known(session, here, int(typed.who)) if typed.who.isdigit() else ()
        if not known:
            raise HTTPException(404)
        return known[0].id
    return _add(session, here, dict(typed.person.values))


def _add(session: Session, here: Here, values: dict[str, Value]) -> int:
    """Adds somebody new, in their household if the family card number is known or given.

    Raises:
        Refused: a unique value is taken.
        Forbidden: the person may not add residents of that area.
    """
    schema, subject = here.live.schema, here.live.schema.subject()
    definition, model = schema.records[subject], here.live.models.records[subject]
    card = values.pop("household-kk", None)
    area = values.get(definition.area) if definition.area else None
    if not may_record_in(schema, here.actor, subject, "create", _text(area)):
        raise Forbidden(subject)
    for key, field in definition.fields.items():
        if field.unique and values.get(key) is not None:
            taken = select(model.id).where(getattr(model, column_name(key)) == values[key])
            if session.scalar(taken) is not None:
                raise Refused({key: "desk-taken"})
    household = _household(schema)
    if household is not None and card is not None:
        values[household[0]] = _card(session, here, household, str(card), area)
    return _insert(session, here, subject, values)


def _card(session: Session, here: Here, household: tuple[str, str, str], card: str, area: Value) -> int:
    _, other, number = household
    model, definition = here.live.models.records[other], here.live.schema.records[other]
    known = session.scalar(select(model.id).where(getattr(model, column_name(number)) == card))
    if known is not None:
        return int(known)
    values: dict[str, Value] = {number: card}
    if definition.area:
        values[definition.area] = area
    return _insert(session, here, other, values)


def _insert(session: Session, here: Here, kind: str, values: Mapping[str, Value]) -> int:
    who = here.actor.account_id or 0
    row = here.live.models.records[kind](
        **{column_name(key): value for key, value in values.items()},
        created_at=here.now,
        created_by=who,
        changed_at=here.now,
        changed_by=who,
    )
    session.add(row)
    session.flush()
    fields = here.live.schema.records[kind].fields
    said = {key: [None, fields[key].plain(value)] for key, value in values.items() if value is not None}
    record(
        session,
        actor=here.actor,
        now=here.now,
        kind="record-created",
        subject=kind,
        subject_id=row.id,
        data=said,
    )
    return int(row.id)
