"""The reason that somebody types for looking at what is masked, or for opening a closed case again."""

from __future__ import annotations

from starlette.datastructures import FormData

from portal.fields.base import legible

SHORTEST, LONGEST = 8, 200
"""In characters; fewer say nothing."""


def reason_in(data: FormData) -> str:
    """Returns the reason that a form gives, empty when there is none to speak of."""
    said = " ".join(legible(str(data.get("reason", ""))).split())[:LONGEST]
    return said if len(said) >= SHORTEST else ""
