"""The archive of letters within sight: by number, person, kind, standing and day, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sqladmin import expose
from sqlalchemy import ColumnElement, null
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads, wall
from portal.access import CLASSES, SEEING, roles_of, within
from portal.admin.desk.base import Desk, Here, typed_words
from portal.admin.desk.caselist import TABLE as CASES
from portal.admin.desk.caselist import cursor_of
from portal.admin.desk.find import people
from portal.admin.desk.lettercard import KINDS, standing_of
from portal.admin.records.rows import Cursor, Page, Rows, page
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.facts import calendar
from portal.releases import SessionNames
from portal.rights import may_letter, opens, reads_all
from portal.search import starts_with
from portal.tables import IssuedLetter
from portal.words import say
from portal.worktime import long_date

SIZE = 25
TABLE: Any = IssuedLetter.__table__
COLUMNS = tuple(
    TABLE.c[name]
    for name in ("id", "number", "letter", "issued_at", "status", "valid_until", "area", "case_id")
)
STANDINGS = ("issued", "void", "withdrawn", "superseded")
FILTERS = ("jenis", "keadaan", "dari", "sampai", "tujuan")
MOST_PEOPLE = 20
"""So many people whose name fits are looked for among the letters."""


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """One letter in the list."""

    id: int
    number: str
    label: str
    person: str
    standing: str
    kind: str
    day: str


class LetterList(Desk):
    """The archive of letters."""

    menu_url = "/surat"
    menu_slug = "archive-letters"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        held = [role.cases for _, role in roles_of(schema, actor)]
        sees = any(getattr(each, access) in SEEING for each in held for access in CLASSES)
        return sees and opens(schema, actor, "cases") and bool(_kinds(self.here(request)))

    @expose("/surat", methods=["GET", "POST"])
    @needs("account", "letters", "letter", screen="cases")
    @takes(query=(*FILTERS, "after", "before"), form=("words",))
    async def letters(self, request: Request) -> Response:
        """Shows a page of letters; what was typed to find one comes as a form and stands in no address."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here, asked = self.here(request), request.query_params
        words = typed_words(await request.form()) if request.method == "POST" else ""
        chosen = {name: asked.get(name, "") for name in FILTERS}
        cursor = cursor_of(request)
        found, lines = await self.work(
            here.read, lambda session: _listed(session, here, cursor, chosen, words)
        )
        kept = urlencode({name: value for name, value in chosen.items() if value})
        schema = here.live.schema
        values = {
            "lines": lines,
            "words": words,
            "chosen": chosen,
            "kinds": [(key, schema.known.letters[key].label) for key in _kinds(here)],
            "standings": STANDINGS,
            "destinations": [(key, each.label) for key, each in schema.known.destinations.items()],
            "before": f"/surat?before={lines[0].id}&{kept}" if found.before and lines and not words else None,
            "after": f"/surat?after={lines[-1].id}&{kept}" if found.after and lines and not words else None,
            "more": found.after and bool(words),
        }
        return await self.page(request, "desk/letters.html", values)


def _kinds(here: Here) -> Sequence[str]:
    """The kinds of letters that the person may know of somewhere."""
    schema, actor = here.live.schema, here.actor
    areas = [granted.area for granted, _ in roles_of(schema, actor)]
    return [
        key for key in schema.known.letters if any(may_letter(schema, actor, key, "see", a) for a in areas)
    ]


def _listed(
    session: Session, here: Here, cursor: Cursor | None, chosen: Mapping[str, str], words: str
) -> tuple[Page, tuple[LetterLine, ...]]:
    if _about_many(here, chosen["jenis"]):
        found = _papers(session, here, cursor, *_where(here, chosen))
        return found, tuple(_lines(session, here, found.rows))
    kinds = _kinds(here)
    scope = (wall.cases(here.live.schema, here.actor, "issued_letter"), TABLE.c.letter.in_(kinds))
    where, parts = (*scope, *_where(here, chosen)), tuple(_fits(session, here, words))
    source = TABLE.join(CASES, CASES.c.id == TABLE.c.case_id)
    rows = Rows(source=source, key=TABLE.c.id, where=where, parts=parts)
    columns = [*COLUMNS, CASES.c.resident_id]
    found = page(session, rows, columns, cursor, SIZE)
    numbered = _papers(session, here, None, starts_with(TABLE.c.number, words.strip())).rows if words else ()
    return found, tuple(_lines(session, here, (*numbered, *found.rows)))


def _about_many(here: Here, kind: str) -> bool:
    known = here.live.schema.known.letters.get(kind)
    return known is not None and known.about_many


def _papers(session: Session, here: Here, cursor: Cursor | None, *where: ColumnElement[bool]) -> Page:
    """A page of papers about many cases: they have no case and no resident."""
    schema, actor = here.live.schema, here.actor
    kinds = [key for key in _kinds(here) if schema.known.letters[key].about_many]
    areas = [granted.area for granted, _ in roles_of(schema, actor) if reads_all(schema, actor, granted.area)]
    own = (TABLE.c.case_id.is_(None), TABLE.c.letter.in_(kinds), within(TABLE.c.area, areas), *where)
    rows = Rows(source=TABLE, key=TABLE.c.id, where=own)
    return page(session, rows, [*COLUMNS, null().label("resident_id")], cursor, SIZE)


def _where(here: Here, chosen: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    schema, zone = here.live.schema, calendar(here.live.schema).zone
    if chosen["jenis"] in schema.known.letters:
        yield TABLE.c.letter == chosen["jenis"]
    if chosen["keadaan"] in STANDINGS:
        yield TABLE.c.status == chosen["keadaan"]
    if chosen["tujuan"] in schema.known.destinations:
        yield TABLE.c.destination == chosen["tujuan"]
    since, until = _day(chosen["dari"]), _day(chosen["sampai"])
    if since is not None:
        yield TABLE.c.issued_at >= datetime.combine(since, time(), zone)
    if until is not None:
        yield TABLE.c.issued_at < datetime.combine(until + timedelta(days=1), time(), zone)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 9000 else None


def _fits(session: Session, here: Here, words: str) -> Iterator[ColumnElement[bool]]:
    """What was typed begins a number, or is whom a letter is about: an index finds each by itself."""
    if not words:
        return
    known = [person.id for person in people(session, here, words, MOST_PEOPLE)]
    yield starts_with(TABLE.c.number, words.strip())
    if known:
        yield CASES.c.resident_id.in_(known)


def _lines(session: Session, here: Here, rows: Sequence[Any]) -> Iterator[LetterLine]:
    schema, subject = here.live.schema, here.live.schema.subject()
    names, zone = SessionNames(session, here.live, here.actor), calendar(here.live.schema).zone
    names.preload(subject, [row.resident_id for row in rows if row.resident_id is not None])
    reads.note("case", (row.case_id for row in rows if row.case_id is not None), {"letters": "plain"})
    for row in rows:
        letter, standing = schema.known.letters.get(row.letter), standing_of(here, row)
        yield LetterLine(
            id=row.id,
            number=row.number or "",
            label=letter.label if letter else row.letter,
            person=_person(names, subject, row),
            standing=standing,
            kind=KINDS.get(standing, "late"),
            day=long_date(row.issued_at.astimezone(zone).date()),
        )


def _person(names: SessionNames, subject: str, row: Any) -> str:
    if row.case_id is None:
        return ""
    return names.record(subject, row.resident_id) if row.resident_id else say("desk-anonymous")
