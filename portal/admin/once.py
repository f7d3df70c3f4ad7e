"""Carrying out a form once: its key, what it held, and the row that remembers both beside the act itself.

A double click, a lost answer or a retry sends the same key with the same content and is led to where the
first one led. The same key with other content is no retry: somebody went back and typed on.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from portal.access import Actor
from portal.database import reading, writing
from portal.tables import Draft, Submission

KEYS = frozenset({"key", "submission"})
"""Under which name a form sends its key."""
LONGEST_VERSION = 10


class Reused(Exception):
    """The key's form was carried out already, with other content; `led_to` says where it led."""

    def __init__(self, led_to: str) -> None:
        super().__init__(led_to)
        self.led_to = led_to


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What one submission of a form is known by: its key, a digest of its content, its sender."""

    key: str
    account: int
    content: str = ""
    """Empty where the key alone says it."""

    def renewed(self) -> Stamp:
        """Returns the same submission under a key of its own."""
        return replace(self, key=new_key())


def new_key() -> str:
    """Returns the key of a form that is about to be shown."""
    return secrets.token_urlsafe(18)


def sent_key(text: object) -> str:
    """Returns the key that a form sent.

    Raises:
        HTTPException: 400, the form was not one of ours.
    """
    if not isinstance(text, str) or not 16 <= len(text) <= 64:
        raise HTTPException(400)
    return text


def sent_version(data: FormData) -> int:
    """Returns the version of the row that a form was filled in for.

    Raises:
        HTTPException: 400, the form was not one of ours.
    """
    text = data.get("version")
    if not isinstance(text, str) or not (text.isascii() and text.isdigit() and len(text) < LONGEST_VERSION):
        raise HTTPException(400)
    return int(text)


def stamp(data: FormData, actor: Actor) -> Stamp:
    """Returns what a submission is known by.

    Raises:
        HTTPException: 400, it has no key.
    """
    key = next((value for name, value in data.multi_items() if name in KEYS), None)
    said = [[name, str(value)] for name, value in data.multi_items() if name not in KEYS]
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    return Stamp(key=sent_key(key), content=digest, account=actor.account_id or 0)


def answered(engine: Engine, said: Stamp) -> str | None:
    """Returns where a submission that was carried out led, None when it has not been carried out.

    Raises:
        HTTPException: 400, the key is somebody else's.
        Reused: the key was used with other content.
    """
    with reading(engine) as session:
        return _known(session, said)


def once(engine: Engine, said: Stamp, now: datetime, act: Callable[[Session], str]) -> str:
    """Carries out a form's act in a transaction with its key and returns where it leads.

    Of two at once the second waits for the first and finds its answer. An act that meets a row which somebody
    else made at the same moment is tried once more and sees that row.

    Raises:
        HTTPException: 400, the key is somebody else's.
        Reused: the key was used with other content.
    """
    for _ in range(2):
        try:
            with writing(engine) as session:
                known = _known(session, said)
                return _carried_out(session, said, now, act) if known is None else known
        except IntegrityError as error:
            raced = error
    raise raced


def _carried_out(session: Session, said: Stamp, now: datetime, act: Callable[[Session], str]) -> str:
    row = Submission(key=said.key, account_id=said.account, at=now, led_to="", content=said.content)
    session.add(row)
    session.flush()
    row.led_to = act(session)
    session.execute(delete(Draft).where(Draft.key == said.key, Draft.account_id == said.account))
    return row.led_to


def _known(session: Session, said: Stamp) -> str | None:
    row = session.get(Submission, said.key)
    if row is None:
        return None
    if row.account_id != said.account:
        raise HTTPException(400)
    if said.content and row.content not in ("", said.content):
        raise Reused(row.led_to)
    return row.led_to
