"""What happened and what was counted: events in their chain, and the numbers given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base, BigKey


class Event(Base):
    """What happened, who did it and when; each event carries the hash of the one before."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject", "subject_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    """What it happened to: case, account, release, or a record type."""
    subject_id: Mapped[int] = mapped_column(BigKey)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))


class Counter(Base):
    """The last number given in a series and period; its row is locked until the number is committed."""

    __tablename__ = "counter"
    series: Mapped[str] = mapped_column(String(120), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class ChainHead(Base):
    """The hash of the newest event: one row, locked by whoever writes the next."""

    __tablename__ = "chain_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
