"""A programme's rules over what is known of a resident: an indication with every reason, never a decision.

Agencies outside the portal decide. A missing value never counts as no; it is named, so that it can be asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from portal.conditions import MISSING, Answer, evaluate
from portal.facts import age
from portal.fields import DateField, FieldType
from portal.models import lists_of
from portal.schema import Eligibility, Program, Schema
from portal.steps import CheckStep
from portal.words import say
from portal.worktime import long_date

Indication = Literal["likely", "more-needed", "outside"]


@dataclass(frozen=True, kw_only=True)
class RuleResult:
    """One rule in force, and whether it holds."""

    id: str
    says: str
    otherwise: str
    answer: Answer
    missing: tuple[str, ...]
    """The paths without which there is no answer; empty when there is one."""
    legal_basis: str | None
    to_verify: str | None


@dataclass(frozen=True, kw_only=True)
class Screening:
    """What the rules of a programme say of a resident on a date."""

    program: str
    on: date
    answer: Indication
    rules: tuple[RuleResult, ...]
    """Every rule in force on the date, in the order of the YAML."""
    open: bool = True
    """False when the programme has ended or is not in force on the date."""


def screen(schema: Schema, program: str, values: Mapping[str, object], on: date) -> Screening:
    """Returns how a programme's rules that are in force on a date stand to what is known of a resident.

    Args:
        values: by dotted path, flat or nested, such as `registry.decile`; `resident.age` follows from the
            birth date when it is left out.

    Raises:
        KeyError: there is no such programme.
    """
    definition = schema.programs[program]
    known = _with_age(schema, values, on)
    rules = tuple(
        _result(rule_id, rule, known)
        for rule_id, rule in definition.eligibility.items()
        if _in_force(rule, on)
    )
    open_ = definition.status == "active" and _in_force(definition, on)
    answer = _joined(rules) if open_ else "outside"
    return Screening(program=program, on=on, answer=answer, rules=rules, open=open_)


def _in_force(what: Eligibility | Program, on: date) -> bool:
    begun = what.valid_from is None or what.valid_from <= on
    return begun and (what.valid_until is None or on <= what.valid_until)


def _result(rule_id: str, rule: Eligibility, known: Callable[[str], object]) -> RuleResult:
    outcome = evaluate(rule.when, known)
    return RuleResult(
        id=rule_id,
        says=rule.says,
        otherwise=rule.otherwise,
        answer=outcome.answer,
        missing=outcome.missing,
        legal_basis=rule.legal_basis,
        to_verify=rule.to_verify,
    )


def _joined(rules: tuple[RuleResult, ...]) -> Indication:
    """Joins the answers; no rule at all says nothing in favour of anyone."""
    answers = {rule.answer for rule in rules}
    if "no" in answers:
        return "outside"
    return "likely" if answers == {"yes"} else "more-needed"


def _with_age(schema: Schema, values: Mapping[str, object], on: date) -> Callable[[str], object]:
    def find(path: str) -> object:
        value = _at(values, path)
        if path != "resident.age" or value is not MISSING:
            return value
        born = next((_at(values, f"resident.{key}") for key in _birth_dates(schema)), MISSING)
        return MISSING if (years := age(_day(born), on)) is None else years

    return find


def _at(values: Mapping[str, object], path: str) -> object:
    if path in values:
        return values[path]
    here: object = values
    for key in path.split("."):
        here = here.get(key, MISSING) if isinstance(here, Mapping) else MISSING
    return here


def _birth_dates(schema: Schema) -> Iterator[str]:
    for key, field in schema.records[schema.subject()].fields.items():
        if isinstance(field, DateField) and "birth" in key:
            yield key


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None


def text(screening: Screening, schema: Schema) -> str:
    """Returns a screening as lines in the reader's language."""
    return "\n".join(_lines(screening, schema))


def _lines(screening: Screening, schema: Schema) -> Iterator[str]:
    program = schema.programs[screening.program]
    answer = say(f"eligibility-{screening.answer}")
    yield say("eligibility-head", program=program.label, answer=answer, day=long_date(screening.on))
    if not screening.open:
        yield say("eligibility-closed")
    for rule in screening.rules:
        yield "  " + say(_RULE[rule.answer], says=rule.says)
        yield from (f"    {line}" for line in _details(rule, schema, program))
    if not screening.rules:
        yield say("eligibility-no-rules", owner=program.owner)
    yield say("eligibility-indication", owner=program.owner)


_RULE: Mapping[Answer, str] = {
    "yes": "eligibility-held",
    "no": "eligibility-failed",
    "unknown": "eligibility-open",
}


def _details(rule: RuleResult, schema: Schema, program: Program) -> Iterator[str]:
    if rule.missing:
        labels = (f"{label(schema, program, path)} ({path})" for path in rule.missing)
        yield say("eligibility-missing", missing=", ".join(labels))
    if rule.answer == "no":
        yield say("eligibility-otherwise", otherwise=rule.otherwise)
    if rule.legal_basis:
        yield say("eligibility-basis", legal_basis=rule.legal_basis)
    if rule.to_verify:
        yield say("eligibility-verify", to_verify=rule.to_verify)


def label(schema: Schema, program: Program, path: str) -> str:
    """Returns what people call the value at a path of a programme's rules; the path when it has no name."""
    root, _, name = path.partition(".")
    if path in _NAMED:
        return say(_NAMED[path])
    if root == "documents" and name in schema.documents:
        return schema.documents[name].label
    field = field_at(schema, program, path)
    return field.label if field else path


def field_at(schema: Schema, program: Program, path: str) -> FieldType | None:
    """Returns the field whose value stands at a path of a programme's rules, None when there is none."""
    root, _, name = path.partition(".")
    return next((fields[name] for fields in _fields(schema, program, root) if name in fields), None)


_NAMED = {
    "resident.age": "eligibility-age",
    "case.priority": "eligibility-priority",
    "case.channel": "eligibility-channel",
    "case.complaint": "eligibility-complaint",
    "case.program": "eligibility-program",
    "case.area": "eligibility-area",
}


def _fields(schema: Schema, program: Program, root: str) -> Iterator[Mapping[str, FieldType]]:
    """Yields the fields that the first part of a path can mean."""
    lists = lists_of(schema)
    if root == "resident":
        yield schema.records[schema.subject()].fields
    sop = schema.sops.get(program.sop or "")
    for step_id, step in sop.steps.items() if sop else ():
        if root == step_id or (root == "registry" and isinstance(step, CheckStep)):
            yield step.answer_fields(lists)
    if root == "registry":
        yield CheckStep(type="check", label=root, source=root).own_fields(lists)


def as_json(screening: Screening, schema: Schema) -> str:
    """Returns a screening as a JSON object, for other programs."""
    program = schema.programs[screening.program]
    data = {
        "program": screening.program,
        "label": program.label,
        "on": screening.on.isoformat(),
        "open": screening.open,
        "answer": screening.answer,
        "indication": say("eligibility-indication", owner=program.owner),
        "rules": [asdict(rule) for rule in screening.rules],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
