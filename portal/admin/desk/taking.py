"""What a complaint's form sent -> what its page holds: who is meant, what a message says, what is asked."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from portal.admin.desk.asked import (
    NEW,
    PASTED,
    Typed,
    complaint_fields,
    consent_fields,
    person_fields,
    question_fields,
)
from portal.admin.desk.base import Here, row_key, typed_words
from portal.admin.desk.find import Person, holder, people
from portal.admin.desk.hints import family
from portal.admin.desk.opening import known
from portal.admin.desk.pasted import Pasted, understood
from portal.admin.desk.prefill import prefill
from portal.admin.desk.stepform import papers_of
from portal.admin.forms import Form
from portal.facts import today
from portal.fields import FieldType, NikField, Option, Unreadable
from portal.words import say

CHAT = "whatsapp"
"""The channel that a pasted message came by, where the office has it under this id."""


def is_saving(data: FormData) -> bool:
    """Tells whether a form asks to be saved, with or without a next complaint."""
    return "save" in data or "save-next" in data


def taken(session: Session, here: Here, areas: tuple[Option, ...], data: FormData) -> Typed:
    """Returns what was sent; entries are judged only when somebody asks to save them."""
    saving = is_saving(data)
    person = Form.submitted(person_fields(here.live.schema, here.actor), data)
    complaint = Form.submitted(complaint_fields(here.live, areas), data)
    said = Pasted()
    if "paste" in data:
        said = _pasted(here, areas, person, complaint, str(data.get("pasted", ""))[:PASTED])
    words = (_nik(person) if "paste" in data else "") or typed_words(data)
    who, found = _who(session, here, words, data)
    filled = who == NEW and not saving
    typed = Typed(
        words=words,
        who=who,
        found=found,
        from_nik=filled and prefill(here.live.schema, person, words, today(here.live.schema, here.now)),
        person=person if saving and who == NEW else quiet(person),
        complaint=complaint if saving else quiet(complaint),
        papers=papers_of(data),
        consents=Form.submitted(consent_fields(here.live.schema), data),
        asks=quiet(Form.submitted(question_fields(here.live.schema), data)),
        pasted="paste" in data,
        unread=tuple(said.unread),
        screened="screen" in data or "pick" in data,
    )
    _pick(typed, str(data.get("pick", "")))
    if not saving:
        typed.consents = quiet(typed.consents)
        _share_address(session, here, typed)
    return typed


def _nik(person: Form) -> str:
    return next((e.text for e in person.entries.values() if isinstance(e.field, NikField)), "")


def _who(session: Session, here: Here, words: str, data: FormData) -> tuple[str, tuple[Person, ...]]:
    """Who complains, and the residents to choose from.

    A new search takes back an earlier choice; only a NIK chooses by itself, a name or a family card does not.
    """
    found = people(session, here, words, 8) if words else ()
    who = str(data.get("who", ""))
    keys = {str(person.id) for person in found}
    if "paste" in data and not words:
        return who or NEW, found
    if ("find" in data or "paste" in data) and words:
        return (str(holder(session, here, words) or "") if found else NEW), found
    key = row_key(who)
    if key is not None and who not in keys:
        found = (*known(session, here, key), *found)
    return who, found


def quiet(form: Form) -> Form:
    """The same entries without complaints: nobody has asked to save them yet."""
    form.entries = {
        name: type(entry)(name=name, field=entry.field, raw=entry.raw) for name, entry in form.entries.items()
    }
    return form


def _pick(typed: Typed, program: str) -> None:
    """Chooses a programme from the list of how they stand."""
    entry = typed.complaint.entries["program"]
    if program in {each.value for each in entry.field.options()}:
        typed.complaint.entries["program"] = replace(entry, raw=(program,), error=None)


def _share_address(session: Session, here: Here, typed: Typed) -> None:
    """Fills an empty address with that of the household that somebody new belongs to."""
    home = family(session, here, typed.person) if typed.who == NEW else None
    for name, value in home.values if home else ():
        entry = typed.person.entries.get(name)
        if entry is not None and not any(entry.raw) and value:
            typed.person.entries[name] = replace(entry, raw=entry.field.write(value))


def _pasted(here: Here, areas: tuple[Option, ...], person: Form, complaint: Form, text: str) -> Pasted:
    """Fills entries that are empty from a message; what it says besides goes to the description."""
    fields: dict[str, FieldType] = {
        name: entry.field for name, entry in {**person.entries, **complaint.entries}.items()
    }
    places = {option.value: here.live.places.name(option.value) for option in areas}
    said = understood(text, fields, places)
    for name, raw in said.entries.items():
        form = person if name in person.entries else complaint
        entry = form.entries[name]
        if not any(entry.raw) or entry.raw == raw:
            form.entries[name] = replace(entry, raw=raw)
        elif name == "description":
            form.entries[name] = replace(entry, raw=(f"{entry.text}\n{raw[0]}",))
        elif (label := entry.field.label) and not _same(entry.field, entry.raw, raw):
            said.unread.append(f"{label}: {' '.join(raw)}")
    _keep_unread(complaint, said)
    _by_chat(here, complaint, text)
    return said


def _same(field: FieldType, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    try:
        return field.read(one) == field.read(other)
    except Unreadable:
        return False


def _keep_unread(complaint: Form, said: Pasted) -> None:
    entry = complaint.entries["description"]
    if said.unread:
        lines = [entry.text, say("intake-unread-in-text"), *said.unread]
        text = "\n".join(filter(None, lines))
        complaint.entries["description"] = replace(entry, raw=(text,))


def _by_chat(here: Here, complaint: Form, text: str) -> None:
    entry, first = complaint.entries["channel"], next(iter(here.live.schema.channels))
    if text.strip() and CHAT in here.live.schema.channels and entry.text in ("", first):
        complaint.entries["channel"] = replace(entry, raw=(CHAT,))
