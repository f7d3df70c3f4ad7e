"""A decision: the answers so far choose the way on; nobody has to press anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from portal.conditions import ConditionField, evaluate
from portal.fields import Value
from portal.scalars import Definition, Id, Text
from portal.steps.base import Leads, Lookup, StepType


class Branch(Definition):
    """One way on and the condition under which it is taken."""

    when: ConditionField = Field(description="The condition on answers, resident or case.")
    go: Id = Field(description="The step that follows.")
    says: Text | None = Field(None, description="Why this way is taken, in the words of the case's history.")


class DecisionStep(StepType):
    """Takes the first branch whose condition holds, else `otherwise`; unknown is not yes."""

    type: Literal["decision"]
    choose: tuple[Branch, ...] = Field(
        min_length=1,
        description="Branches, tried in order.",
        examples=[[{"when": {"registry.decile": "1..5"}, "go": "referral"}]],
    )
    otherwise: Id = Field(description="The step that follows when no branch holds.", examples=["visit"])
    automatic: ClassVar[bool] = True

    def leads(self, answers: Mapping[str, Value], lookup: Lookup) -> Leads:
        for branch in self.choose:
            if evaluate(branch.when, lookup).answer == "yes":
                return Leads(to=branch.go, why=branch.says or "")
        return Leads(to=self.otherwise)

    def targets(self) -> tuple[str, ...]:
        return (*(branch.go for branch in self.choose), self.otherwise)

    def falls_through(self) -> bool:
        return False
