"""The answer of a condition over values: yes, no or unknown, and the comparisons that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from portal.conditions.order import day_of, order_of, ordered
from portal.conditions.tree import (
    All,
    Any_,
    Comparison,
    Condition,
    Not,
    OneOf,
    Presence,
    Range,
    Sign,
    Test,
    Than,
)

Answer = Literal["yes", "no", "unknown"]


class Missing:
    """The type of `MISSING`, the value of what nobody has answered yet."""

    def __repr__(self) -> str:
        """Returns the name of the one instance."""
        return "MISSING"


MISSING: Final = Missing()


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One comparison with the value it met and whether it held, whatever stands around it."""

    path: str
    test: Test
    value: object
    held: Answer


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The answer of a condition and what it rests on."""

    answer: Answer
    reasons: tuple[Reason, ...]
    """Every comparison in the order of the text, none left out."""
    because: tuple[Reason, ...]
    """Those that alone give the answer: of a no all that fail, of an unknown all that are open."""
    missing: tuple[str, ...]
    """The paths without which there is no answer; empty exactly when the answer is yes or no."""


Values: TypeAlias = Mapping[str, object] | Callable[[str], object]


def evaluate(condition: Condition, values: Values) -> Outcome:
    """Answers a condition over values by dotted path: a mapping (flat or nested) or a function.

    None, `MISSING`, an absent key, an empty text and an empty list are missing, and so is a text where a
    number or a date is compared. A missing value makes a comparison unknown, never no; only `present` and
    `absent` decide on it.
    """
    find = values if callable(values) else _finder(values)
    return _outcome(condition, find)


def _outcome(condition: Condition, find: Callable[[str], object]) -> Outcome:
    match condition:
        case Comparison(path=path, test=test):
            value = find(path)
            reason = Reason(path=path, test=test, value=value, held=_held(test, value))
            return _joined(reason.held, (reason,), (reason,))
        case Not(part=part):
            inner = _outcome(part, find)
            return _joined(_NOT[inner.answer], inner.reasons, inner.because)
        case All(parts=parts) | Any_(parts=parts):
            decides: Answer = "no" if isinstance(condition, All) else "yes"
            outcomes = tuple(_outcome(part, find) for part in parts)
            answer = _kleene(decides, tuple(outcome.answer for outcome in outcomes))
            reasons = tuple(reason for outcome in outcomes for reason in outcome.reasons)
            because = tuple(r for outcome in outcomes if outcome.answer == answer for r in outcome.because)
            return _joined(answer, reasons, because)


_NOT: Mapping[Answer, Answer] = {"yes": "no", "no": "yes", "unknown": "unknown"}


def _joined(answer: Answer, reasons: tuple[Reason, ...], because: tuple[Reason, ...]) -> Outcome:
    missing = tuple(dict.fromkeys(r.path for r in because)) if answer == "unknown" else ()
    return Outcome(answer=answer, reasons=reasons, because=because, missing=missing)


def _kleene(decides: Answer, answers: tuple[Answer, ...]) -> Answer:
    """Joins answers: the deciding one wins, then unknown."""
    if decides in answers:
        return decides
    return "unknown" if "unknown" in answers else _NOT[decides]


def _finder(values: Mapping[str, object]) -> Callable[[str], object]:
    def find(path: str) -> object:
        if path in values:
            return values[path]
        here: object = values
        for key in path.split("."):
            here = here.get(key, MISSING) if isinstance(here, Mapping) else MISSING
        return here

    return find


def _is_missing(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list | tuple | AbstractSet | Mapping):
        return not value
    return value is None or value is MISSING


def _held(test: Test, value: object) -> Answer:
    if isinstance(test, Presence):
        return "yes" if test.present != _is_missing(value) else "no"
    if isinstance(value, list | tuple | AbstractSet):
        answers = tuple(_held(test, item) for item in value) or ("unknown",)
        unlike = isinstance(test, Than) and test.sign == "!="
        return _kleene("no" if unlike else "yes", answers)
    return "unknown" if _is_missing(value) else _scalar_held(test, value)


def _scalar_held(test: OneOf | Range | Than, value: object) -> Answer:
    match test:
        case OneOf(values=values):
            return "yes" if any(_same(value, text) for text in values) else "no"
        case Than(sign="!=", bound=bound):
            return "no" if _same(value, bound) else "yes"
        case Than(sign=sign, bound=bound):
            order = _compared(value, bound)
            return "unknown" if order is None else "yes" if _SIGNS[sign](order) else "no"
        case Range(low=low, high=high):
            above, below = _compared(value, low), _compared(value, high)
            return "unknown" if above is None or below is None else "yes" if below <= 0 <= above else "no"


_SIGNS: Mapping[Sign, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _same(value: object, text: str) -> bool:
    """Compares numbers by amount and everything else by its exact text, so that area 18.10 is not 18.1."""
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, int | float | Decimal):
        return _compared(value, text) == 0
    if isinstance(value, date):
        return text in (value.isoformat(), day_of(value).isoformat())
    return str(value) == text


def _compared(value: object, bound: str) -> int | None:
    """Returns -1, 0 or 1 as a value is below, at or above a bound; None if the two cannot be compared."""
    found, limit = ordered(value), ordered(bound)
    return None if found is None or limit is None else order_of(found, limit)
