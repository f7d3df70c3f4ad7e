"""The kinds of change to one field of a record type or of an SOP's steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from portal.changes.base import Change, Row
from portal.models import answer_column, answers_table, column_name, record_table


@dataclass(frozen=True, kw_only=True)
class FieldChange(Change):
    """What happens to one field of a record type or of an SOP's steps."""

    section: Literal["records", "sops"]
    owner: str
    path: str
    """The field's id, or step and field as `visit.income`."""
    label: str

    @property
    def table(self) -> str:
        """The table that keeps the field."""
        return record_table(self.owner) if self.section == "records" else answers_table(self.owner)

    @property
    def column(self) -> str:
        """The column that keeps the field."""
        step, _, field = self.path.rpartition(".")
        return answer_column(step, field) if step else column_name(field)


@dataclass(frozen=True, kw_only=True)
class FieldAdded(FieldChange):
    """A new column, empty in every row there is."""

    sign = "+"
    slug = "change-field-added"
    type: str


@dataclass(frozen=True, kw_only=True)
class FieldRemoved(FieldChange):
    """A field is gone: no longer asked nor shown; its column and values stay."""

    sign = "-"
    slug = "change-field-removed"
    risks = ("destructive",)


@dataclass(frozen=True, kw_only=True)
class FieldRestored(FieldChange):
    """A field is there again that was withdrawn, with the values that its column kept."""

    sign = "+"
    slug = "change-field-restored"


@dataclass(frozen=True, kw_only=True)
class FieldRenamed(FieldChange):
    """A field has another id and says which it had: its column is renamed, every value stays."""

    sign = ">"
    slug = "change-field-renamed"
    risks = ("incompatible",)
    was: str


@dataclass(frozen=True, kw_only=True)
class AnswerRenamed(FieldChange):
    """A step's field has another id: new cases answer under it, older answers stay in their column."""

    sign = ">"
    slug = "change-answer-renamed"
    risks = ("pinned", "incompatible")
    was: str


@dataclass(frozen=True, kw_only=True)
class FieldRetyped(FieldChange):
    """A field is of another kind, into which its values pass."""

    sign = "~"
    slug = "change-field-retyped"
    risks = ("data-dependent", "incompatible")
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class FieldUnconvertible(FieldChange):
    """A field is of another kind, into which no value passes."""

    sign = "~"
    slug = "change-field-unconvertible"
    refused = True
    risks = ("data-dependent", "incompatible")
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AnswerRetyped(FieldChange):
    """A step's field is of another kind, while cases hold answers of the old one."""

    sign = "~"
    slug = "change-answer-retyped"
    refused = True
    risks = ("pinned", "incompatible")
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class FieldMadeUnique(FieldChange):
    """A field that was not must be unique, which rows may contradict."""

    sign = "~"
    slug = "change-field-made-unique"
    risks = ("data-dependent",)


@dataclass(frozen=True, kw_only=True)
class FieldMadeRequired(FieldChange):
    """A form can no longer be saved without a field; rows that lack it stay until they are edited."""

    sign = "~"
    slug = "change-field-made-required"
    risks = ("data-dependent",)


@dataclass(frozen=True, kw_only=True)
class RowsObject(FieldChange):
    """Rows hold what a field could no longer hold; each is named by its key."""

    sign = "~"
    slug = "change-rows-object"
    refused = True
    risks = ("data-dependent",)
    count: int
    rows: tuple[Row, ...]
    """The first of them, by key."""

    def lines(self) -> Iterator[str]:
        """Yields the sentence, then a line for each row."""
        yield from super().lines()
        for row in self.rows:
            yield f"    {row.key}: {row.value}"


@dataclass(frozen=True, kw_only=True)
class ChoiceRemoved(FieldChange):
    """An answer is no longer offered; rows that hold it keep its label."""

    sign = "-"
    slug = "change-choice-removed"
    risks = ("destructive",)
    choice: str


@dataclass(frozen=True, kw_only=True)
class ColumnDropped(Change):
    """The column of a withdrawn field is gone for good, with its values."""

    sign = "-"
    slug = "change-column-dropped"
    risks = ("destructive",)
    name: str
    label: str
    held: int
