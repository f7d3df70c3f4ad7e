"""What else a case asks for, and its way from one office to another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.fields.base import code_type
from portal.tables.base import Base, BigKey


class CaseNeed(Base):
    """A need beside the main complaint of a case, with what came of it."""

    __tablename__ = "case_need"
    __table_args__ = (UniqueConstraint("case_id", "complaint"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    complaint: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(40))
    added_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class CaseTransfer(Base):
    """A case offered to the office of another area: both offices see the offer, only one has the case."""

    __tablename__ = "case_transfer"
    __table_args__ = (
        Index("ix_case_transfer_to_area", "status", "to_area"),
        Index("ix_case_transfer_from_area", "status", "from_area"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    number: Mapped[str] = mapped_column(code_type(60))
    program: Mapped[str] = mapped_column(String(40))
    complaint: Mapped[str] = mapped_column(String(40))
    access: Mapped[str] = mapped_column(String(20))
    from_area: Mapped[str] = mapped_column(code_type(13))
    to_area: Mapped[str] = mapped_column(code_type(13))
    status: Mapped[str] = mapped_column(String(10), default="offered")
    """offered, accepted, returned (by the office asked) or withdrawn (by the office that asked)."""
    reason: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was returned."""
    offered_at: Mapped[datetime]
    offered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
