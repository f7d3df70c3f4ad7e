"""NIK, the national identity number of a resident.

Sixteen digits: six of the area where it was first registered, DDMMYY of birth with 40 added to the day for
women, and a serial of four. It has no check digit, and officially wrong ones exist: only what no NIK can be
is refused.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from sqlalchemy.types import TypeEngine

from portal.fields.base import FieldType, Search, Unreadable, Value, code_type, legible

WOMAN = 40


@dataclass(frozen=True, kw_only=True)
class Birth:
    """What a NIK says of its holder: sex and the possible dates of birth, the youngest first."""

    female: bool
    dates: tuple[datetime.date, ...]


def birth_of(nik: str) -> Birth:
    """Returns sex and possible birth dates of a well-formed NIK.

    Raises:
        Unreadable: no person can have this number.
    """
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    female = day > WOMAN
    dates = tuple(_dates(day - WOMAN if female else day, month, year))
    if not dates:
        raise Unreadable("field-nik-date", part=nik[6:12])
    return Birth(female=female, dates=dates)


def _dates(day: int, month: int, year: int) -> list[datetime.date]:
    found = []
    for century in (2000, 1900):
        try:
            found.append(datetime.date(century + year, month, day))
        except ValueError:
            continue
    return found


def sixteen_digits(text: str, slug: str) -> str:
    """Returns the digits of a number typed with spaces, dots or hyphens.

    Raises:
        Unreadable: there are not sixteen digits; the slug names the number.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    for other in re.findall(r"[^0-9]", digits):
        raise Unreadable("field-digits-other", character=other)
    if len(digits) != 16:
        raise Unreadable(slug, count=len(digits))
    return digits


def some_digits(text: str) -> str | None:
    """Returns the digits of the beginning of such a number, None when it is not one."""
    digits = re.sub(r"[\s.\-]", "", legible(text))
    return digits if re.fullmatch(r"[0-9]{1,16}", digits) else None


class NikField(FieldType):
    """A NIK, kept as text of sixteen digits."""

    type: Literal["nik"]
    search: ClassVar[Search] = "exact"

    def column_type(self) -> TypeEngine[object]:
        return code_type(16)  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        digits = sixteen_digits(text, "field-nik-length")
        birth_of(digits)
        if digits.endswith("0000"):
            raise Unreadable("field-nik-serial")
        return digits

    def mask(self, value: Value) -> str:
        return "" if value is None else f"{str(value)[:4]}••••••••{str(value)[-4:]}"

    def sought(self, text: str) -> str | None:
        return some_digits(text)

    def attributes(self) -> Mapping[str, str]:
        return {"inputmode": "numeric", "maxlength": "24", "autocomplete": "off"}

    def own_example(self) -> str:
        return "1810035408949901"
