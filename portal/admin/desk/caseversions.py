"""Which versions of its SOP a case has followed, which is the newest, what differs, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, may_in
from portal.cases.moving import MOVED, MoveRefused, compared, reversible
from portal.releases import Live, sop_version
from portal.schema import Sop
from portal.tables import Case, Event, SopVersion


@dataclass(frozen=True, kw_only=True)
class Versions:
    """What the page of a case says of versions."""

    newest: int | None = None
    """The number of the newest version, None when the case follows it."""
    differences: Sequence[str] = ()
    back_to: int | None = None
    """The version from which the case was just moved, None when that cannot be taken back."""
    may_move: bool = False


def followed_by(session: Session, case: Case, sop: Sop) -> tuple[Sop, ...]:
    """Returns the versions that a case has followed: its own first, then earlier ones, the newest first."""
    about = (Event.subject == "case", Event.subject_id == case.id, Event.kind == MOVED)
    numbers = {int(data["from"]) for data in session.scalars(select(Event.data).where(*about))}
    if not numbers:
        return (sop,)
    query = select(SopVersion.id).where(SopVersion.sop == case.sop, SopVersion.number.in_(numbers))
    earlier = session.scalars(query.order_by(SopVersion.number.desc()))
    return (sop, *(sop_version(session, key) for key in earlier))


def versions_of(session: Session, live: Live, actor: Actor, case: Case) -> Versions:
    """Returns what the page of a running case says of versions; of a closed one there is nothing to say."""
    if case.status != "open":
        return Versions()
    key = live.sop_versions.get(case.sop, case.sop_version_id)
    newest, followed = (session.get_one(SopVersion, each) for each in (key, case.sop_version_id))
    behind = newest.number > followed.number
    return Versions(
        newest=newest.number if behind else None,
        differences=compared(session, followed, newest).sentences(live.schema) if behind else (),
        back_to=_back_to(session, case),
        may_move=may_in(live.schema, actor, "publish", case.area),
    )


def _back_to(session: Session, case: Case) -> int | None:
    try:
        return int(reversible(session, case).data["from"])
    except MoveRefused:
        return None
