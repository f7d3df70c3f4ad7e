"""A new SopVersion that differs in words only -> running cases follow it by themselves, if the SOP says so.

It works inside the transaction of an apply: the cases are taken hold of before any table changes and without
waiting, so that whoever completes a step meanwhile is never in a circle with it; the apply tries again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session, aliased

from portal import events
from portal.access import Actor
from portal.moving import compare
from portal.releases import sop_version
from portal.schema import Schema, canonical
from portal.tables import Case, SopVersion, Task


@dataclass(frozen=True, kw_only=True)
class Follower:
    """A running case that follows the words of its SOP."""

    case_id: int
    step: str
    version: SopVersion
    """The version that it leaves."""


def hold(session: Session, schema: Schema) -> Mapping[str, tuple[Follower, ...]]:
    """Returns by SOP the cases that will follow a Schema's words, each locked until the transaction ends.

    Raises:
        OperationalError: somebody is at work on one of them at this moment.
    """
    following = (key for key, sop in schema.sops.items() if sop.follow == "wording")
    return {key: held for key in following if (held := _held(session, schema, key))}


def _held(session: Session, schema: Schema, key: str) -> tuple[Follower, ...]:
    stored = session.scalars(select(SopVersion).where(SopVersion.sop == key)).all()
    newest = max(stored, key=lambda each: each.number, default=None)
    if newest is None or newest.definition == canonical(schema.sops[key]):
        return ()
    left = {each.id: each for each in stored if _words_only(session, each, schema, key)}
    query = (
        select(Case.id, Case.sop_version_id, Task.step)
        .join(Task, Task.id == _first_open())
        .where(Case.status == "open", Case.sop_version_id.in_(left))
        .order_by(Case.id)
        .with_for_update(nowait=True, key_share=True, of=Case)
    )
    rows = session.execute(query).all() if left else ()
    return tuple(Follower(case_id=case, step=step, version=left[version]) for case, version, step in rows)


def _first_open() -> ScalarSelect[int]:
    """The oldest open task of a case: in parallel branches it may have several."""
    task = aliased(Task)
    oldest = select(func.min(task.id)).where(task.case_id == Case.id, task.status == "open")
    return oldest.correlate(Case).scalar_subquery()


def _words_only(session: Session, stored: SopVersion, schema: Schema, key: str) -> bool:
    return compare(sop_version(session, stored.id), schema.sops[key]).wording_only


def follow(
    session: Session,
    held: Mapping[str, tuple[Follower, ...]],
    versions: Iterable[SopVersion],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Lets the cases that are held follow the new versions of their SOPs, each with its event."""
    for version in versions:
        for each in held.get(version.sop, ()):
            session.execute(update(Case).where(Case.id == each.case_id).values(sop_version_id=version.id))
            said = {"sop": version.sop, "from": each.version.number, "to": version.number, "step": each.step}
            events.record(
                session,
                actor=actor,
                now=now,
                kind="case-moved",
                subject="case",
                subject_id=each.case_id,
                data={**said, "wording": True},
            )
