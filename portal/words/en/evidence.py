"""Sentences about evidence: the access log, the history of values, audits, and the trail of a person."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "screen-error-unlogged-title": "This page cannot be shown at the moment",
    "screen-error-unlogged": "Every time that people's data are opened must be written down, and at the moment that cannot be done. No data were opened. Try again in a moment; if it happens again, tell who runs the portal.",
}
