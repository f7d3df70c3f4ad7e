"""Two pieces of JSON -> the places in which they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from portal.changes import Detail
from portal.scalars import Definition
from portal.schema import canonical


def data(definition: Definition) -> dict[str, Any]:
    """Returns a definition as JSON data."""
    found: dict[str, Any] = json.loads(canonical(definition))
    return found


def details(old: object, new: object, path: str = "") -> Iterator[Detail]:
    """Yields the places in which two pieces of JSON differ; the order of keys is meaning."""
    if json.dumps(old) == json.dumps(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _entries_in(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and not all(map(_plain, [*old, *new])):
        for place in range(max(len(old), len(new))):
            before, after = (side[place] if place < len(side) else None for side in (old, new))
            yield from details(before, after, f"{path}[{place + 1}]")
    else:
        yield Detail(path=path, before=_value(old), after=_value(new))


def _entries_in(old: dict[str, Any], new: dict[str, Any], path: str) -> Iterator[Detail]:
    for key in sorted({*old, *new}):
        yield from details(old.get(key), new.get(key), f"{path}.{key}" if path else key)
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
