"""PKCS#12 file of the office -> what can be known of its certificate while nobody types its passphrase.

Names and passphrase stay out of it. Most programs encrypt the certificate together with its key; a file that
bears the certificate alone may therefore stand beside it, called like it with `.crt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem, pkcs12, x509

BESIDE = ".crt"
LARGEST = 1_000_000
"""The bytes that such a file may have."""
_KEYS = ("key_bag", "pkcs8_shrouded_key_bag")
_SHA1 = 20
"""The bytes of what most programs mark a key with: the digest of its certificate."""


_BROKEN = (OSError, ValueError, TypeError, KeyError, AttributeError)
"""How reading fails: what a file says is looked at as late as it is asked for."""


class NotAKeystore(Exception):
    """The file is not there, may not be read, or is no PKCS#12."""


@dataclass(frozen=True, kw_only=True)
class Glimpse:
    """What a PKCS#12 file tells without its passphrase."""

    key: bool
    """Whether it holds a key, and one of the certificate as far as both can be compared."""
    since: datetime | None = None
    until: datetime | None = None
    """From when until when the certificate holds; None where it cannot be seen."""


def glimpse(file: Path) -> Glimpse:
    """Returns what a PKCS#12 file and the certificate beside it tell without the passphrase.

    Raises:
        NotAKeystore: the file cannot be read as what it should be.
    """
    try:
        return _seen(tuple(_bags(_read(file))), file.with_suffix(BESIDE))
    except _BROKEN as error:
        raise NotAKeystore from error


def _seen(bags: Sequence[Any], beside: Path) -> Glimpse:
    marks = {_mark(bag) for bag in bags if bag["bag_id"].native in _KEYS}
    inside = [bag for bag in bags if bag["bag_id"].native == "cert_bag"]
    own = [bag["bag_value"]["cert_value"].parsed for bag in inside if _mark(bag) in marks]
    made = own[0] if own else _beside(beside)
    if made is None:
        return Glimpse(key=bool(marks))
    valid = made["tbs_certificate"]["validity"]
    return Glimpse(
        key=bool(marks) and (bool(own) or _fits(made, marks)),
        since=valid["not_before"].native,
        until=valid["not_after"].native,
    )


def _read(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise ValueError(file.stat().st_size)
    return file.read_bytes()


def _bags(data: bytes) -> Iterator[Any]:
    """What the file holds in the open; what is encrypted is left out."""
    for part in pkcs12.Pfx.load(data, strict=True).authenticated_safe:
        if part["content_type"].native == "data":
            yield from pkcs12.SafeContents.load(part["content"].native)


def _mark(bag: Any) -> bytes | None:
    """What ties a key to its certificate."""
    named = {each["type"].native: each["values"] for each in bag["bag_attributes"] or ()}
    return bytes(named["local_key_id"][0].native) if "local_key_id" in named else None


def _fits(made: Any, marks: set[bytes | None]) -> bool:
    """Whether a certificate may be that of a key; a mark of another kind tells nothing."""
    told = {mark for mark in marks if mark is not None and len(mark) == _SHA1}
    return len(told) < len(marks) or made.sha1 in told


def _beside(file: Path) -> Any:
    """The certificate that stands beside, None where there is none that can be read."""
    try:
        data = _read(file)
        if pem.detect(data):
            _, _, data = pem.unarmor(data)
        made = x509.Certificate.load(data, strict=True)
        made["tbs_certificate"]["validity"].native  # noqa: B018 - it is read lazily
    except _BROKEN:
        return None
    return made
