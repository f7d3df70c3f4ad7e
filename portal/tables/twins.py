"""Records that may be the same person's: what finds them, what was decided of a pair, what was merged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.fields.base import code_type
from portal.tables.base import Base, BigKey


class MatchKey(Base):
    """A sign under which a person is found who may be another one; derived from the record, never edited."""

    __tablename__ = "match_key"
    __table_args__ = (Index("ix_match_key_key_resident_id", "key", "resident_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    resident_id: Mapped[int] = mapped_column(BigKey, index=True)
    key: Mapped[str] = mapped_column(code_type(40))


class Twin(Base):
    """Two records that look like one person's, the older first, and what was decided of them."""

    __tablename__ = "twin"
    __table_args__ = (
        UniqueConstraint("resident_id", "other_id"),
        Index("ix_twin_status_score_id", "status", "score", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    resident_id: Mapped[int] = mapped_column(BigKey)
    other_id: Mapped[int] = mapped_column(BigKey, index=True)
    score: Mapped[int]
    """From 0 to 100."""
    clauses: Mapped[str] = mapped_column(String(40))
    """The numbers of the clauses that apply, with commas between."""
    mark: Mapped[str] = mapped_column(String(64))
    """A digest of the values that were compared: when they change, what was decided is asked again."""
    status: Mapped[str] = mapped_column(String(10), default="open")
    """open, related (the same family) or different."""
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(String(200))


class Merge(Base):
    """One record that was taken up into another, until that is undone; keys only, nothing of a person."""

    __tablename__ = "merge"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    stays_id: Mapped[int] = mapped_column(BigKey, index=True)
    gone_id: Mapped[int] = mapped_column(BigKey, index=True)
    hidden_id: Mapped[int | None] = mapped_column(BigKey, unique=True)
    """The record that is not shown while the merge holds; None once it is undone."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class MergeKept(Base):
    """What undoing a merge needs: the values that it changed, and what it moved from one to the other."""

    __tablename__ = "merge_kept"
    merge_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("merge.id"), primary_key=True, autoincrement=False
    )
    resident_id: Mapped[int] = mapped_column(BigKey, index=True)
    """The record that stays."""
    reason: Mapped[str] = mapped_column(Text)
    changed: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By column of the record that stays: value before, value after; `gone` holds the same of the other."""
    moved: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By table and column, the keys of the rows that pointed to the record that is gone."""
