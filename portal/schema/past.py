"""What the YAML no longer declares while stored data may name it; kept by apply, not typed by staff."""

from __future__ import annotations

from pydantic import Field

from portal.fields import AnyField
from portal.scalars import AreaCode, Definition, Id, Text
from portal.schema.destinations import Destination
from portal.schema.letters import Letter
from portal.schema.lists import Complaint, Document, Named, Outcome, Priority, Sector
from portal.schema.office import Centre
from portal.schema.programs import Program
from portal.schema.records import RecordType
from portal.schema.roles import Role
from portal.schema.sops import Sop


class Past(Definition):
    """What was withdrawn, as it read last: labels for old rows, columns that keep their values."""

    records: dict[Id, RecordType] = Field({}, description="Record types; their tables stay.")
    fields: dict[Id, dict[Id, AnyField]] = Field({}, description="Fields by record type; their columns stay.")
    answers: dict[Id, dict[Text, AnyField]] = Field({}, description="Answers by SOP, as step.field.")
    sops: dict[Id, Sop] = Field({}, description="SOPs; running cases finish on their version.")
    programs: dict[Id, Program] = Field({}, description="Programmes.")
    destinations: dict[Id, Destination] = Field({}, description="Destinations.")
    letters: dict[Id, Letter] = Field({}, description="Letters.")
    roles: dict[Id, Role] = Field({}, description="Roles.")
    centres: dict[Id, Centre] = Field({}, description="Centres.")
    sectors: dict[Id, Sector] = Field({}, description="Sectors.")
    complaints: dict[Id, Complaint] = Field({}, description="Kinds of complaint.")
    channels: dict[Id, Named] = Field({}, description="Channels.")
    priorities: dict[Id, Priority] = Field({}, description="Priorities.")
    outcomes: dict[Id, Outcome] = Field({}, description="Outcomes.")
    flags: dict[Id, Named] = Field({}, description="Flags.")
    registers: dict[Id, Named] = Field({}, description="Registers.")
    documents: dict[Id, Document] = Field({}, description="Documents.")
    reasons: dict[Id, Named] = Field({}, description="Reasons of declined referrals.")
    renamed: dict[Text, dict[Id, Id]] = Field(
        {}, description="Old ids by kind (a section, or fields.<record>) with what they are called now."
    )
    areas: dict[AreaCode, Text] = Field({}, description="Area names by code.")


SECTIONS = tuple(name for name in Past.model_fields if name not in ("fields", "answers", "renamed", "areas"))
"""The sections that are entries by id; `centres` stands inside `office`."""
