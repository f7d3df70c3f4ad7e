"""What the drawer works with: where it acts, what is said with an act, what it objects to, its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.events import record
from portal.facts import calendar
from portal.releases import Live
from portal.tables import Case, Referral
from portal.worktime import Duration, due

AGENCY = "Instansi tujuan"
"""What events call somebody who answered on the page of a letter: nobody knows their name."""


class Place(Protocol):
    """Where and by whom something is done: the engine's own `At` is one."""

    @property
    def session(self) -> Session:
        """The transaction."""

    @property
    def live(self) -> Live:
        """What is in force."""

    @property
    def actor(self) -> Actor:
        """Who acts."""

    @property
    def now(self) -> datetime:
        """The moment."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place of its own, for who comes without an account."""

    session: Session
    live: Live
    actor: Actor
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said with an act: how it came in, and what belongs to it."""

    way: str
    reason: str = ""
    missing: tuple[str, ...] = ()
    note: str = ""
    confirmed_by: str = ""
    evidence: str = ""
    evidence_on: date | None = None


class Lacking(Exception):
    """Something that belongs to the act is not said; `problems` maps entries to the slug that says why."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{key}: {slug}" for key, slug in problems.items()))
        self.problems = problems


class Stale(Exception):
    """The referral went on since the form was shown."""


def locked(session: Session, referral_id: int) -> tuple[Referral, Case]:
    """Returns a referral and its case as they are now, locked until the transaction ends; the case first."""
    referral = session.get_one(Referral, referral_id)
    fresh = select(Case).where(Case.id == referral.case_id).with_for_update(key_share=True)
    case = session.scalars(fresh.execution_options(populate_existing=True)).one()
    session.refresh(referral)
    return referral, case


def told(at: Place, referral: Referral, kind: str, data: Mapping[str, object]) -> None:
    """Writes down what happened to a referral, in the history of its case."""
    said = {"referral": referral.id, "destination": referral.destination, **data}
    record(
        at.session,
        actor=at.actor,
        now=at.now,
        kind=kind,
        subject="case",
        subject_id=referral.case_id,
        data=said,
    )


def until(at: Place, case: Case, within: Duration | None) -> datetime | None:
    """Returns when a limit that begins now ends by the calendar of the case's office."""
    return due(at.now, within, calendar(at.live.schema, case.area, case.centre)).at if within else None
