"""Finding people and cases from any page, by number or name, never through an address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import case_scope, may
from portal.admin.desk.base import Desk, Here, typed_words
from portal.admin.desk.caselist import COLUMNS, CaseLine, lines
from portal.admin.records.lens import Lens
from portal.fields import LinkField, NikField
from portal.models import column_name
from portal.search import can_find, contains, starts_with
from portal.tables import Case

MOST = 20


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
        fits = _by_number(lens, digits)
    elif can_find(words):
        fits = _by_name(session, lens, words)
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
    same = or_(false(), *(lens.column(key) == digits for key in lens.plain(niks)))
    found = session.scalars(select(lens.table.c.id).where(lens.scope, same).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _by_number(lens: Lens, digits: str) -> ColumnElement[bool]:
    """NIK or phone of the resident, or the number of the family card."""
    subject = lens.record
    parts = [
        starts_with(lens.column(key), begins)
        for key in lens.plain(subject.search)
        if (begins := subject.fields[key].sought(digits)) is not None
    ]
    for key, field in subject.fields.items():
        if isinstance(field, LinkField):
            other = lens.other(field.to)
            numbers = [
                n for n in other.plain(other.record.search) if other.record.fields[n].search == "exact"
            ]
            keys = [select(other.table.c.id).where(starts_with(other.column(n), digits)) for n in numbers]
            parts += [lens.column(key).in_(each) for each in keys]
    return or_(*parts) if parts else false()


def _by_name(session: Session, lens: Lens, words: str) -> ColumnElement[bool]:
    named = [key for key in lens.record.search if lens.record.fields[key].search == "words"]
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
                text for key in listed if (text := lens.text(key, row._mapping[lens.column(key)], names))
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
    query = select(*COLUMNS).where(or_(*fits), case_scope(here.live.schema, here.actor))
    return lines(session, here, session.execute(query.order_by(table.c.id.desc()).limit(MOST)).all())


class Find(Desk):
    """The search box of every page."""

    @expose("/cari", methods=["GET", "POST"])
    async def find(self, request: Request) -> Response:
        """Shows what fits; a case or resident whose number was typed in full opens at once."""
        here = self.here(request)
        words = typed_words(await request.form()) if request.method == "POST" else ""
        found_people, found_cases = await self.work(here.read, lambda session: _both(session, here, words))
        if len(found_cases) == 1 and found_cases[0].number == words.upper():
            return RedirectResponse(f"/kasus/{found_cases[0].id}", status_code=303)
        one = await self.work(here.read, lambda session: holder(session, here, words))
        if one is not None:
            return RedirectResponse(f"/data/{here.live.schema.subject()}/details/{one}", status_code=303)
        values = {
            "words": words,
            "people": found_people,
            "cases": found_cases,
            "may_register": may(here.live.schema, here.actor, "register"),
            "subject": here.live.schema.subject(),
        }
        return await self.page(request, "desk/find.html", values)


def _both(session: Session, here: Here, words: str) -> tuple[tuple[Person, ...], tuple[CaseLine, ...]]:
    if not words:
        return (), ()
    found = people(session, here, words)
    return found, cases(session, here, words, [person.id for person in found])
