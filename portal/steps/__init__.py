"""The kinds of step; to add one: copy a file, name it in the list below."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator

from portal.steps.approval import ApprovalStep
from portal.steps.base import (
    CloseCase,
    DocumentNeed,
    DocumentRule,
    Effect,
    IssueLetter,
    Leads,
    Lists,
    Lookup,
    OpenReferral,
    RecordReply,
    Stage,
    StepType,
    WriteRecord,
)
from portal.steps.check import CheckStep
from portal.steps.decision import DecisionStep
from portal.steps.documents import DocumentsStep
from portal.steps.form import FormStep
from portal.steps.letter import LetterStep
from portal.steps.outcome import OutcomeStep
from portal.steps.parallel import ParallelStep, branch_of, group_of
from portal.steps.referral import ReferralStep
from portal.steps.visit import VisitStep
from portal.steps.wait import WaitStep

AnyStep = Annotated[
    FormStep
    | DocumentsStep
    | CheckStep
    | VisitStep
    | DecisionStep
    | ParallelStep
    | LetterStep
    | ReferralStep
    | ApprovalStep
    | WaitStep
    | OutcomeStep,
    Discriminator("type"),
]
"""Every kind of step, told apart by its `type`."""

__all__ = [
    "AnyStep",
    "ApprovalStep",
    "CheckStep",
    "CloseCase",
    "DecisionStep",
    "DocumentNeed",
    "DocumentRule",
    "DocumentsStep",
    "Effect",
    "FormStep",
    "IssueLetter",
    "Leads",
    "LetterStep",
    "Lists",
    "Lookup",
    "OpenReferral",
    "OutcomeStep",
    "ParallelStep",
    "RecordReply",
    "ReferralStep",
    "Stage",
    "StepType",
    "VisitStep",
    "WaitStep",
    "WriteRecord",
    "branch_of",
    "group_of",
]
