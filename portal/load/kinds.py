"""What the schema expects at a place: pydantic's way to an error becomes a way in the file and a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel

from portal.document import Path


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an error is: the path in the file, the type expected there, and whether the key is meant."""

    path: Path
    expected: object
    holder: object = None
    """The type of the entry that the last key of the path belongs to."""
    of_key: bool = False


def place_of(expected: object, loc: Path, start: Path = ()) -> Place:
    """Returns the place of an error; the tags of tagged unions, which no file has, are left out of its path.

    Args:
        expected: the type at the start.
        loc: pydantic's location, from the start.
        start: the path that leads to the start.
    """
    path, holder = start, None
    for part in loc:
        expected = _bare(expected)
        if part == "[key]":
            return Place(path=path, expected=expected, of_key=True)
        tagged = _tagged(expected)
        if tagged:
            expected = tagged.get(str(part), expected)
            continue
        path = (*path, part)
        holder, expected = expected, _below(expected, part)
    return Place(path=path, expected=_bare(expected), holder=holder)


def keys_of(expected: object) -> tuple[str, ...]:
    """Returns the keys that an entry of a type may have."""
    return tuple(expected.model_fields) if _is_model(expected) else ()


def types_of(expected: object) -> tuple[str, ...]:
    """Returns the values that `type` may have."""
    return tuple(_tagged(expected))


def _is_model(expected: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(expected, type) and issubclass(expected, BaseModel)


def _bare(expected: object) -> object:
    """Returns a type without its annotations and without `| None`."""
    while get_origin(expected) is Annotated:
        expected = get_args(expected)[0]
    if get_origin(expected) in (Union, UnionType):
        inner = [part for part in get_args(expected) if part is not NoneType]
        return _bare(inner[0]) if len(inner) == 1 else expected
    return expected


def _tagged(expected: object) -> Mapping[str, object]:
    """Returns the members of a tagged union by tag; empty for any other type."""
    if get_origin(expected) not in (Union, UnionType):
        return {}
    members: dict[str, object] = {}
    for member in map(_bare, get_args(expected)):
        field = member.model_fields.get("type") if _is_model(member) else None
        if field is not None and get_origin(field.annotation) is Literal:
            members[str(get_args(field.annotation)[0])] = member
    return members


def _below(expected: object, part: str | int) -> object:
    if _is_model(expected):
        field = expected.model_fields.get(str(part))
        return field.annotation if field else None
    arguments = get_args(expected)
    if get_origin(expected) is dict:
        return arguments[1]
    return arguments[0] if arguments else None
