"""Whole and decimal numbers, with an optional range and unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field
from sqlalchemy import Float, Integer, Numeric
from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Unreadable, Value
from portal.scalars import Text, Whole

LARGEST = 2_000_000_000


class NumberField(FieldType):
    """A number; thousands may be typed with dots and decimals with a comma, as Indonesians write them."""

    type: Literal["number"]
    min: Whole | None = Field(None, ge=-LARGEST, le=LARGEST, description="The smallest number allowed.")
    max: Whole | None = Field(None, ge=-LARGEST, le=LARGEST, description="The largest number allowed.")
    decimals: Whole = Field(0, ge=0, le=4, description="How many digits after the comma.")
    unit: Text | None = Field(None, description="What is counted, printed after the number.")
    control: ClassVar[str] = "text"

    def column_type(self) -> TypeEngine[object]:
        if not self.decimals:
            return Integer()  # type: ignore[return-value]
        # SQLite has no decimals; a float keeps the at most fourteen digits that fit here exactly.
        near = Float(asdecimal=True, decimal_return_scale=self.decimals)
        return Numeric(18, self.decimals).with_variant(near, "sqlite")  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        plain = text.replace(" ", "")
        if not re.fullmatch(r"-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?", plain):
            raise Unreadable("field-number-malformed", text=text)
        number = Decimal(plain.replace(".", "").replace(",", "."))
        self._in_range(number)
        if not self.decimals:
            if number != int(number):
                raise Unreadable("field-number-whole", text=text)
            return int(number)
        kept = number.quantize(Decimal(1).scaleb(-self.decimals))
        if kept != number:
            raise Unreadable("field-number-decimals", text=text, most=self.decimals)
        return kept

    def _in_range(self, number: Decimal) -> None:
        low = -LARGEST if self.min is None else self.min
        high = LARGEST if self.max is None else self.max
        if not low <= number <= high:
            raise Unreadable("field-number-range", low=low, high=high)

    def write(self, value: Value) -> tuple[str, ...]:
        return () if value is None else (str(value).replace(".", ","),)

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        if value is None:
            return ""
        digits = f"{value:,}".translate(str.maketrans(",.", ".,"))
        return f"{digits} {self.unit}" if self.unit else digits

    def stored(self, value: object) -> Value:
        if value is None or not self.decimals:
            return value  # type: ignore[return-value]
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-self.decimals))

    def attributes(self) -> Mapping[str, str]:
        return {"inputmode": "decimal" if self.decimals else "numeric", "maxlength": "20"}

    def own_example(self) -> str:
        low = -LARGEST if self.min is None else self.min
        high = LARGEST if self.max is None else self.max
        return str(max(low, min(3, high)))
