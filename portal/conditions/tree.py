"""The tree of a condition: raw YAML or JSON becomes typed comparisons, and back again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias, cast

from portal.conditions.order import order_of, ordered

Sign = Literal["<", "<=", ">", ">=", "!="]
Where = tuple[str | int, ...]

DEEPEST = 12
"""A condition nests no deeper than this; deeper ones nobody can read."""

_PATH = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}(\.[a-z0-9][a-z0-9_-]{0,39})*")
_SIGN = re.compile(r"(<=|>=|!=|<|>)\s*(.*)", re.DOTALL)


class ConditionError(ValueError):
    """A tree that is no condition; `code` has words, `values` fill them, `where` leads to the place."""

    def __init__(self, code: str, where: Where, **values: str) -> None:
        super().__init__(f"{code} at {where}: {values}")
        self.code = code
        self.where = where
        self.values: Mapping[str, str] = values


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """The value is one of these texts; a value that is a list holds at least one of them."""

    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Range:
    """The value lies between two numbers or two ISO dates, both included."""

    low: str
    high: str


@dataclass(frozen=True, kw_only=True)
class Than:
    """The value is less, more or other than a number, an ISO date or (with `!=`) a text."""

    sign: Sign
    bound: str


@dataclass(frozen=True, kw_only=True)
class Presence:
    """The value is there, or is not."""

    present: bool


Test: TypeAlias = OneOf | Range | Than | Presence


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One value, named by its dotted path, under one test."""

    path: str
    test: Test


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Any_:  # noqa: N801 - `Any` belongs to typing
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition: TypeAlias = Comparison | All | Any_ | Not


def parse(raw: object) -> Condition:
    """Reads a condition from mappings, lists and raw texts; numbers and booleans of JSON count as their text.

    Raises:
        ConditionError: the tree is no condition.
    """
    return _condition(raw, ())


def _condition(raw: object, where: Where) -> Condition:
    if len(where) > 2 * DEEPEST:
        raise ConditionError("condition-deep", where, depth=str(DEEPEST))
    if not isinstance(raw, Mapping):
        raise ConditionError("condition-form", where, value=_shown(raw))
    if not raw:
        raise ConditionError("condition-empty", where)
    parts = tuple(_entry(key, value, (*where, str(key))) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _entry(key: object, raw: object, where: Where) -> Condition:
    if key == "not":
        return Not(_condition(raw, where))
    if key in ("all", "any"):
        parts = _parts(str(key), raw, where)
        return All(parts) if key == "all" else Any_(parts)
    if not isinstance(key, str) or not _PATH.fullmatch(key):
        raise ConditionError("condition-path", where, value=_shown(key))
    return Comparison(path=key, test=_test(raw, where))


def _parts(key: str, raw: object, where: Where) -> tuple[Condition, ...]:
    if not isinstance(raw, list | tuple):
        raise ConditionError("condition-list", where, key=key, value=_shown(raw))
    if not raw:
        raise ConditionError("condition-empty", where)
    return tuple(_condition(part, (*where, index)) for index, part in enumerate(raw))


def _test(raw: object, where: Where) -> Test:
    if isinstance(raw, list | tuple):
        if not raw:
            raise ConditionError("condition-empty", where)
        return OneOf(values=tuple(_text(item, (*where, index)) for index, item in enumerate(raw)))
    return _scalar_test(_text(raw, where), where)


def _scalar_test(text: str, where: Where) -> Test:
    if text in ("present", "absent"):
        return Presence(present=text == "present")
    if sign := _SIGN.fullmatch(text):
        return _than(cast(Sign, sign[1]), sign[2].strip(), text, where)
    low, dots, high = (part.strip() for part in text.partition(".."))
    return _range(low, high, text, where) if dots else OneOf(values=(text,))


def _than(sign: Sign, bound: str, text: str, where: Where) -> Than:
    if not bound or (sign != "!=" and ordered(bound) is None):
        raise ConditionError("condition-bound", where, value=text)
    return Than(sign=sign, bound=bound)


def _range(low: str, high: str, text: str, where: Where) -> Range:
    first, last = ordered(low), ordered(high)
    order = None if first is None or last is None else order_of(first, last)
    if order is None:
        raise ConditionError("condition-range", where, value=text)
    if order > 0:
        raise ConditionError("condition-range-backwards", where, value=text, low=high, high=low)
    return Range(low=low, high=high)


def _text(raw: object, where: Where) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if not isinstance(raw, str | int | float | Decimal) or not str(raw).strip():
        raise ConditionError("condition-test", where, value=_shown(raw))
    return str(raw).strip()


def _shown(raw: object) -> str:
    """Returns what a message quotes of a wrong value: a scalar as it stands, of a tree only what it is."""
    if isinstance(raw, Mapping):
        return "{...}"
    return "[...]" if isinstance(raw, list | tuple) else "" if raw is None else str(raw)[:80]


def dump(condition: Condition) -> object:
    """Returns the tree that `parse` reads back as the same condition, made of dicts, lists and texts."""
    match condition:
        case Comparison(path=path, test=test):
            return {path: _dumped(test)}
        case Not(part=part):
            return {"not": dump(part)}
        case All(parts=parts) if _plain(parts):
            return {part.path: _dumped(part.test) for part in parts if isinstance(part, Comparison)}
        case All(parts=parts) | Any_(parts=parts):
            return {"all" if isinstance(condition, All) else "any": [dump(part) for part in parts]}


def _plain(parts: tuple[Condition, ...]) -> bool:
    """Tells whether parts can stand as the entries of one mapping."""
    paths = [part.path for part in parts if isinstance(part, Comparison)]
    return len(parts) > 1 and len(set(paths)) == len(parts)


def _dumped(test: Test) -> object:
    match test:
        case Presence(present=present):
            return "present" if present else "absent"
        case Range(low=low, high=high):
            return f"{low}..{high}"
        case Than(sign=sign, bound=bound):
            return f"{sign} {bound}"
        case OneOf(values=(value,)) if _reads_as_itself(value):
            return value
        case OneOf(values=values):
            return list(values)


def _reads_as_itself(text: str) -> bool:
    """Tells whether a literal needs no list around it to be read as a literal."""
    return text not in ("present", "absent") and ".." not in text and not _SIGN.fullmatch(text)


def paths(condition: Condition) -> tuple[str, ...]:
    """Returns the paths that a condition names, each once, in the order of its text."""
    return tuple(dict.fromkeys(leaf.path for leaf in _leaves(condition)))


def _leaves(condition: Condition) -> Iterator[Comparison]:
    match condition:
        case Comparison():
            yield condition
        case Not(part=part):
            yield from _leaves(part)
        case All(parts=parts) | Any_(parts=parts):
            for part in parts:
                yield from _leaves(part)
