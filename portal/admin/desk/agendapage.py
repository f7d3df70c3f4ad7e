"""The agenda book of outgoing letters: every number of an office's year; numbers set aside for paper."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key, sent_key
from portal.admin.reasons import reason_in
from portal.admin.routes import needs
from portal.admin.spreadsheet import KINDS
from portal.admin.takes import takes
from portal.admin.threads import in_turn
from portal.facts import calendar, today
from portal.fields.base import legible
from portal.letters.agenda import Entry, agenda, series_in, years
from portal.letters.numbers import MOST_AT_ONCE, NumberRefused, book_of, cancel, reserve, series_of, spend
from portal.letters.sheets import book_lines, book_pdf
from portal.rights import may_letter
from portal.tables import ReservedNumber
from portal.words import say
from portal.worktime import moment

HEADS = {
    "sequence": "sequence",
    "number": "number",
    "on": "on",
    "kind": "kind",
    "about": "about",
    "fate": "fate",
}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The book that is looked at."""

    centre: str
    series: str
    year: int
    about: str

    @property
    def query(self) -> str:
        """Returns how an address names it."""
        return f"kantor={self.centre}&buku={self.series.partition('/')[2]}&tahun={self.year}"


class AgendaPage(Desk):
    """The agenda book, for who may issue letters in an office."""

    menu_url = "/agenda"
    menu_slug = "agenda-title"

    def is_accessible(self, request: Request) -> bool:
        return bool(_centres(self.here(request)))

    @expose("/agenda", methods=["GET"])
    @needs("account", "letters", screen="cases")
    @takes(query=("kantor", "buku", "tahun"))
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
        if (void and not reason) or (not void and not subject):
            slug = "unmask-reason-missing" if void else "agenda-subject-missing"
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

    @expose("/agenda/berkas/{kind}", methods=["GET"])
    @needs("account", "letters", screen="cases")
    @takes(query=("kantor", "buku", "tahun"))
    async def file(self, request: Request) -> Response:
        """Returns a book as PDF or spreadsheet; it names no resident."""
        here, kind = self.here(request), request.path_params["kind"]
        if kind not in ("pdf", *KINDS):
            raise HTTPException(404)
        chosen = _chosen(here, request)
        found = await self.work(here.read, lambda session: _entries(session, here, chosen))
        name = f"agenda-{chosen.centre}-{chosen.year}.{kind}"
        shown = {"Content-Disposition": f'{"inline" if kind == "pdf" else "attachment"}; filename="{name}"'}
        lines = book_lines(found)
        if kind == "pdf":
            centre = here.live.schema.known.centres[chosen.centre]
            printed = moment(here.now.astimezone(calendar(here.live.schema).zone))
            values = {"office": centre.label, "about": chosen.about, "year": str(chosen.year)}
            made = await in_turn(book_pdf, {**values, "printed": printed, "lines": lines})
            return Response(made, media_type="application/pdf", headers=shown)
        out = io.BytesIO()
        rows = ([line[column] for column in HEADS] for line in lines)
        KINDS[kind].write(out, [say(f"agenda-head-{name}") for name in HEADS], rows)
        return Response(out.getvalue(), media_type=KINDS[kind].media, headers=shown)

    async def _show(
        self, request: Request, *, chosen: Chosen | None = None, problem: str = "", status: int = 200
    ) -> Response:
        here = self.here(request)
        book = chosen or _chosen(here, request)
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


def _chosen(here: Here, request: Request) -> Chosen:
    """The book that the address names, else the first.

    Raises:
        HTTPException: 403, the person has none; 404, the address names none of theirs.
    """
    asked, centres = request.query_params, _centres(here)
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


def _read(session: Session, here: Here, book: Chosen) -> tuple[Sequence[Entry], Sequence[int]]:
    return _entries(session, here, book), years(session, here.live.schema, book.series)
