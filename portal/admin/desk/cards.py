"""Beside a case: the few facts of its resident that matter, and who can carry it on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal import reads
from portal.access import Actor, may_record_in, sees
from portal.cases import At, able, takers
from portal.facts import age, birth_date, field_value, linked
from portal.fields import FieldType, KkField, LinkField, NikField, PhoneField, Value
from portal.models import column_name
from portal.releases import Live, SessionNames
from portal.schema import Schema
from portal.tables import Case, Task
from portal.words import say

Fact = tuple[str, str]
ADDRESS = ("address", "rt", "rw")
"""The fields of a resident that make one line of address, with the village after them."""


def fact(live: Live, actor: Actor, field: FieldType, value: Value, names: SessionNames) -> Iterator[Fact]:
    """Yields label and text of a value as a person may read it; nothing when it is empty or hidden."""
    sight = sees(live.schema, actor, field)
    if value is not None and sight != "hidden":
        yield field.label, field.mask(value) if sight == "masked" else field.show(value, names)


def resident_card(
    session: Session, live: Live, actor: Actor, row: Any, names: SessionNames, on: date
) -> tuple[Fact, ...]:
    """Returns how a resident is called, identified, found and reached: what one needs while working."""
    if row is None:
        return ()
    subject = live.schema.records[live.schema.subject()]
    born = birth_date(live, row)
    facts: list[Fact] = []
    shown: dict[str, str] = {}
    for key, field in subject.fields.items():
        value, before = field_value(row, key, field), len(facts)
        if isinstance(value, date) and value == born:
            facts += _born(live, actor, field, born, on)
        elif isinstance(field, NikField | PhoneField) or f"{{{key}}}" in subject.title:
            facts += fact(live, actor, field, value, names)
        elif isinstance(field, LinkField):
            facts += _family_card(session, live, actor, row, field, names)
        elif key == ADDRESS[0] or (key == subject.area and ADDRESS[0] not in subject.fields):
            facts += _address(live, actor, row, names)
        if len(facts) > before:
            shown[key] = sees(live.schema, actor, field)
    reads.note(live.schema.subject(), (row.id,), shown)
    return tuple(facts)


def _born(live: Live, actor: Actor, field: FieldType, born: date, on: date) -> Iterator[Fact]:
    if sees(live.schema, actor, field) == "plain":
        yield field.label, say("desk-born", date=field.show(born), years=age(born, on))


def _family_card(
    session: Session, live: Live, actor: Actor, row: Any, link: LinkField, names: SessionNames
) -> Iterator[Fact]:
    """The number of the family card, for who may read the household."""
    other, definition = linked(session, live, row, link.to), live.schema.records[link.to]
    area = getattr(other, column_name(definition.area), None) if other and definition.area else None
    if other is None or not may_record_in(live.schema, actor, link.to, "read", area):
        return
    for key, field in definition.fields.items():
        if isinstance(field, KkField):
            reads.note(link.to, (other.id,), {key: sees(live.schema, actor, field)})
            yield from fact(live, actor, field, field_value(other, key, field), names)


def _address(live: Live, actor: Actor, row: Any, names: SessionNames) -> Iterator[Fact]:
    """Street, RT, RW and village in one line."""
    subject = live.schema.records[live.schema.subject()]
    said = []
    for key in ADDRESS:
        if key in subject.fields:
            shown = fact(live, actor, subject.fields[key], field_value(row, key, subject.fields[key]), names)
            said += [text if key == ADDRESS[0] else f"{label} {text}" for label, text in shown]
    village = names.area(getattr(row, column_name(subject.area))) if subject.area else ""
    text = ", ".join(part for part in (" ".join(said), village) if part)
    if text:
        yield say("desk-address"), text


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Who can carry a case on, for people who cannot do so themselves."""

    names: str
    """The people who can take the task now, empty when it stands still."""
    givers: str
    """The roles that can give it to someone."""
    any_able: bool
    """Whether somebody could do it, once it is given to them."""


def hands(at: At, task: Task, case: Case) -> Hands:
    """Returns who can carry out the open task of a case, and who can hand it on."""
    return Hands(
        names=", ".join(takers(at, task, case).values()),
        givers=_givers(at.live.schema),
        any_able=bool(able(at, task, case)),
    )


def _givers(schema: Schema) -> str:
    return ", ".join(role.label for role in schema.roles.values() if "assign" in role.may)
