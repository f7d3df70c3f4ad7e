"""Letters around their issue: drafts on their way, files that came back, numbers set aside, print jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.fields.base import code_type
from portal.tables.base import Base, BigKey


class LetterFile(Base):
    """A file that belongs to an issued letter beside its own bytes: a scan, or the PDF with its signature."""

    __tablename__ = "letter_file"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("issued_letter.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    area: Mapped[str] = mapped_column(code_type(13))
    kind: Mapped[str] = mapped_column(String(12))
    """scan (signed by pen), certificate (PAdES) or bsre."""
    media_type: Mapped[str] = mapped_column(String(40))
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The bytes; None once they were erased."""
    digest: Mapped[str] = mapped_column(String(64), index=True)
    signer: Mapped[str | None] = mapped_column(String(120))
    """Whose signature it bears, as frozen in the letter."""
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class LetterCheck(Base):
    """How often anybody checked a letter on the public page; the letter's own row stays as it was issued."""

    __tablename__ = "letter_check"
    letter_id: Mapped[int] = mapped_column(ForeignKey("issued_letter.id"), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    area: Mapped[str] = mapped_column(code_type(13))
    count: Mapped[int]
    last_at: Mapped[datetime]


class LetterDraft(Base):
    """A letter that waits for its signers: it has no number yet."""

    __tablename__ = "letter_draft"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    area: Mapped[str] = mapped_column(code_type(13))
    task_id: Mapped[int | None] = mapped_column(BigKey)
    """The task that issues it, None for one beside the steps."""
    letter: Mapped[str] = mapped_column(String(40))
    wanted: Mapped[dict[str, Any]]
    """What was asked of it: destination and answers."""
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    """waiting, returned, issued or dropped."""
    stage: Mapped[int] = mapped_column(default=0)
    """The place in the letter's chain that it waits at."""
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("issued_letter.id"))
    """What came of it."""
    version: Mapped[int] = mapped_column(default=1)


class LetterMark(Base):
    """What one person of a chain did with a draft; why, when it was sent back, is in the event."""

    __tablename__ = "letter_mark"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("letter_draft.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    stage: Mapped[int]
    act: Mapped[str] = mapped_column(String(10))
    """initial (paraf), approve, sign or return."""
    officer: Mapped[str | None] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class ReservedNumber(Base):
    """A number set aside for a letter on paper; it is used, or void with its reason, and never free again."""

    __tablename__ = "reserved_number"
    __table_args__ = (UniqueConstraint("series", "period", "sequence"), UniqueConstraint("number"))
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    area: Mapped[str] = mapped_column(code_type(13), index=True)
    letter: Mapped[str] = mapped_column(String(40))
    series: Mapped[str] = mapped_column(String(120))
    period: Mapped[str] = mapped_column(String(10))
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(code_type(120))
    status: Mapped[str] = mapped_column(String(10), default="reserved")
    """reserved, used or void."""
    subject: Mapped[str | None] = mapped_column(String(200))
    """What the letter on paper is about, without a person's name."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("issued_letter.id"))
    """The letter of the portal that used it."""
    reserved_at: Mapped[datetime]
    reserved_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]


class PrintJob(Base):
    """Many letters at once: issued and printed one by one, and put together when all are done."""

    __tablename__ = "print_job"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    area: Mapped[str] = mapped_column(code_type(13))
    letter: Mapped[str] = mapped_column(String(40))
    asked: Mapped[dict[str, Any]]
    """What was asked of every letter of it: destination and answers."""
    packing: Mapped[str] = mapped_column(String(10))
    """merged (one PDF) or zip."""
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    """waiting, running, done, cancelled or failed."""
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """When its worker last said that it is alive: whoever finds an old one takes it over."""
    worker: Mapped[str | None] = mapped_column(String(40))
    result: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The bytes of what was put together."""
    problem: Mapped[str | None] = mapped_column(Text)


class PrintItem(Base):
    """One letter of a print job."""

    __tablename__ = "print_item"
    __table_args__ = (UniqueConstraint("job_id", "place"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("print_job.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    place: Mapped[int]
    """Where it comes, from 1, in the order of RT and RW."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("issued_letter.id"))
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    """waiting, issued, printed or failed."""
    problem: Mapped[str | None] = mapped_column(String(60))
    """The code of what went wrong."""
