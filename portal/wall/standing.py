"""Who stands where at this moment: the actor and the Release of a request or a command, without a default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from typing import Protocol

from sqlalchemy import ColumnElement

from portal.access import Actor
from portal.models import Models
from portal.schema import Schema


class NoScope(RuntimeError):
    """People's data was asked for while nobody was known to ask; it is an error and never means "all"."""


class Walled(RuntimeError):
    """A statement or a change that the wall lets nobody but the portal itself carry out."""


class Ground(Protocol):
    """What a scope is read from: a Release's Schema and its tables."""

    @property
    def schema(self) -> Schema:
        """The roles, records and areas."""

    @property
    def models(self) -> Models:
        """The tables of that Schema."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who acts, under which Release."""

    actor: Actor
    ground: Ground | None = None
    reason: str = ""
    """Why the wall is open for a moment; empty while it is not."""
    made: dict[str, ColumnElement[bool]] = field(default_factory=dict, compare=False, repr=False)
    """The conditions of this request by table, each made once."""

    @property
    def everything(self) -> bool:
        """Whether the wall stands open: for the portal itself, or for a stated reason."""
        return self.actor.everything or bool(self.reason)

    @property
    def areas(self) -> str:
        """The areas as PostgreSQL's policies read them: codes between commas, `*` for everywhere."""
        if self.everything or any(not granted.area for granted in self.actor.grants):
            return "*"
        return ",".join(sorted({granted.area for granted in self.actor.grants}))


_standing: ContextVar[Standing | None] = ContextVar("portal_standing")


def standing() -> Standing:
    """Returns who acts at this moment.

    Raises:
        NoScope: nobody is known to.
    """
    now = known()
    if now is None:
        raise NoScope("nobody is known to act: use portal.wall.acting")
    return now


def known() -> Standing | None:
    """Returns who acts at this moment, None when nobody is known to."""
    try:
        return _standing.get()
    except LookupError:
        return None


@contextmanager
def acting(actor: Actor, ground: Ground | None = None) -> Iterator[Standing]:
    """Lets an actor act until the end of the block; only one who may do everything needs no Release."""
    now = _made(actor, ground)
    with _set(now):
        yield now


def stand(actor: Actor, ground: Ground | None = None) -> None:
    """Lets an actor act for the rest of the request or thread, as soon as it is known who it is."""
    _standing.set(_made(actor, ground))


def _made(actor: Actor, ground: Ground | None) -> Standing:
    if ground is None and not actor.everything:
        raise NoScope(f"{actor.label!r} acts under no Release")
    return Standing(actor=actor, ground=ground)


@contextmanager
def nobody() -> Iterator[None]:
    """Forgets who acts until the end of the block: a request begins without anybody."""
    with _set(None):
        yield


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Opens the wall until the end of the block, such as for a number that is unique everywhere.

    What is read in it must not be shown: it tells whether something is, never what.
    """
    if not reason:
        raise ValueError("opening the wall needs a reason")
    with _set(replace(standing(), reason=reason, made={})):
        yield


@contextmanager
def _set(now: Standing | None) -> Iterator[None]:
    token: Token[Standing | None] = _standing.set(now)
    try:
        yield
    finally:
        _standing.reset(token)
