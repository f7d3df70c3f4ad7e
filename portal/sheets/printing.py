"""The values of a sheet -> its PDF; a job aid is set as large as one page lets it be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal import press, pressroom, templating
from portal.sheets.aid import aid_values
from portal.sheets.base import Facts, Kind
from portal.sheets.form import form_values
from portal.sheets.standard import standard_values
from portal.words import speaking

PAPER = Path(__file__).parent / "paper"
SIZES = (18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
"""The sizes of a job aid's letters in points, the largest first."""


def sheet_values(facts: Facts, kind: Kind, role: str = "") -> Mapping[str, Any]:
    """Returns what a sheet prints, in Indonesian: it is an official paper, whoever asks for it."""
    with speaking("id"):
        if kind == "aid":
            return aid_values(facts, role)
        return form_values(facts) if kind == "form" else standard_values(facts)


def sheet_html(kind: Kind, values: Mapping[str, Any]) -> str:
    """Returns the HTML of a sheet."""
    return templating.render(templating.fixed(PAPER), f"{kind}.html", values)


def sheet_pdf(facts: Facts, kind: Kind, role: str = "") -> press.Printed:
    """Prints a sheet of an SOP.

    Args:
        role: whose job aid it is; the other kinds need none.

    Raises:
        PrintStopped: it took too long, or the printer broke.
    """
    values = sheet_values(facts, kind, role)
    if kind != "aid":
        return pressroom.pdf(sheet_html(kind, values), assets=PAPER)
    low, high = 0, len(SIZES) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _aid(values, middle).pages == 1 else (middle + 1, high)
    return _aid(values, low)


def _aid(values: Mapping[str, Any], place: int) -> press.Printed:
    return pressroom.pdf(sheet_html("aid", {**values, "size": SIZES[place]}), assets=PAPER)
