"""What the paper of a letter tells, and how the person who would open it sees those fields on screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal import templating
from portal.access import Actor, sees
from portal.facts import resident_of
from portal.fields import FieldType, KkField, LinkField, NikField
from portal.letters import template_folder
from portal.memory import Remembered
from portal.models import answer_fields, column_name
from portal.releases import Live, live
from portal.rights import CASE_FIELDS, reads_step
from portal.schema import CASE, Schema, Sight
from portal.tables import Case, IssuedLetter

_DERIVED = {
    "age": ("birth_date",),
    "honorific": ("sex", "birth_date"),
    "full_address": ("address", "rt", "rw"),
}
"""What a letter says of a resident that is made of other fields."""
COVERED = "••••••"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SHOWN: Remembered[frozenset[str]] = Remembered(most=256)


@dataclass(frozen=True, kw_only=True)
class Told:
    """The labels of what the paper tells and the screen does not, by how the person sees it there."""

    masked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Reader:
    schema: Schema
    actor: Actor
    case: Case
    area: str
    """Where the resident lives, or the case is when it has none."""
    assigned: bool

    def of_record(self, record: str, name: str) -> tuple[str, Sight]:
        field = self.schema.records[record].fields[name]
        seen = sees(self.schema, self.actor, field, record, name, self.area, assigned=self.assigned)
        return field.label, seen

    def of_answer(self, field: FieldType | None, label: str, step: str) -> tuple[str, Sight]:
        if not reads_step(self.schema, self.actor, self.case.sop, step, self.case.area):
            return label, "hidden"
        if field is None:
            return label, "plain"
        seen = sees(self.schema, self.actor, field, CASE, "", self.case.area, assigned=self.assigned)
        return field.label, seen


def _reader(session: Session, current: Live, case: Case, actor: Actor, *, assigned: bool) -> _Reader:
    area = _lives(session, current, case) or case.area
    return _Reader(schema=current.schema, actor=actor, case=case, area=area, assigned=assigned)


def told(
    session: Session, current: Live, issued: IssuedLetter, case: Case, actor: Actor, *, assigned: bool
) -> Told:
    """Returns what opening a letter would tell a person beyond what they see of its case."""
    if actor.everything:
        return Told()
    reader = _reader(session, current, case, actor, assigned=assigned)
    names = (name for name in printed_names(session, issued) if _value(issued.data, name))
    found = {pair for name in names for pair in _sights(reader, name)}
    return Told(
        masked=tuple(sorted(label for label, sight in found if sight == "masked")),
        hidden=tuple(sorted(label for label, sight in found if sight == "hidden")),
    )


def told_of_many(current: Live, issued: IssuedLetter, actor: Actor) -> Told:
    """Returns what a paper about many cases would tell: its numbers of people as its issuer saw them."""
    schema, subject = current.schema, current.schema.subject()
    found = [(k, f) for k, f in schema.records[subject].fields.items() if isinstance(f, NikField)]
    plain = [each for each in issued.data.get("cases", ()) if str(each.get("nik") or "").isdigit()]
    if actor.everything or not found or not plain:
        return Told()
    key, field = found[0]
    sight = sees(schema, actor, field, subject, key, issued.area)
    label = (field.label,)
    return Told(masked=label if sight == "masked" else (), hidden=label if sight == "hidden" else ())


def veiled(
    session: Session, current: Live, issued: IssuedLetter, case: Case, actor: Actor, *, assigned: bool
) -> dict[str, Any]:
    """Returns a letter's data with what a person sees masked, or not at all, covered."""
    data = deepcopy(dict(issued.data))
    if actor.everything:
        return data
    reader = _reader(session, current, case, actor, assigned=assigned)
    for name in printed_names(session, issued):
        if any(sight != "plain" for _, sight in _sights(reader, name)):
            _veil(data, name.split("."))
    return data


def _veil(data: Any, path: list[str]) -> None:
    """Covers what stands at a path, in every entry of a list on the way."""
    head, *rest = path
    within = data.get(head.removesuffix("[]")) if isinstance(data, dict) else None
    if rest:
        for each in within if isinstance(within, list) else (within,):
            _veil(each, rest)
    elif isinstance(within, str):
        data[head] = None if _DAY.fullmatch(within) else COVERED


def printed_names(session: Session, issued: IssuedLetter) -> frozenset[str]:
    """Returns the paths of everything that the template of an issued letter may print."""
    under = live(session, issued.release_id)
    template = under.schema.known.letters[issued.letter].template

    def read() -> frozenset[str]:
        return templating.shown(templating.environment(template_folder(under.templates)), template)

    return _SHOWN.get((under.templates,), read, template)


def _lives(session: Session, current: Live, case: Case) -> str | None:
    row = resident_of(session, current, case)
    area = current.schema.records[current.schema.subject()].area
    return getattr(row, column_name(area), None) if row is not None and area else None


def _value(data: Any, name: str) -> object:
    """Returns whether a letter says anything at a path; in a list it is enough that it has entries."""
    for part in name.replace("[]", "").split("."):
        if isinstance(data, list):
            return data
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _sights(reader: _Reader, name: str) -> Iterator[tuple[str, Sight]]:
    root, _, rest = name.partition(".")
    schema = reader.schema
    subject = schema.subject()
    if root in ("resident", "family[]"):
        wanted = _DERIVED.get(rest, (rest,))
        for key in schema.records[subject].fields:
            if column_name(key) in wanted:
                yield reader.of_record(subject, key)
        if rest == "kk":
            yield from _card(reader, subject)
    elif name == "case.description":
        area = reader.case.area
        field = CASE_FIELDS["description"]
        yield name, sees(schema, reader.actor, field, CASE, "description", area)
    elif root == "answers":
        for sop in schema.sops.values():
            for step, key, field in answer_fields(schema, sop):
                if rest == f"{column_name(step)}.{column_name(key)}":
                    yield reader.of_answer(field, rest, step)
    elif root in ("registry", "form"):
        yield reader.of_answer(None, name, "")


def _card(reader: _Reader, subject: str) -> Iterator[tuple[str, Sight]]:
    """The number of the family card, which stands in the record that a resident points to."""
    for link in reader.schema.records[subject].fields.values():
        if isinstance(link, LinkField):
            for key, field in reader.schema.records[link.to].fields.items():
                if isinstance(field, KkField):
                    yield reader.of_record(link.to, key)
