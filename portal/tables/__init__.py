"""Our own tables: releases, accounts, cases and their tasks, events, referrals, letters, counters.

They are the same in every office; what an office declares in YAML becomes tables in `models`. Instants are
stored in UTC. Areas are Kemendagri codes as text, compared byte by byte so that a scope is an index range.
"""

from __future__ import annotations

from portal.tables.base import NAMING, Base, BigKey, Instant
from portal.tables.clocks import CasePause, Clock, ClockLevel, Notice, Sweep
from portal.tables.duties import Breach, Consent, Correction, Erased, Erasure
from portal.tables.entrance import (
    Attempts,
    Emergency,
    Identity,
    Invitation,
    PastPassword,
    RecoveryCode,
    SecondFactor,
)
from portal.tables.evidence import AccessLog, ChainHead, Counter, Event, EventValue
from portal.tables.handling import CaseNeed, CaseTransfer
from portal.tables.lines import Draft, FieldRecord
from portal.tables.notes import Note, Photo
from portal.tables.papers import (
    LetterCheck,
    LetterDraft,
    LetterFile,
    LetterMark,
    PrintItem,
    PrintJob,
    ReservedNumber,
)
from portal.tables.people import Account, Grant, Submission, WebSession
from portal.tables.rules import Release, RuleDraft, SopVersion
from portal.tables.screening import Screening
from portal.tables.twins import MatchKey, Merge, MergeKept, Twin
from portal.tables.work import Case, CaseDocument, IssuedLetter, Referral, Task

__all__ = [
    "NAMING",
    "AccessLog",
    "Account",
    "Attempts",
    "Base",
    "BigKey",
    "Breach",
    "Case",
    "CaseDocument",
    "CaseNeed",
    "CasePause",
    "CaseTransfer",
    "ChainHead",
    "Clock",
    "ClockLevel",
    "Consent",
    "Correction",
    "Counter",
    "Draft",
    "Emergency",
    "Erased",
    "Erasure",
    "Event",
    "EventValue",
    "FieldRecord",
    "Grant",
    "Identity",
    "Instant",
    "Invitation",
    "IssuedLetter",
    "LetterCheck",
    "LetterDraft",
    "LetterFile",
    "LetterMark",
    "MatchKey",
    "Merge",
    "MergeKept",
    "Note",
    "Notice",
    "PastPassword",
    "Photo",
    "PrintItem",
    "PrintJob",
    "RecoveryCode",
    "Referral",
    "Release",
    "ReservedNumber",
    "RuleDraft",
    "Screening",
    "SecondFactor",
    "SopVersion",
    "Submission",
    "Sweep",
    "Task",
    "Twin",
    "WebSession",
]
