"""Everything together: the Schema, its canonical JSON and its JSON Schema for editors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import Field

from portal.scalars import AreaCode, Definition, Id, Text
from portal.schema.destinations import Destination
from portal.schema.letters import Letter
from portal.schema.lists import Complaint, Document, Named, Outcome, Priority, Sector
from portal.schema.office import Office
from portal.schema.past import SECTIONS, Past
from portal.schema.programs import Program
from portal.schema.records import RecordType
from portal.schema.roles import Role
from portal.schema.scenarios import Scenario
from portal.schema.sops import Sop

FORMAT = 1
"""The number of the canonical JSON's format; a stored Release says which one it is in."""


class Schema(Definition):
    """Everything that an office declares."""

    office: Office = Field(description="The organisation: name, hours, offices, officers.")
    roles: dict[Id, Role] = Field(min_length=1, description="Who may see and do what.")
    records: dict[Id, RecordType] = Field(min_length=1, description="Kinds of record.")
    sectors: dict[Id, Sector] = Field(min_length=1, description="Fields of service.")
    complaints: dict[Id, Complaint] = Field(min_length=1, description="Kinds of complaint.")
    channels: dict[Id, Named] = Field(min_length=1, description="How a complaint reached the office.")
    priorities: dict[Id, Priority] = Field(min_length=1, description="How urgent a case is.")
    outcomes: dict[Id, Outcome] = Field(min_length=1, description="How a case can end.")
    flags: dict[Id, Named] = Field({}, description="What may be flagged on a case, such as an urgent visit.")
    registers: dict[Id, Named] = Field({}, description="Registers outside the portal.")
    documents: dict[Id, Document] = Field({}, description="Papers that residents are asked for.")
    reasons: dict[Id, Named] = Field({}, description="Why an agency declines a referral.")
    programs: dict[Id, Program] = Field(min_length=1, description="Programmes.")
    sops: dict[Id, Sop] = Field(min_length=1, description="Procedures.")
    destinations: dict[Id, Destination] = Field({}, description="Agencies and desks.")
    letters: dict[Id, Letter] = Field({}, description="Letters.")
    # Like a comment, a scenario changes nothing that runs: it stays out of Releases, plans and digests.
    scenarios: dict[Id, Scenario] = Field({}, exclude=True, description="Made-up cases that try the SOPs.")
    areas: dict[AreaCode, Text] = Field({}, exclude=False, description="Area names by code, from areas.csv.")

    past: Past = Field(Past(), description="What earlier Releases declared and the YAML no longer does.")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Returns a copy that works out for itself what it knows: a plain one would keep the old answers."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("kept", "known"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def kept(self) -> Past:
        """Everything that is declared now or was withdrawn, by the id that it has now."""
        now = {name: self.office.centres if name == "centres" else getattr(self, name) for name in SECTIONS}
        merged = {name: {**getattr(self.past, name), **entries} for name, entries in now.items()}
        return self.past.model_copy(update={**merged, "areas": {**self.past.areas, **self.areas}})

    @cached_property
    def known(self) -> Past:
        """Everything that stored data may name: what is kept, under the ids that it had as well."""
        kept = {name: dict(getattr(self.kept, name)) for name in SECTIONS}
        for name, entries in kept.items():
            renamed = self.past.renamed.get(name, {}).items()
            entries |= {was: entries[key] for was, key in renamed if key in entries and was not in entries}
        return self.kept.model_copy(update=kept)

    def subject(self) -> str:
        """Returns the id of the record type that cases are about."""
        return next(key for key, record in self.records.items() if record.subject)

    def canonical(self) -> str:
        """Returns the Schema as JSON that is the same for the same meaning."""
        return canonical(self)


def canonical(definition: Definition) -> str:
    """Returns a definition as JSON without spaces; the order of entries is meaning and stays."""
    data = definition.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    """Returns the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def json_schema() -> dict[str, object]:
    """Returns the JSON Schema of one YAML file: any of the top-level keys."""
    schema = Schema.model_json_schema(mode="validation")
    schema.pop("required", None)
    for name in ("areas", "past"):
        schema["properties"].pop(name, None)
    schema["$defs"].pop("Past", None)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Satu Pintu"
    return schema
