"""A letter to be printed, what it may take, and what can come of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from portal.press import Printed, PrintRefused


class PrintStopped(Exception):
    """A letter took too long or too much, or the printer broke; nothing was printed. `code` has words."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason
        """What broke, for developers: the name of an error or a signal."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one letter may take besides time on the clock."""

    processor: int = 20
    """Seconds of a processor."""
    memory: int = 1024**3
    """Bytes of address space."""
    pages: int = 100
    size: int = 10_000_000
    """Bytes of the PDF."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A letter to be printed."""

    html: str
    assets: Path
    attach: bytes | None = None
    """Data as JSON that travel inside."""
    roll: tuple[str, int] | None = None
    """The style and the width in millimetres of a slip on paper from a roll."""


Outcome = Printed | PrintRefused | PrintStopped | FileNotFoundError


@dataclass(frozen=True, kw_only=True)
class Order:
    """A job in a queue, and where its outcome goes."""

    job: Job
    seconds: float
    limits: Limits
    outcome: Future[Outcome] = field(default_factory=Future)

    def message(self) -> dict[str, Any]:
        """Returns what a printer is told."""
        job, attach = self.job, self.job.attach
        return {
            "html": job.html,
            "assets": str(job.assets),
            "attach": None if attach is None else base64.b64encode(attach).decode(),
            "roll": job.roll,
            "limits": {"seconds": self.seconds, **asdict(self.limits)},
        }


def outcome_of(answer: Mapping[str, Any]) -> Outcome:
    """Returns what a printer's answer means."""
    if "refused" in answer:
        return PrintRefused(tuple(answer["refused"]))
    if "absent" in answer:
        return FileNotFoundError(2, "", answer["absent"])
    if "stopped" in answer:
        return PrintStopped(answer["stopped"], answer.get("reason", ""))
    made = answer["printed"]
    data = base64.b64decode(made["data"])
    return Printed(**{**made, "data": data, "warnings": tuple(made["warnings"])})
