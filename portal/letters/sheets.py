"""Sheets that the portal prints beside letters: the agenda book, and the slip that goes with a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from portal import press, pressroom, templating
from portal.indonesian import tanggal
from portal.letters.agenda import Entry
from portal.words import say_in

HERE = Path(__file__).parent


def book_lines(entries: Sequence[Entry]) -> Sequence[Mapping[str, str]]:
    """Returns the lines of an agenda book as people read them."""
    return [
        {
            "sequence": str(each.sequence or ""),
            "number": each.number,
            "on": tanggal(each.on) if each.on else "",
            "kind": each.kind,
            "about": "; ".join(dict.fromkeys(filter(None, (each.to, each.subject, each.reason)))),
            "fate": say_in("id", f"agenda-{each.fate}"),
        }
        for each in entries
    ]


def book_pdf(values: Mapping[str, Any]) -> bytes:
    """Returns the agenda book as PDF: `office`, `about`, `year`, `printed`, `heads` and `lines`."""
    return _printed("book", "agenda.html", values)


def copy_slip(values: Mapping[str, Any]) -> bytes:
    """Returns the slip of a copy as PDF: what `copyslip/slip.html` names."""
    return _printed("copyslip", "slip.html", values)


def _printed(folder: str, name: str, values: Mapping[str, Any]) -> bytes:
    html = templating.render(templating.fixed(HERE / folder), name, values)
    return pressroom.pdf(html, assets=press.SHEET).data
