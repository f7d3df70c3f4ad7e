"""English sentences of one part of the portal: language."""

from __future__ import annotations

WORDS: dict[str, str] = {}
