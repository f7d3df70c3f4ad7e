"""Indonesian sentences of one part of the portal: tables."""

from __future__ import annotations

WORDS: dict[str, str] = {}
