"""An approval: someone else looks at what was done and lets it pass or sends it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from portal.fields import ChoiceField, FieldType, LongTextField, Value
from portal.scalars import Id
from portal.steps.base import Leads, Lists, Lookup, StepType
from portal.words import say


class ApprovalStep(StepType):
    """Asks for approved or returned; a return leads to `returned` and needs its reason."""

    type: Literal["approval"]
    returned: Id = Field(description="The step to which a return leads.", examples=["draft"])

    def own_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        verdicts = {"approved": say("approval-approved"), "returned": say("approval-returned")}
        return {
            "verdict": ChoiceField(
                type="choice", label=say("approval-verdict"), choices=verdicts, required=True
            ),
            "reason": LongTextField(type="long-text", label=say("approval-reason")),
        }

    def leads(self, answers: Mapping[str, Value], lookup: Lookup) -> Leads:
        return Leads(to=self.returned if answers.get("verdict") == "returned" else self.go)

    def targets(self) -> tuple[str, ...]:
        return (self.returned, *super().targets())
