"""Schema -> SQLAlchemy classes: one per record type, one per SOP for its answers, and the reference rows.

Each call gives fresh classes on a fresh MetaData, so that two Releases live in one process side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.orm import registry

from portal.fields import FieldType, LinkField
from portal.fields.base import code_type
from portal.memory import Remembered
from portal.schema import RecordType, Schema, Sop
from portal.steps import Lists
from portal.tables import NAMING, BigKey, Case, Instant

RESERVED = (
    "id",
    "version",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "case_id",
    "metadata",
    "registry",
)
"""Column and attribute names that no field may take."""
LONGEST_NAME = 63
"""The bytes that PostgreSQL keeps of a name."""


@dataclass(frozen=True, kw_only=True)
class Models:
    """The classes of one Schema."""

    metadata: MetaData
    records: Mapping[str, type[Any]]
    withdrawn: Mapping[str, type[Any]]
    """Record types that are no longer declared; their tables stay."""
    answers: Mapping[str, type[Any]]
    """By SOP, withdrawn ones included: their running cases still write there."""
    programs: type[Any]
    destinations: type[Any]


def column_name(field: str) -> str:
    """Returns the column of a field id."""
    return field.replace("-", "_")


def record_table(record: str) -> str:
    """Returns the table of a record type."""
    return f"record_{column_name(record)}"


def answers_table(sop: str) -> str:
    """Returns the table of an SOP's answers."""
    return f"answers_{column_name(sop)}"


def answer_column(step: str, field: str) -> str:
    """Returns the column of a step's field in its SOP's answers."""
    return identifier(f"{column_name(step)}__{column_name(field)}")


def identifier(name: str) -> str:
    """Returns a name that PostgreSQL does not cut: a long one ends in a digest of the whole."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


def lists_of(schema: Schema) -> Lists:
    """Returns the labels that steps choose among."""
    return _LISTS.get(
        (schema,),
        lambda: Lists(
            destinations={key: each.label for key, each in schema.destinations.items()},
            outcomes={key: each.label for key, each in schema.outcomes.items()},
            withdrawn_destinations=_once(schema, "destinations"),
            withdrawn_outcomes=_once(schema, "outcomes"),
        ),
    )


def _once(schema: Schema, section: Literal["destinations", "outcomes"]) -> dict[str, str]:
    """Returns the labels of what is no longer called so: withdrawn or renamed."""
    past, now = getattr(schema.past, section), getattr(schema, section)
    renamed = schema.past.renamed.get(section, {}).items()
    labels = {key: each.label for key, each in past.items()}
    return labels | {was: now[key].label for was, key in renamed if key in now and was not in now}


_LISTS: Remembered[Lists] = Remembered(most=8)


def answer_fields(schema: Schema, sop: Sop) -> Iterator[tuple[str, str, FieldType]]:
    """Yields step id, field id and field of everything that an SOP keeps, in the order of its steps."""
    lists = lists_of(schema)
    for step_id, step in sop.steps.items():
        for field_id, field in step.answer_fields(lists).items():
            yield step_id, field_id, field


def build(schema: Schema) -> Models:
    """Returns fresh classes for a Schema."""
    metadata = MetaData(naming_convention=NAMING)
    classes = registry(metadata=metadata)
    known = schema.kept.records
    tables = {
        key: _record(classes, key, each, schema.past.fields.get(key, {})) for key, each in known.items()
    }
    return Models(
        metadata=metadata,
        records={key: each for key, each in tables.items() if key in schema.records},
        withdrawn={key: each for key, each in tables.items() if key not in schema.records},
        answers={key: _answers(classes, key, schema, sop) for key, sop in schema.kept.sops.items()},
        programs=_reference(classes, "program"),
        destinations=_reference(classes, "destination"),
    )


def _mapped(classes: registry, name: str, table: Table) -> type[Any]:
    mapped = type(name, (), {})
    classes.map_imperatively(mapped, table)
    return mapped


def _class_name(key: str) -> str:
    return "".join(part.capitalize() for part in column_name(key).split("_"))


def _record(classes: registry, key: str, record: RecordType, withdrawn: Mapping[str, FieldType]) -> type[Any]:
    table = Table(
        record_table(key),
        classes.metadata,
        Column("id", BigKey, primary_key=True),
        *(_field_column(field_id, field) for field_id, field in {**record.fields, **withdrawn}.items()),
        Column("version", Integer, nullable=False, server_default="1"),
        Column("created_at", Instant(), nullable=False),
        Column("created_by", Integer, nullable=False),
        Column("changed_at", Instant(), nullable=False),
        Column("changed_by", Integer, nullable=False),
    )
    _index(table, record)
    return _mapped(classes, _class_name(key), table)


def _field_column(field_id: str, field: FieldType) -> Column[Any]:
    """A column is always nullable: required is a rule of the form, so that adding a field loses no row."""
    keys = (ForeignKey(f"{record_table(field.to)}.id"),) if isinstance(field, LinkField) else ()
    return Column(column_name(field_id), field.column_type(), *keys, nullable=True)


def _index(table: Table, record: RecordType) -> None:
    """Indexes what lists need (scope, exact search, filters, order, links), each with the key to page by."""
    for field_id, field in record.fields.items():
        column = table.c[column_name(field_id)]
        if field.unique:
            Index(identifier(f"uq_{table.name}_{column.name}"), column, unique=True)
        elif field.search == "exact" and field_id in record.search:
            Index(identifier(f"ix_{table.name}_{column.name}"), column)
        narrows = field_id in record.filters and field.filterable
        if narrows or field_id == record.area or field_id in record.sort or isinstance(field, LinkField):
            Index(identifier(f"ix_{table.name}_{column.name}_id"), column, table.c.id)


def _answers(classes: registry, key: str, schema: Schema, sop: Sop) -> type[Any]:
    table = Table(
        answers_table(key),
        classes.metadata,
        Column("case_id", BigKey, ForeignKey(Case.__table__.c.id), primary_key=True, autoincrement=False),
        *(
            Column(answer_column(step, field_id), field.column_type(), nullable=True)
            for step, field_id, field in (*answer_fields(schema, sop), *_withdrawn_answers(schema, key))
        ),
    )
    return _mapped(classes, f"Answers{_class_name(key)}", table)


def _withdrawn_answers(schema: Schema, sop: str) -> Iterator[tuple[str, str, FieldType]]:
    for path, field in schema.past.answers.get(sop, {}).items():
        step, _, field_id = path.partition(".")
        yield step, field_id, field


def _reference(classes: registry, what: str) -> type[Any]:
    table = Table(
        f"reference_{what}",
        classes.metadata,
        Column("id", code_type(40), primary_key=True),
        Column("position", Integer, nullable=False),
        Column("label", String(300), nullable=False),
        Column("sectors", String(400), nullable=False),
        Column("status", String(20), nullable=False),
        Column("definition", Text, nullable=False),
    )
    return _mapped(classes, f"Reference{what.capitalize()}", table)
