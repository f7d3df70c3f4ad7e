"""Passphrases: how they are kept, and which are refused and why.

They are kept as argon2id hashes with the parameters of the OWASP Password Storage Cheat Sheet. What is
refused follows NIST SP 800-63B-4 and OWASP ASVS 5.0 (6.2): length and a list of known ones instead of
composition. An office that has to can switch on the profile `bssn`: composition, age and history.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from portal.accounts.known import is_common, is_leaked, plain_letters

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
REST = 8
"""How much must be left of a passphrase without the names of its owner and office."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe())
"""Checked when there is no such account, so that the answer takes as long."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a passphrase must be."""

    name: str = "nist"
    least: int = SHORTEST_PASSWORD
    mixed: bool = False
    """Whether it needs capital and small letters, digits and signs."""
    oldest: timedelta | None = None
    """After which time it has to be changed."""
    history: int = 0
    """How many earlier ones may not come back."""
    leaked: Path | None = None
    """A larger list than ours: sorted SHA-1 hashes, one a line."""


NIST = Rules()
BSSN = Rules(name="bssn", least=8, mixed=True, oldest=timedelta(days=90), history=5)
"""What offices under Peraturan BSSN 4/2021 commonly ask for.

to_verify: the regulation wants passwords to be managed securely; the figures are those of internal circulars
that refer to it (SNI ISO/IEC 27001 controls), and an office must compare them with its own.
"""
PROFILES = {rules.name: rules for rules in (NIST, BSSN)}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One reason why a passphrase is refused: a slug of words and its value."""

    slug: str
    least: int = 0


class WeakPassword(ValueError):
    """The passphrase is not accepted; `faults` says why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(each.slug for each in faults))
        self.faults = tuple(faults)


def faults_of(
    password: str, rules: Rules = NIST, names: Iterable[str] = (), earlier: Iterable[str] = ()
) -> tuple[Fault, ...]:
    """Returns every reason against a passphrase.

    Args:
        names: what stands for its owner and office: log-in, name, the portal's title.
        earlier: the hashes that may not come back.
    """
    text, found = _written(password), []
    if len(text) < rules.least:
        found.append(Fault(slug="password-short", least=rules.least))
    if len(text) > LONGEST_PASSWORD:
        found.append(Fault(slug="password-long", least=LONGEST_PASSWORD))
    if rules.mixed and not _mixed(text):
        found.append(Fault(slug="password-mixed"))
    if is_common(text) or (rules.leaked is not None and is_leaked(text, rules.leaked)):
        found.append(Fault(slug="password-common"))
    if _named(text, names, min(REST, rules.least - 4)):
        found.append(Fault(slug="password-named"))
    if not found and any(matches_hash(each, password) for each in earlier):
        found.append(Fault(slug="password-earlier"))
    return tuple(found)


def hashed(password: str, rules: Rules = NIST, names: Iterable[str] = (), earlier: Iterable[str] = ()) -> str:
    """Returns the hash of a passphrase that the rules accept; takes its time, so hold no lock meanwhile.

    Raises:
        WeakPassword: they do not.
    """
    faults = faults_of(password, rules, names, earlier)
    if faults:
        raise WeakPassword(faults)
    return _hasher.hash(_written(password))


def matches_hash(known: str | None, password: str) -> bool:
    """Tells whether a passphrase is the one of a hash; without a hash it takes as long and is not."""
    try:
        right = _hasher.verify(known or _nobody, _written(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return right and bool(known)


def rehashed(known: str, password: str) -> str:
    """Returns the hash of a right passphrase with today's parameters."""
    return _hasher.hash(_written(password)) if _hasher.check_needs_rehash(known) else known


def _written(password: str) -> str:
    # The same passphrase typed on a phone and on a laptop may come in two spellings of Unicode.
    return unicodedata.normalize("NFKC", password)


def _mixed(text: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdigit, lambda each: not each.isalnum())
    return all(any(kind(each) for each in text) for kind in kinds)


def _named(text: str, names: Iterable[str], rest: int) -> bool:
    """Tells whether little is left of a passphrase once the names are taken out."""
    left = before = plain_letters(text)
    for word in sorted({word for name in names for word in _words(name)}, key=len, reverse=True):
        left = left.replace(word, "")
    return left != before and len(left) < rest


def _words(name: str) -> Iterable[str]:
    separated = "".join(each if each.isalnum() else " " for each in name)
    return (plain for each in separated.split() if len(plain := plain_letters(each)) >= 4)
