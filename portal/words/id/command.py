"""Indonesian sentences of one part of the portal: command."""

from __future__ import annotations

WORDS: dict[str, str] = {}
