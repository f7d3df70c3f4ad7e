"""The JSON Schema of the YAML language -> nodes that the editor walks by path: keys, values, what ids name.

A node is an object with some of these, and nothing where any text may stand:

- `d`: the name of a node in `defs`; `a`: one of several nodes; `t`: the node by the entry's `type`
- `k`: the keys of a mapping, each `[help, node]`, or `[help, node, 1]` where the key must be there
- `m`: the node behind every id of a mapping; `i`: which names its ids are taken from
- `l`: the node of every item of a list
- `e`: the only values; `s`: values as examples; `n`: which names the value is taken from; `h`: its help
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from portal.editor.names import CONDITION, LISTED, VALUES, of_keys, of_value
from portal.scalars import ID_PATTERN
from portal.schema import Schema, json_schema

Node: TypeAlias = dict[str, object]
Described: TypeAlias = Mapping[str, Any]
"""A part of a JSON Schema."""

_LIMITS = ("1 working day", "3 working days", "4 working hours", "3 days", "24 hours")
_CONDITION = "condition"


@dataclass(frozen=True, kw_only=True)
class Language:
    """The nodes of the language, and the English explanations that their numbers stand for."""

    root: Node
    defs: Mapping[str, Node]
    helps: tuple[str, ...]


def language() -> Language:
    """Returns the language as nodes."""
    return _Walk(schema=json_schema()).language()


@dataclass(kw_only=True)
class _Walk:
    """Goes through a JSON Schema once, and numbers the explanations that it meets."""

    schema: Described
    helps: dict[str, int] = field(default_factory=dict)

    def language(self) -> Language:
        """Returns everything as nodes."""
        parts: Mapping[str, Described] = self.schema["$defs"]
        required = tuple(name for name, each in Schema.model_fields.items() if each.is_required())
        root = self._mapping("", {**self.schema, "required": required})
        defs = {name: self._mapping(name, part) for name, part in parts.items()}
        defs[_CONDITION] = self._condition(parts["Branch"]["properties"]["when"]["properties"])
        return Language(root=root, defs=defs, helps=tuple(self.helps))

    def _mapping(self, name: str, part: Described) -> Node:
        required = part.get("required", ())
        keys = {
            key: [self._help(each), self._node((name, key), each), *([1] if key in required else [])]
            for key, each in part["properties"].items()
        }
        return {"k": keys}

    def _condition(self, keys: Described) -> Node:
        inner: Node = {"d": _CONDITION}
        nodes: Mapping[str, Node] = {"all": {"l": inner}, "any": {"l": inner}, "not": inner}
        described = {key: [self._help(keys[key]), node] for key, node in nodes.items()}
        answers: Node = {"n": VALUES, "s": ["present", "absent"], "l": {"n": LISTED}}
        return {"k": described, "m": answers, "i": CONDITION}

    def _help(self, part: Described) -> int:
        text = " ".join(str(part.get("description", "")).split())
        return self.helps.setdefault(text, len(self.helps))

    def _node(self, place: tuple[str, str], part: Described, depth: int = 0) -> Node:
        if "$ref" in part:
            return {"d": _referred(part)}
        if {"all", "any", "not"} <= set(part.get("properties", {})):
            return {"d": _CONDITION}
        if "discriminator" in part:
            return {"t": {tag: {"d": _last(ref)} for tag, ref in part["discriminator"]["mapping"].items()}}
        for several in ("anyOf", "oneOf"):
            if several in part:
                return _one_of([self._node(place, each, depth) for each in part[several]])
        if "const" in part or "enum" in part:
            return self._values(place, tuple(map(str, part.get("enum", [part.get("const")]))))
        if part.get("type") == "array":
            return {"l": self._node(place, part.get("items", {}), depth)}
        if part.get("type") == "object":
            return self._by_id(place, part, depth)
        return _scalar(place, part)

    def _values(self, place: tuple[str, str], values: tuple[str, ...]) -> Node:
        """Returns the only values of a key; a kind of step or field is explained by its own part."""
        name, key = place
        if key != "type" or len(values) != 1:
            return {"e": list(values)}
        about = str(self.schema["$defs"][name].get("description", "")).partition("\n\n")[0]
        return {"e": list(values), "h": self._help({"description": about})}

    def _by_id(self, place: tuple[str, str], part: Described, depth: int) -> Node:
        behind = next(_behind(part), None)
        node: Node = {"m": self._node(place, behind, depth + 1) if behind is not None else {}}
        named = of_keys(place, depth)
        return {**node, "i": named} if named else node


def _behind(part: Described) -> Iterator[Described]:
    yield from part.get("patternProperties", {}).values()
    if isinstance(part.get("additionalProperties"), Mapping):
        yield part["additionalProperties"]


def _one_of(nodes: list[Node]) -> Node:
    told = [node for node in nodes if node]
    if len(told) < 2:
        return told[0] if told else {}
    return {"a": told}


def _scalar(place: tuple[str, str], part: Described) -> Node:
    if part.get("type") == "boolean":
        return {"e": ["true", "false"]}
    if "working" in part.get("pattern", ""):
        return {"s": list(_LIMITS)}
    named = of_value(place) if part.get("pattern") == ID_PATTERN else None
    return {"n": named} if named else {}


def _referred(part: Described) -> str:
    return _last(str(part["$ref"]))


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
