"""What is written beside the steps of a case: notes, visits, accompaniments, and their photos."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base, BigKey


class Note(Base):
    """Something that somebody wrote about a case; it is never changed, only withdrawn with a reason."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """note, visit or accompaniment."""
    text: Mapped[str] = mapped_column(Text)
    """What is noted; of a visit or an accompaniment its result."""
    audience: Mapped[str] = mapped_column(String(10))
    """internal (whoever works on cases here) or case (whoever reads this case)."""
    day: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str | None] = mapped_column(String(120))
    company: Mapped[str | None] = mapped_column(String(120))
    """Who else was there."""
    at: Mapped[datetime]
    author: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawal: Mapped[str | None] = mapped_column(String(200))
    """Why it was withdrawn."""


class Photo(Base):
    """A photo of a visit or an accompaniment, made small and without what the camera wrote into it."""

    __tablename__ = "photo"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    at: Mapped[datetime]
    author: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    image: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """A JPEG; None once it was removed."""
    removed_at: Mapped[datetime | None]
    removal: Mapped[str | None] = mapped_column(String(20))
    """Why it was removed: erasure, consent (it was withdrawn) or note (it was withdrawn)."""
