"""Conditions: a YAML tree of comparisons becomes yes, no or unknown with reasons; it is never run as code."""

from __future__ import annotations

from portal.conditions.answer import MISSING, Answer, Missing, Outcome, Reason, Values, evaluate
from portal.conditions.model import ConditionField
from portal.conditions.sentences import sentence
from portal.conditions.tree import (
    All,
    Any_,
    Comparison,
    Condition,
    ConditionError,
    Not,
    OneOf,
    Presence,
    Range,
    Test,
    Than,
    dump,
    parse,
    paths,
)

__all__ = (
    "MISSING",
    "All",
    "Answer",
    "Any_",
    "Comparison",
    "Condition",
    "ConditionError",
    "ConditionField",
    "Missing",
    "Not",
    "OneOf",
    "Outcome",
    "Presence",
    "Range",
    "Reason",
    "Test",
    "Than",
    "Values",
    "dump",
    "evaluate",
    "parse",
    "paths",
    "sentence",
)
