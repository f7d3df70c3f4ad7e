"""What a letter says: the context of its template, built from a case under the names of `variables`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.facts import (
    age,
    answers_of,
    birth_date,
    documents_of,
    field_value,
    latest_check,
    linked,
    resident_of,
    step_answers,
    today,
)
from portal.fields import FieldType, LinkField, Value
from portal.indonesian import sapaan
from portal.letters.parts import office_part, signer_parts
from portal.letters.proof import NO_PROOF
from portal.models import answer_fields, column_name, lists_of
from portal.releases import Live, SessionNames, centre_for, district_centre_for, sop_version
from portal.schema import LETTER_NUMBER, Centre, Letter
from portal.tables import Case
from portal.variables import form_names
from portal.words import say


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked of a letter when it is issued."""

    letter: str
    destination: str | None = None
    form: Mapping[str, Value] = field(default_factory=dict)
    form_fields: Mapping[str, FieldType] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    """What an earlier letter printed of what was asked; answers of today come before it."""
    reply_by: date | None = None
    reply: Mapping[str, object] = field(default_factory=dict)
    """Of a referral letter: the code, PIN and address with which its destination answers."""
    ticket: Mapping[str, object] = field(default_factory=dict)
    """Of a slip for the resident: the code, PIN and address with which they follow the case."""


NO_REPLY: Mapping[str, object] = {
    "code": None,
    "pin": None,
    "address": None,
    "qr": None,
    "qr_size": None,
    "reasons": [],
}
NO_LIST: Mapping[str, object] = {
    "period": {"label": None, "since": None, "until": None},
    "cases": [],
    "totals": [],
}
"""What a letter about one case says of many."""
NO_TICKET: Mapping[str, object] = {"code": None, "pin": None, "address": None}


def issuing_centre(live: Live, letter: Letter, case: Case) -> tuple[str, Centre]:
    """Returns the office under whose letterhead a letter about a case goes out."""
    key = _office(live, letter, case.area) or case.centre
    return key, live.schema.known.centres[key]


def office_of(live: Live, letter: Letter, area: str) -> tuple[str, Centre]:
    """Returns the office of an area under whose letterhead a paper about many cases goes out."""
    key = _office(live, letter, area) or next(iter(live.schema.known.centres))
    return key, live.schema.known.centres[key]


def _office(live: Live, letter: Letter, area: str) -> str | None:
    find = district_centre_for if letter.issuer == "district" else centre_for
    return find(live.schema, area)


def context(
    session: Session,
    live: Live,
    case: Case,
    wanted: Wanted,
    *,
    now: datetime,
    number: str | None,
    valid_until: date | None,
    draft: bool = False,
) -> dict[str, Any]:
    """Returns what the template of a letter sees, as plain JSON values under the names of `variables`."""
    schema = live.schema
    letter = schema.known.letters[wanted.letter]
    _, centre = issuing_centre(live, letter, case)
    names = SessionNames(session, live)
    form = _form(live, wanted, names)
    destination = schema.known.destinations.get(wanted.destination or "")
    filled = live.places.words(case.area)
    copies = [*letter.copies, *(destination.copies if destination else ())]
    return {
        "letter": {
            "number": number,
            "date": today(schema, now).isoformat(),
            "place": centre.place,
            "urgency": _urgency(live, letter, case),
            "attachments": _attachments(session, case),
            "subject": letter.subject or letter.label,
            "title": letter.label,
            "valid_until": valid_until.isoformat() if valid_until else None,
            "draft": draft,
            "paper": letter.paper,
            **NO_PROOF,
            "copies": [each.format(**filled) for each in copies],
        },
        "office": office_part(live.places, centre, case.area),
        "to": {
            "addressee": destination.addressee.format(**filled) if destination else None,
            "office": None,
            "place": destination.place.format(**filled) if destination else None,
            "lines": [destination.address] if destination and destination.address else [],
        },
        "signers": list(signer_parts(letter, centre, today(schema, now))),
        **_person(session, live, case, names, now),
        "case": _case(session, live, case, form),
        "registry": _registry(session, live, case),
        "documents": _documents(session, live, case),
        "reply_by": wanted.reply_by.isoformat() if wanted.reply_by else None,
        "reply": {**NO_REPLY, **wanted.reply},
        "ticket": {**NO_TICKET, **wanted.ticket},
        "form": form,
        "answers": _answers(session, live, case, names),
        **NO_LIST,
    }


def _form(live: Live, wanted: Wanted, names: SessionNames) -> dict[str, str | None]:
    """What was asked when the letter was issued; what another way of issuing it asks is there, but empty."""
    form: dict[str, str | None] = {
        name: wanted.printed.get(name) for name in map(column_name, form_names(live.schema, wanted.letter))
    }
    for key, each in wanted.form_fields.items():
        value = wanted.form.get(key)
        if key != LETTER_NUMBER and (value is not None or column_name(key) not in form):
            form[column_name(key)] = _printed(each, value, names)
    return form


def _printed(field: FieldType, value: Value, names: SessionNames) -> str | None:
    """A value as a letter has it: dates stay dates, for templates to write them in words."""
    return value.isoformat() if isinstance(value, date) else field.show(value, names) or None


def _urgency(live: Live, letter: Letter, case: Case) -> str:
    """The declared urgency, raised to the label of an urgent case: an emergency is not sent as ordinary."""
    if case.access != "normal" and letter.form == "correspondence":
        return say("letter-confidential")
    urgent = {"urgent": say("letter-urgent"), "emergency": say("letter-very-urgent")}
    return urgent.get(case.priority, letter.urgency or say("letter-ordinary"))


def _attachments(session: Session, case: Case) -> str:
    brought = [row for row in documents_of(session, case).values() if row.state == "brought"]
    return say("letter-one-file") if brought else "-"


def _person(session: Session, live: Live, case: Case, names: SessionNames, now: datetime) -> dict[str, Any]:
    subject = live.schema.records[live.schema.subject()]
    row = resident_of(session, live, case)
    shown: dict[str, Any] = {
        column_name(key): (each.show(field_value(row, key, each), names) or None) if row is not None else None
        for key, each in subject.fields.items()
        if not isinstance(each, LinkField)
    }
    born = birth_date(live, row) if row is not None else None
    years = age(born, today(live.schema, now))
    household = linked(session, live, row, "household") if row is not None else None
    if row is None:
        shown["name"] = say("letter-anonymous")
    if "birth_date" in shown:
        shown["birth_date"] = born.isoformat() if born else None
    shown["kk"] = getattr(household, "kk", None)
    shown["age"] = say("letter-age", years=years) if years is not None else None
    shown["honorific"] = sapaan(shown.get("sex"), years)
    shown["full_address"] = _full_address(live, row, case, shown)
    return {"resident": shown, "family": _family(session, live, row, household)}


def _full_address(live: Live, row: Any, case: Case, shown: Mapping[str, Any]) -> str:
    place = live.places.written(getattr(row, "area", None) or case.area)
    parts = (
        shown.get("address"),
        f"RT {shown['rt']}" if shown.get("rt") else None,
        f"RW {shown['rw']}" if shown.get("rw") else None,
    )
    street = " ".join(part for part in parts if part)
    return ", ".join(part for part in (street, place) if part)


def _family(session: Session, live: Live, row: Any, household: Any) -> list[dict[str, Any]]:
    """The other members of the household, the eldest first."""
    if household is None:
        return []
    subject = live.schema.records[live.schema.subject()]
    model = live.models.records[live.schema.subject()]
    link = next(k for k, f in subject.fields.items() if isinstance(f, LinkField) and f.to == "household")
    rows = session.scalars(
        select(model).where(getattr(model, column_name(link)) == household.id, model.id != row.id).limit(30)
    ).all()
    members = []
    for member in rows:
        shown: dict[str, Any] = {
            name: subject.fields[name].show(field_value(member, name, subject.fields[name])) or None
            for name in ("name", "nik", "relation", "occupation")
            if name in subject.fields
        }
        born = birth_date(live, member)
        members.append(
            {"relation": None, "occupation": None, **shown, "birth_date": born.isoformat() if born else None}
        )
    return sorted(members, key=lambda each: each["birth_date"] or "9999")


def _case(session: Session, live: Live, case: Case, form: Mapping[str, str | None]) -> dict[str, Any]:
    schema = live.schema
    program, complaint = schema.known.programs.get(case.program), schema.known.complaints.get(case.complaint)
    return {
        "number": case.number,
        "opened": today(schema, case.opened_at).isoformat(),
        "channel": _label(schema.known.channels, case.channel),
        "sector": _label(schema.known.sectors, program.sector) if program else None,
        "program": program.label if program else None,
        "complaint": complaint.label if complaint else None,
        "description": case.description,
        "priority": _label(schema.known.priorities, case.priority),
        "needs": form.get("request") or (program.label if program else None),
    }


def _label(entries: Mapping[str, Any], key: str) -> str:
    return entries[key].label if key in entries else key


def _registry(session: Session, live: Live, case: Case) -> dict[str, Any]:
    sop = sop_version(session, case.sop_version_id)
    step = latest_check(session, case, sop)
    if step is None:
        return {"registered": None, "decile": None, "checked_on": None, "checked_by": None}
    answers = step_answers(live, sop, answers_of(session, live, case), step)
    known = {"registered": say("letter-registered"), "not-found": say("letter-not-registered")}
    checked_on, decile = answers.get("checked_on"), answers.get("decile")
    return {
        "registered": known.get(str(answers.get("result"))),
        "decile": None if decile is None else str(decile),
        "checked_on": checked_on.isoformat() if isinstance(checked_on, date) else None,
        "checked_by": answers.get("checked_by"),
    }


def _documents(session: Session, live: Live, case: Case) -> list[dict[str, str]]:
    return [
        {"label": _label(live.schema.known.documents, key), "status": say(f"letter-document-{row.state}")}
        for key, row in documents_of(session, case).items()
        if row.state != "not-needed"
    ]


def _answers(session: Session, live: Live, case: Case, names: SessionNames) -> dict[str, dict[str, Any]]:
    """Every answer that any SOP may ask, so that a template may name a step which this case did not take."""
    shown: dict[str, dict[str, Any]] = {}
    for sop in live.schema.sops.values():
        for step, key, _ in answer_fields(live.schema, sop):
            shown.setdefault(column_name(step), {})[column_name(key)] = None
    pinned = sop_version(session, case.sop_version_id)
    row = answers_of(session, live, case)
    for step in pinned.steps:
        fields = pinned.steps[step].answer_fields(lists_of(live.schema))
        for key, value in step_answers(live, pinned, row, step).items():
            shown.setdefault(column_name(step), {})[column_name(key)] = _printed(fields[key], value, names)
    return shown
