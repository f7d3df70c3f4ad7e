"""Indonesian sentences of one part of the portal: fields."""

from __future__ import annotations

WORDS: dict[str, str] = {}
