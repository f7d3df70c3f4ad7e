"""Clocks of cases, what makes them stand still, what was late, who was told, and when one last looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.fields.base import code_type
from portal.tables.base import Base, BigKey


class Clock(Base):
    """One measured time of a case: its first response, a step, the answer of an agency, or the whole."""

    __tablename__ = "clock"
    __table_args__ = (UniqueConstraint("kind", "subject_id"), Index("ix_clock_next_at_id", "next_at", "id"))
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """first-response, step, referral or total."""
    subject_id: Mapped[int] = mapped_column(BigKey)
    """The key of the task or referral; for the others that of the case."""
    step: Mapped[str] = mapped_column(String(40), default="")
    """The step of a task, the destination of a referral."""
    limits: Mapped[str] = mapped_column(String(120))
    """The limits, of which the first to end counts: `3 working days / 24 hours`."""
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    warn_at: Mapped[datetime]
    derivation: Mapped[dict[str, Any] | None]
    """How the due date came about, as `worktime.Due` gives it."""
    state: Mapped[str] = mapped_column(String(10), default="running")
    """running or paused, in the end met or breached."""
    paused_at: Mapped[datetime | None]
    """Since when it stands still; the due date is that from before."""
    stopped_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    """When it was due and not over, also while it still runs."""
    level: Mapped[int] = mapped_column(default=0)
    """The last level that was rung: 1 is the warning, 2 the breach, then the rungs of the ladder."""
    next_at: Mapped[datetime | None]
    """When there is something to ring; None when nothing is left or it stands still."""
    failure: Mapped[str | None] = mapped_column(String(80))
    """Why the sweep could not ring it, by the name of the error alone."""


class CasePause(Base):
    """A time in which clocks of a case stand still, for a coded reason."""

    __tablename__ = "case_pause"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    """The only step whose clock it stops; None is any."""
    reason: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(120))
    """The reason in the words of that day."""
    owner: Mapped[str] = mapped_column(String(20))
    """resident, agency, office or register."""
    stops: Mapped[str] = mapped_column(String(60))
    """The kinds of clock that it stops, parted by spaces."""
    note: Mapped[str | None] = mapped_column(String(200))
    since: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    until: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """None when it ended with its step or case."""


class ClockLevel(Base):
    """A level of a clock that was rung, once: when it should have been, and when it was."""

    __tablename__ = "clock_level"
    __table_args__ = (UniqueConstraint("clock_id", "level"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    level: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    """warned, breached or escalated."""
    should_at: Mapped[datetime]
    at: Mapped[datetime]


class Notice(Base):
    """What the desk tells a person, or everybody of a role over an area, about a case; it never leaves it."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("clock_id", "level", "whom"),
        Index("ix_notice_account_id_done_at", "account_id", "done_at"),
        Index("ix_notice_role_done_at_area", "role", "done_at", "area"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    level: Mapped[int]
    slug: Mapped[str] = mapped_column(String(40))
    whom: Mapped[str] = mapped_column(String(60))
    """`account:5` or `role:supervisor`: whom it is for, so that nobody is told twice."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str | None] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(code_type(13))
    at: Mapped[datetime]
    """When it should have been told."""
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    """When somebody it is for had read it, or when it no longer mattered."""
    done_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Sweep(Base):
    """When clocks were last looked at, by whichever process held the lease; one row."""

    __tablename__ = "sweep"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lease_until: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    rung: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
