"""What somebody says of a pair: the same family, or not the same person; remembered until data change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor, Forbidden, may_in
from portal.events import record
from portal.models import column_name
from portal.tables import Twin
from portal.twins.finding import table_of
from portal.wall.standing import Ground

RELATED, DIFFERENT, OPEN = "related", "different", "open"


class Stale(Exception):
    """The records, or what was decided of them, are no longer what the form was shown."""


class NotThere(Exception):
    """There is no such pair or merge within the actor's sight."""


def in_sight(ground: Ground, actor: Actor) -> ColumnElement[bool]:
    """Returns the condition on the pairs of which an actor sees both records."""
    table, subject = table_of(ground), ground.schema.subject()
    area = ground.schema.records[subject].area
    column = table.c[column_name(area)] if area else None
    seen = select(table.c.id).where(wall.rows(ground.schema, actor, subject, column, table.c.id))
    return and_(Twin.resident_id.in_(seen), Twin.other_id.in_(seen))


def open_pairs(session: Session, ground: Ground, actor: Actor, most: int, after: int = 0) -> Sequence[Twin]:
    """Returns the pairs that wait for somebody who sees both records, the likeliest first."""
    query = select(Twin).where(Twin.status == OPEN, in_sight(ground, actor))
    return session.scalars(query.order_by(Twin.score.desc(), Twin.id).offset(after).limit(most)).all()


def count_open(session: Session, ground: Ground, actor: Actor) -> int:
    """Returns how many pairs that list has."""
    query = select(func.count()).select_from(Twin).where(Twin.status == OPEN, in_sight(ground, actor))
    return session.scalar(query) or 0


def pairs_of(session: Session, ground: Ground, actor: Actor, key: int) -> Sequence[Twin]:
    """Returns the pairs of a record that an actor sees, decided ones included."""
    mine = or_(Twin.resident_id == key, Twin.other_id == key)
    query = select(Twin).where(mine, in_sight(ground, actor))
    return session.scalars(query.order_by(Twin.score.desc(), Twin.id).limit(20)).all()


def pair(session: Session, ground: Ground, actor: Actor, key: int) -> Twin:
    """Returns a pair of which an actor sees both records.

    Raises:
        NotThere: there is none.
    """
    found = session.scalar(select(Twin).where(Twin.id == key, in_sight(ground, actor)))
    if found is None:
        raise NotThere
    return found


def areas_of(session: Session, ground: Ground, keys: Sequence[int]) -> dict[int, str]:
    """Returns the areas of some records."""
    table, name = table_of(ground), ground.schema.records[ground.schema.subject()].area
    if name is None:
        return dict.fromkeys(keys, "")
    column: Any = table.c[column_name(name)]
    found = session.execute(select(table.c.id, column).where(table.c.id.in_(keys)))
    return {int(key): str(area or "") for key, area in found}


def may_decide(session: Session, ground: Ground, actor: Actor, one: int, other: int) -> bool:
    """Tells whether an actor may say of two records whether they are one person: in the areas of both."""
    areas = areas_of(session, ground, (one, other))
    return len(areas) == 2 and all(may_in(ground.schema, actor, "merge", each) for each in areas.values())


def decide(
    session: Session,
    ground: Ground,
    *,
    actor: Actor,
    now: datetime,
    twin: int,
    mark: str,
    status: str,
    reason: str,
) -> Twin:
    """Remembers that two records are of one family, or not of one person.

    Args:
        mark: the mark of the pair as the form was shown it.

    Raises:
        NotThere: no such pair in sight.
        Forbidden: the actor may not decide in both areas.
        Stale: the data were changed, or somebody else decided.
    """
    found = pair(session, ground, actor, twin)
    if not may_decide(session, ground, actor, found.resident_id, found.other_id):
        raise Forbidden("merge")
    if found.mark != mark or found.status == status:
        raise Stale
    found.status, found.reason = status, reason
    found.decided_at, found.decided_by = now, actor.account_id
    session.flush()
    subject = ground.schema.subject()
    for key, other in ((found.resident_id, found.other_id), (found.other_id, found.resident_id)):
        record(
            session,
            actor=actor,
            now=now,
            kind=f"twin-{status}",
            subject=subject,
            subject_id=key,
            data={"other": other, "twin": found.id},
        )
    return found
