"""Amounts of rupiah."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from sqlalchemy import BigInteger
from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Unreadable, Value

LARGEST = 10**15


class MoneyField(FieldType):
    """Whole rupiah; `600000`, `600.000` and `Rp600.000` are the same amount."""

    type: Literal["money"]
    control: ClassVar[str] = "text"

    def column_type(self) -> TypeEngine[object]:
        return BigInteger()  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        plain = re.sub(r"^rp\.?", "", text.replace(" ", ""), flags=re.IGNORECASE)
        if not re.fullmatch(r"([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,00|,-)?", plain):
            raise Unreadable("field-money-malformed", text=text)
        digits = plain.split(",")[0].replace(".", "").lstrip("0") or "0"
        # Their number is counted first: Python refuses to read thousands of them.
        if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
            raise Unreadable("field-money-large")
        return int(digits)

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        return "" if value is None else "Rp" + f"{value:,}".replace(",", ".")

    def attributes(self) -> Mapping[str, str]:
        return {"inputmode": "numeric", "maxlength": "24"}

    def own_example(self) -> str:
        return "600.000"
