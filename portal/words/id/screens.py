"""Indonesian sentences of one part of the portal: screens."""

from __future__ import annotations

WORDS: dict[str, str] = {}
