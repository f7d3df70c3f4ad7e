"""People who log in: invitations, passphrases, second factors, sessions, roles for a time, emergencies.

A drawer with one file for each part; what other modules use most stands here by name.
"""

from __future__ import annotations

from portal.accounts.base import find, grants_of, holds
from portal.accounts.entering import Attempt, Entered, Policy, Wait, enter, log_in, policy_of, rules_of
from portal.accounts.passwords import SHORTEST_PASSWORD, Rules, WeakPassword
from portal.accounts.people import LoginTaken, create, disable, matches, reopen, set_grants, set_password
from portal.accounts.sessions import (
    IDLE,
    LOCK_AFTER,
    LONGEST,
    SEEN_EVERY,
    Visitor,
    log_out,
    note_use,
    visitor,
)

__all__ = [
    "IDLE",
    "LOCK_AFTER",
    "LONGEST",
    "SEEN_EVERY",
    "SHORTEST_PASSWORD",
    "Attempt",
    "Entered",
    "LoginTaken",
    "Policy",
    "Rules",
    "Visitor",
    "Wait",
    "WeakPassword",
    "create",
    "disable",
    "enter",
    "find",
    "grants_of",
    "holds",
    "log_in",
    "log_out",
    "matches",
    "note_use",
    "policy_of",
    "reopen",
    "rules_of",
    "set_grants",
    "set_password",
    "visitor",
]
