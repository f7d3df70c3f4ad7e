"""Record types: the fields of what an office keeps, how it is listed, found and told apart."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from portal.fields import AnyField
from portal.scalars import Definition, Flag, Id, Text
from portal.schema.base import one_or_more


class DuplicateClause(Definition):
    """One way in which two records look like the same."""

    same: Annotated[tuple[Id, ...], BeforeValidator(one_or_more, json_schema_input_type=Id | list[Id])] = (
        Field((), description="Fields whose values are equal.")
    )
    similar: Id | None = Field(None, description="A field whose values are alike.")


class RecordType(Definition):
    """A kind of record that the office keeps: its fields and how it is listed, found and told apart."""

    label: Text = Field(description="The name of one record.")
    label_many: Text | None = Field(None, description="The name of the list; the label when left out.")
    description: Text | None = Field(None, description="What is kept here and why.")
    subject: Flag = Field(False, description="true for the one record type that cases are about.")
    fields: dict[Id, AnyField] = Field(min_length=1, description="The fields, in the order of the form.")
    title: Text = Field(description="How one record is called, such as {name}.")
    list: tuple[Id, ...] = Field(min_length=1, description="The columns of the list.")
    search: tuple[Id, ...] = Field((), description="The fields that the search box looks in.")
    filters: tuple[Id, ...] = Field((), description="Fields by which the list can be narrowed.")
    sort: tuple[Id, ...] = Field((), description="Fields by which the list can be sorted.")
    area: Id | None = Field(None, description="The area field that decides who may see a record.")
    duplicates: tuple[DuplicateClause, ...] = Field((), description="When two records look like the same.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )
