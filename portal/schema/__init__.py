"""The definition of the YAML language: pydantic models of everything that `schema/*.yaml` may say.

`load` builds a Schema from documents, a Release keeps it as canonical JSON, and `json_schema` describes it to
editors. A top-level key of any file is one attribute of Schema; entries are dictionaries by id.
"""

from __future__ import annotations

from portal.schema.base import Texts
from portal.schema.destinations import Destination
from portal.schema.letters import LETTER_NUMBER, RESERVED, ChainStep, Letter, Signer
from portal.schema.lists import NO_FLAG, Complaint, Document, Named, Outcome, Priority, Sector
from portal.schema.office import Centre, Deputy, Letterhead, Level, Office, Officer
from portal.schema.past import Past
from portal.schema.privacy import Keep, Purpose, Retention
from portal.schema.programs import Benefit, Eligibility, Program
from portal.schema.records import DuplicateClause, RecordType
from portal.schema.roles import (
    CASE,
    CaseAccess,
    CaseAct,
    CaseField,
    CaseReach,
    FieldRight,
    FieldSight,
    LetterAct,
    Reach,
    RecordAct,
    Role,
    Screen,
    Sight,
    StepRight,
)
from portal.schema.scenarios import Answer, Expected, PaperState, Scenario, ScenarioStep
from portal.schema.sops import ServiceStandard, Sop, SopSheet
from portal.schema.timetable import ClockKind, Clocks, OwnCalendar, PauseOwner, PauseReason, Rung, Weekday
from portal.schema.views import Group, View, Waiting
from portal.schema.whole import FORMAT, Schema, canonical, digest, json_schema

__all__ = [
    "CASE",
    "FORMAT",
    "LETTER_NUMBER",
    "NO_FLAG",
    "RESERVED",
    "Answer",
    "Benefit",
    "CaseAccess",
    "CaseAct",
    "CaseField",
    "CaseReach",
    "Centre",
    "ChainStep",
    "ClockKind",
    "Clocks",
    "Complaint",
    "Deputy",
    "Destination",
    "Document",
    "DuplicateClause",
    "Eligibility",
    "Expected",
    "FieldRight",
    "FieldSight",
    "Group",
    "Keep",
    "Letter",
    "LetterAct",
    "Letterhead",
    "Level",
    "Named",
    "Office",
    "Officer",
    "Outcome",
    "OwnCalendar",
    "PaperState",
    "Past",
    "PauseOwner",
    "PauseReason",
    "Priority",
    "Program",
    "Purpose",
    "Reach",
    "RecordAct",
    "RecordType",
    "Retention",
    "Role",
    "Rung",
    "Scenario",
    "ScenarioStep",
    "Schema",
    "Screen",
    "Sector",
    "ServiceStandard",
    "Sight",
    "Signer",
    "Sop",
    "SopSheet",
    "StepRight",
    "Texts",
    "View",
    "Waiting",
    "Weekday",
    "canonical",
    "digest",
    "json_schema",
]
