"""What a complaint asks: the person who is new, the complaint itself, the villages to choose from."""

from __future__ import annotations

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
from portal.releases import Live
from portal.rights import fills
from portal.schema import Schema
from portal.words import say

NEW, ANONYMOUS = "new", "anonymous"


@dataclass(kw_only=True)
class Typed:
    """What the page holds between two submissions."""

    words: str = ""
    who: str = ""
    found: tuple[Person, ...] = ()
    person: Form
    complaint: Form
    papers: Mapping[str, Any]
    from_nik: bool = False
    """Whether birth date or sex were filled in from the NIK."""

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


def starting(live: Live, areas: tuple[Option, ...]) -> dict[str, Value]:
    schema = live.schema
    first = {"channel": next(iter(schema.channels)), "priority": next(iter(schema.priorities))}
    return {**first, "where": areas[0].value if len(areas) == 1 else None}


def intake_form(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names of the entries of a complaint's form; papers are `doc-<id>`."""
    yield from entries_of(person_fields(live.schema))
    yield from entries_of(complaint_fields(live, ()))
    yield from (f"doc-{key}" for key in live.schema.documents)
