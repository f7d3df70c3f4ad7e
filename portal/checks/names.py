"""Whether the names that follow from ids can stand: in the database, and beside each other on screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from portal.checks.base import Checked, Family, repeated
from portal.checks.records import all_fields
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.models import RESERVED, answer_column, answer_fields, column_name
from portal.schema import RecordType, Schema, Sop

_LABELLED = (
    "roles",
    "records",
    "sectors",
    "complaints",
    "channels",
    "priorities",
    "outcomes",
    "flags",
    "registers",
    "documents",
    "reasons",
    "programs",
    "sops",
    "destinations",
    "letters",
)
_TABLES = ("records", "sops")


class _Labelled(Protocol):
    @property
    def label(self) -> str: ...


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields names that are taken or the same as another."""
    schema = checked.schema
    for section in _TABLES:
        yield from _clashes(checked, (section,), getattr(schema, section))
    for key, record in schema.records.items():
        yield from _record(checked, key, record)
    for key, sop in schema.sops.items():
        yield from _answers(checked, key, schema, sop)
    yield from _labels(checked)
    yield from _twice(checked)
    yield from _renames(checked)


def _clashes(checked: Checked, path: Path, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name, _, first in repeated((name, column_name(name)) for name in names):
        yield checked.wrong_key("id-clash", (*path, name), name=name, first=first)


def _record(checked: Checked, key: str, record: RecordType) -> Iterator[Diagnostic]:
    path: Path = ("records", key, "fields")
    yield from _clashes(checked, path, record.fields)
    for name in record.fields:
        if column_name(name) in RESERVED:
            yield checked.wrong_key("field-reserved", (*path, name), field=name)


def _answers(checked: Checked, key: str, schema: Schema, sop: Sop) -> Iterator[Diagnostic]:
    path: Path = ("sops", key, "steps")
    columns = {f"{step}.{name}": answer_column(step, name) for step, name, _ in answer_fields(schema, sop)}
    for name, _, first in repeated(columns.items()):
        step, _, field = name.partition(".")
        yield checked.wrong_key("id-clash", (*path, step, "fields", field), name=name, first=first)


def _lists(schema: Schema) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yields every list of names with the path to it."""
    for key, role in schema.roles.items():
        yield ("roles", key, "acts_as"), role.acts_as
    for key, record in schema.records.items():
        yield ("records", key, "list"), record.list
        yield ("records", key, "search"), record.search
        yield ("records", key, "filters"), record.filters
        yield ("records", key, "sort"), record.sort
    for key, program in schema.programs.items():
        yield ("programs", key, "complaints"), program.complaints
    for key, destination in schema.destinations.items():
        yield ("destinations", key, "takes"), destination.takes
        yield ("destinations", key, "serves"), destination.serves
    for key, letter in schema.letters.items():
        yield ("letters", key, "signers"), tuple(signer.officer for signer in letter.signers)
    for key, sop in schema.sops.items():
        for step_id, step in sop.steps.items():
            yield ("sops", key, "steps", step_id, "escalate"), getattr(step, "escalate", ())
            yield ("sops", key, "steps", step_id, "outcomes"), getattr(step, "outcomes", ())
            yield ("sops", key, "steps", step_id, "branches"), getattr(step, "branches", ())
            yield ("sops", key, "steps", step_id, "may_return"), step.may_return


def _twice(checked: Checked) -> Iterator[Diagnostic]:
    for path, names in _lists(checked.schema):
        for index, name in enumerate(names):
            if name in names[:index]:
                yield checked.warn("name-repeated", (*path, index), name=name, part=str(path[-1]))


def _labels(checked: Checked) -> Iterator[Diagnostic]:
    for section in _LABELLED:
        yield from _same_labels(checked, (section,), getattr(checked.schema, section))
    for path, fields in all_fields(checked):
        yield from _same_labels(checked, path, fields)
    for key, sop in checked.schema.sops.items():
        yield from _same_labels(checked, ("sops", key, "steps"), sop.steps)


def _same_labels(checked: Checked, path: Path, entries: Mapping[str, _Labelled]) -> Iterator[Diagnostic]:
    for key, _, first in repeated((key, entry.label.casefold()) for key, entry in entries.items()):
        place = (*path, key, "label")
        yield checked.warn("label-duplicate", place, label=entries[key].label, first=first)


def _renames(checked: Checked) -> Iterator[Diagnostic]:
    for section in _LABELLED:
        entries = getattr(checked.schema, section)
        yield from _still_there(checked, (section,), entries)
    for path, fields in all_fields(checked):
        yield from _still_there(checked, path, fields)
    for key, sop in checked.schema.sops.items():
        yield from _still_there(checked, ("sops", key, "steps"), sop.steps)


def _still_there(checked: Checked, path: Path, entries: Mapping[str, object]) -> Iterator[Diagnostic]:
    for key, entry in entries.items():
        was = getattr(entry, "was", None)
        if was in entries:
            yield checked.wrong("was-still-there", (*path, key, "was"), name=key, was=str(was))


FAMILY = Family(
    run=check, codes=("field-reserved", "id-clash", "label-duplicate", "name-repeated", "was-still-there")
)
