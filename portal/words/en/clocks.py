"""English sentences of one part of the portal: clocks, pauses and notices."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "due-day-named": "day {number}: {day} ({name})",
    "due-hours-named": "{day}: {counted} ({name})",
    "due-skipped-pause": "{day} skipped: the clock stood still ({name})",
    "due-paused": "{day}: {counted} not counted: the clock stood still ({name})",
    "due-paused-clock": "from {moment}: {number} minutes not counted, the clock stood still ({name})",
    "due-cut-off": "received after {clock}: counts as received on {day}",
    "due-cut-off-day-off": "received on a day off: counts as received on {day}",
    "due-year-unknown": "the holidays of {number} are not known yet: this date may move",
    "due-window": "window of day {number}: {day}",
}
