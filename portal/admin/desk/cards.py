"""Beside a case: the few facts of its resident that matter, and who can carry it on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from portal.schema import Schema, Sight
from portal.tables import Case, Task
from portal.words import say

Fact = tuple[str, str]
ADDRESS = ("address", "rt", "rw")
"""The fields of a resident that make one line of address, with the village after them."""


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """Who looks at what of one place: the row's area, and whether it belongs to a case of theirs."""

    live: Live
    actor: Actor
    names: SessionNames
    area: str | None = None
    assigned: bool = False

    def sight(self, field: FieldType, record: str, name: str) -> Sight:
        """Returns how they see a field of a record type."""
        return sees(self.live.schema, self.actor, field, record, name, self.area, assigned=self.assigned)


def fact(eyes: Eyes, field: FieldType, value: Value, record: str, name: str) -> Iterator[Fact]:
    """Yields label and text of a value as a person may read it; nothing when it is empty or hidden."""
    sight, names = eyes.sight(field, record, name), eyes.names
    if value is not None and sight != "hidden":
        yield field.label, field.mask(value) if sight == "masked" else field.show(value, names)


def resident_card(session: Session, eyes: Eyes, row: Any, on: date) -> tuple[Fact, ...]:
    """Returns how a resident is called, identified, found and reached: what one needs while working."""
    if row is None:
        return ()
    live, kind = eyes.live, eyes.live.schema.subject()
    subject = live.schema.records[kind]
    if subject.area:
        eyes = replace(eyes, area=getattr(row, column_name(subject.area)) or "")
    born = birth_date(live, row)
    facts: list[Fact] = []
    shown: dict[str, str] = {}
    for key, field in subject.fields.items():
        value, before = field_value(row, key, field), len(facts)
        if isinstance(value, date) and value == born:
            facts += _born(eyes, field, key, born, on)
        elif isinstance(field, NikField | PhoneField) or f"{{{key}}}" in subject.title:
            facts += fact(eyes, field, value, kind, key)
        elif isinstance(field, LinkField) and eyes.sight(field, kind, key) == "plain":
            facts += _family_card(session, eyes, row, field)
        elif key == ADDRESS[0] or (key == subject.area and ADDRESS[0] not in subject.fields):
            facts += _address(eyes, row)
        if len(facts) > before:
            shown[key] = eyes.sight(field, kind, key)
    reads.note(kind, (row.id,), shown)
    return tuple(facts)


def _born(eyes: Eyes, field: FieldType, key: str, born: date, on: date) -> Iterator[Fact]:
    if eyes.sight(field, eyes.live.schema.subject(), key) == "plain":
        yield field.label, say("desk-born", date=field.show(born), years=age(born, on))


def _family_card(session: Session, eyes: Eyes, row: Any, link: LinkField) -> Iterator[Fact]:
    """The number of the family card, for who may read the household."""
    live, actor = eyes.live, eyes.actor
    other, definition = linked(session, live, row, link.to), live.schema.records[link.to]
    area = getattr(other, column_name(definition.area), None) if other and definition.area else None
    if other is None or not may_record_in(live.schema, actor, link.to, "read", area):
        return
    for key, field in definition.fields.items():
        if isinstance(field, KkField):
            here = replace(eyes, area=area)
            reads.note(link.to, (other.id,), {key: here.sight(field, link.to, key)})
            yield from fact(here, field, field_value(other, key, field), link.to, key)


def _address(eyes: Eyes, row: Any) -> Iterator[Fact]:
    """Street, RT, RW and village in one line."""
    kind, names = eyes.live.schema.subject(), eyes.names
    subject = eyes.live.schema.records[kind]
    said = []
    for key in ADDRESS:
        if key in subject.fields:
            field = subject.fields[key]
            shown = fact(eyes, field, field_value(row, key, field), kind, key)
            said += [text if key == ADDRESS[0] else f"{label} {text}" for label, text in shown]
    seen = subject.area and eyes.sight(subject.fields[subject.area], kind, subject.area) == "plain"
    village = names.area(getattr(row, column_name(subject.area))) if seen and subject.area else ""
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
