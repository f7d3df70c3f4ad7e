"""One answer of a closed list."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field
from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Option, Unreadable, Value
from portal.scalars import Id, Text

RADIO_AT_MOST = 5


class ChoiceField(FieldType):
    """One of the declared choices; the id is stored, the label is shown."""

    type: Literal["choice"]
    choices: dict[Id, Text] = Field(
        min_length=1,
        description="The answers: an id and what people read.",
        examples=[{"own": "Milik sendiri", "rent": "Sewa"}],
    )
    withdrawn: dict[Id, Text] = Field(
        {}, description="Answers no longer offered, whose label stays on old rows; kept by itself."
    )
    filterable: ClassVar[bool] = True
    control: ClassVar[str] = "choice"

    def column_type(self) -> TypeEngine[object]:
        return String(40)  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        if text not in self.choices and text not in self.withdrawn:
            raise Unreadable("field-choice-unknown", text=text)
        return text

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        return "" if value is None else self.label_of(str(value))

    def label_of(self, key: str) -> str:
        """Returns what people read for a choice, also a withdrawn one; an unknown one stands for itself."""
        return self.choices.get(key) or self.withdrawn.get(key) or key

    def options(self) -> tuple[Option, ...]:
        return tuple(Option(value=key, label=label) for key, label in self.choices.items())

    def own_example(self) -> str:
        return next(iter(self.choices))
