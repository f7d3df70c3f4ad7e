"""Cases on their way: tasks, documents, referrals, and the letters that were issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.fields.base import code_type
from portal.tables.base import Base, BigKey


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
    ticket_code: Mapped[str | None] = mapped_column(code_type(20), unique=True)
    """With which the resident follows the case, beside the PIN; None until a slip was given."""
    ticket_secret: Mapped[str | None] = mapped_column(String(64))
    """The keyed hash of the PIN."""
    ticket_failures: Mapped[int] = mapped_column(default=0)
    reporter: Mapped[str | None] = mapped_column(String(10))
    """Who reported it: self, other, or anonymous (told their name to nobody); None is not said."""
    without_nik: Mapped[str | None] = mapped_column(String(40))
    """Why the resident was taken in without a NIK, when that was so."""
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The flags that are set, as lists.yaml names them; who set them when and why is in the events."""
    may_close: Mapped[bool] = mapped_column(default=False)
    """Whether a manager has allowed it to be closed although something is open; why is in the events."""


class Task(Base):
    """One step of one case, to be done by a role or a person."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_worklist", "status", "role", "area", "due_at", "id"),
        Index("ix_task_role_due", "status", "role", "due_at", "id"),
        Index(
            "uq_task_open_step",
            "case_id",
            "step",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(code_type(13))
    access: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default="open")
    """open, done, returned (sent back to an earlier step) or withdrawn (another way was taken)."""
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    derivation: Mapped[dict[str, Any] | None]
    """How the due date came about, as `worktime.Due` gives it."""
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    why: Mapped[str] = mapped_column(Text, default="")
    """Why the case came here, from the decision that led to it."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts who it was given to and that it was done: the form of a step says which one it was shown."""
    paused_at: Mapped[datetime | None]
    """Since when its clock stands still; its due date is that from before, and it is not late."""
    branch: Mapped[str] = mapped_column(String(90), default="")
    """The branch of a parallel step that it belongs to, as `<parallel step>/<first step>`; empty outside."""
    after_id: Mapped[int | None] = mapped_column(BigKey)
    """The task whose end opened it, None for the first."""
    ended_by: Mapped[int | None] = mapped_column(BigKey)
    """The task whose end withdrew it."""
    draft: Mapped[bool] = mapped_column(default=False)
    """Whether its form begins with the answers of an earlier time: it was sent back, undone or reopened."""


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
    """Where it stands, as `referrals.states` lists it."""
    issued_at: Mapped[datetime]
    reply_due_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    step: Mapped[str | None] = mapped_column(String(40))
    """The step that made it out; None in those of long ago."""
    changed_at: Mapped[datetime | None]
    act_by: Mapped[datetime | None]
    """Until when whoever is to act next has to."""
    noted_at: Mapped[datetime | None]
    """When the step that waits for the answer took it over."""
    way: Mapped[str | None] = mapped_column(String(20))
    """How the newest word came in: page, slip, phone, in-person, letter, step."""
    reason: Mapped[str | None] = mapped_column(String(40))
    missing: Mapped[list[str] | None] = mapped_column(JSON)
    """The documents that the destination misses."""
    note: Mapped[str | None] = mapped_column(Text)
    confirmed_by: Mapped[str | None] = mapped_column(String(20))
    evidence: Mapped[str | None] = mapped_column(Text)
    evidence_on: Mapped[date | None] = mapped_column(Date)
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Household, consent, eligibility and documents as they were when it was made out."""
    page_code: Mapped[str | None] = mapped_column(code_type(20), unique=True)
    page_secret: Mapped[str | None] = mapped_column(String(64))
    """The keyed hash of the PIN of the destination's page."""
    page_failures: Mapped[int] = mapped_column(default=0)
    page_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    task_id: Mapped[int | None] = mapped_column(BigKey)
    """The task that issued it, None for one beside the steps."""


class IssuedLetter(Base):
    """A letter that left the office: its number, its data as printed and its bytes never change."""

    __tablename__ = "issued_letter"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("series", "period", "sequence"),
        Index("ix_issued_letter_area_id", "area", "id"),
        Index("ix_issued_letter_area_issued_at", "area", "issued_at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    """The case that it is about, None for one about many, such as a monthly report."""
    area: Mapped[str] = mapped_column(code_type(13))
    letter: Mapped[str] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(code_type(120))
    """Never printed twice: whatever the series and patterns of the YAML, the database refuses it."""
    series: Mapped[str | None] = mapped_column(String(120))
    period: Mapped[str | None] = mapped_column(String(10))
    sequence: Mapped[int | None]
    numbered: Mapped[str] = mapped_column(String(10), default="counter")
    """Where the number is from: counter, manual (another agenda), reserved, ahead (typed, of its book)."""
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
    pdf_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    engine: Mapped[str | None] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(12), default="issued")
    """issued, void (it never left the office; its number stays), withdrawn or superseded."""
    ended_at: Mapped[datetime | None]
    """When it became void, withdrawn or superseded; why is in the event."""
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("issued_letter.id"))
    """The letter that took its place."""
    check_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The keyed hash of the code with which anybody checks it."""
    statement: Mapped[str | None] = mapped_column(Text)
    """What its second QR says and signs, for checking without a network."""
