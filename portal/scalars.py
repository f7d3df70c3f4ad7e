"""The kinds of raw scalar that the YAML language knows, as pydantic types that take text as it was typed.

A scalar keeps its characters until its declared kind reads it: `010` is a text where a text is meant and a
mistake where a whole number is meant. The same types read the canonical JSON of a stored Release.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from portal.worktime import Duration, DurationError

ID_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
AREA_PATTERN = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$"


class Definition(BaseModel):
    """The base of everything that YAML defines: immutable, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _text(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("text-empty", "empty text")
    return value


def _id(value: str) -> str:
    if not re.fullmatch(ID_PATTERN, value):
        raise PydanticCustomError("id-malformed", "malformed id")
    return value


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise PydanticCustomError("not-a-flag", "neither true nor false")
    return value == "true"


def _whole(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"0|-?[1-9][0-9]{0,17}", value):
            raise PydanticCustomError("not-a-whole-number", "not a whole number")
        return int(value)
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            _no_day()
        try:
            return date.fromisoformat(value)
        except ValueError:
            _no_day()
    return value


def _no_day() -> NoReturn:
    raise PydanticCustomError("not-a-date", "not an ISO date")


def _time(value: object) -> object:
    if isinstance(value, str):
        match = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", value)
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            raise PydanticCustomError("time-malformed", "not a time of day")
        return time(int(match[1]), int(match[2]))
    return value


def _area(value: str) -> str:
    if not re.fullmatch(AREA_PATTERN, value):
        raise PydanticCustomError("area-malformed", "malformed area code")
    return value


Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number"]})]
"""Any words, on one line or several; never empty."""
Id = Annotated[str, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": ID_PATTERN})]
"""A name in the language: lower case letters, digits, hyphen or underscore, at most 40."""
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
"""`true` or `false`, nothing else."""
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer"})]
"""A whole number without leading zeros."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date as `2026-11-22`."""
TimeOfDay = Annotated[
    time,
    BeforeValidator(_time),
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,2}[:.][0-9]{2}$"}),
]
"""A time of day as `14:00`."""
AreaCode = Annotated[
    str, AfterValidator(_area), WithJsonSchema({"type": ["string", "number"], "pattern": AREA_PATTERN})
]
"""A Kemendagri area code with dots, `18`, `18.10`, `18.10.03` or `18.10.03.2007`."""


def _within(value: object) -> Duration:
    if isinstance(value, Duration):
        return value
    try:
        return Duration.parse(str(value))
    except DurationError as error:
        raise PydanticCustomError(error.code, "no time limit", {**error.values}) from error


Within = Annotated[
    Duration,
    PlainValidator(_within),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+ (working days?|working hours?|days?|hours?)$"}),
]
"""A time limit: `3 working days`, `4 working hours`, `3 days`, `24 hours`."""
