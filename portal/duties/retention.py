"""Release + day -> whose time to be kept is over: closed cases by programme, and residents nobody needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Table, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import Session

from portal.access import Actor, within
from portal.facts import today
from portal.fields import LinkField
from portal.models import column_name
from portal.releases import Live
from portal.schema import Keep, Retention, Schema
from portal.tables import Case, Erased, IssuedLetter
from portal.wall import unscoped
from portal.wall.known import unmerged
from portal.words import say

COUNTING = "whose time is over is counted where a person answers for it; nobody is shown"


@dataclass(frozen=True, kw_only=True)
class DueProgram:
    """The cases of one programme whose time is over, as numbers only."""

    program: str
    label: str
    keep: str
    cases: int
    letters: int
    oldest: date


def in_words(keep: Keep) -> str:
    """Returns how long something is kept as the reader says it, such as "5 tahun"."""
    return say(f"keep-{keep.unit}", amount=keep.amount)


def retention_of(schema: Schema, program: str) -> Retention | None:
    """Returns how long the cases of a programme are kept, None while nobody has said."""
    known = schema.known.programs.get(program)
    own = known.retention if known else None
    return own or schema.office.retention


def erase_scope(schema: Schema, actor: Actor, area: ColumnElement[str]) -> ColumnElement[bool]:
    """Returns the condition that a row lies where a person answers for the data."""
    if actor.everything:
        return true()
    held = (granted for granted in actor.grants if granted.role in schema.roles)
    return within(area, [granted.area for granted in held if "erase" in schema.roles[granted.role].may])


def not_erased(subject: str, key: ColumnElement[int]) -> ColumnElement[bool]:
    """Returns the condition that a row was not emptied yet."""
    return ~exists().where(Erased.subject == subject, Erased.subject_id == key)


def is_due(live: Live, now: datetime, programs: Iterable[str]) -> ColumnElement[bool]:
    """Returns the condition that a case is closed and past its time."""
    parts = []
    for program in programs:
        retention = retention_of(live.schema, program)
        if retention is not None:
            last = retention.keep.before(today(live.schema, now))
            parts.append(and_(Case.program == program, Case.closed_at < _midnight(live, last)))
    return and_(Case.status == "closed", or_(*parts)) if parts else false()


def _midnight(live: Live, day: date) -> datetime:
    """The end of a day in the office's time zone."""
    zone = ZoneInfo(live.schema.office.time_zone)
    return datetime.combine(day + timedelta(days=1), time(0), zone)


def _programs(session: Session) -> list[str]:
    return sorted(session.scalars(select(Case.program).distinct()))


def due_cases(session: Session, live: Live, actor: Actor, now: datetime, program: str) -> tuple[int, ...]:
    """Returns the cases of a programme that may be erased where a person answers for them, oldest first."""
    found = (
        select(Case.id)
        .where(is_due(live, now, [program]), not_erased("case", Case.__table__.c.id))
        .where(erase_scope(live.schema, actor, Case.__table__.c.area))
        .order_by(Case.closed_at, Case.id)
    )
    with unscoped(COUNTING):
        return tuple(session.scalars(found))


def due_programs(session: Session, live: Live, actor: Actor, now: datetime) -> tuple[DueProgram, ...]:
    """Returns by programme what may be erased where a person answers for it: numbers, no names."""
    with unscoped(COUNTING):
        return tuple(_due(session, live, actor, now))


def _due(session: Session, live: Live, actor: Actor, now: datetime) -> Iterator[DueProgram]:
    zone = ZoneInfo(live.schema.office.time_zone)
    for program in _programs(session):
        retention = retention_of(live.schema, program)
        cases = due_cases(session, live, actor, now, program) if retention else ()
        if not cases or retention is None:
            continue
        letters = sum(
            session.scalar(select(func.count()).where(IssuedLetter.case_id.in_(some))) or 0
            for some in _portions(cases)
        )
        oldest = session.get_one(Case, cases[0]).closed_at
        known = live.schema.known.programs.get(program)
        yield DueProgram(
            program=program,
            label=known.label if known else program,
            keep=in_words(retention.keep),
            cases=len(cases),
            letters=letters,
            oldest=oldest.astimezone(zone).date() if oldest else today(live.schema, now),
        )


def _portions(keys: tuple[int, ...], size: int = 500) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def due_residents(session: Session, live: Live, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Returns the residents whom no case, no family member and no recent record needs any more.

    Who had a case is needed until the last of them is due; who never had one, for the office's time after the
    record was last changed. Members of one household are needed together.
    """
    with unscoped(COUNTING):
        return _due_residents(session, live, actor, now)


def _due_residents(session: Session, live: Live, actor: Actor, now: datetime) -> tuple[int, ...]:
    subject = live.schema.subject()
    table: Table = live.models.records[subject].__table__
    area = live.schema.records[subject].area
    scope = erase_scope(live.schema, actor, table.c[column_name(area)]) if area else _everywhere(live, actor)
    other = table.alias("relative")
    needed = [_needed(session, live, now, table)]
    for key, field in live.schema.records[subject].fields.items():
        if isinstance(field, LinkField) and field.to != subject:
            link = column_name(key)
            with_ = and_(other.c[link] == table.c[link], other.c.id != table.c.id)
            needed.append(exists().where(with_, _needed(session, live, now, other)))
    kept = (not_erased(subject, table.c.id), unmerged(table.c.id), scope)
    found = select(table.c.id).where(not_(or_(*needed)), *kept)
    return tuple(session.scalars(found.order_by(table.c.id)))


def _everywhere(live: Live, actor: Actor) -> ColumnElement[bool]:
    roles = live.schema.roles
    held = [g for g in actor.grants if g.role in roles and "erase" in roles[g.role].may]
    return true() if actor.everything or any(not g.area for g in held) else false()


def _needed(session: Session, live: Live, now: datetime, table: FromClause) -> ColumnElement[bool]:
    mine = and_(Case.resident_id == table.c.id, not_erased("case", Case.__table__.c.id))
    running = exists().where(mine, not_(func.coalesce(is_due(live, now, _programs(session)), false())))
    office = live.schema.office.retention
    if office is None:
        return or_(running, ~exists().where(mine))
    fresh = table.c.changed_at >= _midnight(live, office.keep.before(today(live.schema, now)))
    return or_(running, and_(~exists().where(mine), fresh))
