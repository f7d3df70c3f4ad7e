"""A form: the answers that the SOP asks for, filled in by the role of the step."""

from __future__ import annotations

from typing import Literal

from portal.steps.base import StepType


class FormStep(StepType):
    """Asks its declared fields and documents, nothing else."""

    type: Literal["form"]
