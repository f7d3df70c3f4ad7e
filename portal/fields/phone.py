"""Indonesian telephone numbers, kept in E.164 (`+62...`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Search, Unreadable, Value, code_type, legible


class PhoneField(FieldType):
    """A phone number; `0812...`, `62812...` and `+62 812-...` are the same."""

    type: Literal["phone"]
    search: ClassVar[Search] = "exact"

    def column_type(self) -> TypeEngine[object]:
        return code_type(16)  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        digits = re.sub(r"[\s.\-()]", "", text)
        match = re.fullmatch(r"(?:\+?620?|0)([1-9][0-9]{6,11})", digits)
        if match is None:
            raise Unreadable("field-phone-malformed", text=text)
        return f"+62{match[1]}"

    def write(self, value: Value) -> tuple[str, ...]:
        return () if value is None else (str(value).replace("+62", "0", 1),)

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        digits = "".join(self.write(value))
        return "-".join(filter(None, (digits[:4], digits[4:8], digits[8:])))

    def mask(self, value: Value) -> str:
        return "" if value is None else f"{self.show(value)[:4]}-••••-••••"

    def sought(self, text: str) -> str | None:
        digits = re.sub(r"[\s.\-()]", "", legible(text))
        match = re.fullmatch(r"(?:\+?620?|0)([1-9][0-9]{1,11})", digits)
        return f"+62{match[1]}" if match else None

    def attributes(self) -> Mapping[str, str]:
        return {"inputmode": "tel", "maxlength": "24", "autocomplete": "off"}

    def own_example(self) -> str:
        return "081200009901"
