"""The second factor: six digits of an authenticator app (TOTP, RFC 6238), or one of ten recovery codes."""

from __future__ import annotations

import hashlib
import hmac
import io
import secrets
from base64 import b64decode, b64encode
from datetime import datetime

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.accounts import sessions
from portal.accounts.base import note, oneself
from portal.schema import Role, Schema
from portal.tables import Account, RecoveryCode, SecondFactor

CODES = 10
STEP = 30
"""Seconds for which the app shows a code; the one before and after are accepted too, as clocks differ."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GUARDED = ("accounts", "releases", "publish")
_NONCE = 12


def needed(schema: Schema, actor: Actor) -> bool:
    """Tells whether a person's roles need a second factor: who publishes, exports or manages accounts."""
    return any(_is_guarded(schema.roles[each.role]) for each in actor.grants if each.role in schema.roles)


def _is_guarded(role: Role) -> bool:
    exports = any("export" in acts for acts in role.records.values())
    return exports or any(act in role.may for act in _GUARDED)


def sealed(key: bytes, text: str, what: str) -> str:
    """Encrypts a text for the database (AES-GCM); `what` binds it to the row that it belongs to."""
    nonce = secrets.token_bytes(_NONCE)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), what.encode())).decode()


def unsealed(key: bytes, kept: str, what: str) -> str | None:
    """Decrypts what `sealed` made, None when the key or the row is another."""
    raw = b64decode(kept)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], what.encode()).decode()
    except InvalidTag:
        return None


def start(session: Session, account: Account, key: bytes) -> None:
    """Makes a secret for an account's app; it counts once a code has proved that the app has it."""
    known = session.get(SecondFactor, account.id)
    secret = sealed(key, pyotp.random_base32(), _row(account.id))
    if known is None:
        session.add(SecondFactor(account_id=account.id, secret=secret))
    elif known.since is None:
        known.secret = secret


def _row(account_id: int) -> str:
    return f"second-factor {account_id}"


def pending(session: Session, account_id: int, key: bytes) -> str | None:
    """Returns the secret that an account's app is to be given, None when it has it or none was made."""
    known = session.get(SecondFactor, account_id)
    return unsealed(key, known.secret, _row(account_id)) if known and known.since is None else None


def picture(secret: str, login: str, office: str) -> bytes:
    """Returns the secret as a QR code for the app, an SVG file."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=office)
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=4, light="#ffffff", xmldecl=True)
    return out.getvalue()


def confirm(
    session: Session, account: Account, code: str, key: bytes, now: datetime
) -> tuple[str, ...] | None:
    """Begins to ask an account for its app, once a code shows that it works; returns the recovery codes."""
    known = session.get(SecondFactor, account.id, with_for_update=True)
    if known is None or known.since is not None or not _shows(known, code, key, now):
        return None
    known.since = now
    note(session, account.id, "factor-set", oneself(account), now)
    return fresh_codes(session, account, key, now)


def fresh_codes(session: Session, account: Account, key: bytes, now: datetime) -> tuple[str, ...]:
    """Makes ten recovery codes in place of those before; they are shown once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = tuple(f"{_some(5)}-{_some(5)}" for _ in range(CODES))
    session.add_all(RecoveryCode(account_id=account.id, code=_kept(key, each)) for each in codes)
    note(session, account.id, "recovery-codes-made", oneself(account), now)
    return codes


def _some(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def _kept(key: bytes, code: str) -> str:
    plain = "".join(each for each in code.lower() if each.isalnum())
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def accepted(session: Session, account: Account, code: str, key: bytes, now: datetime) -> bool:
    """Tells whether a code is the app's of this minute or a recovery code; either counts only once."""
    known = session.get(SecondFactor, account.id, with_for_update=True)
    if known is None or known.since is None:
        return False
    return _shows(known, code, key, now) or _recovers(session, account, code, key, now)


def _shows(known: SecondFactor, code: str, key: bytes, now: datetime) -> bool:
    digits = "".join(code.split())
    secret = unsealed(key, known.secret, _row(known.account_id))
    if secret is None or len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return False
    made, here = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    for step in (here, here - 1, here + 1):
        if step > known.last_step and hmac.compare_digest(made.at(step * STEP), digits):
            known.last_step = step
            return True
    return False


def _recovers(session: Session, account: Account, code: str, key: bytes, now: datetime) -> bool:
    unused = (RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    same = select(RecoveryCode).where(*unused, RecoveryCode.code == _kept(key, code)).with_for_update()
    found = session.scalars(same).first()
    if found is None:
        return False
    found.used_at = now
    note(session, account.id, "recovery-code-used", oneself(account), now)
    return True


def codes_left(session: Session, account_id: int) -> int:
    """Returns how many recovery codes an account has left."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def since(session: Session, account_id: int) -> datetime | None:
    """Returns since when an account has a second factor, None without one."""
    known = session.get(SecondFactor, account_id)
    return known.since if known else None


def reset(session: Session, account: Account, *, actor: Actor, now: datetime, but: int | None = None) -> None:
    """Takes the second factor away, for a lost phone, and ends the account's sessions.

    Args:
        but: the session of its owner, who does so to set up another phone.
    """
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    sessions.end(session, account.id, now, but=but)
    note(session, account.id, "factor-reset", actor, now)
