"""What every kind of field can do: its column, reading, writing, display, mask, export, search and sample."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, Protocol

from pydantic import Field
from sqlalchemy import String
from sqlalchemy.dialects.postgresql import VARCHAR
from sqlalchemy.types import TypeEngine

from portal.scalars import Definition, Flag, Id, Text
from portal.words import say

Value = str | int | Decimal | date | bool | tuple[str, ...] | None
"""What a field holds in Python; None is "not filled in"."""

Search = Literal["none", "exact", "words"]
"""How a search box finds a field: not at all, by its beginning on an index, or by any part of its words."""


def code_type(length: int) -> TypeEngine[str]:
    """Returns the SQL type of a code, compared byte by byte so that its beginnings are an index range."""
    return String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")


def legible(text: str) -> str:
    """Returns a text without what nobody sees: control characters and marks of direction, in NFC.

    Numbers copied from a chat bring such marks along, and PostgreSQL holds no NUL.
    """
    return "".join(each for each in unicodedata.normalize("NFC", text) if _legible(each))


def _legible(character: str) -> bool:
    if character in "\t\n\u200c\u200d":
        # A line, and what joins the parts of an emoji or of an Arabic word.
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


class Unreadable(ValueError):
    """A person typed what this field cannot hold; the slug and values give the sentence that says why."""

    def __init__(self, slug: str, **values: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.values = values

    def __str__(self) -> str:
        return say(self.slug, **self.values)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of a closed set of answers."""

    value: str
    label: str


class Names(Protocol):
    """Who knows what a code stands for on screen."""

    def area(self, code: str) -> str:
        """Returns "Desa Margodadi, Kec. Ambarawa, ..." for an area code, or the code when unknown."""

    def record(self, record: str, key: int) -> str:
        """Returns the title of a record of a type, or its key when it is gone."""


class PlainNames:
    """Names for where nothing can be looked up: codes stand for themselves."""

    def area(self, code: str) -> str:
        return code

    def record(self, record: str, key: int) -> str:
        return str(key)


PLAIN_NAMES = PlainNames()


class FieldType(Definition):
    """One field of a record, a step or a letter; each kind of field is a subclass in a file of its own."""

    label: Text = Field(description="What people read beside the field, on screen and paper.")
    help: Text | None = Field(
        None, description="A short hint under the field: what to enter and where to find it."
    )
    required: Flag = Field(False, description="true: the form cannot be saved without it.")
    unique: Flag = Field(False, description="true: no two records may hold the same value.")
    sensitive: Flag = Field(
        False, description="true: personal data that roles may see plain, masked or not at all."
    )
    example: Text | None = Field(None, description="A made-up value for previews and the printed example.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )

    control: ClassVar[str] = "text"
    """The form macro that draws it."""
    search: ClassVar[Search] = "none"
    filterable: ClassVar[bool] = False
    """Whether a list can be narrowed by one of `options`."""

    def column_type(self) -> TypeEngine[object]:
        """Returns the SQL type of its column."""
        return String(200)  # type: ignore[return-value]

    def read(self, raw: Sequence[str]) -> Value:
        """Returns the value of what a form sent, None when nothing was entered.

        Raises:
            Unreadable: it was entered wrongly.
        """
        text = legible(" ".join(part for piece in raw for part in piece.split()))
        text = " ".join(text.split())
        return self.parse(text) if text else None

    def parse(self, text: str) -> Value:
        """Returns the value of one non-empty text.

        Raises:
            Unreadable: the text is not a value of this kind.
        """
        return text

    def write(self, value: Value) -> tuple[str, ...]:
        """Returns the texts that a form shows for a value; `read` gives the value back."""
        return () if value is None else (str(value),)

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        """Returns the value as people read it, an empty text for None."""
        return "" if value is None else str(value)

    def mask(self, value: Value) -> str:
        """Returns a hint of the value that does not give it away, always the same length."""
        return "" if value is None else "••••••"

    def export(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        """Returns the cell of a spreadsheet, always text: sixteen digits survive no number format."""
        return self.show(value, names)

    def plain(self, value: Value) -> object:
        """Returns the value as conditions and stored JSON hold it."""
        if value is None or isinstance(value, bool | int | str):
            return value
        return list(value) if isinstance(value, tuple) else str(value)

    def stored(self, value: object) -> Value:
        """Returns the value of what the column or stored JSON holds; the way back from `plain`."""
        return value  # type: ignore[return-value]

    def sought(self, text: str) -> str | None:
        """Returns what stored values begin with when a search box holds a text; None when none can.

        Only a field whose `search` is "exact" is looked up by its beginning.
        """
        return None

    def options(self) -> tuple[Option, ...]:
        """Returns the closed set of answers, empty for an open field."""
        return ()

    def options_for(self, value: Value) -> tuple[Option, ...]:
        """Returns the answers to offer where a value stands: also what it holds though it was withdrawn."""
        labels: Mapping[str, str] = getattr(self, "withdrawn", {})
        held = value if isinstance(value, tuple) else (str(value),)
        kept = (Option(value=key, label=labels[key]) for key in held if key in labels)
        return (*self.options(), *kept)

    def attributes(self) -> Mapping[str, str]:
        """Returns the HTML attributes of its input."""
        return {}

    def sample(self) -> Value:
        """Returns a made-up value: the declared example or the kind's own."""
        return self.parse(self.example) if self.example else self.parse(self.own_example())

    def own_example(self) -> str:
        """Returns the text of a made-up value of this kind."""
        return "Contoh"
