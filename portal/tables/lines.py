"""What bad lines need: forms that are still being typed, and complaints that were taken without a line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base, BigKey


class Draft(Base):
    """A form as somebody has typed it so far; what they typed is encrypted, and theirs alone."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_account_id_page", "account_id", "page"),
        Index("ix_draft_at", "at"),
    )
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The key of the form: carrying it out removes its draft in the same transaction."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    page: Mapped[str] = mapped_column(String(200))
    """The address of the page on which the form stands."""
    form: Mapped[str] = mapped_column(String(200))
    """The address that the form is sent to."""
    at: Mapped[datetime]
    sealed: Mapped[str] = mapped_column(Text)


class FieldRecord(Base):
    """A complaint that a phone took without a line: when, with which form, and what is to be checked."""

    __tablename__ = "field_record"
    __table_args__ = (Index("ix_field_record_checked_at_id", "checked_at", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """The key under which the phone sent it."""
    release_id: Mapped[int]
    """The Release whose form the phone showed."""
    taken_at: Mapped[datetime]
    """When it was typed, by the clock of the phone."""
    received_at: Mapped[datetime]
    received_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    differs: Mapped[str] = mapped_column(String(200), default="")
    """The ids of fields of a known resident that were typed otherwise; never their values."""
    known: Mapped[bool] = mapped_column(default=False)
    """Whether the NIK was one that the portal knew: the case was given to that person."""
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
