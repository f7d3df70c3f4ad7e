"""The page of the YAML language: every key with its kind, default and description, from the models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from portal.reference.page import NOTE, cell
from portal.scalars import AREA_PATTERN, ID_PATTERN
from portal.schema import Schema, json_schema

Described: TypeAlias = Mapping[str, Any]
"""A part of a JSON Schema."""

_SCALARS = (
    ("text", "Any words; `|` before a line break allows several lines. Never empty."),
    ("id", "A name in the language: lower case letters, digits, hyphen or underscore, at most 40."),
    ("true or false", "Exactly `true` or `false`; `yes`, `no`, `on` and `off` are mistakes."),
    ("whole number", "Digits without leading zeros."),
    ("date", "`2026-11-22`."),
    (
        "time limit",
        "`3 working days` counts dates on which the office is open, `4 working hours` counts open minutes, "
        "`3 days` and `24 hours` follow the calendar. They are never converted into each other.",
    ),
    ("area code", "A Kemendagri code with dots: `18`, `18.10`, `18.10.03` or `18.10.03.2007`."),
    (
        "condition",
        '`path: value`, `1..5`, `">= 60"`, `"!= value"`, `[a, b]` (one of), `present` or `absent`; several '
        "paths in one mapping all hold; `all`, `any` and `not` combine. A missing value makes it unknown, "
        "never no.",
    ),
)

_LANGUAGE = """\
# The YAML language

Every file of `schema/` holds one or more of the top keys below; file names are for people.
A value keeps its characters until its declared kind reads it: a NIK needs no quotes, `010` keeps its zero.
Anchors, aliases, tags, tabs and a key that stands twice are mistakes.
`portal schema json` prints the same definition as JSON Schema for editors.
"""


def language() -> str:
    """Returns the page of the YAML language: every key with its kind, default and description."""
    schema = json_schema()
    parts = _parts(schema)
    lines = [_LANGUAGE, *_scalars(), "## Top keys", "", *_table(schema)]
    families = _families(schema)
    for name in _reached(schema, parts):
        family = next((one for one in families if name in one.members), None)
        if family and name == family.members[0]:
            lines += ["", f"## Every {family.name}", "", *_rows(parts[name], family.shared)]
        own = [key for key in parts[name].get("properties", {}) if not family or key not in family.shared]
        lines += ["", f"## {name}", "", *_introduced(parts[name]), *_rows(parts[name], own)]
    return NOTE + "\n".join(lines) + "\n"


@dataclass(frozen=True, kw_only=True)
class _Family:
    """Kinds told apart by their `type`, with the keys that mean the same in each of them."""

    name: str
    members: tuple[str, ...]
    shared: tuple[str, ...]


def _families(schema: Described) -> tuple[_Family, ...]:
    unions = {tuple(map(_referred, part["oneOf"])) for part in _everything(schema) if "discriminator" in part}
    return tuple(_family(members, _parts(schema)) for members in sorted(unions))


def _family(members: tuple[str, ...], parts: Mapping[str, Described]) -> _Family:
    first, *others = (parts[name]["properties"] for name in members)
    shared = [key for key in first if all(other.get(key) == first[key] for other in others)]
    return _Family(name=_family_name(members), members=members, shared=tuple(shared))


def _family_name(members: Iterable[str]) -> str:
    """Returns "field" for TextField, DateField and so on: the last word that all have."""
    return {str(re.findall("[A-Z][a-z]+", name)[-1]).lower() for name in members}.pop()


def _parts(schema: Described) -> Mapping[str, Described]:
    parts: Mapping[str, Described] = schema["$defs"]
    return parts


def _scalars() -> Iterator[str]:
    yield from ("## Kinds of value", "", "| kind | what it is |", "|---|---|")
    yield from (f"| {name} | {cell(text)} |" for name, text in _SCALARS)
    yield ""


def _introduced(part: Described) -> Iterator[str]:
    text = str(part.get("description", "")).partition("\n\n")[0]
    if text:
        yield from (" ".join(text.split()), "")


def _table(schema: Described) -> Iterator[str]:
    return _rows(schema, [name for name in Schema.model_fields if name in schema["properties"]])


def _rows(part: Described, keys: Iterable[str]) -> Iterator[str]:
    yield from ("| key | kind | default | meaning |", "|---|---|---|---|")
    for key in keys:
        described = part["properties"][key]
        default = "required" if key in _required(part) else _default(described)
        yield f"| `{key}` | {cell(kind(described))} | {default} | {cell(_meaning(described))} |"


def _required(part: Described) -> tuple[str, ...]:
    if "$defs" in part:  # of one file nothing is required, of the whole folder these are
        return tuple(name for name, field in Schema.model_fields.items() if field.is_required())
    return tuple(part.get("required", ()))


def _default(described: Described) -> str:
    value = described.get("default")
    if value is None or value in ("", [], {}):
        return ""
    return f"`{str(value).lower()}`" if isinstance(value, bool | int | str) else "see there"


def _meaning(described: Described) -> str:
    return "" if _is_condition(described) and "path: test" in described["description"] else _text(described)


def _text(described: Described) -> str:
    return " ".join(str(described.get("description", "")).split())


def _is_condition(described: Described) -> bool:
    return {"all", "any", "not"} <= set(described.get("properties", {}))


def kind(described: Described) -> str:
    """Returns the kind of a value in a few words, with links to the sections of this page."""
    if "$ref" in described:
        return _link(described["$ref"])
    if _is_condition(described):
        return "condition"
    if "discriminator" in described:
        name = _family_name(map(_referred, described["oneOf"]))
        return f"[{name}](#every-{name})"
    for several in ("anyOf", "oneOf"):
        if several in described:
            kinds = [kind(one) for one in described[several] if one.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    if "const" in described or "enum" in described:
        return ", ".join(f"`{value}`" for value in described.get("enum", [described.get("const")]))
    if described.get("type") == "array":
        return f"list of {kind(described.get('items', {}))}"
    if described.get("type") == "object":
        return _mapping(described)
    return _scalar(described)


def _mapping(described: Described) -> str:
    for pattern, inner in described.get("patternProperties", {}).items():
        return f"{kind(inner)} by {_KINDS[pattern]}"
    return f"{kind(described['additionalProperties'])} by {kind(described['propertyNames'])}"


_KINDS = {ID_PATTERN: "id", AREA_PATTERN: "area code"}


def _scalar(described: Described) -> str:
    pattern = described.get("pattern", "")
    if pattern in _KINDS:
        return _KINDS[pattern]
    if "working" in pattern:
        return "time limit"
    if described.get("format") == "date":
        return "date"
    if described.get("type") == "boolean":
        return "true or false"
    if described.get("type") == "integer":
        low, high = described.get("minimum"), described.get("maximum")
        return "whole number" + (f" from {low}" if low is not None else "") + (f" to {high}" if high else "")
    return "text"


def _link(reference: str) -> str:
    name = _referred({"$ref": reference})
    return f"[{name}](#{name.lower()})"


def _referred(part: Described) -> str:
    """Returns the name of the part that a `$ref` points to."""
    return str(part["$ref"]).rpartition("/")[2]


def _reached(schema: Described, parts: Mapping[str, Described]) -> tuple[str, ...]:
    """Returns the names of all parts in the order in which a reader of the page meets them."""
    order: dict[str, None] = {}
    waiting = [schema["properties"][name] for name in Schema.model_fields if name in schema["properties"]]
    while waiting:
        named = [_referred(part) for part in _everything(waiting.pop(0)) if "$ref" in part]
        waiting += [parts[name] for name in named if name not in order]
        order.update(dict.fromkeys(named))
    return tuple(order)


def _everything(part: object) -> Iterator[Described]:
    """Yields each mapping of a description, outer ones first, but for values that only illustrate."""
    if isinstance(part, Mapping):
        yield part
        for key, inner in part.items():
            if key not in ("default", "examples", "discriminator"):
                yield from _everything(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _everything(inner)
