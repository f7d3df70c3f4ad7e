"""A table and who acts -> the condition on the rows that they may see, as `access` says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, literal, or_, select, true

from portal.access import case_scope, reads, record_scope, roles_of, within
from portal.tables import Case, CaseTransfer, Event
from portal.wall.known import CASE, OF_CASES, area_column, called, kind_of, record_of, unmerged
from portal.wall.standing import Ground, NoScope, Standing

Held = Mapping[str, set[int]]
"""By table the keys of rows that a transaction has taken hold of: it sees them to its end."""
CASES: Any = Case.__table__
EVENTS: Any = Event.__table__
SEEN = "seen"
"""Under which name stand the cases that a session has read whole: what belongs to them is seen as well."""


def scope(
    now: Standing, table: FromClause, held: Held, about: frozenset[str] = frozenset()
) -> ColumnElement[bool]:
    """Returns the condition on the rows of a table that whoever acts may see.

    Args:
        about: the subjects of events that are asked for, all when it is empty.
    """
    if now.everything:
        return true()
    ground, name, columns = _ground(now), str(getattr(table, "name", "")), table.c
    kind = kind_of(name)
    if kind == "case":
        return _or_held(_of_cases(now, ground), columns.id, held.get(name, set()))
    if kind == "offer":
        return _once(now, name, lambda: _of_offers(now, ground))
    if kind == "part":
        own = _once(now, name, lambda: _has_case(now, ground, table, columns.case_id))
        return _or_held(own, columns.case_id, held.get(CASES.name, set()))
    if kind == "paper":
        return _of_paper(now, ground, table, held)
    if kind == "person":
        return _of_person(now, ground, table, held)
    if kind == "record":
        own = _once(now, name, lambda: _of_shown(now, ground, table, name))
        return _or_held(own, columns.id, held.get(name, set()))
    if kind == "value":
        return _of_values(now, ground, table, held)
    return _of_events(now, ground, table, held, about) if kind == "event" else true()


def _once(now: Standing, name: str, make: Callable[[], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Returns the condition of a table, made once for each request."""
    if name not in now.made:
        now.made[name] = make()
    return now.made[name]


def _ground(now: Standing) -> Ground:
    if now.ground is None:
        raise NoScope(f"{now.actor.label!r} acts under no Release")
    return now.ground


def _or_held(condition: ColumnElement[bool], key: ColumnElement[int], held: set[int]) -> ColumnElement[bool]:
    return or_(condition, key.in_(sorted(held))) if held else condition


def _of_cases(now: Standing, ground: Ground) -> ColumnElement[bool]:
    return _once(now, CASES.name, lambda: case_scope(ground.schema, now.actor))


def _of_offers(now: Standing, ground: Ground) -> ColumnElement[bool]:
    """An offer is seen by who works in the area that offers or registers in the one that is asked."""
    held = [(granted.area, role) for granted, role in roles_of(ground.schema, now.actor)]
    offering = [area for area, role in held if "work" in role.may]
    asked = [area for area, role in held if "register" in role.may]
    return or_(within(CaseTransfer.from_area, offering), within(CaseTransfer.to_area, asked))


def _has_case(
    now: Standing, ground: Ground, table: FromClause, key: ColumnElement[int]
) -> ColumnElement[bool]:
    own = select(literal(1)).select_from(CASES).where(CASES.c.id == key, _of_cases(now, ground))
    return exists(own.correlate(table))


def _of_paper(now: Standing, ground: Ground, table: FromClause, held: Held) -> ColumnElement[bool]:
    """What an office issues is seen with its case; without one by who sees cases in its area."""
    areas = [granted.area for granted, role in roles_of(ground.schema, now.actor) if reads(role, CASE)]
    here = within(table.c.area, areas)
    if "case_id" not in table.c:
        return here
    of_case = _once(
        now, str(getattr(table, "name", "")), lambda: _has_case(now, ground, table, table.c.case_id)
    )
    own = _or_held(of_case, table.c.case_id, held.get(CASES.name, set()))
    return or_(own, and_(table.c.case_id.is_(None), here))


def _of_records(now: Standing, ground: Ground, table: FromClause, name: str) -> ColumnElement[bool]:
    record = record_of(ground.schema, name)
    if record is None:
        return false()
    area = area_column(ground.schema, record)
    return record_scope(ground.schema, now.actor, record, table.c[area] if area else None)


def _of_shown(now: Standing, ground: Ground, table: FromClause, name: str) -> ColumnElement[bool]:
    """A person who was taken up into another record is met there; what happened to them is seen as before."""
    seen = _of_records(now, ground, table, name)
    return (
        and_(seen, unmerged(table.c.id))
        if record_of(ground.schema, name) == ground.schema.subject()
        else seen
    )


def _of_person(now: Standing, ground: Ground, table: FromClause, held: Held) -> ColumnElement[bool]:
    """What belongs to a person is seen with their record, or with the case that it was kept for."""
    record = ground.schema.subject()
    rows: Any = ground.models.records[record].__table__
    own = select(literal(1)).select_from(rows).where(rows.c.id == table.c.resident_id)
    mine = exists(own.where(_of_records(now, ground, rows, rows.name)).correlate(table))
    seen = _or_held(mine, table.c.resident_id, held.get(rows.name, set()))
    if "case_id" not in table.c:
        return seen
    of_case = _has_case(now, ground, table, table.c.case_id)
    return or_(seen, _or_held(of_case, table.c.case_id, held.get(CASES.name, set())))


def _of_values(now: Standing, ground: Ground, table: FromClause, held: Held) -> ColumnElement[bool]:
    """Old and new values are seen with the event that they belong to."""
    told = EVENTS.alias("told")
    seen = _of_events(now, ground, told, held, frozenset())
    own = select(literal(1)).select_from(told).where(told.c.id == table.c.event_id, seen)
    return exists(own.correlate(table))


def _of_events(
    now: Standing, ground: Ground, table: FromClause, held: Held, about: frozenset[str]
) -> ColumnElement[bool]:
    """What happened to a case or a record is seen with it; of rules and accounts it is free."""
    subject, key = table.c.subject, table.c.subject_id
    parts, known = [], [*OF_CASES, *ground.models.withdrawn]
    if not about or about.intersection(OF_CASES):
        seen = _or_held(_has_case(now, ground, table, key), key, held.get(CASES.name, set()))
        parts.append(and_(subject.in_(OF_CASES), seen))
    for record, model in ground.models.records.items():
        names, rows = called(ground.schema, record), model.__table__
        known += names
        if not about or about.intersection(names):
            own = select(literal(1)).select_from(rows).where(rows.c.id == key)
            found = exists(own.where(_of_records(now, ground, rows, rows.name)).correlate(table))
            parts.append(and_(subject.in_(names), _or_held(found, key, held.get(rows.name, set()))))
    return or_(*parts, subject.not_in(known))
