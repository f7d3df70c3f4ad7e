"""Codes and PINs of letters and slips: made, kept as keyed hashes, asked for with a growing wait.

A code says which, its PIN lets in. A PIN has six digits, so that it can be typed from paper; what keeps it
from being guessed is that few tries are looked at: five without a wait, then ever fewer, and after twenty
wrong ones nothing opens until somebody at the desk gives a new PIN. The key of the hash is elsewhere.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import keys
from portal.accounts import throttling
from portal.codes import Shape

CODE = Shape(groups=2, size=5)
"""Fifty bits."""
SHUT_AFTER = 20
"""So many wrong PINs, and only a new one opens."""
VISIT = timedelta(minutes=30)
"""How long somebody who gave the PIN may take to fill in what follows."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A code and its PIN, as they are printed once."""

    code: str
    pin: str


def new_code() -> str:
    """Returns a new code, such as `K7MQX-2FHTP`."""
    return CODE.new()


def new_pin() -> str:
    """Returns six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def typed_code(text: str) -> str:
    """Returns a code as it is kept, however somebody typed it; what is none matches nothing."""
    return CODE.typed(text)


def typed_pin(text: str) -> str:
    """Returns a PIN without the spaces that somebody typed between its digits."""
    return "".join(each for each in text if each.isascii() and each.isdigit())[:6]


def kept(session: Session, purpose: str, pair: Pair) -> str:
    """Returns the hash under which a PIN is kept."""
    return _mac(session, purpose, f"{pair.code}:{pair.pin}")


def opens(session: Session, purpose: str, pair: Pair, known: str | None) -> bool:
    """Tells whether a PIN is the one of a hash; without a hash it takes as long and is not."""
    made = kept(session, purpose, pair)
    return hmac.compare_digest(made, known or "0" * len(made)) and known is not None


def visit(session: Session, purpose: str, code: str, secret: str, now: datetime) -> str:
    """Returns what the forms behind a PIN carry in its place, for half an hour and until the PIN changes."""
    until = int((now + VISIT).timestamp())
    return f"{until}.{_mac(session, f'{purpose} visit', f'{code}:{secret}:{until}')}"


def visits(session: Session, purpose: str, code: str, secret: str, said: str, now: datetime) -> bool:
    """Tells whether a form comes from somebody who gave the PIN."""
    until, _, mac = said.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12) or int(until) < now.timestamp():
        return False
    made = _mac(session, f"{purpose} visit", f"{code}:{secret}:{int(until)}")
    return hmac.compare_digest(made.encode(), mac.encode())


def _mac(session: Session, purpose: str, text: str) -> str:
    engine: Engine = session.get_bind().engine
    return hmac.new(keys.derive(engine, f"pin {purpose}"), text.encode(), sha256).hexdigest()


def counted(purpose: str, code: str, address: str) -> tuple[str, str]:
    """Returns under which names a try is counted: the code, whether it is known or not, and the address."""
    return (
        throttling.counted_by("code", f"{purpose}:{code}"),
        throttling.counted_by("address", throttling.network(address)),
    )
