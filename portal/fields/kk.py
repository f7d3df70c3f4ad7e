"""Nomor KK, the number of a family card: six digits of area, DDMMYY of issue, a serial of four."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from sqlalchemy.types import TypeEngine

from portal.fields.base import FieldType, Search, Unreadable, Value, code_type
from portal.fields.nik import sixteen_digits, some_digits


class KkField(FieldType):
    """A family card number, kept as text of sixteen digits."""

    type: Literal["kk"]
    search: ClassVar[Search] = "exact"

    def column_type(self) -> TypeEngine[object]:
        return code_type(16)  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        digits = sixteen_digits(text, "field-kk-length")
        if not (1 <= int(digits[6:8]) <= 31 and 1 <= int(digits[8:10]) <= 12):
            raise Unreadable("field-kk-date", part=digits[6:12])
        return digits

    def mask(self, value: Value) -> str:
        return "" if value is None else f"{str(value)[:4]}••••••••{str(value)[-4:]}"

    def sought(self, text: str) -> str | None:
        return some_digits(text)

    def attributes(self) -> Mapping[str, str]:
        return {"inputmode": "numeric", "maxlength": "24", "autocomplete": "off"}

    def own_example(self) -> str:
        return "1810031203189901"
