"""A home visit: seen with own eyes, written down on the spot, kept as a record of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from portal.fields import DateField, FieldType, LongTextField, TextField, Value
from portal.scalars import Id
from portal.steps.base import Effect, Lists, StepType, WriteRecord
from portal.words import say


class VisitStep(StepType):
    """Records date, who was met and findings; with `record` it adds such a record to the resident."""

    type: Literal["visit"]
    record: Id | None = Field(None, description="The record type that keeps the visit, such as visit.")

    def own_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        return {
            "visited_on": DateField(type="date", label=say("visit-visited-on"), required=True),
            "met": TextField(type="text", label=say("visit-met"), max_length=120),
            "findings": LongTextField(type="long-text", label=say("visit-findings"), required=True),
        }

    def effects(self, answers: Mapping[str, Value]) -> tuple[Effect, ...]:
        return (WriteRecord(record=self.record, values=dict(answers)),) if self.record else ()
