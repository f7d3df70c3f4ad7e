"""Saved views of the worklist: what an office wants to see with one click, by role."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import AreaCode, Definition, Id, Text
from portal.steps import Stage

Group = Literal["late", "today", "next", "waiting", "free"]
"""Past its due date; due today; due later; waiting for somebody outside; not taken by anyone yet."""
Waiting = Literal["resident", "agency", "register"]
StepKind = Literal[
    "form",
    "documents",
    "check",
    "visit",
    "decision",
    "letter",
    "referral",
    "approval",
    "wait",
    "outcome",
]


class View(Definition):
    """One saved view: whatever is left out is not looked at; several values hold together."""

    label: Text = Field(description="What the view is called.")
    roles: tuple[Id, ...] = Field((), description="Who is offered it; everybody when left out.")
    group: Group | None = Field(None, description="late, today, next, waiting or free (not taken yet).")
    program: Id | None = Field(None, description="Only cases of this programme.")
    step: StepKind | None = Field(None, description="Only steps of this kind, such as visit.")
    stage: Stage | None = Field(None, description="Only cases at this station.")
    waits_for: Waiting | None = Field(None, description="Only what waits for resident, agency or register.")
    priority: Id | None = Field(None, description="Only cases of this priority.")
    area: AreaCode | None = Field(None, description="Only cases of this area and below.")
