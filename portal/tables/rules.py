"""What an office works by: Releases and the versions of its procedures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base


class Release(Base):
    """One applied state of the YAML: what the portal serves is the newest."""

    __tablename__ = "release"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    format: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    sources: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The YAML files as they were written, by name."""
    templates: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The letter templates, style sheets and emblems, by name."""
    digest: Mapped[str] = mapped_column(String(64))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    applied_at: Mapped[datetime]
    applied_by: Mapped[str] = mapped_column(String(80))
    backup: Mapped[str] = mapped_column(String(200), default="")
    """What the state before it can be restored from: a file's name, or a point in PostgreSQL's log."""


class SopVersion(Base):
    """One immutable state of an SOP; a case follows the version it was opened with."""

    __tablename__ = "sop_version"
    __table_args__ = (UniqueConstraint("sop", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sop: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    format: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")
    """The text of its entry as it was written, for reading; empty where the YAML was not at hand."""
    renamed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The old ids of steps that this version calls otherwise, by their new id."""
    digest: Mapped[str] = mapped_column(String(64))
