"""Why somebody did something, in their own words: kept as a value of the event, so that it can be erased."""

from __future__ import annotations

from collections.abc import Mapping

from portal.events import Pair

REASON = "act.reason"
"""Under which name the reason of an act stands among the values of its event."""


def because(reason: str) -> Mapping[str, Pair]:
    """Returns a reason as a value of an event, none when there is none."""
    return {REASON: (None, reason)} if reason else {}
