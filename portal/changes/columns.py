"""The kinds of change to one field of a record type or of an SOP's steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.changes.base import Change
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
    kind: str


@dataclass(frozen=True, kw_only=True)
class FieldRemoved(FieldChange):
    """A field is gone whose column holds data."""

    sign = "-"
    slug = "change-field-removed"
    risks = ("destructive",)
    refused = True


@dataclass(frozen=True, kw_only=True)
class FieldRenamed(FieldChange):
    """A field has another id and says which it had."""

    sign = ">"
    slug = "change-field-renamed"
    risks = ("incompatible",)
    refused = True
    was: str


@dataclass(frozen=True, kw_only=True)
class FieldRetyped(FieldChange):
    """A field is of another kind, or its column would be."""

    sign = "~"
    slug = "change-field-retyped"
    risks = ("data-dependent", "incompatible")
    refused = True
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class FieldMadeUnique(FieldChange):
    """A field that was not must be unique, which rows may contradict."""

    sign = "~"
    slug = "change-field-made-unique"
    risks = ("data-dependent",)
    refused = True


@dataclass(frozen=True, kw_only=True)
class ChoiceRemoved(FieldChange):
    """An answer is gone that rows may hold."""

    sign = "-"
    slug = "change-choice-removed"
    risks = ("destructive",)
    refused = True
    choice: str
