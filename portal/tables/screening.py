"""What the rules of the programmes said of a resident when a complaint was taken, and on what facts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base, BigKey


class Screening(Base):
    """One look at all programmes for one case: an indication, kept with what it rested on."""

    __tablename__ = "screening"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    """The rules that answered."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date] = mapped_column(Date)
    """The day in the office's time zone for which the rules were asked."""
    facts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each fact with path, value, source and date; empty once it is erased."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """likely, more-needed or outside by programme; empty once it is erased."""
