"""What the page says about what is typed: a NIK that tells something else, a family that is known already.

Hints never block: an officially wrong NIK stays valid for life.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.admin.desk.asked import household_of
from portal.admin.desk.base import Here
from portal.admin.desk.prefill import FEMALE, MALE
from portal.admin.forms import Entry, Form
from portal.admin.records.lens import Lens
from portal.fields import ChoiceField, DateField, NikField, Unreadable, Value
from portal.fields.nik import Birth, birth_of
from portal.models import column_name
from portal.places import Places
from portal.words import say
from portal.worktime import long_date

ADDRESS = ("address", "rt", "rw")
"""What a household and a resident both have, if they have it under these ids."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """The household of a family card number, as far as the person may see it."""

    known: bool
    title: str = ""
    address: str = ""
    members: int = 0
    values: tuple[tuple[str, Value], ...] = ()
    """Its address by field, which somebody new of this family most likely shares."""


def mismatches(person: Form) -> tuple[str, ...]:
    """Returns where birth date and sex are not as the NIK says, in sentences."""
    birth, _ = _nik(person)
    return tuple(_differing(person, birth)) if birth else ()


def _differing(person: Form, birth: Birth) -> Iterator[str]:
    for name, entry in person.entries.items():
        try:
            value = entry.field.read(entry.raw)
        except Unreadable:
            continue
        if isinstance(entry.field, DateField) and "birth" in name and value not in (None, *birth.dates):
            yield say("intake-nik-birth", said=long_date(birth.dates[-1]))
        if _asks_sex(entry) and value in (MALE, FEMALE) and (value == FEMALE) != birth.female:
            yield say("intake-nik-female" if birth.female else "intake-nik-male")


def _asks_sex(entry: Entry) -> bool:
    return isinstance(entry.field, ChoiceField) and {MALE, FEMALE} <= set(entry.field.choices)


def _nik(person: Form) -> tuple[Birth | None, str]:
    for entry in person.entries.values():
        if isinstance(entry.field, NikField) and entry.text:
            try:
                number = str(entry.field.read(entry.raw))
                return birth_of(number), number
            except Unreadable:
                return None, ""
    return None, ""


def first_registered(person: Form, places: Places) -> str:
    """Returns where a NIK was first registered, in a sentence: a hint, people move and keep their NIK."""
    _, number = _nik(person)
    area = f"{number[:2]}.{number[2:4]}.{number[4:6]}"
    named = places.full_name(area) if number else area
    return say("intake-nik-area", area=named) if named != area else ""


def family(session: Session, here: Here, person: Form) -> Family | None:
    """Returns the household of the family card number that is typed, None while there is no whole number."""
    entry, household = person.entries.get("household-kk"), household_of(here.live.schema)
    if entry is None or household is None or not entry.text:
        return None
    try:
        number = entry.field.read(entry.raw)
    except Unreadable:
        return None
    link, other, key = household
    lens = Lens(live=here.live, key=other, actor=here.actor)
    row = session.execute(select(lens.table).where(lens.scope, lens.column(key) == number)).one_or_none()
    if row is None:
        return Family(known=False)
    seen, names = lens.at(row), lens.names(session)
    shown = [each for each in ADDRESS if each in lens.record.fields and seen.sights[each] == "plain"]
    lens.seen([row], shown)
    values = tuple((each, row._mapping[lens.column(each)]) for each in shown)
    texts = (f"{lens.record.fields[each].label} {text}" if each != "address" else str(text)
             for each, text in values if text)  # fmt: skip
    people = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    belongs = getattr(people.table.c, column_name(link)) == row._mapping[lens.table.c.id]
    members = session.scalar(select(func.count()).select_from(people.table).where(people.scope, belongs))
    return Family(
        known=True, title=lens.title(row, names), address=" ".join(texts), members=members or 0, values=values
    )
