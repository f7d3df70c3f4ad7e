"""What an office owes people for their data: consents, corrections, erasures and breaches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base, BigKey


class Consent(Base):
    """What a person agreed to, for one purpose and perhaps one recipient, until it is withdrawn."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_resident_id_purpose", "resident_id", "purpose"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    resident_id: Mapped[int] = mapped_column(BigKey)
    case_id: Mapped[int | None] = mapped_column(BigKey)
    purpose: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str | None] = mapped_column(String(40))
    """A destination; None is whoever the purpose names."""
    how: Mapped[str] = mapped_column(String(10))
    """signed, oral (with a witness) or step (as a referral was made out)."""
    witness: Mapped[str | None] = mapped_column(String(120))
    given_at: Mapped[datetime]
    taken_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawal: Mapped[str | None] = mapped_column(String(200))
    """What the person said when withdrawing it."""


class Correction(Base):
    """A person's request that what is kept of them be put right, and the answer within 3 x 24 hours."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_status_due_at", "status", "due_at"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    resident_id: Mapped[int] = mapped_column(BigKey, index=True)
    wanted: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="open")
    """open, done or refused."""
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    event_id: Mapped[int | None] = mapped_column(BigKey)
    """The event of the edit that carried it out."""


class Erasure(Base):
    """A proposal to erase, the second person's decision, and when it was carried out; no personal data."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_status_id", "status", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    status: Mapped[str] = mapped_column(String(10), default="proposed")
    """proposed, refused or done."""
    ground: Mapped[str] = mapped_column(String(20))
    """retention (its time is over) or request (of the person)."""
    reason: Mapped[str] = mapped_column(String(200))
    cases: Mapped[list[int]] = mapped_column(JSON)
    residents: Mapped[list[int]] = mapped_column(JSON)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decision: Mapped[str | None] = mapped_column(String(200))
    """Why it was refused, or what was added to the approval."""
    checked_at: Mapped[datetime | None]
    """When the database's files were found to hold nothing of it any more."""


class Erased(Base):
    """One row that was emptied: a line of the list that is carried out again on a restored database."""

    __tablename__ = "erased"
    __table_args__ = (UniqueConstraint("subject", "subject_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    erasure_id: Mapped[int | None] = mapped_column(ForeignKey("erasure.id"), index=True)
    """None when the row was emptied by carrying out a list."""
    subject: Mapped[str] = mapped_column(String(60))
    """case, or a record type."""
    subject_id: Mapped[int] = mapped_column(BigKey)
    mark: Mapped[str] = mapped_column(String(64))
    """A digest of when the row was made: another database's row of that number has another."""
    at: Mapped[datetime]


class Breach(Base):
    """A breach of personal data: what, when, whose, how, what was done, and who was told when."""

    __tablename__ = "breach"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    noticed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """3 x 24 hours after it was noticed."""
    reported_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    what: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    measures: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """The account through which it happened, when one is suspected."""
    whose: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How many people of each area, by code."""
    authority_told_at: Mapped[datetime | None]
    people_told_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(10), default="open")
    """open or closed."""
