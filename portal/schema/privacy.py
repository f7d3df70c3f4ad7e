"""How long personal data stay, and what people are asked to agree to."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from portal.scalars import Definition, Text

KeepUnit = Literal["days", "months", "years"]
_KEEP = re.compile(r"([1-9][0-9]{0,3}) (day|month|year)s?")
LONGEST_YEARS = 100


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How long something is kept: an amount of days, months or years of the calendar."""

    amount: int
    unit: KeepUnit

    @classmethod
    def parse(cls, text: str) -> Keep:
        """Reads `5 years`, `6 months` or `90 days`.

        Raises:
            ValueError: it is none, or longer than a hundred years.
        """
        match = _KEEP.fullmatch(text.strip())
        if match is None:
            raise ValueError(text)
        made = cls(amount=int(match[1]), unit=cast(KeepUnit, f"{match[2]}s"))
        if made.after(date(2000, 1, 1)).year > 2000 + LONGEST_YEARS:
            raise ValueError(text)
        return made

    def after(self, day: date) -> date:
        """Returns the first day on which what ended on a day is no longer kept."""
        return self._moved(day, 1)

    def before(self, day: date) -> date:
        """Returns the last day whose data are no longer kept on a day; at most one day too early."""
        return self._moved(day, -1)

    def _moved(self, day: date, way: int) -> date:
        if self.unit == "days":
            return day + timedelta(days=way * self.amount)
        months = day.year * 12 + day.month - 1 + way * self.amount * (12 if self.unit == "years" else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))

    def __str__(self) -> str:
        """Returns the form in which YAML has it, such as `5 years`."""
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"


def _keep(value: object) -> Keep:
    if isinstance(value, Keep):
        return value
    try:
        return Keep.parse(str(value))
    except ValueError as error:
        raise PydanticCustomError("retention-form", "no time to keep", {"value": str(value)}) from error


KeepField = Annotated[
    Keep,
    PlainValidator(_keep),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[1-9][0-9]* (days?|months?|years?)$"}),
]
"""`5 years`, `6 months`, `90 days`."""


class Retention(Definition):
    """How long the personal data of a case stay after it was closed."""

    keep: KeepField = Field(description="Such as 5 years, 6 months or 90 days.")
    legal_basis: Text | None = Field(None, description="The regulation that sets the time.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")


def _retention(value: object) -> object:
    return {"keep": value} if isinstance(value, str) else value


RetentionField = Annotated[Retention, BeforeValidator(_retention, json_schema_input_type=str | Retention)]
"""`5 years`, or with its legal basis."""


class Purpose(Definition):
    """Something that is done with personal data only when the person agrees."""

    label: Text = Field(description="What the person agrees to, in plain words.")
    covers: Literal["sharing", "photos", "other"] = Field(
        "other", description="sharing: it is needed for referrals to destinations with consent: true."
    )
    withdrawal: Text = Field(description="What happens, and what does not, when the consent is withdrawn.")
    legal_basis: Text | None = Field(None, description="The regulation that asks for the consent.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
