"""Programmes: whom each is for, what it asks, where complaints about it go."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.conditions import ConditionField
from portal.scalars import Day, Definition, Flag, Id, Text
from portal.schema.base import Texts
from portal.schema.privacy import RetentionField
from portal.steps import DocumentNeed


class Eligibility(Definition):
    """One rule of a programme, with the words for both answers; an indication, never a decision."""

    when: ConditionField = Field(description="The condition on registry, resident and answers.")
    says: Text = Field(description="The rule in plain words.")
    otherwise: Text = Field(description="What to do when it does not hold.")
    legal_basis: Text | None = Field(None, description="The regulation that sets the rule.")
    valid_from: Day | None = Field(None, description="The first day on which the rule holds.")
    valid_until: Day | None = Field(None, description="The last day on which the rule holds.")
    to_verify: Text | None = Field(
        None, description="What the district must confirm, and where the figure came from."
    )


class Benefit(Definition):
    """What a programme gives."""

    amount: Text = Field(description="Amount and period as people say it.")
    source: Text | None = Field(None, description="Where the figure comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")


class Program(Definition):
    """A programme: whom it is for, what it asks, where complaints about it go."""

    label: Text = Field(description="The official name.")
    short: Text | None = Field(None, description="The abbreviation that people use.")
    sector: Id = Field(description="Its sector.")
    owner: Text = Field(description="The agency that decides.")
    status: Literal["active", "ended"] = Field("active", description="An ended programme takes no new cases.")
    description: Text | None = Field(None, description="What it is, for clerks.")
    benefit: Benefit | None = Field(None, description="What it gives.")
    legal_basis: Texts = Field((), description="Regulations.")
    valid_from: Day | None = Field(None, description="The first day of this description.")
    valid_until: Day | None = Field(None, description="The last day.")
    eligibility: dict[Id, Eligibility] = Field({}, description="Its rules, by id.")
    documents: dict[Id, DocumentNeed] = Field({}, description="What the resident brings.")
    complaints: tuple[Id, ...] = Field((), description="Kinds of complaint about it.")
    sop: Id | None = Field(None, description="The SOP that a case follows.")
    destination: Id | None = Field(None, description="Where the case is referred to.")
    letter: Id | None = Field(None, description="The letter it is referred with.")
    retention: RetentionField | None = Field(
        None, description="How long the personal data of its closed cases stay; else the office's time."
    )
    source: Text | None = Field(None, description="Where this description comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )
