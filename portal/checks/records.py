"""Whether records can be kept and found as declared: their lists, searches, titles and fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.checks.base import Checked, Family, choice
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.fields import AnyField, AreaField, NumberField, Unreadable
from portal.schema import RecordType


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields what is wrong in record types and in the fields of everything."""
    for key, record in checked.schema.records.items():
        yield from _names(checked, key, record)
        yield from _uses(checked, key, record)
    yield from _subject(checked)
    for path, fields in all_fields(checked):
        for key, field in fields.items():
            yield from _field(checked, (*path, key), field)


def all_fields(checked: Checked) -> Iterator[tuple[Path, dict[str, AnyField]]]:
    """Yields every set of fields with the path to it."""
    schema = checked.schema
    for key, record in schema.records.items():
        yield ("records", key, "fields"), record.fields
    for key, sop in schema.sops.items():
        for step_id, step in sop.steps.items():
            yield ("sops", key, "steps", step_id, "fields"), step.fields
    for key, letter in schema.letters.items():
        yield ("letters", key, "fields"), letter.fields


def _names(checked: Checked, key: str, record: RecordType) -> Iterator[Diagnostic]:
    for path, name in _field_names(record):
        if name not in record.fields:
            values = choice(name, record.fields)
            yield checked.wrong(
                "field-unknown", ("records", key, *path), record=key, part=str(path[0]), **values
            )


def _field_names(record: RecordType) -> Iterator[tuple[Path, str]]:
    parts = {"list": record.list, "search": record.search, "filters": record.filters, "sort": record.sort}
    for part, names in parts.items():
        for index, name in enumerate(names):
            yield (part, index), name
    if record.area is not None:
        yield ("area",), record.area
    for index, clause in enumerate(record.duplicates):
        for place, name in enumerate(clause.same):
            yield ("duplicates", index, "same", place), name
        if clause.similar is not None:
            yield ("duplicates", index, "similar"), clause.similar
    for name in re.findall(r"\{([^{}]*)\}", record.title):
        yield ("title",), name


def _uses(checked: Checked, key: str, record: RecordType) -> Iterator[Diagnostic]:
    path: Path = ("records", key)
    for index, name in enumerate(record.search):
        if name in record.fields and record.fields[name].search == "none":
            kind = record.fields[name].type
            yield checked.wrong("field-not-searchable", (*path, "search", index), field=name, type=kind)
    for index, name in enumerate(record.filters):
        if name in record.fields and not record.fields[name].filterable:
            kind = record.fields[name].type
            yield checked.wrong("field-not-filterable", (*path, "filters", index), field=name, type=kind)
    if record.area in record.fields and not isinstance(record.fields[record.area], AreaField):
        yield checked.wrong("field-not-an-area", (*path, "area"), field=record.area)


def _subject(checked: Checked) -> Iterator[Diagnostic]:
    subjects = [key for key, record in checked.schema.records.items() if record.subject]
    if checked.whole and not subjects:
        yield checked.wrong_key("subject-missing", ("records",))
    for key in subjects[1:]:
        yield checked.wrong("subject-several", ("records", key, "subject"), record=key, first=subjects[0])


def _field(checked: Checked, path: Path, field: AnyField) -> Iterator[Diagnostic]:
    name = str(path[-1])
    low, high = (field.min, field.max) if isinstance(field, NumberField) else (None, None)
    if low is not None and high is not None and low > high:
        place = (*path, "min")
        yield checked.wrong("field-range-backwards", place, field=name, low=str(low), high=str(high))
        return
    try:
        field.sample()
    except Unreadable:
        if field.example is not None:
            values = {"field": name, "example": field.example, "type": field.type}
            yield checked.wrong("field-example-wrong", (*path, "example"), **values)


FAMILY = Family(
    run=check,
    codes=(
        "field-example-wrong",
        "field-not-an-area",
        "field-not-filterable",
        "field-not-searchable",
        "field-range-backwards",
        "field-unknown",
        "subject-missing",
        "subject-several",
    ),
)
