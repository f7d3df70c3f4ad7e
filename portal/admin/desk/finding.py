"""What the search box finds beside people and cases by number: families, letters, names that sound alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import reads, twins, wall
from portal.access import may, may_record
from portal.admin.desk.asked import household_of
from portal.admin.desk.base import Here
from portal.admin.desk.find import CARD, MOST, Person, by_name, by_number, known_by_card, shown
from portal.admin.records.lens import Lens
from portal.fields import NikField, TextField
from portal.models import column_name
from portal.rights import may_letter
from portal.search import can_find, starts_with
from portal.spelling import ALIKE, alike
from portal.tables import Case, IssuedLetter

SOUNDING = 300
"""So many people whose names share their signs with what was typed are compared with it."""
NUMBER: Any = IssuedLetter.__table__.c.number
LETTER = 4
"""So many characters of a letter's number are needed to look it up."""


def digits_of(words: str) -> str:
    """Returns the number that was typed, empty when it is none."""
    digits = re.sub(r"[\s.\-]", "", words)
    return digits if digits.isascii() and digits.isdigit() and len(digits) >= 6 else ""


def similar(
    session: Session, here: Here, words: str, known: Sequence[Person], most: int = MOST
) -> tuple[Person, ...]:
    """Returns people whose name is spelt otherwise than what was typed, the likeliest first."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    names = [n for n in lens.title_fields if isinstance(lens.record.fields[n], TextField)]
    if digits_of(words) or not can_find(words) or not names or lens.plain(names) != tuple(names):
        return ()
    keys = set(twins.sounds_like(session, words, SOUNDING)) - {person.id for person in known}
    columns = [lens.column(name) for name in names]
    query = select(lens.table.c.id, *columns).where(lens.table.c.id.in_(sorted(keys)), lens.scope)
    scores = {
        int(row[0]): alike(words, " ".join(str(each) for each in row[1:] if each))
        for row in session.execute(query)
    }
    best = sorted((key for key in scores if scores[key] >= ALIKE - 10), key=lambda key: (-scores[key], key))[
        :most
    ]
    if not best:
        return ()
    found = shown(session, lens, select(lens.table).where(lens.table.c.id.in_(best), lens.scope))
    return tuple(sorted(found, key=lambda person: best.index(person.id)))


def families(session: Session, here: Here, words: str) -> tuple[str, tuple[Person, ...]]:
    """Returns the record type of families, and those that fit a number or a name."""
    household = household_of(here.live.schema)
    if household is None or not may_record(here.live.schema, here.actor, household[1], "read"):
        return "", ()
    lens = Lens(live=here.live, key=household[1], actor=here.actor)
    digits = digits_of(words)
    if digits:
        fits = by_number(lens, digits)
    elif can_find(words):
        fits = by_name(session, lens, words)
    else:
        return lens.key, ()
    query = select(lens.table).where(lens.scope, fits).order_by(lens.table.c.id.desc()).limit(MOST)
    return lens.key, shown(session, lens, query)


def one_family(session: Session, here: Here, words: str) -> str | None:
    """Returns where the family is shown whose number was typed in full."""
    key, found = families(session, here, words) if len(digits_of(words)) == CARD else ("", ())
    return f"/data/{key}/details/{found[0].id}" if len(found) == 1 else None


def letters(session: Session, here: Here, words: str) -> tuple[tuple[int, str, str], ...]:
    """Returns case, number and kind of the letters in sight whose number begins as it was typed."""
    typed = words.strip().upper()
    if len(typed) < LETTER:
        return ()
    schema, table = here.live.schema, IssuedLetter
    query = (
        select(table.id, table.case_id, table.number, table.letter, table.area)
        .join(Case, Case.id == table.case_id)
        .where(starts_with(NUMBER, typed), wall.cases(schema, here.actor, table.__tablename__))
        .order_by(table.id.desc())
        .limit(MOST)
    )
    found = [
        row
        for row in session.execute(query).all()
        if may_letter(schema, here.actor, row.letter, "see", row.area)
    ]
    reads.note("letter", (row.id for row in found), {"number": "plain"})
    known = schema.known.letters
    return tuple(
        (row.case_id, row.number, known[row.letter].label if row.letter in known else row.letter)
        for row in found
    )


def one_letter(session: Session, here: Here, words: str) -> str | None:
    """Returns where the case is shown whose letter's number was typed in full."""
    found = [case for case, number, _ in letters(session, here, words) if number == words.strip().upper()]
    return f"/kasus/{found[0]}" if len(found) == 1 else None


def once_held(session: Session, here: Here, words: str) -> str | None:
    """Returns where the person is shown whose record with this NIK was merged into another."""
    digits, lens = digits_of(words), Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    niks = [key for key, field in lens.record.fields.items() if isinstance(field, NikField)]
    plain = {*lens.plain(niks), *(set(niks) & set(known_by_card(lens, digits)))}
    if len(digits) != CARD or not plain:
        return None
    for name in sorted(plain):
        with wall.unscoped(
            "a number leads to the record that its holder was merged into, if that is in sight"
        ):
            query: Any = select(lens.table.c.id).where(lens.table.c[column_name(name)] == digits)
            key = session.scalar(query)
            into = twins.stays(session, key) if key is not None else None
        if into is None or into == key:
            continue
        if shown(session, lens, select(lens.table).where(lens.table.c.id == into, lens.scope)):
            return f"/data/{lens.key}/details/{into}"
    return None


EXACT: tuple[Callable[[Session, Here, str], str | None], ...] = (once_held, one_letter, one_family)
"""What opens at once when its number was typed in full: each gives an address, or nothing."""


def to_register(here: Here, words: str) -> str:
    """Returns the slug of what to do about somebody who was not found; empty without the right."""
    if not may(here.live.schema, here.actor, "register"):
        return ""
    return "find-register-nik" if len(digits_of(words)) == CARD else "find-register"
