"""Numbers of letters and cases: a pattern read once, and a counter row that never gives a number twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast
from zlib import crc32

from sqlalchemy import ColumnElement, Table, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.database import stand_in_line
from portal.indonesian import romawi
from portal.tables import Counter

Reset = Literal["year", "month", "never"]

PLACEHOLDERS = ("classification", "sequence", "unit", "year", "month", "roman_month", "day", "area")
"""What a pattern may name; `sequence`, `month` and `day` also take a width, as in `{sequence:03}`."""

_WIDE = ("sequence", "month", "day")
_PART = re.compile(r"\{(?P<inside>[^{}]*)\}|(?P<text>[^{}]+)|(?P<brace>[{}])")
_WIDTH = re.compile(r"0[1-9]")

EVER = "all"
"""The period of a counter that never starts again."""
_LINE = 1 << 33
"""The lines of those who draw numbers, one for each series and period."""


class PatternError(ValueError):
    """A text that is no number pattern, or one that would repeat; `code` has words, `values` fill them."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values: Mapping[str, str] = values


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A value that each number fills in, with at least `width` digits."""

    name: str
    width: int = 0

    def __str__(self) -> str:
        """Returns the form in which the pattern has it."""
        return f"{{{self.name}:0{self.width}}}" if self.width else f"{{{self.name}}}"


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A number pattern such as `{classification}/{sequence:03}/{unit}/{year}`, cut into tokens."""

    tokens: tuple[str | Placeholder, ...]

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Reads a pattern; every number needs its `{sequence}`.

        Raises:
            PatternError: `pattern-brace`, `pattern-placeholder`, `pattern-width` or `pattern-sequence`.
        """
        pattern = cls(tokens=tuple(_token(match, text) for match in _PART.finditer(text.strip())))
        if "sequence" not in pattern.names:
            raise PatternError("pattern-sequence", value=text)
        return pattern

    @property
    def names(self) -> frozenset[str]:
        """The placeholders that the pattern uses."""
        return frozenset(token.name for token in self.tokens if isinstance(token, Placeholder))

    def __str__(self) -> str:
        """Returns the text of the pattern."""
        return "".join(str(token) for token in self.tokens)


def _token(match: re.Match[str], text: str) -> str | Placeholder:
    if match["text"] is not None:
        return match["text"]
    if match["brace"] is not None:
        raise PatternError("pattern-brace", value=text, brace=match["brace"])
    name, colon, width = match["inside"].partition(":")
    if name not in PLACEHOLDERS:
        raise PatternError("pattern-placeholder", value=name, known=", ".join(PLACEHOLDERS))
    if colon and (name not in _WIDE or not _WIDTH.fullmatch(width)):
        raise PatternError("pattern-width", value=match["inside"], name=name)
    return Placeholder(name=name, width=int(width) if colon else 0)


def render(pattern: Pattern, values: Mapping[str, str | int]) -> str:
    """Returns the number that the values give; `date_values` has those of its date.

    Raises:
        PatternError: `pattern-value`, a value that the pattern names is missing or empty.
    """
    return "".join(token if isinstance(token, str) else _filled(token, values) for token in pattern.tokens)


def _filled(token: Placeholder, values: Mapping[str, str | int]) -> str:
    value = str(values.get(token.name, "")).strip()
    if not value:
        raise PatternError("pattern-value", value=token.name)
    return value.zfill(token.width)


def date_values(day: date) -> dict[str, str | int]:
    """Returns the values that the date of a number gives: day, month, Roman month and year."""
    return {"day": day.day, "month": day.month, "roman_month": romawi(day.month), "year": day.year}


def counter_period(pattern: Pattern, reset: Reset = "year") -> Reset:
    """Returns when the counter of a pattern starts again, once the pattern shows that no number can repeat.

    Raises:
        PatternError: `pattern-repeats`, the counter starts again but the number does not show when.
    """
    monthly = "year" in pattern.names and bool(pattern.names & {"month", "roman_month"})
    if (reset == "year" and "year" not in pattern.names) or (reset == "month" and not monthly):
        raise PatternError("pattern-repeats", value=str(pattern), reset=reset)
    return reset


def period_of(reset: Reset, day: date) -> str:
    """Returns the period whose counter a date draws from: `2026`, `2026-11` or `all`."""
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}", "never": EVER}[reset]


def reach(session: Session, *, series: str, period: str, value: int) -> None:
    """Lets a counter go on behind a number that was given by hand; it never goes back.

    The counter's row is locked until the caller's transaction ends, as by `draw`.
    """
    counter = cast(Table, Counter.__table__)
    ahead = case((counter.c.value < value, value), else_=counter.c.value)
    session.execute(_kept(session, counter, series, period, value, ahead))


def draw(session: Session, *, series: str, period: str) -> int:
    """Returns the next number of a series in a period, 1 at first.

    The statement locks the counter's row until the caller's transaction ends: others wait for it, and a
    rollback gives the number back, so that no number is given twice and none is lost. Never commits.
    """
    counter = cast(Table, Counter.__table__)
    statement = _kept(session, counter, series, period, 1, counter.c.value + 1)
    return int(session.execute(statement.returning(counter.c.value)).scalar_one())


def _kept(
    session: Session, counter: Table, series: str, period: str, first: int, then: ColumnElement[int]
) -> Any:
    stand_in_line(session, _LINE + crc32(f"{series}\n{period}".encode()))
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(counter) if on_sqlite else postgresql.insert(counter)
    return insert.values(series=series, period=period, value=first).on_conflict_do_update(
        index_elements=[counter.c.series, counter.c.period], set_={"value": then}
    )
