"""A check in a register outside the portal: without an interface, a person looks and records the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from portal.fields import ChoiceField, DateField, FieldType, NumberField, TextField
from portal.scalars import Id, Within
from portal.steps.base import Lists, StepType
from portal.words import say

RESULTS = ("registered", "not-found", "not-matching", "not-checked", "system-down")
"""What a register can answer; the last two are no answer about the resident."""


class CheckStep(StepType):
    """Records whether the resident stands in a register and in which decile, and who looked when."""

    type: Literal["check"]
    source: Id = Field(
        description="The register that is looked up; it names an entry of registers.", examples=["dtsen"]
    )

    stale_after: Within | None = Field(
        None,
        description="How long the result holds, counted from the date of the check. Then letters and "
        "referrals that rest on it wait for a new check, and `registry.stale` is true.",
        examples=["30 days"],
    )

    def own_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        results = {result: say(f"check-{result}") for result in RESULTS}
        return {
            "result": ChoiceField(type="choice", label=say("check-result"), choices=results, required=True),
            "decile": NumberField(
                type="number", label=say("check-decile"), help=say("check-decile-help"), min=1, max=10
            ),
            "checked_on": DateField(type="date", label=say("check-checked-on"), required=True),
            "checked_by": TextField(type="text", label=say("check-checked-by"), max_length=120),
        }
