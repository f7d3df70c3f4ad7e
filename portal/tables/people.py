"""Who works with the portal: accounts, their roles over areas, sessions, forms already carried out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.fields.base import code_type
from portal.tables.base import Base


class Account(Base):
    """A person who logs in."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    """The argon2id hash; empty until an invitation was accepted."""
    password_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(5), default="id")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    without_factor: Mapped[bool] = mapped_column(Boolean, default=False)
    """True for the accounts of the demonstration, which are not asked for a second factor."""
    created_at: Mapped[datetime]


class Grant(Base):
    """A role that an account holds over an area, the empty area everywhere; a deputy's has two dates."""

    __tablename__ = "account_grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "area", "since"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(code_type(13), default="")
    acting: Mapped[str] = mapped_column(String(3), default="")
    """`plt` (the post is vacant) or `plh` (its holder is away) of a deputy, else empty."""
    for_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Whom a deputy stands in for."""
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    """The first moment at which it no longer holds."""


class WebSession(Base):
    """One log-in, known to the browser by a random token of which only the hash is kept."""

    __tablename__ = "web_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    factor_at: Mapped[datetime | None]
    """When the second factor was shown."""
    device: Mapped[str] = mapped_column(String(60), default="")
    """The browser and the kind of machine, in words that its owner knows."""
    kept: Mapped[str | None] = mapped_column(Text)
    """A form that was sent while the screen was locked, encrypted."""


class Submission(Base):
    """The key of a form that was carried out, and where it led: a double click finds its own answer."""

    __tablename__ = "submission"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int]
    at: Mapped[datetime]
    led_to: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(String(64), default="")
    """A digest of what the form held: the same key with other content is no retry."""
