"""English sentences of one part of the portal: the page of a case."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "case-paper-by": "by {day}",
    "case-paper-day": "To follow by (day-month-year)",
    "case-paper-day-for": "Date by which {label} is to follow, such as 22-11-2026",
    "case-paper-day-wrong": '{label}: "{text}" is no date. Write day-month-year, such as 22-11-2026.',
    "case-still": "Before this step can be completed, this is still needed:",
    "case-ahead-when": "if {when}",
    "case-ahead-or": " or ",
    "case-household": "Same household",
    "case-household-none": "No other resident is recorded in this household.",
    "case-others": "Other cases",
    "case-others-none": "No other cases of this resident or household.",
    "case-history-narrow": "Narrow the history",
    "case-history-all": "All",
    "case-history-steps": "Steps",
    "case-history-papers": "Documents",
    "case-history-letters": "Letters",
    "case-history-referrals": "Referrals",
    "case-history-notes": "Notes",
    "case-history-none": "Nothing about that has been recorded yet. Choose All to see the whole history.",
    "ahead-otherwise": "no other condition holds",
    "ahead-depends": "the result of {step} says so",
    "ahead-age": "Age",
}
