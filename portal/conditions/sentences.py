"""The condition as a sentence in the reader's language, with the labels of the office in place of paths."""

from __future__ import annotations

from collections.abc import Callable

from portal.conditions.order import is_day
from portal.conditions.tree import All, Any_, Comparison, Condition, Not, OneOf, Presence, Range, Than
from portal.words import say

Label = Callable[[str], str]
Show = Callable[[str, str], str]

_THAN = {"<": "below", "<=": "at-most", ">": "above", ">=": "at-least", "!=": "other"}


def sentence(condition: Condition, label: Label, show: Show) -> str:
    """Returns a condition as people say it, such as `Desil 1 sampai 5 dan Alasan adalah Darurat medis`.

    Args:
        condition: the condition.
        label: the label of a path.
        show: a path and the raw text of a value to the value as the reader knows it.
    """
    match condition:
        case Comparison():
            return _comparison(condition, label, show)
        case Not(part=Comparison(test=Presence(present=present)) as part):
            return _said("condition-absent" if present else "condition-present", part, label)
        case Not(part=Comparison(test=OneOf(values=(value,))) as part):
            return _said("condition-other", part, label, value=show(part.path, value))
        case Not(part=part):
            return say("condition-not", part=sentence(part, label, show))
        case All(parts=parts):
            return say("condition-and").join(_inner(part, label, show) for part in parts)
        case Any_(parts=parts):
            return say("condition-or").join(_inner(part, label, show) for part in parts)


def _inner(part: Condition, label: Label, show: Show) -> str:
    """Puts brackets around a group within a group."""
    text = sentence(part, label, show)
    return f"({text})" if isinstance(part, All | Any_) and len(part.parts) > 1 else text


def _comparison(part: Comparison, label: Label, show: Show) -> str:
    match part.test:
        case Presence(present=present):
            return _said("condition-present" if present else "condition-absent", part, label)
        case Range(low=low, high=high):
            return _said(
                "condition-range-of", part, label, low=show(part.path, low), high=show(part.path, high)
            )
        case Than(sign=sign, bound=bound):
            slug = f"condition-{_THAN[sign]}{'-day' if sign != '!=' and is_day(bound) else ''}"
            return _said(slug, part, label, value=show(part.path, bound))
        case OneOf(values=values):
            return _said("condition-is", part, label, value=_listed([show(part.path, v) for v in values]))


def _said(slug: str, part: Comparison, label: Label, **values: str) -> str:
    return say(slug, label=label(part.path), **values)


def _listed(shown: list[str]) -> str:
    """Joins what may be instead of each other: `A, B atau C`."""
    *first, last = shown
    return f"{', '.join(first)}{say('condition-or')}{last}" if first else last
