"""The agenda book of an office: every number of a year in its order, with what became of it.

It names kinds of letters and offices, no residents: it lies open on a desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.facts import today
from portal.letters.numbers import series_of
from portal.schema import Schema
from portal.tables import IssuedLetter, ReservedNumber

Fate = Literal[
    "issued", "void", "withdrawn", "superseded", "reserved", "on-paper", "reserved-void", "manual", "missing"
]


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
    numbered = sorted(rows, key=lambda pair: pair[0])
    told = [entry for _, entry in _without_gaps(numbered)]
    return (*told, *_manual(session, schema, centre_id, series, year))


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


def _without_gaps(rows: Sequence[_Placed]) -> Iterator[_Placed]:
    """Yields the rows, and a line for each number between them that nobody knows of: there must be none."""
    place, period = 0, ""
    for (now, sequence), entry in rows:
        if now != period:
            place, period = 0, now
        for missing in range(place + 1, sequence):
            blank = Entry(sequence=missing, number="", on=None, kind="", to="", subject="", fate="missing")
            yield (now, missing), blank
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
