"""Last Release's Schema, YAML now -> the Schema to keep: what the YAML declares and what it withdraws.

Nothing that stored data may name is forgotten: an entry, a field or a choice that is gone from the YAML stays
in `past` (a choice in its field's `withdrawn`) with the words and the column it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from portal.fields import ChoiceField, ChoicesField, FieldType
from portal.models import answer_column, answer_fields, column_name
from portal.renames import declared, renamed
from portal.schema import Past, Schema, Sop
from portal.schema.past import SECTIONS

_Entry = TypeVar("_Entry")


def carried(before: Schema | None, after: Schema) -> Schema:
    """Returns a Schema with what the Release before it knew; the same as it is where nothing is withdrawn."""
    if before is None:
        return after
    before = renamed(before, declared(before, after))
    with_choices = _choices(before, after)
    past: dict[str, Any] = {
        name: _gone({**getattr(before.past, name), **section(before, name)}, section(after, name))
        for name in SECTIONS
    }
    past["areas"] = _gone({**before.past.areas, **before.areas}, after.areas)
    past["fields"] = _filled(
        {key: _gone_fields(before, after, key) for key in (*before.past.records, *before.records)}
    )
    past["answers"] = _filled(
        {key: _gone_answers(before, after, key) for key in (*before.past.sops, *before.sops)}
    )
    past["renamed"] = before.past.renamed
    return with_choices.model_copy(update={"past": Past(**past)})


def kept_templates(schema: Schema, before: Mapping[str, str], after: Mapping[str, str]) -> Mapping[str, str]:
    """Returns the letter files to keep: also those of withdrawn letters, which running cases may issue."""
    needed = {letter.template for letter in schema.past.letters.values()}
    return {**{name: text for name, text in before.items() if name in needed}, **after}


def section(schema: Schema, name: str) -> Mapping[str, Any]:
    """Returns the entries of a section by id."""
    entries: Mapping[str, Any] = schema.office.centres if name == "centres" else getattr(schema, name)
    return entries


def known_fields(schema: Schema, record: str) -> dict[str, FieldType]:
    """Returns the fields of a record type for which there are columns, withdrawn ones included."""
    known = schema.kept.records.get(record)
    return {**schema.past.fields.get(record, {}), **(known.fields if known else {})}


def known_answers(schema: Schema, sop: str) -> dict[str, FieldType]:
    """Returns the answers of an SOP for which there are columns, as step.field."""
    return {**schema.past.answers.get(sop, {}), **_answers(schema, schema.kept.sops.get(sop))}


def _answers(schema: Schema, sop: Sop | None) -> dict[str, FieldType]:
    fields = answer_fields(schema, sop) if sop else ()
    return {f"{step}.{field}": each for step, field, each in fields}


def answer_place(path: str) -> str:
    """Returns the column of an answer given as step.field."""
    step, _, field = path.partition(".")
    return answer_column(step, field)


def _gone(known: Mapping[str, _Entry], now: Mapping[str, object]) -> dict[str, _Entry]:
    return {key: entry for key, entry in known.items() if key not in now}


def _filled(groups: Mapping[str, dict[str, _Entry]]) -> dict[str, dict[str, _Entry]]:
    return {key: group for key, group in groups.items() if group}


def _gone_fields(before: Schema, after: Schema, key: str) -> dict[str, FieldType]:
    if key not in after.records:
        return dict(before.past.fields.get(key, {}))
    taken = {column_name(field) for field in after.records[key].fields}
    return {id_: f for id_, f in known_fields(before, key).items() if column_name(id_) not in taken}


def _gone_answers(before: Schema, after: Schema, key: str) -> dict[str, FieldType]:
    if key not in after.sops:
        return dict(before.past.answers.get(key, {}))
    taken = {answer_place(path) for path in _answers(after, after.sops[key])}
    return {path: f for path, f in known_answers(before, key).items() if answer_place(path) not in taken}


def _choices(before: Schema, after: Schema) -> Schema:
    """Returns a Schema whose fields know the choices that they no longer offer."""
    records = {
        key: record.model_copy(update={"fields": _labelled(known_fields(before, key), record.fields)})
        for key, record in after.records.items()
    }
    letters = {
        key: letter.model_copy(update={"fields": _labelled(before.kept.letters[key].fields, letter.fields)})
        if key in before.kept.letters
        else letter
        for key, letter in after.letters.items()
    }
    sops = {key: _sop(known_answers(before, key), sop) for key, sop in after.sops.items()}
    return after.model_copy(update={"records": records, "letters": letters, "sops": sops})


def _sop(old: Mapping[str, FieldType], sop: Sop) -> Sop:
    steps = {}
    for key, step in sop.steps.items():
        mine = {path.partition(".")[2]: each for path, each in old.items() if path.startswith(f"{key}.")}
        steps[key] = step.model_copy(update={"fields": _labelled(mine, step.fields)})
    return sop.model_copy(update={"steps": steps})


def _labelled(old: Mapping[str, FieldType], new: Mapping[str, FieldType]) -> dict[str, FieldType]:
    return {key: _with_labels(old.get(key), field) for key, field in new.items()}


def _with_labels(old: FieldType | None, new: FieldType) -> FieldType:
    kinds = ChoiceField | ChoicesField
    if not isinstance(old, kinds) or not isinstance(new, kinds):
        return new
    gone = _gone({**old.withdrawn, **old.choices, **new.withdrawn}, new.choices)
    return new if gone == new.withdrawn else new.model_copy(update={"withdrawn": gone})
