"""Which tables hold what is about people, by their names, and what decides who may see their rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sqlalchemy import ColumnElement, Table, exists

from portal.models import Models, answers_table, column_name, record_table
from portal.schema import Schema
from portal.tables import (
    Base,
    Case,
    CaseTransfer,
    Event,
    EventValue,
    IssuedLetter,
    LetterCheck,
    LetterFile,
    Merge,
    PrintJob,
    ReservedNumber,
)

Kind = Literal["case", "offer", "paper", "part", "person", "event", "value", "record", "words", "free"]

CASE, EVENT, VALUE = Case.__tablename__, Event.__tablename__, EventValue.__tablename__
OFFER = CaseTransfer.__tablename__
"""What two offices see: the one that offers a case and the one that is asked."""
PAPERS = frozenset(
    each.__tablename__ for each in (IssuedLetter, LetterCheck, LetterFile, PrintJob, ReservedNumber)
)
"""What an office issues about a case or, without one, about its area."""
OF_CASES = (CASE, "work")
"""The subjects of events that are about a case: itself, and its tasks and papers."""
PARTS = frozenset(name for name, table in Base.metadata.tables.items() if "case_id" in table.columns)
"""Our own tables of what belongs to a case, beside the answers: a new one with a `case_id` is among them."""
PERSONS = frozenset(
    name for name, table in Base.metadata.tables.items() if "resident_id" in table.columns and name != CASE
)
"""Our own tables of what belongs to a person, such as consents; a new one with a `resident_id` is among."""
RECORDS, ANSWERS, WORDS = record_table(""), answers_table(""), "_words"


def kind_of(table: str) -> Kind:
    """Returns what a table is to the wall, by its name; "free" holds nothing about anyone."""
    if table == CASE:
        return "case"
    if table == OFFER:
        return "offer"
    if table in PAPERS:
        return "paper"
    if table == EVENT:
        return "event"
    if table == VALUE:
        return "value"
    if table in PERSONS:
        return "person"
    if table in PARTS or table.startswith(ANSWERS):
        return "part"
    if table.startswith(RECORDS):
        return "words" if table.endswith(WORDS) else "record"
    return "free"


def record_of(schema: Schema, table: str) -> str | None:
    """Returns the record type of a table, None for one that is no longer declared."""
    return next((key for key in schema.records if record_table(key) == table), None)


def area_column(schema: Schema, record: str) -> str | None:
    """Returns the column that decides who may see the rows of a record type."""
    area = schema.records[record].area
    return column_name(area) if area else None


def called(schema: Schema, record: str) -> tuple[str, ...]:
    """Returns the ids under which events name a record type: that of today and those it had."""
    renamed = schema.past.renamed.get("records", {})
    return (record, *(was for was, key in renamed.items() if key == record))


def scoped_tables(models: Models) -> Iterator[Table]:
    """Yields every table that the wall stands before: ours, and those of a Release."""
    for table in (*Base.metadata.sorted_tables, *models.metadata.sorted_tables):
        if kind_of(table.name) != "free":
            yield table


def unmerged(key: ColumnElement[int]) -> ColumnElement[bool]:
    """Returns the condition that a record was not taken up into another one, as long as that holds."""
    return ~exists().where(Merge.hidden_id == key)
