"""The condition as a field of a pydantic model: reads and writes its tree, described for editors."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from portal.conditions.tree import All, Any_, Comparison, Condition, ConditionError, Not, dump, parse


def _validated(raw: object) -> Condition:
    """Reads a condition; an error's context has the values of its words, and `where` the way to it."""
    if isinstance(raw, Comparison | All | Any_ | Not):
        return raw
    try:
        return parse(raw)
    except ConditionError as error:
        context = {**error.values, "where": error.where}
        raise PydanticCustomError(error.code, "no condition", context) from error


_SCALAR: JsonSchemaValue = {"type": ["string", "number", "boolean"]}
_TEST: JsonSchemaValue = {
    "description": 'A value, `1..5`, `">= 60"`, `"!= value"`, `[a, b]` (one of), `present` or `absent`.',
    "anyOf": [_SCALAR, {"type": "array", "minItems": 1, "items": _SCALAR}],
}


def _described(depth: int) -> JsonSchemaValue:
    """Describes a condition down to a depth; below it any mapping passes here, and the parser judges."""
    inner = _described(depth - 1) if depth else {"type": "object", "minProperties": 1}
    parts: JsonSchemaValue = {"type": "array", "minItems": 1, "items": inner}
    return {
        "type": "object",
        "description": "A condition: `path: test`, several of them (all hold), `all`, `any` or `not`.",
        "minProperties": 1,
        "properties": {
            "all": {**parts, "description": "Every one of these conditions holds."},
            "any": {**parts, "description": "At least one of these conditions holds."},
            "not": {**inner, "description": "This condition does not hold."},
        },
        "additionalProperties": _TEST,
    }


ConditionField = Annotated[
    Condition,
    PlainValidator(_validated),
    PlainSerializer(dump),
    WithJsonSchema(_described(1)),
]
"""A `Condition` in a model: reads raw trees and conditions, and dumps to the tree that it reads."""
