"""The kinds of change between two states of the YAML: plain values that say themselves in a sentence.

`plan` finds them, `migrate` refuses or applies them, a Release keeps them. A refusal is a change that cannot
be applied yet; its sentence says why and what to do instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from portal.changes.base import Change, Count, Counted, Detail, Risk, Row, Sign
from portal.changes.columns import (
    AnswerRenamed,
    AnswerRetyped,
    ChoiceRemoved,
    ColumnDropped,
    FieldAdded,
    FieldChange,
    FieldMadeRequired,
    FieldMadeUnique,
    FieldRemoved,
    FieldRenamed,
    FieldRestored,
    FieldRetyped,
    FieldUnconvertible,
    RowsObject,
)
from portal.changes.entries import (
    AreasAdded,
    AreasChanged,
    AreasRemoved,
    EntriesReordered,
    EntryAdded,
    EntryChanged,
    EntryInUse,
    EntryRemoved,
    EntryRenamed,
    EntryRestored,
    LooksRenamed,
    OfficeChanged,
    SopChanged,
    SopReworded,
    StepRenamed,
    SubjectMoved,
    TemplateAdded,
    TemplateChanged,
    TemplateRemoved,
)
from portal.changes.rights import RightsChanged

__all__ = [
    "KINDS",
    "AnswerRenamed",
    "AnswerRetyped",
    "AreasAdded",
    "AreasChanged",
    "AreasRemoved",
    "Change",
    "ChoiceRemoved",
    "ColumnDropped",
    "Count",
    "Counted",
    "Detail",
    "EntriesReordered",
    "EntryAdded",
    "EntryChanged",
    "EntryInUse",
    "EntryRemoved",
    "EntryRenamed",
    "EntryRestored",
    "FieldAdded",
    "FieldChange",
    "FieldMadeRequired",
    "FieldMadeUnique",
    "FieldRemoved",
    "FieldRenamed",
    "FieldRestored",
    "FieldRetyped",
    "FieldUnconvertible",
    "LooksRenamed",
    "OfficeChanged",
    "RightsChanged",
    "Risk",
    "Row",
    "RowsObject",
    "Sign",
    "SopChanged",
    "SopReworded",
    "StepRenamed",
    "SubjectMoved",
    "TemplateAdded",
    "TemplateChanged",
    "TemplateRemoved",
    "as_json",
    "from_json",
]

KINDS: Mapping[str, type[Change]] = {
    kind.__name__: kind
    for kind in (
        EntryAdded,
        EntryChanged,
        EntryInUse,
        EntriesReordered,
        SopChanged,
        SopReworded,
        LooksRenamed,
        OfficeChanged,
        AreasAdded,
        AreasChanged,
        TemplateAdded,
        TemplateChanged,
        TemplateRemoved,
        FieldAdded,
        EntryRemoved,
        EntryRenamed,
        EntryRestored,
        StepRenamed,
        SubjectMoved,
        AreasRemoved,
        FieldRemoved,
        FieldRenamed,
        FieldRestored,
        FieldRetyped,
        FieldUnconvertible,
        FieldMadeUnique,
        FieldMadeRequired,
        AnswerRenamed,
        AnswerRetyped,
        ChoiceRemoved,
        ColumnDropped,
        RowsObject,
        RightsChanged,
    )
}
"""Every kind of change by the name that JSON has."""


def as_json(change: Change) -> dict[str, Any]:
    """Returns a change as JSON data that `from_json` reads back."""
    data: dict[str, Any] = {
        "kind": type(change).__name__,
        "sign": change.sign,
        "refused": change.refused,
        "risks": list(change.risks),
    }
    for each in fields(change):
        value = getattr(change, each.name)
        data[each.name] = [vars(part) for part in value] if each.name in _PARTS else value
    return data


def from_json(data: Mapping[str, Any]) -> Change:
    """Returns the change of stored JSON data."""
    kind = KINDS[data["kind"]]
    values = {each.name: data[each.name] for each in fields(kind) if each.name in data}
    for name, part in _PARTS.items():
        if name in values:
            values[name] = tuple(part(**each) for each in values[name])
    for name in ("before", "after"):
        if isinstance(values.get(name), list):
            values[name] = tuple(values[name])
    return kind(**values)


_PARTS: Mapping[str, type[Detail | Count | Row]] = {"details": Detail, "counts": Count, "rows": Row}
