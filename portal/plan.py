"""Last Release, YAML now -> Plan: what would change, in sentences, and what cannot be applied yet.

Pure: it reads no file, no clock and no database, and gives the same bytes for the same input.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from portal import changes
from portal.changes import Change, Detail
from portal.fields import ChoiceField, ChoicesField, FieldType
from portal.models import answer_fields
from portal.schema import Schema, Sop, canonical
from portal.words import say

SECTIONS = (
    "records",
    "sops",
    "programs",
    "destinations",
    "letters",
    "roles",
    "centres",
    "sectors",
    "complaints",
    "channels",
    "priorities",
    "outcomes",
    "registers",
    "documents",
)
"""The sections that are entries by id, in the order of a plan; `centres` stands inside `office`."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What applying the YAML would do."""

    changes: tuple[Change, ...]
    refused: tuple[Change, ...]
    digest: str
    """Bound to both states: when either moves, the digest does."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to apply and nothing to refuse."""
        return not self.changes and not self.refused


def fingerprint(schema: Schema | None, templates: Mapping[str, str]) -> str:
    """Returns the SHA-256 of one whole state: schema and letter files."""
    state = [schema.canonical() if schema else None, sorted(templates.items())]
    return hashlib.sha256(json.dumps(state, ensure_ascii=False).encode()).hexdigest()


def diff(
    before: Schema | None,
    after: Schema,
    *,
    templates_before: Mapping[str, str],
    templates_after: Mapping[str, str],
) -> Plan:
    """Returns the plan from one state to another; `before` is None where nothing was ever applied."""
    found = list(_schema(before, after)) if before else list(_everything(after))
    found += _templates(templates_before, templates_after)
    states = (fingerprint(before, templates_before), fingerprint(after, templates_after))
    return Plan(
        changes=tuple(change for change in found if not change.refused),
        refused=tuple(change for change in found if change.refused),
        digest=hashlib.sha256("\n".join(states).encode()).hexdigest(),
    )


def text(plan: Plan) -> str:
    """Returns the plan as lines in the reader's language, ending with its digest."""
    lines = [line for change in plan.changes for line in change.lines()]
    if plan.refused:
        lines += [say("plan-refused"), *(line for change in plan.refused for line in change.lines())]
    if plan.empty:
        return say("plan-nothing") + "\n"
    lines.append(say("plan-count", changes=len(plan.changes), refused=len(plan.refused)))
    lines.append(say("plan-digest", digest=plan.digest))
    return "\n".join(lines) + "\n"


def as_json(plan: Plan) -> dict[str, Any]:
    """Returns the plan as JSON data without words, so that any reader's language can say it."""
    return {
        "digest": plan.digest,
        "changes": [changes.as_json(change) for change in plan.changes],
        "refused": [changes.as_json(change) for change in plan.refused],
    }


def from_json(data: Mapping[str, Any]) -> Plan:
    """Returns the plan of what `as_json` gave, such as a Release keeps."""
    return Plan(
        changes=tuple(changes.from_json(each) for each in data["changes"]),
        refused=tuple(changes.from_json(each) for each in data["refused"]),
        digest=data["digest"],
    )


def _section(schema: Schema, name: str) -> Mapping[str, Any]:
    entries: Mapping[str, Any] = schema.office.centres if name == "centres" else getattr(schema, name)
    return entries


def _everything(after: Schema) -> Iterator[Change]:
    yield changes.EntryAdded(section="office", key="office", label=after.office.label)
    for name in SECTIONS:
        for key, entry in sorted(_section(after, name).items()):
            yield changes.EntryAdded(section=name, key=key, label=entry.label)
    yield from _areas({}, after.areas)


def _schema(before: Schema, after: Schema) -> Iterator[Change]:
    old, new = (_data(schema.office) for schema in (before, after))
    if details := tuple(_details({**old, "centres": {}}, {**new, "centres": {}})):
        yield changes.OfficeChanged(label=after.office.label, details=details)
    if before.subject() != after.subject() and before.subject() in after.records:
        yield changes.SubjectMoved(key=after.subject(), was=before.subject())
    for name in SECTIONS:
        yield from _entries(before, after, name)
    yield from _areas(before.areas, after.areas)


def _entries(before: Schema, after: Schema, name: str) -> Iterator[Change]:
    old, new = _section(before, name), _section(after, name)
    renamed = _renamed(old, new)
    for key in sorted({*old, *new} - set(renamed.values())):
        if key in renamed:
            label = new[key].label
            yield changes.EntryRenamed(section=name, key=key, was=renamed[key], label=label)
        elif key not in old:
            yield changes.EntryAdded(section=name, key=key, label=new[key].label)
        elif key not in new:
            kind = changes.ProgramRemoved if name == "programs" else changes.EntryRemoved
            yield kind(section=name, key=key, label=old[key].label)
        elif canonical(old[key]) != canonical(new[key]):
            yield from _entry(before, after, name, key)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield changes.EntriesReordered(section=name)


def _renamed(old: Iterable[str], new: Mapping[str, Any]) -> dict[str, str]:
    """Returns old ids by new id, for entries that declare one which is gone."""
    gone = set(old) - set(new)
    return {key: was for key, entry in new.items() if (was := getattr(entry, "was", None)) in gone}


def _entry(before: Schema, after: Schema, name: str, key: str) -> Iterator[Change]:
    old, new = _section(before, name)[key], _section(after, name)[key]
    own: tuple[Change, ...] = ()
    if name == "records":
        own = tuple(_fields("records", key, old.fields, new.fields))
    elif name == "sops":
        own = (*_steps(key, old, new), *_answers(before, after, key))
    told = tuple(place for each in own if isinstance(each, changes.FieldChange) for place in _places(each))
    details = tuple(
        each for each in _details(_data(old), _data(new)) if name != "records" or not _under(each.path, told)
    )
    if name == "sops":
        yield changes.SopChanged(key=key, label=new.label, details=details)
    elif details:
        yield changes.EntryChanged(section=name, key=key, label=new.label, details=details)
    yield from own


def _places(change: changes.FieldChange) -> Iterator[str]:
    yield f"fields.{change.path}"
    if isinstance(change, changes.FieldRenamed):
        yield f"fields.{change.was}"


def _under(path: str, told: tuple[str, ...]) -> bool:
    """Tells whether a change of the field itself says what happens at a place."""
    return any(path == each or path.startswith(f"{each}.") for each in told)


def _steps(sop: str, old: Sop, new: Sop) -> Iterator[Change]:
    for key, was in sorted(_renamed(old.steps, new.steps).items()):
        yield changes.StepRenamed(sop=sop, key=key, was=was, label=new.steps[key].label)


def _answers(before: Schema, after: Schema, key: str) -> Iterator[Change]:
    """Compares the columns of an SOP's answers; a renamed step has told its story already.

    The choices that a kind of step brings along are entries of other sections, which are compared there.
    """
    renamed = _renamed(before.sops[key].steps, after.sops[key].steps)
    skip = {*renamed, *renamed.values()}
    old, new = (
        {
            f"{step}.{field}": each
            for step, field, each in answer_fields(schema, schema.sops[key])
            if step not in skip
        }
        for schema in (before, after)
    )
    declared = {f"{step}.{field}" for step, each in after.sops[key].steps.items() for field in each.fields}
    for change in _fields("sops", key, old, new):
        if not isinstance(change, changes.ChoiceRemoved) or change.path in declared:
            yield change


def _fields(
    section: Literal["records", "sops"],
    owner: str,
    old: Mapping[str, FieldType],
    new: Mapping[str, FieldType],
) -> Iterator[Change]:
    renamed = {
        path: was
        for path, field in new.items()
        if path not in old and field.was and (was := _beside(path, field.was)) in old and was not in new
    }
    for path in sorted({*old, *new} - set(renamed.values())):
        field = new.get(path) or old[path]
        label = field.label
        if path in renamed:
            yield changes.FieldRenamed(
                section=section, owner=owner, path=path, label=label, was=renamed[path]
            )
        elif path not in old:
            yield changes.FieldAdded(section=section, owner=owner, path=path, label=label, type=_kind(field))
        elif path not in new:
            yield changes.FieldRemoved(section=section, owner=owner, path=path, label=label)
        else:
            yield from _field(section, owner, path, old[path], new[path])


def _beside(path: str, field: str) -> str:
    step, dot, _ = path.rpartition(".")
    return f"{step}{dot}{field}"


def _field(
    section: Literal["records", "sops"], owner: str, path: str, old: FieldType, new: FieldType
) -> Iterator[Change]:
    label = new.label
    if _shape(old) != _shape(new):
        before, after = _named(old, new)
        yield changes.FieldRetyped(
            section=section, owner=owner, path=path, label=label, before=before, after=after
        )
        return
    if new.unique and not old.unique and section == "records":
        yield changes.FieldMadeUnique(section=section, owner=owner, path=path, label=label)
    for choice in sorted(_choices(old) - _choices(new)):
        yield changes.ChoiceRemoved(section=section, owner=owner, path=path, label=label, choice=choice)


def _kind(field: FieldType) -> str:
    return str(getattr(field, "type", ""))


def _shape(field: FieldType) -> tuple[str, str, str]:
    """Returns what decides a column: the kind, its SQL type, and the table it points to."""
    return _kind(field), repr(field.column_type()), str(getattr(field, "to", ""))


def _named(old: FieldType, new: FieldType) -> tuple[str, str]:
    """Returns two kinds as people tell them apart: by name, or by SQL type or target."""
    for before, after in zip(_shape(old), _shape(new), strict=True):
        if before != after:
            return before, after
    raise AssertionError("two fields of one shape")


def _choices(field: FieldType) -> set[str]:
    return set(field.choices) if isinstance(field, ChoiceField | ChoicesField) else set()


def _areas(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    added, gone = sorted(set(new) - set(old)), sorted(set(old) - set(new))
    other = sorted(code for code in old if code in new and old[code] != new[code])
    if added:
        yield changes.AreasAdded(count=len(added), example=f"{added[0]} {new[added[0]]}")
    if other:
        yield changes.AreasChanged(count=len(other), example=f"{other[0]} {new[other[0]]}")
    if gone:
        yield changes.AreasRemoved(count=len(gone), example=f"{gone[0]} {old[gone[0]]}")


def _templates(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield changes.TemplateAdded(name=name)
        elif name not in new:
            yield changes.TemplateRemoved(name=name)
        elif old[name] != new[name]:
            yield changes.TemplateChanged(name=name)


def _data(definition: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(canonical(definition))
    return data


def _details(old: object, new: object, path: str = "") -> Iterator[Detail]:
    """Yields the places in which two pieces of JSON differ; the order of keys is meaning."""
    if json.dumps(old) == json.dumps(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _entries_in(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and not all(map(_plain, [*old, *new])):
        for place in range(max(len(old), len(new))):
            before, after = (side[place] if place < len(side) else None for side in (old, new))
            yield from _details(before, after, f"{path}[{place + 1}]")
    else:
        yield Detail(path=path, before=_value(old), after=_value(new))


def _entries_in(old: dict[str, Any], new: dict[str, Any], path: str) -> Iterator[Detail]:
    for key in sorted({*old, *new}):
        yield from _details(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    orders = [[key for key in side if key in old and key in new] for side in (old, new)]
    if orders[0] != orders[1]:
        before, after = (", ".join(order) for order in orders)
        yield Detail(path=path, before=before, after=after, order=True)


def _plain(value: object) -> bool:
    return not isinstance(value, dict | list)


def _value(value: object) -> str | None:
    """Returns a value as text, None for none, and nothing to read for a whole piece."""
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(map(str, value)) if all(map(_plain, value)) else ""
    if isinstance(value, dict):
        return str(value.get("label", ""))
    return json.dumps(value) if isinstance(value, bool) else str(value)
