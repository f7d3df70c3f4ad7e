"""The number of a letter: drawn from its book, set aside for paper before, or given by another agenda.

A book is one counter of one office: `<office>/<series>` in a period. Its numbers are only drawn, so that none
is missing and none is there twice; what another agenda gave (SRIKANDI, on paper) must not look like one. In a
book that is not gapless one may be typed as well: it goes ahead of the counter, or fills a place left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import numbering, wall
from portal.access import Actor
from portal.database import stand_in_line
from portal.events import hold, record
from portal.facts import today
from portal.schema import LETTER_NUMBER, Centre, Letter, Schema
from portal.tables import IssuedLetter, ReservedNumber

MOST_AT_ONCE = 50
"""So many numbers may be set aside in one go."""
AHEAD = "ahead"
"""How a letter got a number of its own book that was typed."""
_LAST = 1_000_000
"""No typed number is so high: a slip of the finger would leave the book empty for ever."""
_LINE = 1 << 34
"""The lines of those who give the same number by hand."""


class NumberRefused(Exception):
    """A number that was given by hand cannot be used; `code` has words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Book:
    """Where a kind of letter gets its numbers from, in one office on one day."""

    letter_id: str
    letter: Letter
    centre_id: str
    centre: Centre
    area: str
    day: date
    pattern: numbering.Pattern = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", numbering.Pattern.parse(self.letter.number or "{sequence}"))

    @property
    def series(self) -> str:
        """The name of its counter."""
        return series_of(self.centre_id, self.letter_id, self.letter)

    @property
    def period(self) -> str:
        """The period that the day lies in."""
        return numbering.period_of(self.letter.reset, self.day)

    def number(self, sequence: int) -> str:
        """Returns the number with a place in the book."""
        values: dict[str, str | int] = {
            **numbering.date_values(self.day),
            "sequence": sequence,
            "classification": self.letter.classification or "",
            "unit": self.centre.unit,
            "area": self.area,
        }
        return numbering.render(self.pattern, values)

    def is_own(self, number: str) -> bool:
        """Tells whether a number looks like one of this book, on any day."""
        return self._read(number) is not None

    def place_of(self, number: str) -> int | None:
        """Returns the place that a number has in the book today, None for one of another day or none."""
        read = self._read(number)
        digits = read["sequence"] if read else ""
        if read is None or not digits.isdigit() or not 0 < int(digits) < _LAST:
            return None
        whole = self.number(int(digits))
        today = self._read(whole)
        written = today["sequence"] if today else ""  # with its zeros in front
        shown = number[: read.start("sequence")] + written + number[read.end("sequence") :]
        return int(digits) if shown.casefold() == whole.casefold() else None

    def _read(self, number: str) -> re.Match[str] | None:
        parts = []
        for token in self.pattern.tokens:
            if isinstance(token, str):
                parts.append(re.escape(token))
            elif token.name in ("unit", "classification"):
                known = self.centre.unit if token.name == "unit" else self.letter.classification or ""
                parts.append(re.escape(known))
            elif token.name == "sequence":
                parts.append(r"(?P<sequence>[0-9]+)")
            else:
                parts.append(r"[0-9A-Z.]+")
        return re.fullmatch("".join(parts), number, re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Given:
    """The number that a letter gets, and its place in a book where it has one."""

    number: str | None = None
    series: str | None = None
    period: str | None = None
    sequence: int | None = None
    numbered: str = "counter"
    reserved: ReservedNumber | None = None


def series_of(centre_id: str, letter_id: str, letter: Letter) -> str:
    """Returns the name of the counter that a kind of letter of an office draws from."""
    return f"{centre_id}/{letter.series or letter_id}"


def give(session: Session, book: Book, typed: str | None) -> Given:
    """Returns the number of a letter that is being issued: the typed one, else the next of its book.

    Raises:
        NumberRefused: the typed one is not to be used.
    """
    letter, number = book.letter, normal(typed)
    if number:
        given = _typed(session, book, number)
        if given.numbered == AHEAD and given.sequence is not None:
            numbering.reach(session, series=book.series, period=book.period, value=given.sequence)
            _free_place(session, given)  # once more: whoever held the counter may have taken it
        return given
    if letter.manual == "only":
        raise NumberRefused("number-missing")
    if letter.number is None:
        return Given()
    sequence = numbering.draw(session, series=book.series, period=book.period)
    return Given(number=book.number(sequence), series=book.series, period=book.period, sequence=sequence)


def normal(typed: object) -> str:
    """Returns a number as it is kept: one space at most between its parts."""
    return " ".join(str(typed or "").split())


def wrong(session: Session, book: Book, typed: object) -> str | None:
    """Returns why a typed number is not to be used, as a slug; None when it is, or none was typed."""
    number = normal(typed)
    if not number:
        return "number-missing" if book.letter.manual == "only" else None
    hold(session)  # as whoever issues a letter does: all wait for the chain of events before a number
    try:
        _typed(session, book, number)
    except NumberRefused as refused:
        return refused.code
    return None


def _typed(session: Session, book: Book, number: str) -> Given:
    stand_in_line(session, _LINE + crc32(number.encode()))
    kept = session.scalar(select(ReservedNumber).where(ReservedNumber.number == number).with_for_update())
    if _is_taken(session, number, set_aside=kept is None):
        raise NumberRefused("number-taken")
    if kept is not None:
        if kept.status != "reserved" or kept.series != book.series:
            raise NumberRefused("number-not-free" if kept.series == book.series else "number-other-book")
        return Given(
            number=number,
            series=kept.series,
            period=kept.period,
            sequence=kept.sequence,
            numbered="reserved",
            reserved=kept,
        )
    own = book.letter.number is not None and book.is_own(number)
    if own and not book.letter.gapless:
        return _ahead(session, book, number)
    if book.letter.manual == "never":
        raise NumberRefused("number-not-reserved")
    if own:
        raise NumberRefused("number-own-book")
    return Given(number=number, numbered="manual")


def _ahead(session: Session, book: Book, number: str) -> Given:
    """A number of a book that is not gapless, typed by hand."""
    sequence = book.place_of(number)
    if sequence is None:
        raise NumberRefused("number-other-day")
    given = Given(
        number=book.number(sequence),
        series=book.series,
        period=book.period,
        sequence=sequence,
        numbered=AHEAD,
    )
    _free_place(session, given)
    return given


def _free_place(session: Session, given: Given) -> None:
    """Raises NumberRefused where the place of a number in its book is taken, in whatever form."""
    with wall.unscoped("a place in a book is given once, whoever may see its letter"):
        for table in (IssuedLetter, ReservedNumber):
            place = (
                table.series == given.series,
                table.period == given.period,
                table.sequence == given.sequence,
            )
            if session.scalar(select(table.id).where(*place)) is not None:
                raise NumberRefused("number-taken")


def _is_taken(session: Session, number: str, *, set_aside: bool) -> bool:
    """Tells whether a number is given, or set aside where nobody here sees it; whatever its letter says."""
    with wall.unscoped("a number is given once in all offices, whoever may see its letter"):
        issued = session.scalar(select(IssuedLetter.id).where(IssuedLetter.number == number))
        kept = select(ReservedNumber.id).where(ReservedNumber.number == number)
        return issued is not None or (set_aside and session.scalar(kept) is not None)


def reserve(
    session: Session, book: Book, count: int, *, subject: str | None, actor: Actor, now: datetime
) -> Sequence[ReservedNumber]:
    """Sets the next numbers of a book aside for letters on paper; the caller commits.

    Raises:
        ValueError: no number, or more than may be set aside at once.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise ValueError(count)
    hold(session)
    rows = []
    for _ in range(count):
        sequence = numbering.draw(session, series=book.series, period=book.period)
        rows.append(
            ReservedNumber(
                area=book.centre.area,
                letter=book.letter_id,
                series=book.series,
                period=book.period,
                sequence=sequence,
                number=book.number(sequence),
                subject=subject,
                reserved_at=now,
                reserved_by=actor.account_id,
                changed_at=now,
            )
        )
    session.add_all(rows)
    session.flush()
    said = {"letter": book.letter_id, "from": rows[0].number, "to": rows[-1].number, "count": count}
    told(session, rows[0], "numbers-reserved", said, actor=actor, now=now)
    return rows


def spend(session: Session, row: ReservedNumber, subject: str, *, actor: Actor, now: datetime) -> None:
    """Notes what a number that was set aside was used for on paper.

    Raises:
        NumberRefused: it is used or void already.
    """
    _hold_free(session, row)
    row.status, row.subject, row.changed_at = "used", subject, now
    told(session, row, "number-used", {"letter": row.letter, "number": row.number}, actor=actor, now=now)


def cancel(session: Session, row: ReservedNumber, reason: str, *, actor: Actor, now: datetime) -> None:
    """Makes a number that was set aside void; it is never given again.

    Raises:
        NumberRefused: it is used or void already.
    """
    _hold_free(session, row)
    row.status, row.changed_at = "void", now
    said = {"letter": row.letter, "number": row.number}
    told(session, row, "number-void", said, actor=actor, now=now, reason=reason)


def told(
    session: Session,
    row: ReservedNumber,
    kind: str,
    said: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Writes down what became of a number that was set aside."""
    record(
        session,
        actor=actor,
        now=now,
        kind=kind,
        subject="number",
        subject_id=row.id,
        data=said,
        reason=reason,
    )


def _hold_free(session: Session, row: ReservedNumber) -> None:
    """Locks a number as it is now, behind the chain of events, so that it is settled once."""
    hold(session)
    session.refresh(row, with_for_update=True)
    if row.status != "reserved":
        raise NumberRefused("number-not-free")


def book_of(schema: Schema, letter_id: str, centre_id: str, now: datetime, area: str = "") -> Book:
    """Returns the book of a kind of letter in an office today.

    Args:
        area: of the case, for patterns that name it; the office's own without one.
    """
    centre = schema.known.centres[centre_id]
    return Book(
        letter_id=letter_id,
        letter=schema.known.letters[letter_id],
        centre_id=centre_id,
        centre=centre,
        area=area or centre.area,
        day=today(schema, now),
    )


__all__ = [
    "LETTER_NUMBER",
    "MOST_AT_ONCE",
    "Book",
    "Given",
    "NumberRefused",
    "book_of",
    "cancel",
    "give",
    "normal",
    "reserve",
    "series_of",
    "spend",
    "told",
    "wrong",
]
