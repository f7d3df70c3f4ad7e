"""Finding people and cases by number or name, as far as whoever asks may see them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import may
from portal.admin.desk.base import Here
from portal.admin.desk.caselist import COLUMNS, CaseLine, lines
from portal.admin.records.lens import Lens
from portal.admin.records.narrow import word_fields
from portal.fields import KkField, LinkField, NikField
from portal.models import column_name
from portal.search import can_find, contains, starts_with
from portal.tables import Case

MOST = 20
CARD = 16
"""How many digits a NIK and a family card have."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A resident as a search shows them."""

    id: int
    title: str
    detail: str


def people(session: Session, here: Here, words: str, most: int = MOST) -> tuple[Person, ...]:
    """Returns the residents that a person may see and that fit a number or a name."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    digits = re.sub(r"[\s.\-]", "", words)
    if digits.isascii() and digits.isdigit() and len(digits) >= 6:
        fits = by_number(lens, digits)
    elif can_find(words):
        fits = by_name(session, lens, words)
    else:
        return ()
    return shown(
        session, lens, select(lens.table).where(lens.scope, fits).order_by(lens.table.c.id.desc()).limit(most)
    )


def holder(session: Session, here: Here, words: str) -> int | None:
    """Returns the key of the resident whose NIK was typed in full, if the person may see them."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    digits = re.sub(r"[\s.\-]", "", words)
    niks = [key for key, field in lens.record.fields.items() if isinstance(field, NikField)]
    if len(digits) != 16 or not digits.isascii() or not digits.isdigit():
        return None
    known = {*lens.plain(niks), *(set(niks) & set(known_by_card(lens, digits)))}
    same = or_(false(), *(lens.column(key) == digits for key in sorted(known)))
    found = session.scalars(select(lens.table.c.id).where(lens.scope, same).limit(2)).all()
    return found[0] if len(found) == 1 else None


def by_number(lens: Lens, digits: str) -> ColumnElement[bool]:
    """Returns the condition on a number: NIK or phone of a resident, or that of the family card."""
    subject = lens.record
    parts = [
        starts_with(lens.column(key), begins)
        for key in lens.plain(subject.search)
        if (begins := subject.fields[key].sought(digits)) is not None
    ]
    parts += [lens.column(key) == digits for key in known_by_card(lens, digits)]
    for key, field in subject.fields.items():
        if isinstance(field, LinkField):
            other = lens.other(field.to)
            numbers = [
                n for n in other.plain(other.record.search) if other.record.fields[n].search == "exact"
            ]
            begin = [starts_with(other.column(n), digits) for n in numbers]
            begin += [other.column(n) == digits for n in known_by_card(other, digits)]
            keys = [select(other.table.c.id).where(each, other.scope_aside) for each in begin]
            parts += [lens.column(key).in_(each) for each in keys if key in lens.plain((key,))]
    return or_(*parts) if parts else false()


def known_by_card(lens: Lens, digits: str) -> tuple[str, ...]:
    """Returns the masked numbers that may be looked up in full by who takes complaints.

    Somebody who brings a card along must be found before being added a second time. A beginning finds
    nothing: typing on would tell the masked digits one by one.
    """
    if len(digits) != CARD or not may(lens.live.schema, lens.actor, "register"):
        return ()
    searched = ((key, lens.record.fields[key]) for key in lens.record.search)
    return tuple(
        key
        for key, field in searched
        if isinstance(field, NikField | KkField) and lens.sights[key] == "masked"
    )


def by_name(session: Session, lens: Lens, words: str) -> ColumnElement[bool]:
    """Returns the condition that a name holds every word."""
    named = word_fields(lens)
    columns = [column_name(key) for key in named]
    return contains(lens.table, columns, words, session.get_bind().dialect.name) if named else false()


def shown(session: Session, lens: Lens, query: Select[Any]) -> tuple[Person, ...]:
    """Returns the residents of a query with what tells them apart."""
    rows = session.execute(query).all()
    names = lens.names(session)
    listed = [key for key in lens.visible(lens.record.list) if key not in lens.title_fields]
    lens.preload(names, listed, rows)
    lens.seen(rows, listed)
    return tuple(
        Person(
            id=row._mapping[lens.table.c.id],
            title=lens.title(row, names),
            detail=" · ".join(
                text
                for key in listed
                if (text := lens.at(row).text(key, row._mapping[lens.column(key)], names))
            ),
        )
        for row in rows
    )


def cases(session: Session, here: Here, words: str, residents: Sequence[int]) -> tuple[CaseLine, ...]:
    """Returns the cases whose number begins with what was typed, and those of some residents."""
    table: Any = Case.__table__
    typed = words.strip().upper()
    fits = [starts_with(table.c.number, typed)] if len(typed) >= 4 else []
    fits += [table.c.resident_id.in_(residents)] if residents else []
    if not fits:
        return ()
    query = select(*COLUMNS).where(or_(*fits), wall.cases(here.live.schema, here.actor))
    return lines(session, here, session.execute(query.order_by(table.c.id.desc()).limit(MOST)).all())
