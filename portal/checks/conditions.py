"""Whether conditions ask about something that exists, and about values that it can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from portal.checks.base import Checked, Family, choice
from portal.checks.flow import reached, ways
from portal.conditions import All, Any_, Comparison, Condition, Not, OneOf, Presence, Range, Test, Than, dump
from portal.conditions.order import ordered
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.fields import DateField, FieldType, FlagField, MoneyField, NumberField, Option, TextField
from portal.models import lists_of
from portal.schema import NO_FLAG, Schema, Sop
from portal.steps import CheckStep, DecisionStep, DocumentRule

CASE_LISTS = {
    "priority": "priorities",
    "channel": "channels",
    "complaint": "complaints",
    "program": "programs",
}
CASE_OTHER = ("area", "stage", "access")
DOCUMENT_STATES = ("brought", "to-follow", "not-needed")


@dataclass(frozen=True, kw_only=True)
class _Use:
    """A condition, where it stands, and which SOPs it can meet."""

    condition: Condition
    path: Path
    sops: tuple[Sop, ...]
    decides: tuple[Sop, str] | None = None
    """The SOP and the step that waits for the answer, if a step does."""


@dataclass(frozen=True)
class Known:
    """Every path that a condition may name here, with the field behind it where there is one."""

    fields: Mapping[str, FieldType] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """Every path that may be named."""
        return frozenset((*self.fields, *self.options, *self.open))

    def choices(self, path: str) -> tuple[str, ...]:
        """Returns the closed set of values at a path, empty for an open one."""
        if path in self.options:
            return self.options[path]
        each = self.fields.get(path)
        if isinstance(each, FlagField):
            return ("true", "false")
        options: tuple[Option, ...] = each.options() if each is not None else ()
        return tuple(option.value for option in options)


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields comparisons that can never be answered, or only ever one way."""
    makers: dict[tuple[int, ...], Known] = {}
    for use in _uses(checked):
        sops = tuple(map(id, use.sops))
        known = makers[sops] = makers.get(sops) or known_paths(checked.schema, use.sops)
        for leaf in _leaves(use.condition):
            yield from _leaf(checked, use, leaf, known)
        yield from _contradictions(checked, use)


def _uses(checked: Checked) -> Iterator[_Use]:
    schema = checked.schema
    for key, program in schema.programs.items():
        own = schema.sops.get(program.sop or "")
        if program.sop is not None and own is None:
            continue  # What it may ask about nobody can say while its SOP has not the right shape.
        sops = (own,) if own else tuple(schema.sops.values())
        for rule_id, rule in program.eligibility.items():
            place: Path = ("programs", key, "eligibility", rule_id, "when")
            yield _Use(condition=rule.when, path=place, sops=sops)
        yield from _needs(("programs", key, "documents"), program.documents, sops)
    for key, destination in schema.destinations.items():
        yield from _needs(("destinations", key, "needs"), destination.needs, tuple(schema.sops.values()))
    for key, sop in schema.sops.items():
        for step_id, step in sop.steps.items():
            here: Path = ("sops", key, "steps", step_id)
            yield from _needs((*here, "documents"), step.documents, (sop,))
            for index, branch in enumerate(step.choose if isinstance(step, DecisionStep) else ()):
                place = (*here, "choose", index, "when")
                yield _Use(condition=branch.when, path=place, sops=(sop,), decides=(sop, step_id))


def _needs(path: Path, needs: Mapping[str, DocumentRule], sops: tuple[Sop, ...]) -> Iterator[_Use]:
    for key, need in needs.items():
        if need.required_when is not None:
            yield _Use(condition=need.required_when, path=(*path, key, "required_when"), sops=sops)


def known_paths(schema: Schema, sops: Iterable[Sop]) -> Known:
    """Returns what conditions may ask about where they can meet some SOPs."""
    lists = lists_of(schema)
    found: dict[str, FieldType] = {}
    register = CheckStep.model_construct(type="check", label="", source="")
    found |= {f"registry.{name}": each for name, each in register.own_fields(lists).items()}
    for record in schema.records.values():
        if record.subject:
            found |= {f"resident.{name}": each for name, each in record.fields.items()}
    for sop in sops:
        for step_id, step in sop.steps.items():
            answers = step.answer_fields(lists)
            found |= {f"{step_id}.{name}": each for name, each in answers.items()}
            if isinstance(step, CheckStep):
                found |= {f"registry.{name}": each for name, each in answers.items()}
    checks = [step_id for sop in sops for step_id, step in sop.steps.items() if isinstance(step, CheckStep)]
    options = {f"case.{name}": tuple(getattr(schema, section)) for name, section in CASE_LISTS.items()}
    options["case.flags"] = (*schema.flags, NO_FLAG)
    options["registry.stale"] = ("true", "false")
    options |= {f"{step_id}.stale": ("true", "false") for step_id in checks}
    options |= {f"documents.{name}": DOCUMENT_STATES for name in schema.documents}
    return Known(found, options, frozenset({"resident.age", *(f"case.{name}" for name in CASE_OTHER)}))


def _leaves(condition: Condition) -> Iterator[Comparison]:
    match condition:
        case Comparison():
            yield condition
        case Not(part=part):
            yield from _leaves(part)
        case All(parts=parts) | Any_(parts=parts):
            for part in parts:
                yield from _leaves(part)


def _leaf(checked: Checked, use: _Use, leaf: Comparison, known: Known) -> Iterator[Diagnostic]:
    def wrong(code: str, **values: str) -> Diagnostic:
        return Diagnostic(code=code, mark=checked.mark_within(use.path, leaf.path), values=values)

    if leaf.path not in known.names:
        if not checked.reading.unread and (checked.whole or use.decides):
            yield wrong("condition-unknown-path", **choice(leaf.path, known.names))
        return
    if use.decides is not None and _too_early(leaf.path, *use.decides):
        yield wrong("condition-too-early", name=leaf.path, step=use.decides[1])
    options = known.choices(leaf.path)
    for value in _texts(leaf.test) if options else ():
        if value not in options:
            yield wrong("condition-unknown-choice", path=leaf.path, **choice(value, options))
    if leaf.path in known.fields and not _possible(leaf.test, known.fields[leaf.path]):
        kind = str(getattr(known.fields[leaf.path], "type", ""))
        yield wrong("condition-impossible", path=leaf.path, test=_shown(leaf), type=kind)


def _too_early(path: str, sop: Sop, step: str) -> bool:
    """Tells whether a step asks for an answer that is given after it at the earliest."""
    asked = path.partition(".")[0]
    return asked in sop.steps and step not in reached(ways(sop), (asked,)) and step != asked


def _texts(test: Test) -> tuple[str, ...]:
    match test:
        case OneOf(values=values):
            return values
        case Than(sign="!=", bound=bound):
            return (bound,)
    return ()


def _possible(test: Test, each: FieldType) -> bool:
    """Tells whether a field can have a value that passes and is not excluded from the start by its kind."""
    match test:
        case Presence():
            return True
        case OneOf(values=values) if isinstance(each, NumberField):
            return any(_in_range(each, ordered(value)) for value in values)
        case OneOf() | Than(sign="!="):
            return True
        case Range(low=low, high=high):
            bounds = (ordered(low), ordered(high))
        case Than(bound=bound):
            bounds = (ordered(bound), ordered(bound))
    if isinstance(each, NumberField):
        return all(isinstance(b, Decimal) for b in bounds) and _meets(each, test)
    if isinstance(each, MoneyField):
        return all(isinstance(b, Decimal) for b in bounds)
    if isinstance(each, DateField):
        return not any(isinstance(b, Decimal) for b in bounds)
    return isinstance(each, TextField)


def _in_range(each: NumberField, value: object) -> bool:
    if not isinstance(value, Decimal):
        return False
    return (each.min is None or value >= each.min) and (each.max is None or value <= each.max)


def _meets(each: NumberField, test: Test) -> bool:
    low, high = span_of(test)
    return (high is None or each.min is None or high >= each.min) and (
        low is None or each.max is None or low <= each.max
    )


def span_of(test: Test) -> tuple[Decimal | None, Decimal | None]:
    """Returns the least and the largest number that pass; None where nothing bounds them."""
    match test:
        case Range(low=low, high=high):
            return _number(low), _number(high)
        case Than(sign="<" | "<=", bound=bound):
            return None, _number(bound)
        case Than(sign=">" | ">=", bound=bound):
            return _number(bound), None
        case OneOf(values=(value,)):
            return _number(value), _number(value)
    return None, None


def _number(text: str) -> Decimal | None:
    value = ordered(text)
    return value if isinstance(value, Decimal) else None


def _contradictions(checked: Checked, use: _Use) -> Iterator[Diagnostic]:
    """Yields paths of which all of several numbers are demanded, while no number is all of them."""
    for group in _groups(use.condition):
        spans: dict[str, list[tuple[Decimal | None, Decimal | None]]] = {}
        for part in group.parts:
            if isinstance(part, Comparison):
                spans.setdefault(part.path, []).append(span_of(part.test))
        for path, each in spans.items():
            lows = [low for low, _ in each if low is not None]
            highs = [high for _, high in each if high is not None]
            if lows and highs and max(lows) > min(highs):
                mark = checked.mark_within(use.path, path)
                yield Diagnostic(code="condition-contradiction", mark=mark, values={"path": path})


def _groups(condition: Condition) -> Iterator[All]:
    match condition:
        case All(parts=parts):
            yield condition
        case Any_(parts=parts):
            pass
        case Not(part=part):
            parts = (part,)
        case _:
            return
    for part in parts:
        yield from _groups(part)


def _shown(leaf: Comparison) -> str:
    written = dump(leaf)
    test = next(iter(written.values())) if isinstance(written, dict) else written
    return ", ".join(map(str, test)) if isinstance(test, list) else str(test)


FAMILY = Family(
    run=check,
    codes=(
        "condition-contradiction",
        "condition-impossible",
        "condition-too-early",
        "condition-unknown-choice",
        "condition-unknown-path",
    ),
)
