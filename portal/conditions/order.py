"""The order of numbers and dates, whether they come as values or as text; what a test compares with."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def ordered(value: object) -> Decimal | date | None:
    """Returns what a value is in an order of numbers or of dates; None for anything else."""
    if isinstance(value, date):
        return day_of(value)
    if isinstance(value, bool):
        return None
    text = format(value, "f") if isinstance(value, float | Decimal) else str(value).strip()
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    return _read_day(text)


def is_day(text: str) -> bool:
    """Tells whether a text is an ISO date."""
    return _read_day(text) is not None


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def order_of(a: Decimal | date, b: Decimal | date) -> int | None:
    """Returns -1, 0 or 1 as the first is below, at or above the second; None for a number beside a date."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return (a > b) - (a < b)
    if isinstance(a, date) and isinstance(b, date):
        return (a > b) - (a < b)
    return None


def day_of(value: date) -> date:
    """Returns the date of a date or of a moment."""
    return value.date() if isinstance(value, datetime) else value
