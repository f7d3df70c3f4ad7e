"""What a letter prints so that anybody can check it: a code with its QR, and a statement that is signed.

The code leads to a public page; it is drawn at random and kept as a keyed hash only. The statement is checked
without a network, with the office's public key. Neither is the official's electronic signature.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import keys, numbering, qr, seals
from portal.codes import Shape
from portal.indonesian import nama_samar
from portal.schema import Letter, Schema, digest
from portal.tables import Counter

CODE = Shape(groups=4, size=4)
"""Eighty bits: nobody guesses one."""
PAGE, SHORT = "/periksa", "/v"
"""Where somebody types a code or gives a file, and where the QR code leads."""
_SEALS, _EVER = "letter-seal", numbering.EVER
NO_PROOF: Mapping[str, object] = dict.fromkeys(
    ("signing", "check_code", "check_address", "qr", "qr_size", "statement", "statement_qr", "statement_size")
)
"""What a letter prints that cannot be checked, such as a draft."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What makes a letter checkable."""

    printed: Mapping[str, object] = field(default_factory=lambda: NO_PROOF)
    check_digest: str | None = None
    statement: str | None = None


def prove(
    session: Session,
    schema: Schema,
    letter: Letter,
    area: str,
    data: Mapping[str, Any],
    *,
    number: str | None,
) -> Proof:
    """Returns what a letter that is being issued prints for its check, nothing unless it has a number.

    Args:
        area: of the office that issues it.
        data: what it says, in full.

    Raises:
        KeyMissing: there is no secret.
    """
    if number is None or not letter.check:
        return Proof()
    code = CODE.new()
    web = str(schema.office.web) if schema.office.web else None
    path, size = qr.drawn(scanned(web, code)) if web else (None, None)
    sealed = _sealed(session, area, data) if letter.offline_check else None
    drawing, side = qr.drawn(sealed) if sealed else (None, None)
    printed = {
        "signing": None,
        "check_code": code,
        "check_address": f"{web}{PAGE}" if web else None,
        "qr": path,
        "qr_size": size,
        "statement": sealed,
        "statement_qr": drawing,
        "statement_size": side,
    }
    return Proof(printed=printed, check_digest=check_digest(session, code), statement=sealed)


def scanned(web: str, code: str) -> str:
    """Returns the address in the QR code, in capitals where that means the same: the code becomes smaller."""
    address, plain = urlsplit(web), code.replace("-", "")
    if address.path:
        return f"{web}{SHORT}/{plain}"
    return f"{web}{SHORT}/{plain}".upper()


def check_digest(session: Session, code: str) -> str:
    """Returns the hash under which a code is kept."""
    engine: Engine = session.get_bind().engine
    return hmac.new(keys.derive(engine, "letter check"), code.encode(), sha256).hexdigest()


def generation(session: Session) -> int:
    """Returns which of the office's keys signs now, 0 for the first."""
    query = select(Counter.value).where(Counter.series == _SEALS, Counter.period == _EVER)
    return session.scalar(query) or 0


def renew_seal(session: Session) -> int:
    """Lets a new key sign from now on and returns its generation; the caller writes the event and commits."""
    return numbering.draw(session, series=_SEALS, period=_EVER)


def public_keys(session: Session) -> Mapping[str, bytes]:
    """Returns the public keys of all generations by their names, the newest last.

    Raises:
        KeyMissing: there is no secret.
    """
    engine: Engine = session.get_bind().engine
    made = (seals.public_key(engine, each) for each in range(generation(session) + 1))
    return {seals.key_id(public): public for public in made}


def _sealed(session: Session, area: str, data: Mapping[str, Any]) -> str:
    engine, now = session.get_bind().engine, generation(session)
    said, whole = data["letter"], json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    name = (data.get("resident") or {}).get("name")
    statement = seals.Statement(
        key=seals.key_id(seals.public_key(engine, now)),
        area=area,
        number=str(said["number"]),
        date=str(said["date"]),
        kind=str(said["title"]),
        person=nama_samar(name).replace("•", "*") if name else "",
        valid_until=str(said["valid_until"] or ""),
        content=digest(whole)[:16],
    )
    return seals.seal(engine, now, statement)
