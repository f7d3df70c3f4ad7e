"""What pydantic refuses, as diagnostics with their place in a file; its English never reaches a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from portal.diagnostics import Diagnostic, listed, nearest
from portal.document import ListNode, MapNode, Node, Path, Scalar, key_mark, value_mark
from portal.load.kinds import Place, keys_of, place_of, types_of
from portal.steps import DocumentRule

Values: TypeAlias = Mapping[str, str]

_RENAMED = {
    "string_type": "value-not-text",
    "model_type": "value-not-mapping",
    "model_attributes_type": "value-not-mapping",
    "dict_type": "value-not-mapping",
    "tuple_type": "value-not-list",
    "list_type": "value-not-list",
    "too_short": "value-too-few",
    "greater_than_equal": "number-out-of-range",
    "less_than_equal": "number-out-of-range",
    "int_type": "number-malformed",
    "int_parsing": "number-malformed",
    "int_from_float": "number-malformed",
    "bool_type": "flag-malformed",
    "bool_parsing": "flag-malformed",
    "date_type": "date-malformed",
    "date_from_datetime_parsing": "date-malformed",
    "not-a-flag": "flag-malformed",
    "not-a-whole-number": "number-malformed",
    "not-a-date": "date-malformed",
}
_OF_KEYS = ("condition-deep", "condition-empty", "condition-list", "condition-path")
_OWN = ("text-empty", "id-malformed", "area-malformed", "time-malformed")


@dataclass(frozen=True, kw_only=True)
class Shaped:
    """A value that pydantic made, None when it could not, and what was wrong."""

    value: object
    diagnostics: tuple[Diagnostic, ...] = ()


def shaped(
    adapter: TypeAdapter[object], expected: object, data: object, root: MapNode, start: Path
) -> Shaped:
    """Returns what a type makes of plain data, or every mistake with its place in the tree."""
    try:
        return Shaped(value=adapter.validate_python(data))
    except ValidationError as error:
        errors = [e for e in error.errors() if not _is_follow_up(e)]
        placed = [(e, place_of(expected, e["loc"], start)) for e in errors]
        meant = frozenset(_meant(e, place) for e, place in placed if e["type"] == "extra_forbidden")
        wrong = [(e, place) for e, place in placed if e["type"] != "missing" or place.path not in meant]
        return Shaped(value=None, diagnostics=tuple(_diagnostic(e, place, root) for e, place in wrong))


def _meant(error: ErrorDetails, place: Place) -> Path:
    """Returns the path of the key that a mistyped one most likely means: it is not missing as well."""
    return (*place.path[:-1], nearest(str(place.path[-1]), keys_of(place.holder)) or "")


def empties(node: Node) -> Iterator[Diagnostic]:
    """Yields the keys with nothing behind them; what may be left out is left out with its key."""
    for entry in node.entries if isinstance(node, MapNode) else ():
        if isinstance(entry.value, Scalar) and entry.value.is_empty:
            yield Diagnostic(code="value-missing", mark=entry.key.mark, values={"key": entry.key.text})
        else:
            yield from empties(entry.value)
    for item in node.items if isinstance(node, ListNode) else ():
        yield from empties(item)


def _is_follow_up(error: ErrorDetails) -> bool:
    """Tells whether a list is only too short because its items are wrong, which is told already."""
    if error["type"] != "too_short" or not isinstance(error["input"], list | dict):
        return False
    return len(error["input"]) >= int(error["ctx"]["min_length"])


def _diagnostic(error: ErrorDetails, place: Place, root: MapNode) -> Diagnostic:
    code, values = _said(error, place)
    path = place.path
    if code.startswith("condition-"):
        path = (*path, *error["ctx"]["where"])
    if code == "type-unknown":
        path = (*path, "type")
    if error["type"] == "union_tag_not_found" and code == "key-unknown":
        path = (*path, values["key"])
    if place.of_key or code in ("key-unknown", *_OF_KEYS):
        mark = key_mark(root, path)
    elif code == "key-missing":
        mark = key_mark(root, path[:-1])
    else:
        mark = value_mark(root, path)
    return Diagnostic(code=code, mark=mark, values=values)


def _said(error: ErrorDetails, place: Place) -> tuple[str, Values]:
    kind, given = error["type"], error["input"]
    key = next((str(part) for part in reversed(place.path) if isinstance(part, str)), "")
    if given is None and kind != "extra_forbidden":
        return "value-missing", {"key": key}
    if kind in _SPECIAL:
        return _SPECIAL[kind](error, place, key)
    if kind.startswith(("condition-", "duration-", "retention-", "web-")):
        return kind, {name: str(value) for name, value in error["ctx"].items() if name != "where"}
    if kind == "model_type" and place.expected is DocumentRule and isinstance(given, str):
        return "value-unknown", _choice(given, key, ("required", "optional"))
    code = _RENAMED.get(kind, kind if kind in _OWN else "value-wrong")
    return code, {"key": key, "value": _shown(given), **_bounds(error)}


def _missing(error: ErrorDetails, place: Place, key: str) -> tuple[str, Values]:
    entry = next((str(part) for part in reversed(place.path[:-1]) if isinstance(part, str)), "")
    return "key-missing", {"key": key, "entry": entry}


def _unknown_key(error: ErrorDetails, place: Place, key: str) -> tuple[str, Values]:
    return "key-unknown", _choice(key, key, keys_of(place.holder))


def _unknown_choice(error: ErrorDetails, place: Place, key: str) -> tuple[str, Values]:
    given = key if place.of_key else _shown(error["input"])
    known = tuple(re.findall(r"'([^']*)'", str(error["ctx"]["expected"])))
    return ("key-unknown" if place.of_key else "value-unknown"), _choice(given, key, known)


def _unknown_type(error: ErrorDetails, place: Place, key: str) -> tuple[str, Values]:
    return "type-unknown", _choice(str(error["ctx"]["tag"]), key, types_of(place.expected))


def _missing_type(error: ErrorDetails, place: Place, key: str) -> tuple[str, Values]:
    given = error["input"]
    mistyped = nearest("type", map(str, given)) if isinstance(given, Mapping) else None
    if mistyped is not None:
        return "key-unknown", {"value": mistyped, "key": mistyped, "near": "type", "known": "type, ..."}
    return "type-missing", {"entry": key, "known": listed(types_of(place.expected), limit=20)}


_SPECIAL = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _unknown_choice,
    "union_tag_invalid": _unknown_type,
    "union_tag_not_found": _missing_type,
}


def _choice(given: str, key: str, known: tuple[str, ...]) -> Values:
    near = nearest(given, known) or ""
    return {"value": given, "key": key, "near": near, "known": listed(known, limit=30)}


def _bounds(error: ErrorDetails) -> Values:
    context = error.get("ctx", {})
    if "ge" in context:
        return {"sign": "≥", "bound": str(context["ge"])}
    if "le" in context:
        return {"sign": "≤", "bound": str(context["le"])}
    return {}


def _shown(given: object) -> str:
    if isinstance(given, Mapping):
        return "{...}"
    return "[...]" if isinstance(given, list | tuple) else str(given)
