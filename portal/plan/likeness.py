"""What is gone and what is new -> which of them look like one thing renamed; the YAML has to say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from portal.changes import LooksRenamed
from portal.plan.carry import section
from portal.schema import Schema
from portal.schema.past import SECTIONS

ALIKE = 0.75
"""From how much two labels or ids have in common (0 to 1) they are alike."""


def alike(before: Schema, after: Schema) -> Iterator[LooksRenamed]:
    """Yields pairs of which the YAML must say something; `before` has the declared renames done."""
    for name in SECTIONS:
        yield from _pairs(name, "", section(before, name), section(after, name))
    for key, record in after.records.items():
        if key in before.records:
            yield from _pairs("fields", key, before.records[key].fields, record.fields)
    for key, sop in after.sops.items():
        if key not in before.sops:
            continue
        steps = before.sops[key].steps
        yield from _pairs("steps", key, steps, sop.steps)
        for step_id, step in sop.steps.items():
            if step_id in steps:
                yield from _pairs("fields", f"{key}.{step_id}", steps[step_id].fields, step.fields)


def _pairs(name: str, owner: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[LooksRenamed]:
    declared = {getattr(entry, "was", None) for entry in new.values()}
    gone = [key for key in old if key not in new and key not in declared]
    for key, entry in new.items():
        if key in old or not hasattr(entry, "was") or entry.was or entry.new:
            continue
        for was in gone:
            if _is_like(was, old[was], key, entry):
                yield LooksRenamed(section=name, owner=owner, key=key, was=was, label=entry.label)


def _is_like(was: str, old: Any, key: str, new: Any) -> bool:
    if getattr(old, "type", None) != getattr(new, "type", None):
        return False
    return _common(was, key) or _common(old.label, new.label)


def _common(one: str, other: str) -> bool:
    """Tells whether two names are alike, or one holds the other: phone and phone-number."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return (len(short) > 3 and short in long) or SequenceMatcher(None, short, long).ratio() >= ALIKE
