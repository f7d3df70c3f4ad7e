"""Yes or no, asked as a question with two answers: an unanswered question is not a no."""

from __future__ import annotations

from typing import ClassVar, Literal

from sqlalchemy import Boolean
from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Option, Unreadable, Value
from portal.words import say


class FlagField(FieldType):
    """Yes, no or not asked yet."""

    type: Literal["flag"]
    control: ClassVar[str] = "radio"
    filterable: ClassVar[bool] = True

    def column_type(self) -> TypeEngine[object]:
        return Boolean()  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        if text not in ("true", "false"):
            raise Unreadable("field-choice-unknown", text=text)
        return text == "true"

    def write(self, value: Value) -> tuple[str, ...]:
        return () if value is None else ("true" if value else "false",)

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        return "" if value is None else say("field-yes" if value else "field-no")

    def options(self) -> tuple[Option, ...]:
        return (
            Option(value="true", label=say("field-yes")),
            Option(value="false", label=say("field-no")),
        )

    def own_example(self) -> str:
        return "true"
