"""What things are called on the screen: every name that a journey looks for, in one table."""

from __future__ import annotations

import re
from typing import Final

from portal.words import say_in


def word(slug: str) -> str:
    """Returns a sentence of the portal up to its first gap, as a reader sees it."""
    gap = "\0"
    text = say_in("id", slug, **dict.fromkeys(GAPS, gap))
    return text.partition(gap)[0].strip()


GAPS = ("next", "step", "number", "name", "label", "count", "role", "names", "at", "clock", "title")
MUST: Final = say_in("id", "screen-must")

LOG_IN_NAME, PASSWORD, LOG_IN = word("screen-login-name"), word("screen-password"), word("screen-log-in")
NEW_COMPLAINT = word("desk-new")
LOOK_UP = word("desk-look-up")
WHO = word("desk-who-label")
SOMEBODY_NEW = word("desk-who-new")
NOBODY = word("desk-who-anonymous")
REPORTED_BY_ANOTHER = word("desk-reporter-other")
MORE_PAPERS = word("desk-papers-more")
SAVE_COMPLAINT = word("desk-save-complaint")
SEARCH = word("screen-search-label")
SIMILAR = word("twin-cards")
KEPT = word("notice-case-kept")
CASES = word("desk-cases")
GIVE, GIVE_TO, GIVE_SAVE = word("desk-give"), word("desk-give-to"), word("desk-give-save")
STEP_NOW = word("desk-step-now")
TWINS = word("twin-cards")
STEP_DONE = word("notice-step-completed")
COMPLETE = (word("desk-complete"), word("desk-complete-final"))
CLOSED = word("desk-closed")
PAPERS = {state: word(f"paper-{state}") for state in ("brought", "to-follow", "not-needed")}
DAY, MONTH, YEAR = word("screen-day"), word("screen-month"), word("screen-year")
HOUSEHOLD, REPORTER, REPORTER_RELATION = "household-kk", "reporter_name", "reporter_relation"


def called(label: str) -> re.Pattern[str]:
    """Returns what a label reads like, with or without the mark of what must be filled in."""
    return re.compile(rf"^\s*{_literal(label.strip())}\W*({re.escape(MUST)}\W*)?$")


def begins(*texts: str) -> re.Pattern[str]:
    """Returns what begins in one of these ways."""
    return re.compile(rf"^\s*({'|'.join(_literal(each) for each in texts)})")


def _literal(text: str) -> str:
    """A text as a pattern; Playwright writes patterns between slashes."""
    return re.escape(text).replace("/", r"\/")
