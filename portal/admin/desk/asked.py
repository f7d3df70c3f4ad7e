"""What a complaint asks: the person who is new, the complaint itself, the villages to choose from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.access import SYSTEM, Actor, may_in
from portal.admin.desk.find import Person
from portal.admin.forms import Form
from portal.admin.records.names import entries_of
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
from portal.memory import Remembered
from portal.releases import Live
from portal.rights import fills
from portal.schema import Schema
from portal.screening import Question, questions
from portal.words import language, say

NEW, ANONYMOUS = "new", "anonymous"
SELF, OTHER, UNNAMED = "self", "other", "anonymous"
"""Who reports: the resident, somebody else, somebody whose name is not taken down."""
WITHOUT = ("none-yet", "not-brought", "child", "unknown")
"""Why there is no NIK, unless the office declares its own reasons."""
HOW = ("signed", "oral", "refused")
"""How somebody answered when asked for consent."""
_QUESTIONS: Remembered[dict[str, Question]] = Remembered(most=16)
"""What each Release asks; it is looked for at every turn, and its labels depend on the language."""
PASTED = 4000
"""The most characters of a pasted message."""


@dataclass(kw_only=True)
class Typed:
    """What the page holds between two submissions."""

    words: str = ""
    who: str = ""
    found: tuple[Person, ...] = ()
    person: Form
    complaint: Form
    papers: Mapping[str, Any]
    consents: Form = dataclasses.field(default_factory=Form)
    """What the resident answers to each purpose that asks for consent."""
    asks: Form = dataclasses.field(default_factory=Form)
    """What rules ask beyond the form."""
    from_nik: bool = False
    """Whether birth date or sex were filled in from the NIK."""
    pasted: bool = False
    """Whether a message was read just now."""
    unread: tuple[str, ...] = ()
    """The lines of the message that no entry took; they stand in the description."""
    screened: bool = False
    """Whether the person asked how the programmes stand."""

    @property
    def alone(self) -> Person | None:
        """The person found, when there is only one and it is them."""
        return self.found[0] if len(self.found) == 1 and self.who == str(self.found[0].id) else None


def person_fields(schema: Schema, actor: Actor = SYSTEM) -> dict[str, FieldType]:
    """Returns what is asked of somebody new: what is required, and how they are identified and reached.

    What the actor does not fill in of a resident or a household is not asked.
    """
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
    kind, household = schema.subject(), household_of(schema)
    kept: dict[str, FieldType] = {
        key: field
        for key, field in subject.fields.items()
        if key in {**asked, **wanted} and fills(schema, actor, field, kind, key)
    }
    kk = _family_card(schema)
    if kk is None or household is None or not fills(schema, actor, kk, household[1], household[2]):
        return kept
    return {**kept, "household-kk": kk}


def household_of(schema: Schema) -> tuple[str, str, str] | None:
    """The subject's link to a record with a family card number: link field, record type, number field."""
    for key, field in schema.records[schema.subject()].fields.items():
        if isinstance(field, LinkField):
            for other, number in schema.records[field.to].fields.items():
                if isinstance(number, KkField):
                    return key, field.to, other
    return None


def _family_card(schema: Schema) -> KkField | None:
    found = household_of(schema)
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
        "where": AreaField(type="area", label=say("desk-area"), help=say("desk-area-help")),
        "again": again_field(),
        "without_nik": _free_choice("intake-without-nik", reasons_without(schema)),
        "reporter": _free_choice(
            "intake-reporter", {key: say(f"intake-reporter-{key}") for key in (SELF, OTHER, UNNAMED)}
        ),
        "reporter_name": TextField(
            type="text", label=say("desk-reporter"), help=say("desk-reporter-help"), max_length=120
        ),
        "reporter_phone": PhoneField(type="phone", label=say("desk-reporter-phone")),
        "reporter_relation": TextField(type="text", label=say("desk-reporter-relation"), max_length=80),
    }


def again_field() -> TextField:
    """Returns what asks why a second case for the same service is opened."""
    return TextField(type="text", label=say("intake-again"), help=say("intake-again-help"), max_length=200)


def _free_choice(slug: str, choices: Mapping[str, str]) -> ChoiceField:
    return ChoiceField(type="choice", label=say(slug), choices=dict(choices))


def reasons_without(schema: Schema) -> dict[str, str]:
    """Returns why somebody may have no NIK: the office's own reasons, or the usual ones."""
    return dict(schema.office.without_nik) or {key: say(f"intake-without-{key}") for key in WITHOUT}


def consent_fields(schema: Schema) -> dict[str, FieldType]:
    """Returns what a resident is asked to agree to, by the names of a form's entries, and the witness."""
    choices = {key: say(f"intake-consent-{key}") for key in HOW}
    asked: dict[str, FieldType] = {
        consent_entry(key): ChoiceField(type="choice", label=each.label, choices=choices)
        for key, each in schema.office.purposes.items()
    }
    witness = TextField(type="text", label=say("intake-witness"), max_length=120)
    return {**asked, "saksi": witness} if asked else {}


def consent_entry(purpose: str) -> str:
    """Returns the name of the entry that asks for one purpose."""
    return f"setuju-{purpose}"


def question_fields(schema: Schema) -> dict[str, FieldType]:
    """Returns what the rules of programmes ask beyond the form of a complaint, by names of entries."""
    return {name: each.field for name, each in questions_of(schema).items()}


def questions_of(schema: Schema) -> dict[str, Question]:
    """Returns the questions behind those entries."""
    asked = (f"resident.{key}" for key in person_fields(schema))
    return _QUESTIONS.get((schema,), lambda: questions(schema, asked), language())


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


def starting(live: Live, areas: tuple[Option, ...]) -> dict[str, Value]:
    schema = live.schema
    first = {"channel": next(iter(schema.channels)), "priority": next(iter(schema.priorities))}
    return {**first, "reporter": SELF, "where": areas[0].value if len(areas) == 1 else None}


def reporting(said: Mapping[str, object]) -> str | None:
    """Returns who reports: a name that is given makes it somebody else."""
    who = said.get("reporter")
    if who == UNNAMED:
        return UNNAMED
    return (
        OTHER
        if said.get("reporter_name") or said.get("reporter_phone")
        else None
        if who is None
        else str(who)
    )


def intake_form(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names of the entries of a complaint's form; papers are `doc-<id>`."""
    yield from entries_of(person_fields(live.schema))
    yield from entries_of(complaint_fields(live, ()))
    yield from entries_of(consent_fields(live.schema))
    yield from entries_of(question_fields(live.schema))
    yield from (f"doc-{key}" for key in live.schema.documents)
