"""Documents: a checklist of papers that are brought, to follow, or not needed because."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import Id
from portal.steps.base import DocumentNeed, StepType


class DocumentsStep(StepType):
    """Is complete once every required document is there or noted as to follow."""

    type: Literal["documents"]
    documents: dict[Id, DocumentNeed] = Field(
        min_length=1,
        description="Documents that this step asks for.",
        examples=[{"ktp": "required", "kk": "optional"}],
    )
