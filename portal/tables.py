"""Our own tables: releases, accounts, cases and their tasks, events, referrals, letters, counters.

They are the same in every office; what an office declares in YAML becomes tables in `models`. Instants are
stored in UTC. Areas are Kemendagri codes as text, compared byte by byte so that a scope is an index range.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.fields.base import code_type

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigKey = BigInteger().with_variant(Integer(), "sqlite")
"""The type of a key that may grow past two billion; SQLite's integer keys are 64 bits already."""


class Instant(TypeDecorator[datetime]):
    """A moment: timezone-aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value


class Base(DeclarativeBase):
    """The registry of our own tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant(), dict[str, Any]: JSON(none_as_null=True)}


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


class Account(Base):
    """A person who logs in."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    """The argon2id hash."""
    language: Mapped[str] = mapped_column(String(5), default="id")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Grant(Base):
    """A role that an account holds over an area; the empty area is everywhere."""

    __tablename__ = "account_grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "area"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(code_type(13), default="")


class WebSession(Base):
    """One log-in, known to the browser by a random token of which only the hash is kept."""

    __tablename__ = "web_session"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Submission(Base):
    """The key of a form that was carried out, and where it led: a double click finds its own answer."""

    __tablename__ = "submission"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int]
    at: Mapped[datetime]
    led_to: Mapped[str] = mapped_column(String(200))


class Case(Base):
    """One complaint of one resident on its way through an SOP."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_area_id", "area", "id"),
        Index("ix_case_status_area_id", "status", "area", "id"),
        Index("ix_case_status_id", "status", "id"),
        Index("ix_case_due_at_id", "due_at", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[str] = mapped_column(code_type(60), unique=True)
    area: Mapped[str] = mapped_column(code_type(13))
    centre: Mapped[str] = mapped_column(String(40))
    access: Mapped[str] = mapped_column(String(20), default="normal")
    resident_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    reporter_name: Mapped[str | None] = mapped_column(String(120))
    reporter_phone: Mapped[str | None] = mapped_column(String(20))
    reporter_relation: Mapped[str | None] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(40))
    program: Mapped[str] = mapped_column(String(40), index=True)
    complaint: Mapped[str] = mapped_column(String(40))
    priority: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text)
    sop: Mapped[str] = mapped_column(String(40))
    sop_version_id: Mapped[int] = mapped_column(ForeignKey("sop_version.id"))
    stage: Mapped[str] = mapped_column(String(20), default="received")
    status: Mapped[str] = mapped_column(String(10), default="open")
    """open or closed."""
    outcome: Mapped[str | None] = mapped_column(String(40))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    due_at: Mapped[datetime | None]
    """When the whole case is due."""
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Task(Base):
    """One step of one case, to be done by a role or a person."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_worklist", "status", "role", "area", "due_at", "id"),
        Index("ix_task_role_due", "status", "role", "due_at", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(code_type(13))
    access: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default="open")
    """open, done or passed (an automatic step)."""
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    derivation: Mapped[dict[str, Any] | None]
    """How the due date came about, as `worktime.Due` gives it."""
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    why: Mapped[str] = mapped_column(Text, default="")
    """Why the case came here, from the decision that led to it."""


class CaseDocument(Base):
    """Where a document of a case stands: brought, to follow, or not needed because."""

    __tablename__ = "case_document"
    __table_args__ = (UniqueConstraint("case_id", "document"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    document: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    """brought, to-follow or not-needed."""
    follow_by: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(String(200))


class Referral(Base):
    """A resident on the way to a destination, until it answers."""

    __tablename__ = "referral"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    destination: Mapped[str] = mapped_column(String(40))
    letter_id: Mapped[int] = mapped_column(ForeignKey("issued_letter.id"))
    status: Mapped[str] = mapped_column(String(20), default="issued")
    """issued, then the reply: accepted, in-process, incomplete, declined, no-answer."""
    issued_at: Mapped[datetime]
    reply_due_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]


class IssuedLetter(Base):
    """A letter that left the office: its number, its data as printed and its bytes never change."""

    __tablename__ = "issued_letter"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("series", "period", "sequence"),
        Index("ix_issued_letter_area_id", "area", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    area: Mapped[str] = mapped_column(code_type(13))
    letter: Mapped[str] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(code_type(120))
    """Never printed twice: whatever the series and patterns of the YAML, the database refuses it."""
    series: Mapped[str | None] = mapped_column(String(120))
    period: Mapped[str | None] = mapped_column(String(10))
    sequence: Mapped[int | None]
    destination: Mapped[str | None] = mapped_column(String(40))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    template_digest: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The context of the template as printed."""
    valid_until: Mapped[date | None] = mapped_column(Date)
    issued_at: Mapped[datetime]
    issued_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The bytes, None between the commit of the number and the first rendering."""
    pdf_digest: Mapped[str | None] = mapped_column(String(64))
    engine: Mapped[str | None] = mapped_column(String(80))


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
