"""Whether every name that one entry has of another is the name of something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.checks.base import Checked, Family, choice
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.fields import AnyField, LinkField
from portal.schema import CASE, Scenario, Schema
from portal.steps import AnyStep, CheckStep, LetterStep, OutcomeStep, ReferralStep, VisitStep


@dataclass(frozen=True, kw_only=True)
class _Reference:
    section: str
    name: str
    path: Path
    of_key: bool = False


_CODES = {
    "roles": "role-unknown",
    "records": "record-unknown",
    "sectors": "sector-unknown",
    "complaints": "complaint-unknown",
    "outcomes": "outcome-unknown",
    "registers": "register-unknown",
    "documents": "document-unknown",
    "sops": "sop-unknown",
    "destinations": "destination-unknown",
    "letters": "letter-unknown",
    "programs": "program-unknown",
    "priorities": "priority-unknown",
    "channels": "channel-unknown",
}
_OWNERS = {
    "roles": "thing-role",
    "records": "thing-record",
    "complaints": "thing-complaint",
    "programs": "thing-program",
    "sops": "thing-sop",
    "destinations": "thing-destination",
    "letters": "thing-letter",
    "scenarios": "thing-scenario",
}


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields every name of something that nobody declares."""
    for reference in _references(checked.schema):
        if checked.knows(reference.section, reference.name):
            continue
        values = {**choice(reference.name, checked.declared(reference.section)), **_owner(reference.path)}
        say = checked.wrong_key if reference.of_key else checked.wrong
        yield say(_CODES[reference.section], reference.path, **values)


def _owner(path: Path) -> dict[str, str]:
    """Returns who has the name: the step in an SOP, else the entry."""
    if len(path) > 3 and path[2] == "steps":
        return {"owner_word": "thing-step", "owner": str(path[3])}
    if path[0] == "office":
        return {"owner_word": "thing-view", "owner": str(path[2])}
    return {"owner_word": _OWNERS[str(path[0])], "owner": str(path[1])}


def _views(schema: Schema) -> Iterator[_Reference]:
    office = getattr(schema, "office", None)  # missing while it has the wrong shape
    for key, view in office.views.items() if office is not None else ():
        path: Path = ("office", "views", key)
        yield from _each("roles", (*path, "roles"), view.roles)
        for section, name, last in (
            ("programs", view.program, "program"),
            ("priorities", view.priority, "priority"),
        ):
            if name is not None:
                yield _Reference(section=section, name=name, path=(*path, last))


def _references(schema: Schema) -> Iterator[_Reference]:
    yield from _roles(schema)
    yield from _views(schema)
    for key, record in schema.records.items():
        yield from _fields(("records", key, "fields"), record.fields)
    for key, complaint in schema.complaints.items():
        yield _Reference(section="sectors", name=complaint.sector, path=("complaints", key, "sector"))
    yield from _programs(schema)
    for key, sop in schema.sops.items():
        yield from _each("sops", ("sops", key, "sheet", "related"), sop.sheet.related if sop.sheet else ())
        for step_id, step in sop.steps.items():
            yield from _step(("sops", key, "steps", step_id), step)
    for key, destination in schema.destinations.items():
        yield from _each("sectors", ("destinations", key, "takes"), destination.takes)
        yield from _keys("documents", ("destinations", key, "needs"), destination.needs)
    for key, letter in schema.letters.items():
        yield from _fields(("letters", key, "fields"), letter.fields)
        yield from _one("sops", ("letters", key, "sop"), letter.sop)
    for key, scenario in schema.scenarios.items():
        yield from _scenario(("scenarios", key), scenario)


def _roles(schema: Schema) -> Iterator[_Reference]:
    for key, role in schema.roles.items():
        yield from _each("roles", ("roles", key, "acts_as"), role.acts_as)
        yield from _keys("records", ("roles", key, "records"), role.records)
        named = {record: rights for record, rights in role.fields.items() if record != CASE}
        yield from _keys("records", ("roles", key, "fields"), named)
        yield from _keys("letters", ("roles", key, "letters"), role.letters)
        yield from _keys("sops", ("roles", key, "steps"), role.steps)


def _programs(schema: Schema) -> Iterator[_Reference]:
    for key, program in schema.programs.items():
        path: Path = ("programs", key)
        yield _Reference(section="sectors", name=program.sector, path=(*path, "sector"))
        yield from _each("complaints", (*path, "complaints"), program.complaints)
        yield from _keys("documents", (*path, "documents"), program.documents)
        yield from _one("sops", (*path, "sop"), program.sop)
        yield from _one("destinations", (*path, "destination"), program.destination)
        yield from _one("letters", (*path, "letter"), program.letter)


def _step(path: Path, step: AnyStep) -> Iterator[_Reference]:
    yield from _one("roles", (*path, "role"), step.role)
    yield from _keys("documents", (*path, "documents"), step.documents)
    yield from _fields((*path, "fields"), step.fields)
    if isinstance(step, CheckStep):
        yield from _one("registers", (*path, "source"), step.source)
    if isinstance(step, VisitStep):
        yield from _one("records", (*path, "record"), step.record)
    if isinstance(step, LetterStep | ReferralStep):
        yield from _one("letters", (*path, "letter"), step.letter)
        yield from _one("destinations", (*path, "destination"), step.destination)
    yield from _each("roles", (*path, "escalate"), step.escalate)
    if isinstance(step, OutcomeStep):
        yield from _each("outcomes", (*path, "outcomes"), step.outcomes)


def _scenario(path: Path, scenario: Scenario) -> Iterator[_Reference]:
    yield _Reference(section="programs", name=scenario.program, path=(*path, "program"))
    yield from _one("complaints", (*path, "complaint"), scenario.complaint)
    yield from _one("priorities", (*path, "priority"), scenario.priority)
    yield from _one("channels", (*path, "channel"), scenario.channel)
    yield from _keys("documents", (*path, "documents"), scenario.documents)
    for index, act in enumerate(scenario.steps):
        yield from _keys("documents", (*path, "steps", index, "documents"), act.documents)
        yield from _each("letters", (*path, "steps", index, "letters"), act.letters or ())
    yield from _one("outcomes", (*path, "expect", "outcome"), scenario.expect.outcome)
    yield from _each("letters", (*path, "expect", "letters"), scenario.expect.letters or ())


def _fields(path: Path, fields: dict[str, AnyField]) -> Iterator[_Reference]:
    for key, field in fields.items():
        if isinstance(field, LinkField):
            yield _Reference(section="records", name=field.to, path=(*path, key, "to"))


def _one(section: str, path: Path, name: str | None) -> Iterator[_Reference]:
    if name is not None:
        yield _Reference(section=section, name=name, path=path)


def _each(section: str, path: Path, names: Iterable[str]) -> Iterator[_Reference]:
    for index, name in enumerate(names):
        yield _Reference(section=section, name=name, path=(*path, index))


def _keys(section: str, path: Path, names: Iterable[str]) -> Iterator[_Reference]:
    for name in names:
        yield _Reference(section=section, name=name, path=(*path, name), of_key=True)


FAMILY = Family(run=check, codes=tuple(_CODES.values()))
