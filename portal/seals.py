"""A statement about a letter, signed with the office's key, that anybody checks without a network.

The key is made from the secret that stands outside the database; a new generation makes a new key, and the
public keys of all generations stay known, so that old letters go on to be checked. The signature is Ed25519
(RFC 8032). It says that the office issued a letter with these words; it is not the official's electronic
signature.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Engine

from portal import keys

PREFIX, END = "SP1.", "."
"""What every statement begins and ends with: form and version, in characters of a QR code's short set."""
_SIGNATURE = 64
_TEXT = re.compile(r"SP1\.[A-Z2-7\s]{160,2000}\.")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What is said of a letter, in the order in which it is signed."""

    key: str
    """Which of the office's keys signs, by the first eight digits of the SHA-256 of the public key."""
    area: str
    number: str
    date: str
    kind: str
    """The label of the letter."""
    person: str
    """The masked name of whom it is about, empty when it names nobody."""
    valid_until: str
    content: str
    """The first eight bytes of the SHA-256 of what the letter says, in hexadecimal."""


class NotGenuine(Exception):
    """A text is no statement of this office; `code` says why: form, key or signature."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def public_key(engine: Engine, generation: int) -> bytes:
    """Returns the 32 bytes of a generation's public key.

    Raises:
        KeyMissing: there is no secret.
    """
    return _private(engine, generation).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Returns how a public key is called."""
    return sha256(public).hexdigest()[:8]


def seal(engine: Engine, generation: int, statement: Statement) -> str:
    """Returns the statement with its signature, as a QR code bears it.

    Raises:
        KeyMissing: there is no secret.
    """
    said = _bytes(statement)
    signed = _private(engine, generation).sign(said) + said
    return f"{PREFIX}{_coded(signed)}{END}"


def opened(text: str, known: Mapping[str, bytes]) -> Statement:
    """Returns what a sealed statement says, once its signature holds.

    Args:
        text: as a scanner or a PDF gives it; blanks and line breaks in it do not matter.
        known: public keys by their names.

    Raises:
        NotGenuine: it is no statement, of an unknown key, or somebody changed it.
    """
    signed = _signed(text)
    statement = _read(signed[_SIGNATURE:])
    if statement.key not in known:
        raise NotGenuine("key")
    try:
        public = Ed25519PublicKey.from_public_bytes(known[statement.key])
        public.verify(signed[:_SIGNATURE], signed[_SIGNATURE:])
    except InvalidSignature as error:
        raise NotGenuine("signature") from error
    return statement


def found(text: str) -> tuple[str, ...]:
    """Returns the sealed statements that stand in a longer text, such as that of a PDF."""
    return tuple("".join(each.split()) for each in _TEXT.findall(text))


def _private(engine: Engine, generation: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.derive(engine, f"letter seal {generation}"))


def _bytes(statement: Statement) -> bytes:
    parts = [" ".join(str(each).split()) for each in astuple(statement)]
    return "\n".join(parts).encode()


def _signed(text: str) -> bytes:
    plain = "".join(text.split()).upper()
    if not (plain.startswith(PREFIX) and plain.endswith(END)):
        raise NotGenuine("form")
    coded = plain[len(PREFIX) : -len(END)]
    try:
        signed = base64.b32decode(coded + "=" * (-len(coded) % 8))
    except binascii.Error as error:
        raise NotGenuine("form") from error
    if _coded(signed) != coded:
        raise NotGenuine("form")  # bits beyond the last byte: two texts must not stand for one statement
    return signed


def _coded(signed: bytes) -> str:
    return base64.b32encode(signed).decode("ascii").rstrip("=")


def _read(said: bytes) -> Statement:
    try:
        parts = said.decode().split("\n")
        return Statement(**dict(zip((each.name for each in fields(Statement)), parts, strict=True)))
    except (UnicodeDecodeError, ValueError) as error:
        raise NotGenuine("form") from error
