"""What the form of a complaint offers to choose from, in the order in which it is most likely wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.schema import Schema
from portal.words import say

Labels = list[tuple[str, str]]
FIRST = ("ktp", "kk")
"""Papers that nearly every programme asks for, listed first."""


def by_sector(schema: Schema, entries: Mapping[str, Any], name: str) -> list[tuple[str, list[str]]]:
    """Returns entries grouped by sector, for the option groups of a select."""
    groups: dict[str, list[str]] = {}
    for key, each in entries.items():
        groups.setdefault(getattr(each, name), []).append(key)
    return [
        (schema.sectors[sector].label, keys) for sector, keys in groups.items() if sector in schema.sectors
    ]


def papers(schema: Schema, chosen: str, ticked: Mapping[str, Any]) -> tuple[Labels, Labels]:
    """Returns the papers to ask for first, those of the programme or else the usual ones, and all others."""
    asked = {key for program in schema.programs.values() for key in program.documents}
    wanted = tuple(schema.programs[chosen].documents) if chosen in schema.programs else FIRST
    order = [key for key in dict.fromkeys((*wanted, *ticked, *schema.documents)) if key in schema.documents]
    labels = [(key, schema.documents[key].label) for key in order if key in asked]
    first = {*wanted, *ticked}
    return [each for each in labels if each[0] in first], [each for each in labels if each[0] not in first]


def complaints(schema: Schema, chosen: str) -> list[tuple[str, list[str]]]:
    """Returns complaint kinds by sector, before them those of the programme that is chosen."""
    groups = by_sector(schema, schema.complaints, "sector")
    program = schema.programs.get(chosen)
    if program is None or not program.complaints:
        return groups
    fitting = say("desk-complaint-fitting", program=program.short or program.label)
    rest = [(label, [key for key in keys if key not in program.complaints]) for label, keys in groups]
    return [(fitting, list(program.complaints)), *((label, keys) for label, keys in rest if keys)]
