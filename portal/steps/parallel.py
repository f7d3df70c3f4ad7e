"""Parallel branches: several ways are open at once, until all of them, or the first, come to one step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from portal.fields import Value
from portal.scalars import Id
from portal.steps.base import Leads, Lookup, StepType


class ParallelStep(StepType):
    """Opens the first step of every branch at once; where a branch leads to `go`, it has arrived."""

    type: Literal["parallel"]
    branches: tuple[Id, ...] = Field(
        min_length=2,
        description="The first step of each branch; each goes on by itself until it leads to `go`.",
        examples=[["referral", "identity"]],
    )
    join: Literal["all", "any"] = Field(
        "all",
        description="all: `go` follows once every branch has arrived; any: with the first one, and the open "
        "tasks of the others are withdrawn.",
    )
    go: Id = Field(description="The step at which the branches meet.", examples=["outcome"])
    automatic: ClassVar[bool] = True

    def leads(self, answers: Mapping[str, Value], lookup: Lookup) -> Leads:
        """Returns the first branch; the engine opens all of them."""
        return Leads(to=self.branches[0])

    def targets(self) -> tuple[str, ...]:
        return self.branches

    def falls_through(self) -> bool:
        return False


def branch_of(group: str, first: str) -> str:
    """Returns how tasks name the branch of a parallel step that begins with a step."""
    return f"{group}/{first}"


def group_of(branch: str) -> str:
    """Returns the id of the parallel step to which a branch belongs, empty outside of one."""
    return branch.partition("/")[0]
