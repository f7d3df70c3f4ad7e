"""`portal letter verify`, `keys` and `checker`: checking letters without a network, and the keys for it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader
from sqlalchemy.orm import Session

from portal import seals
from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.output import tell
from portal.database import reading, writing
from portal.events import record
from portal.indonesian import tanggal
from portal.letters.checker import checker
from portal.letters.proof import generation, public_keys, renew_seal
from portal.settings import Settings
from portal.wall import standing
from portal.words import say

RENEWED = "seal-renewed"


def verify(typed: Namespace, settings: Settings) -> int:
    """Checks the signed statement in a PDF or a text file, with keys from a file or of this office."""
    text = _text_of(_file(typed))
    found = seals.found(text)
    if not found:
        raise Failure("proof-no-statement", code=exits.REFUSED, file=typed.case)
    known = _keys_of(Path(typed.keys)) if typed.keys else _own(settings)
    for each in found:
        _tell(each, known)
    return exits.OK


def keys(typed: Namespace, settings: Settings) -> int:
    """Lists the office's public keys, writes them to a file, or lets a new one sign from now on."""
    with released(settings) as (engine, _):
        if typed.new:
            with writing(engine) as session:
                number = renew_seal(session)
                _note(session, number)
        with reading(engine) as session:
            known, newest = public_keys(session), generation(session)
    text = json.dumps({name: public.hex() for name, public in known.items()}, indent=2)
    if typed.file:
        Path(typed.file).write_text(f"{text}\n", "ascii")
        tell(say("proof-keys-written", count=len(known), file=typed.file))
        return exits.OK
    for place, (name, public) in enumerate(known.items()):
        tell(say("proof-key-now" if place == newest else "proof-key-old", key=name, public=public.hex()))
    return exits.OK


def page(typed: Namespace, settings: Settings) -> int:
    """Writes the page that checks statements without a network."""
    file = Path(typed.file or "periksa.html")
    older = _keys_of(Path(typed.keys)) if typed.keys else {}
    file.write_text(checker({**older, **_own(settings)}), "utf-8")
    tell(say("proof-checker-written", file=file.as_posix()))
    return exits.OK


ACTS: Mapping[str, Callable[[Namespace, Settings], int]] = {"verify": verify, "keys": keys, "checker": page}
"""What stands in the place of a letter's name; no letter may be called so."""


def _note(session: Session, number: int) -> None:
    said, now, actor = {"generation": number}, datetime.now(UTC), standing().actor
    record(session, actor=actor, now=now, kind=RENEWED, subject="office", subject_id=0, data=said)


def _file(typed: Namespace) -> bytes:
    if typed.case is None:
        typed.parser.error(say("usage-verify-file"))
    try:
        return Path(typed.case).read_bytes()
    except OSError as error:
        raise Failure("proof-file-unreadable", code=exits.USAGE, file=typed.case) from error


def _text_of(data: bytes) -> str:
    if not data.startswith(b"%PDF-"):
        return data.decode("utf-8", "replace")
    try:
        return "\n".join(each.extract_text() for each in PdfReader(BytesIO(data)).pages)
    except Exception as error:  # a broken file makes the reader stumble in many ways, not only its own
        raise Failure("proof-file-broken", code=exits.REFUSED) from error


def _keys_of(file: Path) -> Mapping[str, bytes]:
    try:
        said = json.loads(file.read_text("utf-8"))
        return {str(name): bytes.fromhex(public) for name, public in said.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise Failure("proof-keys-unreadable", code=exits.USAGE, file=file.as_posix()) from error


def _own(settings: Settings) -> Mapping[str, bytes]:
    with released(settings) as (engine, _), reading(engine) as session:
        return public_keys(session)


def _tell(text: str, known: Mapping[str, bytes]) -> None:
    try:
        said = seals.opened(text, known)
    except seals.NotGenuine as wrong:
        raise Failure(f"proof-not-{wrong.code}", code=exits.REFUSED) from wrong
    over = bool(said.valid_until) and date.fromisoformat(said.valid_until) < datetime.now(UTC).date()
    tell(say("proof-expired" if over else "proof-genuine", key=said.key))
    for name in ("kind", "number", "date", "person", "valid_until", "area", "content"):
        value = getattr(said, name)
        shown = tanggal(value) if name in ("date", "valid_until") else value
        if value:
            tell(f"  {say('checker-field-' + name.replace('_', '-'))}: {shown}")
