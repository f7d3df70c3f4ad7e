"""Whether a record belongs to a case in which the person who looks has a task: then some see more of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor, right_of, roles_of
from portal.admin.records.lens import Lens
from portal.fields import LinkField
from portal.schema import Schema
from portal.tables import Case


def seen_as(lens: Lens, session: Session, row: Row[Any]) -> Lens:
    """Returns a record type as a person sees one row, their tasks about it included."""
    return lens.at(row, assigned=_depends(lens) and _has_task(lens, session, row))


def _depends(lens: Lens) -> bool:
    """Tells whether having a task shows the person more of this record type."""
    fields = lens.record.fields.items()
    return any(
        right_of(role, field, lens.key, name) == "assigned"
        for _, role in roles_of(lens.live.schema, lens.actor)
        for name, field in fields
    )


def _has_task(lens: Lens, session: Session, row: Row[Any]) -> bool:
    """Tells whether the resident is the row itself, or one who points to it or to whom it points."""
    subject = lens.other(lens.live.schema.subject())
    key = row._mapping[lens.table.c.id]
    if lens.record.subject:
        about = Case.resident_id == key
    elif links := _links(lens, subject):
        about = Case.resident_id.in_([value for name in links if (value := row._mapping[lens.column(name)])])
    else:
        inward = [subject.column(name) == key for name in _links(subject, lens)]
        if not inward:
            return False
        about = Case.resident_id.in_(select(subject.table.c.id).where(*inward, subject.scope))
    own = wall.own_cases(lens.live.schema, lens.actor)
    return session.scalar(select(Case.id).where(about, own).limit(1)) is not None


def _links(lens: Lens, to: Lens) -> tuple[str, ...]:
    """Returns the fields of a record type that lead to another."""
    fields = lens.record.fields.items()
    return tuple(name for name, field in fields if isinstance(field, LinkField) and field.to == to.key)


def case_is_mine(session: Session, schema: Schema, actor: Actor, case: Case) -> bool:
    """Tells whether a person has, had or may take a task in a running case."""
    own = wall.own_cases(schema, actor)
    return session.scalar(select(Case.id).where(Case.id == case.id, own).limit(1)) is not None
