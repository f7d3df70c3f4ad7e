"""How people get in: invitations, second factors, counted attempts, other providers' names, emergencies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Base, BigKey


class Invitation(Base):
    """A code with which a person sets their own passphrase, once; only its hash is kept."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PastPassword(Base):
    """The hash of an earlier passphrase, for a profile that forbids using it again."""

    __tablename__ = "past_password"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    password: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class SecondFactor(Base):
    """The secret of an account's authenticator app, encrypted with a key that the database does not hold."""

    __tablename__ = "second_factor"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime | None]
    """When the first code proved that the app has it; None until then."""
    last_step: Mapped[int] = mapped_column(BigKey, default=0)
    """The half-minute of the newest code accepted: none is accepted twice."""


class RecoveryCode(Base):
    """A code that stands in for the second factor once; only a keyed hash is kept."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Attempts(Base):
    """Failed attempts to get in from one address, at one account or from one known browser."""

    __tablename__ = "attempts"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash of what they are counted by."""
    count: Mapped[int]
    last_at: Mapped[datetime]
    until: Mapped[datetime | None]
    """Before this moment no further attempt is looked at."""


class Identity(Base):
    """The name under which another provider knows an account."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))


class Emergency(Base):
    """Access to one case that a person took for a reason, for some hours; a manager judges it afterwards."""

    __tablename__ = "emergency"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    judged_at: Mapped[datetime | None]
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    justified: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(500), default="")
