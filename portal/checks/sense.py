"""Whether conditions leave a choice: rules that always or never hold, branches that an earlier one takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from portal.checks.base import Checked, Family
from portal.checks.conditions import Known, known_paths, span_of
from portal.conditions import All, Any_, Comparison, Condition, Not, OneOf
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.fields import NumberField
from portal.schema import Program, Sop
from portal.steps import DecisionStep

Sense = Literal["always", "never", "open"]


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields eligibility rules that tell nothing apart and branches that are never reached."""
    for key, program in checked.schema.programs.items():
        sop = checked.schema.sops.get(program.sop or "")
        if sop is not None:
            yield from _rules(checked, ("programs", key, "eligibility"), program, sop)
    for key, sop in checked.schema.sops.items():
        for step_id, step in sop.steps.items():
            if isinstance(step, DecisionStep):
                yield from _covered(checked, ("sops", key, "steps", step_id, "choose"), step_id, step)


def _rules(checked: Checked, path: Path, program: Program, sop: Sop) -> Iterator[Diagnostic]:
    known = known_paths(checked.schema, (sop,))
    for rule_id, rule in program.eligibility.items():
        sense = sense_of(rule.when, known)
        if sense != "open":
            yield checked.warn_key(f"eligibility-{sense}", (*path, rule_id, "when"), rule=rule_id)


def sense_of(condition: Condition, known: Known) -> Sense:
    """Tells whether a condition holds for every value or for none, as far as its fields' limits say."""
    match condition:
        case Comparison():
            return "always" if _takes_all(condition, known) else "open"
        case Not(part=part):
            return _OPPOSITE[sense_of(part, known)]
        case All(parts=parts):
            senses = {sense_of(part, known) for part in parts}
            if "never" in senses or _disjoint(parts):
                return "never"
            return "always" if senses == {"always"} else "open"
        case Any_(parts=parts):
            senses = {sense_of(part, known) for part in parts}
            if "always" in senses or _takes_all_together(parts, known):
                return "always"
            return "never" if senses == {"never"} else "open"
    return "open"


_OPPOSITE: dict[Sense, Sense] = {"always": "never", "never": "always", "open": "open"}


def _takes_all(leaf: Comparison, known: Known) -> bool:
    if isinstance(leaf.test, OneOf):
        options = known.choices(leaf.path)
        return bool(options) and set(options) <= set(leaf.test.values)
    field = known.fields.get(leaf.path)
    if not isinstance(field, NumberField) or field.min is None or field.max is None:
        return False
    low, high = span_of(leaf.test)
    strict = getattr(leaf.test, "sign", "") in ("<", ">", "!=")
    if strict or (low is None and high is None):
        return False
    return (low is None or low <= field.min) and (high is None or high >= field.max)


def _takes_all_together(parts: tuple[Condition, ...], known: Known) -> bool:
    taken: dict[str, set[str]] = {}
    for part in parts:
        if isinstance(part, Comparison) and isinstance(part.test, OneOf):
            taken.setdefault(part.path, set()).update(part.test.values)
    return any(known.choices(path) and set(known.choices(path)) <= values for path, values in taken.items())


def _disjoint(parts: tuple[Condition, ...]) -> bool:
    left: dict[str, set[str]] = {}
    for part in parts:
        if isinstance(part, Comparison) and isinstance(part.test, OneOf):
            values = set(part.test.values)
            left[part.path] = left.get(part.path, values) & values
    return any(not values for values in left.values())


def _covered(checked: Checked, path: Path, step_id: str, step: DecisionStep) -> Iterator[Diagnostic]:
    """Yields branches whose cases an earlier branch on the same answer takes already."""
    taken: dict[str, dict[str, int]] = {}
    for index, branch in enumerate(step.choose):
        for name, values in _asked(branch.when):
            numbers = [taken.get(name, {}).get(value) for value in values]
            if numbers and all(number is not None for number in numbers):
                first = str(max(number for number in numbers if number is not None))
                place = (*path, index, "when")
                yield checked.wrong("branch-covered", place, step=step_id, first=first, name=name)
                break
        if isinstance(branch.when, Comparison) and isinstance(branch.when.test, OneOf):
            for value in branch.when.test.values:
                taken.setdefault(branch.when.path, {}).setdefault(value, index + 1)


def _asked(condition: Condition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the paths that must be one of some values for a condition to hold."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    for part in parts:
        if isinstance(part, Comparison) and isinstance(part.test, OneOf):
            yield part.path, part.test.values


FAMILY = Family(run=check, codes=("branch-covered", "eligibility-always", "eligibility-never"))
