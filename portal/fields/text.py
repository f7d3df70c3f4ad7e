"""Text on one line: names, places, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field
from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from portal.fields.base import FieldType, Search, Unreadable, Value
from portal.scalars import Whole


class TextField(FieldType):
    """Words on one line; spaces at the ends and doubled spaces are dropped."""

    type: Literal["text"]
    max_length: Whole = Field(200, ge=1, le=2000, description="The most characters it may hold.")
    search: ClassVar[Search] = "words"

    def column_type(self) -> TypeEngine[object]:
        return String(2000)  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        if len(text) > self.max_length:
            raise Unreadable("field-text-long", most=self.max_length, length=len(text))
        return text

    def attributes(self) -> Mapping[str, str]:
        return {"maxlength": str(self.max_length)}
