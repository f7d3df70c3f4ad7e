"""What all reference pages share: the note at their top and the cells of their tables."""

from __future__ import annotations

NOTE = "<!-- Made by script/docs; do not edit. -->\n\n"


def cell(text: str) -> str:
    """Returns a text that may stand in a table."""
    return text.replace("|", "\\|")
