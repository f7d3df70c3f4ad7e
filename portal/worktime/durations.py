"""Limits as YAML has them: an amount of one unit, such as `3 working days`, never converted into another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

Unit = Literal["working days", "working hours", "days", "hours"]

_LIMIT = re.compile(r"(?P<amount>[0-9]{1,6})\s+(?P<working>working\s+)?(?P<unit>day|hour)s?")


class WorktimeError(ValueError):
    """A limit, opening hours or a calendar that gives no due date; `code` has words, `values` fill them."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values: Mapping[str, str] = values


class DurationError(WorktimeError):
    """A text that is not a limit, or a limit of no length."""


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A limit: an amount of one unit, never converted into another one."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuses a limit without length."""
        if self.amount < 1:
            raise DurationError("duration-zero", value=str(self))

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Reads `3 working days`, `1 working day`, `4 working hours`, `3 days` or `24 hours`.

        Raises:
            DurationError: `duration-form` or `duration-zero`.
        """
        match = _LIMIT.fullmatch(text.strip())
        if match is None:
            raise DurationError("duration-form", value=text)
        unit = f"{'working ' if match['working'] else ''}{match['unit']}s"
        return cls(amount=int(match["amount"]), unit=cast(Unit, unit))

    def __str__(self) -> str:
        """Returns the form in which YAML has it, such as `3 working days`."""
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"
