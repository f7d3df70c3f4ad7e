"""Indonesian sentences of one part of the portal: change."""

from __future__ import annotations

WORDS: dict[str, str] = {}
