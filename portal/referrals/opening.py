"""A referral is made out: its code and PIN for the letter, its row with what was known, its event."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal import qr
from portal.facts import today
from portal.referrals.base import Place, told, until
from portal.referrals.codes import Pair, kept, new_code, new_pin
from portal.referrals.frozen import freeze
from portal.referrals.moving import limit
from portal.schema import Schema
from portal.steps import OpenReferral
from portal.tables import Case, IssuedLetter, Referral

PAGE, TICKET = "referral", "ticket"
"""The purposes of PINs."""
LASTS = 60
"""How many days the page of a letter answers that says no time of validity itself."""


def new_pair() -> Pair:
    """Returns a code and PIN for a letter that is about to be issued."""
    return Pair(code=new_code(), pin=new_pin())


def web_of(schema: Schema) -> str | None:
    """Returns the address of this portal for people outside, None where the office has not said it."""
    return str(schema.office.web) if schema.office.web else None


def page_part(schema: Schema, pair: Pair) -> dict[str, Any]:
    """Returns what a referral letter prints of the page that answers it, and of the slip below."""
    web = web_of(schema)
    address = f"{web}/rujukan/{pair.code}" if web else None
    path, size = qr.drawn(address) if address else (None, None)
    return {
        "code": pair.code,
        "pin": pair.pin,
        "address": address,
        "qr": path,
        "qr_size": size,
        "reasons": [each.label for each in schema.reasons.values()],
    }


def ticket_part(schema: Schema, pair: Pair) -> dict[str, Any]:
    """Returns what a slip prints for the resident."""
    web = web_of(schema)
    return {"code": pair.code, "pin": pair.pin, "address": f"{web}/lacak" if web else None}


def open_referral(
    at: Place, case: Case, effect: OpenReferral, letter: IssuedLetter, step: str, pair: Pair, *, agreed: bool
) -> Referral:
    """Adds the row of a referral whose letter was just issued, and its event."""
    known = at.live.schema.known.destinations.get(effect.destination)
    usual = (known.reply_within if known else None) or at.live.schema.office.clocks.referral
    row = Referral(
        case_id=case.id,
        destination=effect.destination,
        letter_id=letter.id,
        issued_at=at.now,
        changed_at=at.now,
        reply_due_at=until(at, case, effect.reply_within or usual),
        step=step,
        frozen=freeze(at, case, effect.destination, letter, agreed),
        page_code=pair.code,
        page_secret=kept(at.session, PAGE, pair),
        page_until=holds_until(at, letter),
    )
    row.act_by = limit(at, row, case, "issued")
    at.session.add(row)
    at.session.flush()
    told(at, row, "referral-opened", {"number": letter.number})
    return row


def holds_until(at: Place, letter: IssuedLetter) -> datetime:
    """Returns the end of the last day on which the page of a letter answers."""
    zone = ZoneInfo(at.live.schema.office.time_zone)
    day = letter.valid_until or today(at.live.schema, at.now) + timedelta(days=LASTS)
    return datetime.combine(day, time(23, 59, 59), zone)


def renew_page(at: Place, referral: Referral) -> Pair:
    """Gives the page of a letter a new PIN, in place of the one that was printed or guessed at too often."""
    pair = Pair(code=referral.page_code or new_code(), pin=new_pin())
    referral.page_code, referral.page_secret = pair.code, kept(at.session, PAGE, pair)
    referral.page_failures = 0
    referral.version += 1
    told(at, referral, "referral-pin-renewed", {})
    return pair


def give_ticket(at: Place, case: Case) -> Pair:
    """Gives a case a ticket code, once and for all, and a new PIN; whoever calls writes the event."""
    pair = Pair(code=case.ticket_code or new_code(), pin=new_pin())
    case.ticket_code, case.ticket_secret = pair.code, kept(at.session, TICKET, pair)
    case.ticket_failures = 0
    return pair
