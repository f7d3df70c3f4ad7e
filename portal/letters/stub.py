"""A letter whose data were erased -> the sheet in its place: number, kind and date, nothing of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from portal import press, pressroom, templating
from portal.releases import Live
from portal.tables import IssuedLetter

FOLDER = Path(__file__).parent / "stub"
ERASED = "erased"
"""The one key of the data of an erased letter."""


def stub_data(live: Live, issued: IssuedLetter, now: datetime) -> dict[str, Any]:
    """Returns what stays of a letter's data: what it was and the digest of what was printed."""
    known = live.schema.known.letters.get(issued.letter)
    said = {
        "office": live.schema.office.label,
        "label": known.label if known else issued.letter,
        "number": issued.number or "",
        "issued": issued.issued_at.date().isoformat(),
        "erased": now.date().isoformat(),
        "digest": issued.pdf_digest or "",
    }
    return {ERASED: said}


def is_erased(data: Mapping[str, Any]) -> bool:
    """Tells whether a letter's data are those of a sheet that took its place."""
    return set(data) == {ERASED}


def print_stub(data: Mapping[str, Any]) -> press.Printed:
    """Prints the sheet; the same data give the same bytes."""
    html = templating.render(templating.environment(FOLDER), "stub.html", data[ERASED])
    return pressroom.pdf(html, assets=press.SHEET)
