"""Text on several lines: descriptions, chronologies, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from portal.fields.base import FieldType, Unreadable, Value, legible

MOST = 10_000


class LongTextField(FieldType):
    """Words on several lines, as they were typed, at most 10,000 characters."""

    type: Literal["long-text"]
    control: ClassVar[str] = "textarea"

    def column_type(self) -> TypeEngine[object]:
        return Text()  # type: ignore[return-value]

    def read(self, raw: Sequence[str]) -> Value:
        text = legible("\n".join(raw).replace("\r\n", "\n").replace("\r", "\n")).strip()
        return self.parse(text) if text else None

    def parse(self, text: str) -> Value:
        if len(text) > MOST:
            raise Unreadable("field-text-long", most=MOST, length=len(text))
        return text

    def attributes(self) -> Mapping[str, str]:
        return {"rows": "4", "maxlength": str(MOST)}
