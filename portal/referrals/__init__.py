"""Referrals as things of their own: made out, handed over, answered, served, confirmed; and the way back.

`states` holds the table of transitions, `moving` carries an act out, `opening` makes one out with the code
and PIN of its letter, `doors` lets agencies and residents in without an account, `reminders` says who waits.
"""

from __future__ import annotations

from portal.referrals.base import AGENCY, Lacking, Place, Said, Spot, Stale
from portal.referrals.moving import awaited, move, take_reply
from portal.referrals.opening import (
    give_ticket,
    new_pair,
    open_referral,
    page_part,
    renew_page,
    ticket_part,
    web_of,
)
from portal.referrals.reminders import Reminder, reminders
from portal.referrals.states import Illegal, NotYours, state_of

__all__ = [
    "AGENCY",
    "Illegal",
    "Lacking",
    "NotYours",
    "Place",
    "Reminder",
    "Said",
    "Spot",
    "Stale",
    "awaited",
    "give_ticket",
    "move",
    "new_pair",
    "open_referral",
    "page_part",
    "reminders",
    "renew_page",
    "state_of",
    "take_reply",
    "ticket_part",
    "web_of",
]
