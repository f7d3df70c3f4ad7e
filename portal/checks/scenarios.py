"""Whether each scenario names what there is: programmes, steps, fields, values; trying them comes later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.checks.base import Checked, Family, choice
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.fields import FieldType, Unreadable
from portal.models import lists_of
from portal.schema import Answer, Scenario, Schema, Sop
from portal.steps import AnyStep


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields names and values in scenarios that nothing answers to."""
    schema = checked.schema
    for key, scenario in schema.scenarios.items():
        path: Path = ("scenarios", key)
        yield from _end(checked, (*path, "expect"), key, scenario)
        yield from _resident(checked, path, scenario)
        program = schema.programs.get(scenario.program)
        if program is None:
            continue
        if program.status == "ended" or program.sop is None:
            yield checked.wrong("scenario-program-closed", (*path, "program"), name=scenario.program)
        elif scenario.complaint and program.complaints and scenario.complaint not in program.complaints:
            values = choice(scenario.complaint, program.complaints)
            yield checked.wrong(
                "scenario-complaint-foreign", (*path, "complaint"), program=scenario.program, **values
            )
        if program.sop in schema.sops:
            yield from _steps(checked, path, scenario, str(program.sop))


def _end(checked: Checked, path: Path, key: str, scenario: Scenario) -> Iterator[Diagnostic]:
    if (scenario.expect.outcome is None) == (scenario.expect.step is None):
        yield checked.wrong_key("scenario-end", path, name=key)


def _resident(checked: Checked, path: Path, scenario: Scenario) -> Iterator[Diagnostic]:
    subjects = [record for record in checked.schema.records.values() if record.subject]
    if len(subjects) == 1:
        yield from _answers(checked, (*path, "resident"), scenario.resident, subjects[0].fields)


def _steps(checked: Checked, path: Path, scenario: Scenario, sop_id: str) -> Iterator[Diagnostic]:
    sop = checked.schema.sops[sop_id]
    places = [((*path, "steps", i, "step"), act.step) for i, act in enumerate(scenario.steps)]
    if scenario.expect.step is not None:
        places.append(((*path, "expect", "step"), scenario.expect.step))
    known = _carried_out(sop)
    for place, step in places:
        if step not in known:
            yield checked.wrong("scenario-step-unknown", place, sop=sop_id, **choice(step, known))
    for index, act in enumerate(scenario.steps):
        if act.step in sop.steps:
            fields = fields_of(checked.schema, sop.steps[act.step])
            yield from _answers(checked, (*path, "steps", index, "answers"), act.answers, fields)


def _carried_out(sop: Sop) -> tuple[str, ...]:
    """Returns the steps at which a case can wait: decisions are passed by themselves."""
    return tuple(key for key, step in sop.steps.items() if not step.automatic)


def fields_of(schema: Schema, step: AnyStep) -> Mapping[str, FieldType]:
    """Returns what completing a step asks: its own fields and those of the letter it issues."""
    letter = schema.letters.get(str(getattr(step, "letter", "")))
    return {**(letter.fields if letter else {}), **step.answer_fields(lists_of(schema))}


def _answers(
    checked: Checked, path: Path, said: Mapping[str, Answer], fields: Mapping[str, FieldType]
) -> Iterator[Diagnostic]:
    for key, texts in said.items():
        if key not in fields:
            yield checked.wrong_key("scenario-field-unknown", (*path, key), **choice(key, fields))
            continue
        try:
            fields[key].read(texts)
        except Unreadable:
            known = [option.value for option in fields[key].options()]
            values = {"field": key, **choice(", ".join(texts), known)}
            yield checked.wrong("scenario-answer-wrong", (*path, key), **values)


FAMILY = Family(
    run=check,
    codes=(
        "scenario-answer-wrong",
        "scenario-complaint-foreign",
        "scenario-end",
        "scenario-field-unknown",
        "scenario-program-closed",
        "scenario-step-unknown",
    ),
)
