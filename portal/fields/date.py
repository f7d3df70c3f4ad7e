"""Dates, entered in three boxes so that day and month are never mistaken, or as one text in a box of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Unreadable, Value, legible
from portal.worktime import long_date

EARLIEST = datetime.date(1890, 1, 1)
LATEST = datetime.date(2199, 12, 31)


_MONTHS = (
    "jan januari january", "feb februari pebruari february", "mar maret march mrt", "apr april",
    "mei may", "jun juni june", "jul juli july", "agu agustus agt ags ags august aug", "sep september sept",
    "okt oktober october oct", "nov november nopember nop", "des desember december dec",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
"""The names of months that people write, by number."""
_SIGNS = r"[-/. ]+"


class DateField(FieldType):
    """A day of the calendar.

    Accepts day, month and year apart, or one text: `2026-11-22`, `22-11-2026`, `22/11/2026`, `22 Nov 2026`,
    `22 November 2026`, `22112026`.
    """

    type: Literal["date"]
    control: ClassVar[str] = "date"

    def column_type(self) -> TypeEngine[object]:
        return Date()  # type: ignore[return-value]

    def read(self, raw: Sequence[str]) -> Value:
        parts = [legible(part).strip() for part in raw]
        if not any(parts):
            return None
        return self.parse("-".join(part for part in parts if part))

    def parse(self, text: str) -> Value:
        numbers = re.fullmatch(
            rf"([0-9]{{1,4}}){_SIGNS}([0-9]{{1,2}}){_SIGNS}([0-9]{{1,4}})", _numbered(text)
        )
        if not numbers:
            raise Unreadable("field-date-malformed", text=text)
        first, month, last = numbers.groups()
        day, year = (last, first) if len(first) == 4 else (first, last)
        if len(year) != 4:
            raise Unreadable("field-date-year", text=text)
        return self._date(int(year), int(month), int(day))

    def _date(self, year: int, month: int, day: int) -> datetime.date:
        try:
            date = datetime.date(year, month, day)
        except ValueError:
            raise Unreadable("field-date-none", day=day, month=month, year=year) from None
        if not EARLIEST <= date <= LATEST:
            raise Unreadable("field-date-year", text=f"{day}-{month}-{year}")
        return date

    def write(self, value: Value) -> tuple[str, ...]:
        if not isinstance(value, datetime.date):
            return ()
        return (str(value.day), str(value.month), str(value.year))

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        return long_date(value) if isinstance(value, datetime.date) else ""

    def export(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        return value.isoformat() if isinstance(value, datetime.date) else ""

    def stored(self, value: object) -> Value:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]

    def attributes(self) -> Mapping[str, str]:
        return {}

    def own_example(self) -> str:
        return "2026-11-02"


def _numbered(text: str) -> str:
    """Returns a date with its month as a number and its parts apart, whatever was written."""
    said = text.strip().rstrip(".").casefold()
    if run := re.fullmatch(r"([0-9]{2})([0-9]{2})([12][0-9]{3})", said):
        return "-".join(run.groups())
    return re.sub(r"[a-z]+", lambda word: f" {MONTHS.get(word[0], word[0])} ", said).strip()
