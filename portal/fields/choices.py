"""Several answers of a closed list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field
from sqlalchemy import JSON
from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Option, Unreadable, Value, legible
from portal.scalars import Id, Text


class ChoicesField(FieldType):
    """Any of the declared choices, kept in their declared order."""

    type: Literal["choices"]
    choices: dict[Id, Text] = Field(
        min_length=1,
        description="The answers: an id and what people read.",
        examples=[{"own": "Milik sendiri", "rent": "Sewa"}],
    )
    withdrawn: dict[Id, Text] = Field(
        {}, description="Answers no longer offered, whose label stays on old rows; kept by itself."
    )
    control: ClassVar[str] = "checkboxes"

    def column_type(self) -> TypeEngine[object]:
        return JSON(none_as_null=True)

    def read(self, raw: Sequence[str]) -> Value:
        chosen = {part.strip() for piece in raw for part in legible(piece).split(",")} - {""}
        for part in sorted(chosen.difference(self.choices, self.withdrawn)):
            raise Unreadable("field-choice-unknown", text=part)
        return tuple(key for key in (*self.choices, *self.withdrawn) if key in chosen) or None

    def parse(self, text: str) -> Value:
        return self.read((text,))

    def write(self, value: Value) -> tuple[str, ...]:
        return value if isinstance(value, tuple) else ()

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        chosen = value if isinstance(value, tuple | list) else ()
        return ", ".join(self.label_of(key) for key in chosen)

    def stored(self, value: object) -> Value:
        return tuple(value) if isinstance(value, list | tuple) else None

    def label_of(self, key: str) -> str:
        """Returns what people read for a choice, also a withdrawn one; an unknown one stands for itself."""
        return self.choices.get(key) or self.withdrawn.get(key) or key

    def options(self) -> tuple[Option, ...]:
        return tuple(Option(value=key, label=label) for key, label in self.choices.items())

    def own_example(self) -> str:
        return next(iter(self.choices))
