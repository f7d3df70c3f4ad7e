"""Which keys of the language name what, and the names that a Schema has: with these the editor fills in ids.

Names are kept by place. `roles` are those of the office; `sops/@1/steps` are those of the SOP that is the
second part of the path where one types, and the editor adds the ones that the text just got.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from portal.checks.conditions import Known, known_paths
from portal.schema import Schema

Names: TypeAlias = list[tuple[str, str]]
"""Ids with what people read."""

CONDITION = ["conditions", "@0/@1/conditions"]
"""The paths that a condition may ask about: everywhere, and of the entry where one types it."""
VALUES = ["values/@-1", "@0/@1/values/@-1"]
"""The values of the path that a condition has just named."""
LISTED = ["values/@-2", "@0/@1/values/@-2"]
"""The same inside of a list of values."""

_STEPS, _FIELDS, _SUBJECT = "sops/@1/steps", "records/@1/fields", "subject"
_BY_KEY: Mapping[str, str] = {
    "acts_as": "roles",
    "approved_by": "officers",
    "branches": _STEPS,
    "channel": "channels",
    "complaint": "complaints",
    "complaints": "complaints",
    "destination": "destinations",
    "escalate": "roles",
    "go": _STEPS,
    "letter": "letters",
    "letters": "letters",
    "may_return": _STEPS,
    "officer": "officers",
    "on_behalf_of": "officers",
    "otherwise": _STEPS,
    "outcome": "outcomes",
    "outcomes": "outcomes",
    "priority": "priorities",
    "program": "programs",
    "record": "records",
    "related": "sops",
    "returned": _STEPS,
    "role": "roles",
    "roles": "roles",
    "sector": "sectors",
    "sop": "sops",
    "source": "registers",
    "step": "steps",
    "takes": "sectors",
    "tell": "roles",
    "to": "records",
    "warn": "roles",
}
"""What the value of a key names, wherever a value is an id."""
_OF_RECORDS = ("area", "filters", "list", "same", "search", "similar", "sort")
_BY_IDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Destination", "needs"): ("documents",),
    ("Program", "documents"): ("documents",),
    ("Scenario", "documents"): ("documents",),
    ("ScenarioStep", "documents"): ("documents",),
    ("Scenario", "resident"): (_SUBJECT,),
    ("Role", "records"): ("records",),
    ("Role", "fields"): ("records", "records/@3/fields"),
    ("Role", "letters"): ("letters",),
    ("Role", "steps"): ("sops", "sops/@3/steps"),
}
"""What the ids of a mapping name, level by level; those of any other are declared there."""
_LISTS = (
    "roles",
    "records",
    "sectors",
    "complaints",
    "channels",
    "priorities",
    "outcomes",
    "registers",
    "documents",
    "programs",
    "sops",
    "destinations",
    "letters",
)


def of_value(place: tuple[str, str]) -> str | None:
    """Returns which names the id behind a key of a part of the language is taken from."""
    part, key = place
    if part in ("RecordType", "DuplicateClause") and key in _OF_RECORDS:
        return _FIELDS
    return _BY_KEY.get(key)


def of_keys(place: tuple[str, str], depth: int) -> str | None:
    """Returns which names the ids of a mapping are taken from, None where they are declared there."""
    part, key = place
    levels = ("documents",) if part.endswith("Step") and key == "documents" else _BY_IDS.get(place, ())
    return levels[depth] if depth < len(levels) else None


def names_of(schema: Schema) -> dict[str, Names | str]:
    """Returns the names that a Schema has, by place; where they are those of another place, its name.

    A part that has not the right shape is left out.
    """
    first: dict[tuple[tuple[str, str], ...], str] = {}
    found: dict[str, Names | str] = {}
    for place, names in _names(schema).items():
        same = first.setdefault(tuple(names), place)
        found[place] = names if same == place else same
    return found


def _names(schema: Schema) -> dict[str, Names]:
    found = {section: list(_labelled(getattr(schema, section, {}))) for section in _LISTS}
    found |= {f"records/{key}/fields": list(_labelled(each.fields)) for key, each in schema.records.items()}
    found |= {f"sops/{key}/steps": list(_labelled(each.steps)) for key, each in schema.sops.items()}
    found["steps"] = _once(pair for sop in schema.sops.values() for pair in _labelled(sop.steps))
    found[_SUBJECT] = [
        pair for each in schema.records.values() if each.subject for pair in _labelled(each.fields)
    ]
    office = getattr(schema, "office", None)
    centres = office.centres.values() if office is not None else ()
    found["officers"] = _once((key, who.post) for each in centres for key, who in each.officers.items())
    return {**found, **_of_conditions(schema)}


def aliases_of(schema: Schema) -> dict[str, str]:
    """Returns where conditions of an entry may ask what those of an SOP may: a programme's follow its SOP."""
    own = {key: f"sops/{each.sop}" for key, each in schema.programs.items() if each.sop in schema.sops}
    programs = {f"programs/{key}": own.get(key, "sops/*") for key in schema.programs}
    return {**programs, **{f"destinations/{key}": "sops/*" for key in schema.destinations}}


def _of_conditions(schema: Schema) -> dict[str, Names]:
    """Returns what conditions may ask about and be answered with: everywhere, and where they meet an SOP."""
    everywhere = known_paths(schema, ())
    found = _known("", everywhere, frozenset())
    every = {"*": tuple(schema.sops.values()), **{key: (sop,) for key, sop in schema.sops.items()}}
    for key, sops in every.items():
        found |= _known(f"sops/{key}/", known_paths(schema, sops), everywhere.names)
    return found


def _known(place: str, known: Known, told: frozenset[str]) -> dict[str, Names]:
    fresh = sorted(known.names - told)
    paths = [(name, known.fields[name].label if name in known.fields else "") for name in fresh]
    values = {f"{place}values/{name}": _answers(known, name) for name in fresh if known.choices(name)}
    return {f"{place}conditions": paths, **values}


def _answers(known: Known, path: str) -> Names:
    field = known.fields.get(path)
    labels = {option.value: option.label for option in field.options()} if field is not None else {}
    return [(value, labels.get(value, "")) for value in known.choices(path)]


def _labelled(entries: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, entry in entries.items():
        yield key, str(getattr(entry, "label", ""))


def _once(pairs: Iterable[tuple[str, str]]) -> Names:
    return list({key: (key, label) for key, label in pairs}.values())
