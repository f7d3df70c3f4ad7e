"""A reference to another record, chosen by looking it up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Integer
from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Unreadable, Value
from portal.scalars import Id


class LinkField(FieldType):
    """The key of one record of another type; never a drop-down of every row."""

    type: Literal["link"]
    to: Id = Field(description="The record type that it points to.", examples=["resident"])
    control: ClassVar[str] = "link"

    def column_type(self) -> TypeEngine[object]:
        return BigInteger().with_variant(Integer(), "sqlite")  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise Unreadable("field-link-malformed")
        return int(text)

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        return names.record(self.to, value) if isinstance(value, int) else ""

    def attributes(self) -> Mapping[str, str]:
        return {"inputmode": "numeric"}

    def own_example(self) -> str:
        return "1"
