"""Ids that were renamed: which the YAML declares with `was`, and definitions rewritten to today's names.

A plan compares the last Release, rewritten, with the YAML now, so that a rename alone is one change; a case
that follows an older SopVersion reads it rewritten, so that it finds today's columns, roles and letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column

from portal.models import build, column_name
from portal.schema import Schema, Sop, canonical
from portal.schema.past import SECTIONS


@dataclass(frozen=True, kw_only=True)
class Rename:
    """One id that has become another."""

    kind: str
    """A section, or `fields.<record>`."""
    was: str
    key: str


def declared(before: Schema, after: Schema) -> tuple[Rename, ...]:
    """Returns the renames that a Schema declares against the one before it, entries before their fields."""
    entries = tuple(_of_sections(before, after))
    records = {each.key: each.was for each in entries if each.kind == "records"}
    fields: list[Rename] = []
    for key, record in after.records.items():
        known = before.kept.records.get(records.get(key, key))
        if known is not None:
            withdrawn = before.past.fields.get(records.get(key, key), {})
            found = _pairs({**withdrawn, **known.fields}, record.fields)
            fields += [Rename(kind=f"fields.{key}", was=was, key=new) for new, was in found]
    return (*entries, *fields)


def columns_before(before: Schema, renames: tuple[Rename, ...]) -> dict[tuple[str, str], Column[Any]]:
    """Returns the column that the database has by the names of table and column that it is to have."""
    old, new = (build(schema).metadata.tables for schema in (before, renamed(before, renames)))
    return {
        (target.name, now.name): was
        for table, target in zip(old.values(), new.values(), strict=True)
        for was, now in zip(table.columns, target.columns, strict=True)
    }


def _of_sections(before: Schema, after: Schema) -> Iterator[Rename]:
    for name in SECTIONS:
        if name != "centres":
            for key, was in _pairs(getattr(before.kept, name), getattr(after, name)):
                yield Rename(kind=name, was=was, key=key)


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns new and old ids of entries that declare one which is gone; ids of one column are the same."""
    gone = {key for key in old if key not in new}
    alike = {column_name(key): key for key in gone}
    told = [(key, entry.was or alike.get(column_name(key))) for key, entry in new.items() if key not in old]
    return [(key, was) for key, was in told if was in gone]


def recorded(schema: Schema, renames: tuple[Rename, ...]) -> dict[str, dict[str, str]]:
    """Returns every old id by kind with what it is called now, those of earlier Releases included."""
    kept = {kind: dict(names) for kind, names in schema.past.renamed.items()}
    for each in renames:
        if each.kind == "records" and f"fields.{each.was}" in kept:
            kept[f"fields.{each.key}"] = kept.pop(f"fields.{each.was}")
        names = kept.setdefault(each.kind, {})
        kept[each.kind] = {was: each.key if now == each.was else now for was, now in names.items()}
        kept[each.kind][each.was] = each.key
        kept[each.kind].pop(each.key, None)
    return {kind: names for kind, names in kept.items() if names}


def renamed(schema: Schema, renames: tuple[Rename, ...]) -> Schema:
    """Returns a Schema in which every place that named an old id names the new one."""
    if not renames:
        return schema
    data = json.loads(schema.canonical())
    for each in renames:
        _rewrite(data, each, subject=schema.subject())
    data.setdefault("past", {})["renamed"] = recorded(schema, renames)
    return Schema.model_validate(data)


def translated(sop: Sop, names: Mapping[str, Mapping[str, str]], subject: str) -> Sop:
    """Returns an SOP as it was written, naming everything outside itself as it is called today."""
    if not names:
        return sop
    data = {"sops": {"x": json.loads(canonical(sop))}}
    for kind, pairs in names.items():
        for was, key in pairs.items():
            if kind != "sops":
                _rewrite(data, Rename(kind=kind, was=was, key=key), subject=subject)
    return Sop.model_validate(data["sops"]["x"])


def _rewrite(data: dict[str, Any], each: Rename, *, subject: str) -> None:
    section, _, record = each.kind.partition(".")
    if record:
        _rewrite_field(data, record, each, is_subject=record == subject)
        return
    for place in (data, data.get("past", {})):
        if section in place:
            place[section] = _with_key(place[section], each)
    _rewrite_references(data, section, each)


def _rewrite_references(data: dict[str, Any], section: str, each: Rename) -> None:
    """Rewrites the attributes that name an entry of a section, wherever in the definitions they stand."""
    kinds = ("steps",) if section == "registers" else _NAMING
    for definition in (found for kind in kinds for found in _definitions(data, kind)):
        for name in _NAMED_BY.get(section, ()):
            _replace(definition, name, each)
    if section == "records":
        for fields in _field_groups(data):
            for field in fields.values():
                _replace(field, "to", each)
        _rekey_roles(data, ("records", "fields"), each)
        _rekey_past(data, "fields", each)
    elif section == "roles":
        for role in _definitions(data, "roles"):
            _replace(role, "acts_as", each)
        clocks = data.get("office", {}).get("clocks", {})
        _replace(clocks, "warn", each)
        for rung in clocks.get("escalate", ()):
            _replace(rung, "tell", each)
    elif section == "letters":
        _rekey_roles(data, ("letters",), each)
    elif section == "sops":
        _rekey_roles(data, ("steps",), each)
        for sop in _definitions(data, "sops"):
            _replace(sop.get("sheet", {}), "related", each)
        _rekey_past(data, "answers", each)
    elif section == "documents":
        _rewrite_documents(data, each)
    if path_of := _CASE_PATHS.get(section):
        _in_conditions(data, lambda path, value: (path, _swapped(value, each) if path == path_of else value))


_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "sops": ("sop",),
    "letters": ("letter",),
    "destinations": ("destination",),
    "records": ("record",),
    "roles": ("role", "escalate"),
    "complaints": ("complaints",),
    "outcomes": ("outcomes",),
    "registers": ("source",),
    "sectors": ("sector", "takes"),
}
"""The attributes that name an entry of a section."""
_NAMING = ("programs", "steps", "complaints", "destinations")
"""The definitions that have such attributes."""
_CASE_PATHS: Mapping[str, str] = {
    "programs": "case.program",
    "complaints": "case.complaint",
    "channels": "case.channel",
    "priorities": "case.priority",
    "flags": "case.flags",
}
"""The paths of conditions whose values are ids of a section."""


def _rekey_roles(data: dict[str, Any], names: tuple[str, ...], each: Rename) -> None:
    """Rewrites what roles say by the id of something."""
    for role in _definitions(data, "roles"):
        for name in names:
            if name in role:
                role[name] = _with_key(role[name], each)


def _rekey_past(data: dict[str, Any], group: str, each: Rename) -> None:
    past = data.get("past", {})
    if group in past:
        past[group] = _with_key(past[group], each)


def _rewrite_documents(data: dict[str, Any], each: Rename) -> None:
    for kind, name in (("programs", "documents"), ("steps", "documents"), ("destinations", "needs")):
        for definition in _definitions(data, kind):
            if name in definition:
                definition[name] = _with_key(definition[name], each)
    was, now = f"documents.{each.was}", f"documents.{each.key}"
    _in_conditions(data, lambda path, value: (now if path == was else path, value))


def _rewrite_field(data: dict[str, Any], record: str, each: Rename, *, is_subject: bool) -> None:
    for place in (data, data.get("past", {})):
        definition = place.get("records", {}).get(record)
        if definition is not None:
            _rewrite_record(definition, each)
    for role in _definitions(data, "roles"):
        if record in role.get("fields", {}):
            role["fields"][record] = _with_key(role["fields"][record], each)
    withdrawn = data.get("past", {}).get("fields", {})
    if record in withdrawn:
        withdrawn[record] = _with_key(withdrawn[record], each)
    if is_subject:
        was, now = f"resident.{each.was}", f"resident.{each.key}"
        _in_conditions(data, lambda path, value: (now if path == was else path, value))


def _rewrite_record(record: dict[str, Any], each: Rename) -> None:
    record["fields"] = _with_key(record["fields"], each)
    for name in ("list", "search", "filters", "sort", "area"):
        _replace(record, name, each)
    for clause in record.get("duplicates", ()):
        _replace(clause, "same", each)
        _replace(clause, "similar", each)
    record["title"] = record["title"].replace(f"{{{each.was}}}", f"{{{each.key}}}")


def _with_key(entries: Mapping[str, Any], each: Rename) -> dict[str, Any]:
    return {each.key if key == each.was else key: entry for key, entry in entries.items()}


def _replace(definition: dict[str, Any], name: str, each: Rename) -> None:
    if name in definition:
        definition[name] = _swapped(definition[name], each)


def _swapped(value: object, each: Rename) -> object:
    if isinstance(value, list):
        return [_swapped(one, each) for one in value]
    return each.key if value == each.was else value


def _definitions(data: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    for place in (data, data.get("past", {})):
        if kind != "steps":
            yield from place.get(kind, {}).values()
            continue
        for sop in place.get("sops", {}).values():
            yield from sop["steps"].values()


def _field_groups(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("records", "letters", "steps"):
        yield from (each["fields"] for each in _definitions(data, kind) if "fields" in each)
    for group in ("fields", "answers"):
        yield from data.get("past", {}).get(group, {}).values()


def _in_conditions(data: object, change: Any, *, inside: bool = False) -> None:
    """Rewrites path and value of every leaf of every condition."""
    if isinstance(data, list):
        for each in data:
            _in_conditions(each, change, inside=inside)
    elif isinstance(data, dict):
        for key in list(data):
            value = data.pop(key)
            if inside and re.fullmatch(r"[a-z0-9_-]+\.[a-z0-9_-]+", key):
                key, value = change(key, value)
            data[key] = value
            _in_conditions(value, change, inside=inside or key in ("when", "required_when"))
