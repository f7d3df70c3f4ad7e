"""The agenda book of an office: every number of a year in its order, with what became of it.

It names kinds of letters and offices, no residents: it lies open on a desk. A number whose letter somebody
may not see is in it all the same, and says no more than that it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal import wall
from portal.events import reason_of, values_of
from portal.facts import today
from portal.letters.numbers import series_of
from portal.schema import Schema
from portal.tables import Event, IssuedLetter, ReservedNumber

Fate = Literal[
    "issued",
    "void",
    "withdrawn",
    "superseded",
    "reserved",
    "on-paper",
    "reserved-void",
    "manual",
    "hidden",
    "skipped",
    "missing",
]
ENDED = ("letter-void", "letter-withdrawn", "letter-superseded")
"""The kinds of events that say why a letter ended."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the book."""

    sequence: int | None
    """Its place, None for a number that another agenda gave."""
    number: str
    on: date | None
    kind: str
    to: str
    subject: str
    fate: Fate
    letter: int | None = None
    """The key of the issued letter."""
    reserved: int | None = None
    """The key of a number that is set aside."""
    reason: str = ""
    """Why it is void, withdrawn or superseded, as far as whoever reads may know."""


def series_in(schema: Schema, centre_id: str) -> dict[str, str]:
    """Returns the books of an office by their counters, each with the labels of its letters."""
    found: dict[str, list[str]] = {}
    district = schema.known.centres[centre_id].level == "district"
    for key, letter in schema.letters.items():
        if letter.number is not None and (letter.issuer == "district") == district:
            found.setdefault(series_of(centre_id, key, letter), []).append(letter.label)
    return {series: ", ".join(labels) for series, labels in found.items()}


def agenda(session: Session, schema: Schema, centre_id: str, series: str, year: int) -> Sequence[Entry]:
    """Returns the book of a year: its numbers in order, then those that another agenda gave."""
    rows = [*_issued(session, schema, series, year), *_reserved(session, schema, series, year)]
    rows += _hidden(session, series, year, {place for place, _ in rows})
    gap: Fate = "missing" if _is_gapless(schema, centre_id, series) else "skipped"
    told = [entry for _, entry in _without_gaps(sorted(rows, key=lambda pair: pair[0]), gap)]
    found = (*told, *_manual(session, schema, centre_id, series, year))
    why = _reasons(session, found)
    return [replace(each, reason=why.get((each.letter, each.reserved), "")) for each in found]


def years(session: Session, schema: Schema, series: str) -> Sequence[int]:
    """Returns the years in which a book has numbers, the newest first."""
    issued = session.scalars(select(IssuedLetter.period).where(IssuedLetter.series == series).distinct())
    kept = session.scalars(select(ReservedNumber.period).where(ReservedNumber.series == series).distinct())
    found = {int(str(period)[:4]) for period in (*issued, *kept) if period and period[:4].isdigit()}
    return sorted(found, reverse=True)


_Placed = tuple[tuple[str, int], Entry]


def _issued(session: Session, schema: Schema, series: str, year: int) -> Iterator[_Placed]:
    query = select(IssuedLetter).where(IssuedLetter.series == series, IssuedLetter.period.in_(_periods(year)))
    for row in session.scalars(query):
        yield (row.period or "", row.sequence or 0), _entry(schema, row, row.sequence)


def _entry(schema: Schema, row: IssuedLetter, sequence: int | None) -> Entry:
    letter = schema.known.letters.get(row.letter)
    place = schema.known.destinations.get(row.destination or "")
    fate: Fate = "manual" if row.numbered == "manual" and row.status == "issued" else row.status  # type: ignore[assignment]
    return Entry(
        sequence=sequence,
        number=row.number or "",
        on=today(schema, row.issued_at),
        kind=letter.label if letter else row.letter,
        to=place.label if place else "",
        subject=(letter.subject or letter.label) if letter else "",
        fate=fate,
        letter=row.id,
    )


def _reserved(session: Session, schema: Schema, series: str, year: int) -> Iterator[_Placed]:
    query = select(ReservedNumber).where(
        ReservedNumber.series == series,
        ReservedNumber.period.in_(_periods(year)),
        ReservedNumber.letter_id.is_(None),
    )
    fates: dict[str, Fate] = {"reserved": "reserved", "used": "on-paper", "void": "reserved-void"}
    for row in session.scalars(query):
        letter = schema.known.letters.get(row.letter)
        yield (
            (row.period, row.sequence),
            Entry(
                sequence=row.sequence,
                number=row.number,
                on=today(schema, row.changed_at),
                kind=letter.label if letter else row.letter,
                to="",
                subject=row.subject or "",
                fate=fates[row.status],
                reserved=row.id,
            ),
        )


def _hidden(session: Session, series: str, year: int, known: Collection[tuple[str, int]]) -> list[_Placed]:
    """Numbers whose letters whoever reads may not see: they are given, and that is all that is said."""
    found: dict[tuple[str, int], Entry] = {}
    with wall.unscoped("a book has no hole: a number is given, whoever may see its letter"):
        for table in (IssuedLetter, ReservedNumber):
            mine = (table.series == series, table.period.in_(_periods(year)), table.sequence.is_not(None))
            for period, sequence in session.execute(select(table.period, table.sequence).where(*mine)):
                place = (str(period), int(sequence or 0))
                if place not in known:
                    found[place] = _blank(place[1], "hidden")
    return list(found.items())


def _blank(sequence: int, fate: Fate) -> Entry:
    return Entry(sequence=sequence, number="", on=None, kind="", to="", subject="", fate=fate)


def _reasons(session: Session, entries: Iterable[Entry]) -> Mapping[tuple[int | None, int | None], str]:
    """Returns the typed reasons by letter and by number set aside."""
    ended = [e.letter for e in entries if e.letter and e.fate in ("void", "withdrawn", "superseded")]
    void = [e.reserved for e in entries if e.reserved and e.fate == "reserved-void"]
    cases = select(IssuedLetter.case_id).where(IssuedLetter.id.in_(ended), IssuedLetter.case_id.is_not(None))
    of_case = and_(Event.subject == "case", Event.subject_id.in_(session.scalars(cases).all()))
    alone = and_(Event.subject == "letter", Event.subject_id.in_(ended))
    query = select(Event).where(Event.kind.in_(ENDED), or_(of_case, alone))
    events = [*session.scalars(query)] if ended else []
    mine = (Event.kind == "number-void", Event.subject == "number", Event.subject_id.in_(void))
    settled = [*session.scalars(select(Event).where(*mine))] if void else []
    said = values_of(session, [each.id for each in (*events, *settled)])
    return {
        **{(each.data["issued_letter"], None): reason_of(said.get(each.id, {})) for each in events},
        **{(None, each.subject_id): reason_of(said.get(each.id, {})) for each in settled},
    }


def _is_gapless(schema: Schema, centre_id: str, series: str) -> bool:
    """Tells whether no number of a book may be jumped over; letters of one series agree on it."""
    letters = schema.known.letters.items()
    return all(each.gapless for key, each in letters if series_of(centre_id, key, each) == series)


def _without_gaps(rows: Sequence[_Placed], gap: Fate) -> Iterator[_Placed]:
    """Yields the rows, and a line for each number between them that nobody knows of.

    In a book that is gapless there must be none.
    """
    place, period = 0, ""
    for (now, sequence), entry in rows:
        if now != period:
            place, period = 0, now
        for missing in range(place + 1, sequence):
            yield (now, missing), _blank(missing, gap)
        place = sequence
        yield (now, sequence), entry


def _manual(session: Session, schema: Schema, centre_id: str, series: str, year: int) -> Iterator[Entry]:
    """Numbers that another agenda gave to letters of this book's kinds, by the day they were issued."""
    kinds = [k for k, each in schema.known.letters.items() if series_of(centre_id, k, each) == series]
    area = schema.known.centres[centre_id].area
    query = (
        select(IssuedLetter)
        .where(IssuedLetter.numbered == "manual", IssuedLetter.letter.in_(kinds))
        .where(IssuedLetter.area.startswith(area, autoescape=True))
        .order_by(IssuedLetter.issued_at)
    )
    for row in session.scalars(query):
        if today(schema, row.issued_at).year == year:
            yield _entry(schema, row, None)


def _periods(year: int) -> tuple[str, ...]:
    return (str(year), *(f"{year}-{month:02}" for month in range(1, 13)))
