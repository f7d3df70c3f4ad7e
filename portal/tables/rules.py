"""What an office works by: Releases and the versions of its procedures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
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


class RuleDraft(Base):
    """A change of the rules that somebody works on in the studio, and what was asked and said of it."""

    __tablename__ = "rule_draft"
    __table_args__ = (
        Index("ix_rule_draft_account_id_status", "account_id", "status"),
        Index("ix_rule_draft_status", "status"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    """The Release that it changes."""
    files: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The text of every file that differs from that Release, by its path as `portal pull` writes it."""
    version: Mapped[int]
    """Grows with every save: who saves says which one they changed."""
    status: Mapped[str] = mapped_column(String(10))
    """`open` while it is worked on, `asked` while a second person is awaited, `due` when it may be put in
    force on its day, then `published`; or `dropped`."""
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date | None] = mapped_column("on_day")
    """The day from which it is to hold; None for at once."""
    moves: Mapped[bool] = mapped_column(default=False)
    """Whether running cases that can follow the newer version are moved to it."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """The digest of the plan that was looked at when it was asked for."""
    asked_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime | None]
    """When a process began to put it in force."""
    ended_at: Mapped[datetime | None]
    published: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    """The Release that came of it."""
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why it came back: what somebody wrote, or what stood in the way."""
