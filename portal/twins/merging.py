"""Two records become one, and two again: rows move, nothing is deleted, letters stay as they were printed.

The record that goes keeps its row with its number and is hidden by the wall; everything that pointed to it
points to the one that stays. What is needed to undo it is written down beside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Table, func, select, update
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor, Forbidden, may_in, may_record_in
from portal.events import hold, record
from portal.fields import LinkField
from portal.models import column_name
from portal.tables import Base, Case, Erased, MatchKey, Merge, MergeKept, Twin
from portal.twins.deciding import NotThere, Stale
from portal.twins.finding import table_of
from portal.wall.known import area_column, called
from portal.wall.standing import Ground

MOVING = "a merge moves everything of a person, also what whoever merges does not see; none of it is shown"
_STAY = frozenset({MatchKey.__tablename__, Twin.__tablename__, MergeKept.__tablename__})
"""Tables of ours that name a record and are not moved."""
_PORTION = 500


class Impossible(Exception):
    """The merge, or taking it apart, cannot be done now; the slug says why."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def merge(
    session: Session,
    ground: Ground,
    *,
    actor: Actor,
    now: datetime,
    stays: int,
    gone: int,
    versions: Mapping[int, int],
    taken: Collection[str],
    reason: str,
) -> Merge:
    """Merges one record into another.

    Args:
        versions: the version of each record that the form was shown.
        taken: the fields whose value comes from the record that goes.

    Raises:
        NotThere: one of them is not in sight, or is merged already.
        Forbidden: the actor may not merge in both areas.
        Stale: one of them was changed meanwhile.
    """
    hold(session)
    with wall.unscoped(MOVING):
        both = _locked(session, ground, stays, gone)
    _permit(ground, actor, both.values())
    if any(both[key]["version"] != versions.get(key) for key in (stays, gone)):
        raise Stale
    with wall.unscoped(MOVING):
        made = Merge(stays_id=stays, gone_id=gone, hidden_id=gone, made_at=now, made_by=actor.account_id or 0)
        session.add(made)
        session.flush()
        changed = _take(session, ground, actor, now, both, (stays, gone), taken)
        moved = dict(_move(session, ground, gone, stays))
        session.add(
            MergeKept(merge_id=made.id, resident_id=stays, reason=reason, changed=changed, moved=moved)
        )
        session.flush()
        _tell(session, ground, actor, now, made, "merged", changed, moved)
    return made


def _locked(session: Session, ground: Ground, one: int, other: int) -> dict[int, Mapping[str, Any]]:
    """Returns two records that are both there and neither merged nor emptied, locked in the order of keys."""
    table, names = table_of(ground), called(ground.schema, ground.schema.subject())
    query = select(table).where(table.c.id.in_((one, other))).order_by(table.c.id).with_for_update()
    found: dict[int, Mapping[str, Any]] = {
        int(row._mapping["id"]): dict(row._mapping) for row in session.execute(query)
    }
    hidden = session.scalar(select(func.count()).where(Merge.hidden_id.in_((one, other))))
    emptied = session.scalar(
        select(func.count()).where(Erased.subject.in_(names), Erased.subject_id.in_((one, other)))
    )
    if len(found) != 2 or hidden or emptied:
        raise NotThere
    return found


def _permit(ground: Ground, actor: Actor, rows: Collection[Mapping[str, Any]] | Any) -> None:
    schema, subject = ground.schema, ground.schema.subject()
    area = area_column(schema, subject)
    for row in rows:
        where = str(row[area] or "") if area else ""
        if not may_record_in(schema, actor, subject, "read", where):
            raise NotThere
        if not may_in(schema, actor, "merge", where):
            raise Forbidden("merge")


def _take(
    session: Session,
    ground: Ground,
    actor: Actor,
    now: datetime,
    both: Mapping[int, Mapping[str, Any]],
    keys: tuple[int, int],
    taken: Collection[str],
) -> dict[str, Any]:
    """Writes the chosen values, and returns by column what they were and what they became."""
    fields = ground.schema.records[ground.schema.subject()].fields
    stays, gone = keys
    changed: dict[str, Any] = {}
    given_up: dict[str, Any] = {}
    for name in sorted(taken):
        column = column_name(name)
        before, after = both[stays][column], both[gone][column]
        if name not in fields or before == after:
            continue
        changed[column] = [_packed(before), _packed(after)]
        if fields[name].unique and after is not None:
            given_up[column] = _packed(after)
    _write(session, ground, actor, now, gone, dict.fromkeys(given_up))
    _write(session, ground, actor, now, stays, {name: _unpacked(pair[1]) for name, pair in changed.items()})
    return {**changed, "gone": given_up}


def _write(
    session: Session, ground: Ground, actor: Actor, now: datetime, key: int, values: Mapping[str, Any]
) -> None:
    table = table_of(ground)
    said = {"version": table.c.version + 1, "changed_at": now, "changed_by": actor.account_id or 0}
    session.execute(update(table).where(table.c.id == key).values({**said, **values}))


def _packed(value: object) -> list[object]:
    """Returns a value as JSON holds it, with its kind."""
    if isinstance(value, datetime):
        return ["moment", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    return ["decimal", str(value)] if isinstance(value, Decimal) else ["", value]


def _unpacked(said: Sequence[Any]) -> Any:
    kind, value = said
    if kind == "moment":
        return datetime.fromisoformat(value)
    if kind == "date":
        return date.fromisoformat(value)
    return Decimal(value) if kind == "decimal" else value


def pointers(ground: Ground) -> Iterator[tuple[Table, Column[Any]]]:
    """Yields every column that points to a person: of our own tables, and the links of all records."""
    for name, table in Base.metadata.tables.items():
        if "resident_id" in table.c and name not in _STAY:
            yield table, table.c.resident_id
    subject = ground.schema.subject()
    models = {**ground.models.withdrawn, **ground.models.records}
    for record_id, definition in ground.schema.kept.records.items():
        table = models[record_id].__table__
        for name, field in definition.fields.items():
            if isinstance(field, LinkField) and field.to == subject:
                yield table, table.c[column_name(name)]


def _move(session: Session, ground: Ground, gone: int, stays: int) -> Iterator[tuple[str, list[int]]]:
    """Points everything that pointed to one record to another, and yields what that was."""
    own = table_of(ground)
    for table, column in pointers(ground):
        key = next(iter(table.primary_key.columns))
        query = select(key).where(column == gone)
        if table is own:
            query = query.where(key.not_in((gone, stays)))
        found = list(session.scalars(query.order_by(key)))
        if found:
            _point(session, table, column, key, found, stays)
            yield f"{table.name}.{column.name}", found


def _point(
    session: Session, table: Table, column: Column[Any], key: Column[Any], rows: Sequence[int], to: int
) -> None:
    for start in range(0, len(rows), _PORTION):
        some = key.in_(rows[start : start + _PORTION])
        session.execute(update(table).where(some).values({column.name: to}))
    if table.name == Case.__tablename__:
        session.expire_all()


def _tell(
    session: Session,
    ground: Ground,
    actor: Actor,
    now: datetime,
    made: Merge,
    what: str,
    changed: Mapping[str, Any],
    moved: Mapping[str, Sequence[int]],
) -> None:
    """Writes the events: of both records and of every case that has changed hands."""
    subject = ground.schema.subject()
    about = {"merge": made.id, "stays": made.stays_id, "gone": made.gone_id}
    counts = {place: len(keys) for place, keys in moved.items()}
    fields = {column_name(name): name for name in ground.schema.records[subject].fields}
    values = {fields.get(name, name): (p[0][1], p[1][1]) for name, p in changed.items() if name != "gone"}
    common: dict[str, Any] = {"actor": actor, "now": now}
    record(
        session,
        **common,
        kind=f"record-{what}",
        subject=subject,
        subject_id=made.stays_id,
        data={**about, "moved": counts, "fields": sorted(values)},
        values=values,
    )
    record(
        session, **common, kind=f"record-{what}-away", subject=subject, subject_id=made.gone_id, data=about
    )
    for case in moved.get("case.resident_id", ()):
        record(session, **common, kind=f"case-person-{what}", subject="case", subject_id=case, data=about)


def undo(session: Session, ground: Ground, *, actor: Actor, now: datetime, key: int) -> Merge:
    """Takes a merge apart: what it moved goes back, what it changed as well; what came after stays.

    Raises:
        NotThere: there is no such merge in sight.
        Forbidden: the actor may not merge in both areas.
        Impossible: it is undone already, a later merge lies over it, or one of them was erased.
    """
    hold(session)
    with wall.unscoped(MOVING):
        made = session.get(Merge, key, with_for_update=True)
        both = _rows(session, ground, made)
    if made is None or len(both) != 2:
        raise NotThere
    _permit(ground, actor, both.values())
    with wall.unscoped(MOVING):
        reason = undoable(session, ground, made)
        if reason:
            raise Impossible(reason)
        kept = session.get_one(MergeKept, made.id)
        made.hidden_id, made.undone_at, made.undone_by = None, now, actor.account_id or 0
        session.flush()
        back = _give_back(session, ground, actor, now, made, kept.changed, both)
        moved = dict(_move_back(session, ground, made, kept.moved))
        _tell(session, ground, actor, now, made, "unmerged", back, moved)
    return made


def _rows(session: Session, ground: Ground, made: Merge | None) -> dict[int, Mapping[str, Any]]:
    if made is None:
        return {}
    table = table_of(ground)
    query = select(table).where(table.c.id.in_((made.stays_id, made.gone_id)))
    found = session.execute(query.order_by(table.c.id).with_for_update())
    return {int(row._mapping["id"]): dict(row._mapping) for row in found}


def undoable(session: Session, ground: Ground, made: Merge) -> str:
    """Returns the slug of why a merge cannot be undone now, empty when it can; the wall must stand open."""
    if made.hidden_id is None:
        return "twin-undone-already"
    if session.scalar(select(Merge.id).where(Merge.hidden_id == made.stays_id)) is not None:
        return "twin-undo-later-first"
    newer = select(Merge.id).where(
        Merge.stays_id == made.stays_id, Merge.id > made.id, Merge.hidden_id.is_not(None)
    )
    if session.scalar(newer.limit(1)) is not None:
        return "twin-undo-later-first"
    names = called(ground.schema, ground.schema.subject())
    both = (made.stays_id, made.gone_id)
    gone = select(Erased.id).where(Erased.subject.in_(names), Erased.subject_id.in_(both)).limit(1)
    return "twin-undo-erased" if session.scalar(gone) is not None else ""


def _give_back(
    session: Session,
    ground: Ground,
    actor: Actor,
    now: datetime,
    made: Merge,
    changed: Mapping[str, Any],
    both: Mapping[int, Mapping[str, Any]],
) -> dict[str, Any]:
    """Puts back the values that the merge changed, unless somebody has changed them again since."""
    given_up = changed.get("gone", {})
    now_there = both[made.stays_id]
    back = {
        name: [pair[1], pair[0]]
        for name, pair in changed.items()
        if name != "gone" and name in now_there and _packed(now_there[name]) == pair[1]
    }
    values = {name: _unpacked(pair[1]) for name, pair in back.items()}
    free = {
        name: None if _held(session, ground, name, values[name], made.stays_id) else values[name]
        for name in values
    }
    _write(
        session, ground, actor, now, made.stays_id, {**values, **{n: None for n in given_up if n in values}}
    )
    own = {name: _unpacked(said) for name, said in given_up.items() if name in both[made.gone_id]}
    own = {n: v for n, v in own.items() if not _held(session, ground, n, v, made.gone_id)}
    _write(session, ground, actor, now, made.gone_id, own)
    late = {name: free[name] for name in given_up if name in free and free[name] is not None}
    if late:
        session.execute(update(table_of(ground)).where(table_of(ground).c.id == made.stays_id).values(late))
    return back


def _held(session: Session, ground: Ground, column: str, value: Any, but: int) -> bool:
    """Tells whether another record holds a value that only one may hold."""
    fields = ground.schema.records[ground.schema.subject()].fields
    unique = any(column_name(name) == column and field.unique for name, field in fields.items())
    if not unique or value is None:
        return False
    table = table_of(ground)
    query = select(table.c.id).where(table.c[column] == value, table.c.id != but).limit(1)
    return session.scalar(query) is not None


def _move_back(
    session: Session, ground: Ground, made: Merge, moved: Mapping[str, Sequence[int]]
) -> Iterator[tuple[str, list[int]]]:
    """Points back what the merge moved and nobody has moved since, and yields what that was."""
    for table, column in pointers(ground):
        place = f"{table.name}.{column.name}"
        key = next(iter(table.primary_key.columns))
        for start in range(0, len(moved.get(place, ())), _PORTION):
            some = key.in_(moved[place][start : start + _PORTION])
            found = list(session.scalars(select(key).where(some, column == made.stays_id).order_by(key)))
            if found:
                _point(session, table, column, key, found, made.gone_id)
                yield place, found


def hidden_of(session: Session, key: int) -> tuple[int, ...]:
    """Returns the records that were taken up into one, directly or on the way."""
    found, waiting = [], [key]
    while waiting:
        query = select(Merge.gone_id).where(Merge.stays_id.in_(waiting), Merge.hidden_id.is_not(None))
        waiting = list(session.scalars(query.order_by(Merge.id)))
        found += waiting
    return tuple(found)


def family(session: Session, key: int) -> tuple[int, ...]:
    """Returns a record's key and those of all that were taken up into it: whose history is one."""
    return (key, *hidden_of(session, key))


def merges_of(session: Session, key: int) -> Sequence[Merge]:
    """Returns the merges that hold into a record, the newest first."""
    query = select(Merge).where(Merge.stays_id == key, Merge.hidden_id.is_not(None))
    return session.scalars(query.order_by(Merge.id.desc())).all()


def forget(session: Session, key: int) -> tuple[int, ...]:
    """Takes out of merges and pairs what they tell of a record that is erased.

    Returns:
        The records that are hidden in it, which are to be emptied as well.
    """
    of_it = select(Merge.id).where((Merge.stays_id == key) | (Merge.gone_id == key))
    emptied = {"changed": {}, "reason": ""}
    session.execute(update(MergeKept).where(MergeKept.merge_id.in_(of_it)).values(emptied))
    pair = (Twin.resident_id == key) | (Twin.other_id == key)
    session.execute(update(Twin).where(pair).values(reason=None, mark=""))
    return hidden_of(session, key)
