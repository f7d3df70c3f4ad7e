"""What happened, who looked, what was counted: two chains with their heads, and the numbers given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base, BigKey


class Event(Base):
    """What happened, who did it and when; sealed with a key, each event linked to the one before.

    Its number is its place in the chain, without gaps. `data` holds nothing of a person: their values stand
    in `EventValue`, and here only what proves them.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject", "subject_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    """What it happened to: case, account, release, or a record type."""
    subject_id: Mapped[int] = mapped_column(BigKey)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    seal: Mapped[str] = mapped_column(String(64))
    """Proves the event by itself."""
    hash: Mapped[str] = mapped_column(String(64))
    """Proves its place: made of its seal and the hash of the event before."""


class EventValue(Base):
    """What an event says of people: values before and after by field, each with the salt of its proof.

    They can be erased without breaking the chain, which covers only the proofs.
    """

    __tablename__ = "event_value"
    event_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("event.id"), primary_key=True, autoincrement=False
    )
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By field: salt, value before, value after."""


class AccessLog(Base):
    """Who was shown what of whom, when and on which page; one row a page, sealed and linked like an event."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_actor_id_at", "actor_id", "at"), Index("ix_access_log_at", "at"))
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    page: Mapped[str] = mapped_column(String(120))
    """The pattern of the page's address, such as `GET /kasus/{id}`: nothing that somebody typed."""
    shown: Mapped[str] = mapped_column(Text)
    """The keys of the rows by kind: `|resident 4 7 |case 12 |`, long ones in runs: `4-9`."""
    fields: Mapped[str] = mapped_column(Text)
    """The fields by kind, those shown masked with a star: `|resident name nik* |`."""
    because: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The numbers of the events that hold the reasons typed for it: `17 23`, mostly none."""
    seal: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Counter(Base):
    """The last number given in a series and period; its row is locked until the number is committed."""

    __tablename__ = "counter"
    series: Mapped[str] = mapped_column(String(120), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class ChainHead(Base):
    """The newest link of a chain: one row each, locked by whoever writes the next."""

    __tablename__ = "chain_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for events, 2 for the access log."""
    hash: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(BigKey, server_default="0")
    """How many links the chain has had."""
    seal: Mapped[str | None] = mapped_column(String(64))
    """Proves hash and number; None before the first link."""
    key: Mapped[str | None] = mapped_column(String(16))
    """Tells one key from another, and nothing about either."""
