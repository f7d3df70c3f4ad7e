"""The agenda book of outgoing letters: every number of an office's year; numbers set aside for paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlencode

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key, sent_key
from portal.admin.exports import ASKING, Exporter, Sheet
from portal.admin.reasons import reason_in
from portal.admin.routes import needs
from portal.admin.spreadsheet import KINDS, Kind
from portal.admin.takes import takes
from portal.bulk.packing import merged
from portal.facts import calendar, today
from portal.fields.base import legible
from portal.letters.agenda import Entry, agenda, series_in, years
from portal.letters.numbers import MOST_AT_ONCE, NumberRefused, book_of, cancel, reserve, series_of, spend
from portal.letters.sheets import book_lines, book_pdf
from portal.rights import may_letter
from portal.tables import ReservedNumber
from portal.words import say, say_in
from portal.worktime import moment

HEADS = ("sequence", "number", "on", "kind", "about", "fate")
"""The columns of a book."""
PART = 500
"""So many lines are printed at a time: a thick book holds up no letter for long."""
LONG_NUMBER = re.compile(r"(?:\d[\s.-]?){10}")
"""A NIK, a KK or a telephone number, which a subject must not hold: the book is read by many."""


BOOK = ("kantor", "buku", "tahun")
"""How an address or a form names a book."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The book that is looked at."""

    centre: str
    series: str
    year: int
    about: str

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """How a form names it."""
        return tuple(zip(BOOK, (self.centre, self.series.partition("/")[2], str(self.year)), strict=True))

    @property
    def query(self) -> str:
        """Returns how an address names it."""
        return urlencode(self.pairs)


class AgendaPage(Desk):
    """The agenda book, for who may issue letters in an office."""

    menu_url = "/agenda"
    menu_slug = "agenda-title"

    def is_accessible(self, request: Request) -> bool:
        return bool(_centres(self.here(request)))

    @expose("/agenda", methods=["GET"])
    @needs("account", "letters", screen="cases")
    @takes(query=BOOK)
    async def book(self, request: Request) -> Response:
        """Shows a book."""
        return await self._show(request)

    @expose("/agenda/sisihkan", methods=["POST"])
    @needs("work", "letters")
    @takes(form=("key", "letter", "centre", "count", "subject"))
    async def reserve(self, request: Request) -> Response:
        """Sets numbers aside for letters on paper."""
        here, data = self.here(request), await request.form()
        letter, centre, count = (
            str(data.get("letter", "")),
            str(data.get("centre", "")),
            row_key(data.get("count", "")),
        )
        if (centre, letter) not in set(_reservable(here)):
            raise HTTPException(404)
        if count is None or count > MOST_AT_ONCE:
            return await self._show(request, problem=say("agenda-count", most=MOST_AT_ONCE), status=422)
        subject = legible(str(data.get("subject", ""))).strip()[:200] or None
        if subject and LONG_NUMBER.search(subject):
            return await self._show(request, problem=say("agenda-subject-number"), status=422)
        schema = here.live.schema

        def act(session: Session) -> str:
            book = book_of(schema, letter, centre, here.now)
            reserve(session, book, count, subject=subject, actor=here.actor, now=here.now)
            made = Chosen(centre=centre, series=book.series, year=book.day.year, about="")
            return f"/agenda?{made.query}&notice=numbers-reserved"

        led = await self.work(here.once, sent_key(data.get("key")), act)
        return RedirectResponse(led, status_code=303)

    @expose("/agenda/{number_id:int}", methods=["POST"])
    @needs("work", "letters")
    @takes(form=("key", "subject", "reason", "act"))
    async def settle(self, request: Request) -> Response:
        """Notes what a number that was set aside was used for, or makes it void with a reason."""
        here, data, key = self.here(request), await request.form(), path_key(request, "number_id")
        subject = legible(str(data.get("subject", ""))).strip()[:200]
        reason, void = reason_in(data), data.get("act") == "void"
        row = await self.work(here.read, lambda session: _mine(session, here, key))
        chosen = _chosen_of(here, row)
        long = not void and LONG_NUMBER.search(subject) is not None
        if (void and not reason) or (not void and not subject) or long:
            missing = "unmask-reason-missing" if void else "agenda-subject-missing"
            slug = "agenda-subject-number" if long else missing
            return await self._show(request, chosen=chosen, problem=say(slug), status=422)

        def act(session: Session) -> str:
            found = _mine(session, here, key)
            if void:
                cancel(session, found, reason, actor=here.actor, now=here.now)
            else:
                spend(session, found, subject, actor=here.actor, now=here.now)
            return f"/agenda?{chosen.query}&notice=number-settled"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except NumberRefused as refused:
            return await self._show(request, chosen=chosen, problem=say(refused.code), status=409)
        return RedirectResponse(led, status_code=303)

    @expose("/agenda/berkas/{kind}", methods=["POST"])
    @needs("account", "letters", screen="cases")
    @takes(form=("alasan", *BOOK), entries=lambda live, said: ("kolom",))
    async def file(self, request: Request) -> Response:
        """Asks why a book is taken out, or returns it as paper or as a sheet; it names no resident."""
        here, kind, data = self.here(request), request.path_params["kind"], await request.form()
        chosen = _chosen(here, {name: str(data.get(name, "")) for name in BOOK})
        kinds = {**KINDS, "pdf": _paper(here, chosen)}
        if kind not in (ASKING, *kinds):
            raise HTTPException(404)
        sheet, error = _sheet(here, chosen), ""
        exporter = Exporter(
            engine=here.engine,
            live=here.live,
            actor=here.actor,
            now=here.now,
            limits=self.site.exports,
            kinds=kinds,
        )
        if kind != ASKING:
            made = await self.work(exporter.take, sheet, kind, data)
            if isinstance(made, Response):
                return made
            error = str(made)
        values = await self.work(exporter.asking, sheet, data, error)
        return await self.page(request, "export.html", values, 422 if error else 200)

    async def _show(
        self, request: Request, *, chosen: Chosen | None = None, problem: str = "", status: int = 200
    ) -> Response:
        here = self.here(request)
        book = chosen or _chosen(here, request.query_params)
        found, known = await self.work(here.read, lambda session: _read(session, here, book))
        values: Mapping[str, Any] = {
            "book": book,
            "lines": tuple(zip(found, book_lines(found), strict=True)),
            "offices": [(key, here.live.schema.known.centres[key].label) for key in _centres(here)],
            "books": [(key.partition("/")[2], label) for key, label in _books(here, book.centre).items()],
            "years": sorted({*known, book.year}, reverse=True),
            "letters": _letters(here, book.centre),
            "most": MOST_AT_ONCE,
            "problem": problem,
            "key": new_key(),
        }
        return await self.page(request, "desk/agenda.html", values, status=status)


def _centres(here: Here) -> Sequence[str]:
    """The offices in which the person issues letters with a number."""
    return list(dict.fromkeys(centre for centre, _ in _reservable(here)))


def _reservable(here: Here) -> Iterator[tuple[str, str]]:
    """Yields office and kind of letter where the person may issue it, and its numbers come from a book."""
    schema = here.live.schema
    for centre_id, centre in schema.office.centres.items():
        for key, letter in schema.letters.items():
            own = (letter.issuer == "district") == (centre.level == "district")
            if letter.number and own and may_letter(schema, here.actor, key, "issue", centre.area):
                yield centre_id, key


def _letters(here: Here, centre: str) -> Sequence[tuple[str, str]]:
    known = here.live.schema.letters
    return [(key, known[key].label) for each, key in _reservable(here) if each == centre]


def _books(here: Here, centre: str) -> Mapping[str, str]:
    mine = {key for each, key in _reservable(here) if each == centre}
    schema = here.live.schema
    known = {series_of(centre, key, schema.letters[key]) for key in mine}
    return {series: label for series, label in series_in(schema, centre).items() if series in known}


def _chosen(here: Here, asked: Mapping[str, str]) -> Chosen:
    """The book that an address or a form names, else the first.

    Raises:
        HTTPException: 403, the person has none; 404, the address names none of theirs.
    """
    centres = _centres(here)
    if not centres:
        raise HTTPException(403)
    centre = asked.get("kantor") or centres[0]
    if centre not in centres:
        raise HTTPException(404)
    books = _books(here, centre)
    series = f"{centre}/{asked['buku']}" if asked.get("buku") else next(iter(books))
    year = row_key(asked["tahun"]) if asked.get("tahun") else today(here.live.schema, here.now).year
    if series not in books or year is None or not 1900 < year < 9000:
        raise HTTPException(404)
    return Chosen(centre=centre, series=series, year=year, about=books[series])


def _chosen_of(here: Here, row: ReservedNumber) -> Chosen:
    centre = row.series.partition("/")[0]
    return Chosen(
        centre=centre, series=row.series, year=int(row.period[:4]), about=_books(here, centre)[row.series]
    )


def _mine(session: Session, here: Here, key: int) -> ReservedNumber:
    """A number that is set aside in an office where the person issues such letters.

    Raises:
        HTTPException: 404, there is none.
    """
    row = session.get(ReservedNumber, key)
    known = set(_reservable(here))
    if row is None or (row.series.partition("/")[0], row.letter) not in known:
        raise HTTPException(404)
    return row


def _entries(session: Session, here: Here, book: Chosen) -> Sequence[Entry]:
    return agenda(session, here.live.schema, book.centre, book.series, book.year)


def _sheet(here: Here, book: Chosen) -> Sheet:
    """A book as it can be taken out."""

    def cells(session: Session, columns: Sequence[str]) -> Iterator[Sequence[str]]:
        for line in book_lines(_entries(session, here, book)):
            yield [line[column] for column in columns]

    return Sheet(
        name="agenda",
        title=f"{say('agenda-title')} {book.year}",
        columns={name: say(f"agenda-head-{name}") for name in HEADS},
        count=lambda session, most: min(most + 1, len(_entries(session, here, book))),
        rows=cells,
        back=f"/agenda?{book.query}",
        path="/agenda/berkas",
        pairs=book.pairs,
    )


def _paper(here: Here, book: Chosen) -> Kind:
    """A book as PDF, printed once all its rows are read: no connection waits for the press."""
    values = {
        "office": here.live.schema.known.centres[book.centre].label,
        "about": book.about,
        "year": str(book.year),
        "printed": moment(here.now.astimezone(calendar(here.live.schema).zone)),
    }
    names = {say(f"agenda-head-{name}"): name for name in HEADS}

    def write(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
        lines = [list(row) for row in rows]
        kept = [names[label] for label in header]
        heads = [{"name": each, "label": say_in("id", f"agenda-head-{each}")} for each in kept]
        starts = range(0, max(1, len(lines)), PART)
        parts = (book_pdf({**values, "heads": heads, "lines": lines[at : at + PART]}) for at in starts)
        file.write(next(parts) if len(starts) == 1 else merged(parts))
        return len(lines)

    return Kind(media="application/pdf", write=write, whole=True)


def _read(session: Session, here: Here, book: Chosen) -> tuple[Sequence[Entry], Sequence[int]]:
    return _entries(session, here, book), years(session, here.live.schema, book.series)
