"""Keys and pairs follow the records: whatever writes a person's record, its event brings them up to date.

Every change of a record writes an event in its transaction; before the commit the keys of those records are
made anew, and with them the pairs that look like one person. Both are derived and can be made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, delete, event, func, insert, or_, select, update
from sqlalchemy.orm import Session, UOWTransaction

from portal import wall
from portal.models import Models, column_name
from portal.releases import latest_id, live
from portal.schema import RecordType, Schema
from portal.search import starts_with
from portal.tables import Counter, Erased, Event, MatchKey, Merge, Twin
from portal.twins.finding import BLOCK, matches, table_of
from portal.twins.signs import (
    WORD,
    Likeness,
    Values,
    compared,
    digest_of,
    likeness,
    mark,
    signs,
    values_of,
)
from portal.wall.known import called
from portal.wall.standing import Ground

TOUCHED = "twins-touched"
_OTHERS = frozenset({"case", "work", "account", "release", "twin", "merge"})
"""Subjects of events that are no records."""
KEEPING = "what finds duplicates is made of records of every village, and none of it is shown"
SERIES = "twins"
"""The counter that holds by which clauses the index was made."""
_PORTION = 500
_One = tuple[int, Values]


def _note(session: Session, _context: UOWTransaction) -> None:
    """Notes which records the events of a flush are about."""
    for row in session.new:
        if isinstance(row, Event | Erased) and row.subject not in _OTHERS and row.subject_id:
            session.info.setdefault(TOUCHED, {})[row.subject, row.subject_id] = row.at
            session.info.setdefault("before-commit", {})["twins"] = keep


event.listen(Session, "after_flush", _note)


def keep(session: Session) -> None:
    """Brings keys and pairs of the records that a transaction has changed up to date."""
    touched: dict[tuple[str, int], datetime] = session.info.pop(TOUCHED, {})
    now = wall.known()
    if not touched or now is None:
        return
    with wall.unscoped(KEEPING):
        ground = now.ground or _newest(session)
        names = called(ground.schema, ground.schema.subject()) if ground else ()
        keys = {key: at for (subject, key), at in touched.items() if subject in names}
        if ground is not None and keys:
            refresh(session, ground, keys, max(keys.values()))


def _newest(session: Session) -> Ground | None:
    number = latest_id(session)
    return None if number is None else live(session, number)


def refresh(session: Session, ground: Ground, keys: Iterable[int], now: datetime) -> None:
    """Makes keys and pairs of some records anew; the wall must stand open."""
    wanted = sorted(set(keys))
    session.execute(delete(MatchKey).where(MatchKey.resident_id.in_(wanted)))
    record = ground.schema.records[ground.schema.subject()]
    there = dict(_there(session, ground, record, wanted))
    _learn(session, record, there)
    hidden = set(session.scalars(select(Merge.hidden_id).where(Merge.hidden_id.in_(wanted))))
    for key in wanted:
        pair_up(session, ground, key, {} if key in hidden else there.get(key, {}), now)


def _there(
    session: Session, ground: Ground, record: RecordType, keys: list[int]
) -> Iterator[tuple[int, dict[str, object]]]:
    """Yields the compared values of records that are there and were not emptied."""
    table = table_of(ground)
    names = called(ground.schema, ground.schema.subject())
    emptied = set(
        session.scalars(
            select(Erased.subject_id).where(Erased.subject.in_(names), Erased.subject_id.in_(keys))
        )
    )
    columns = [table.c[column_name(name)] for name in compared(record)]
    for row in session.execute(select(table.c.id, *columns).where(table.c.id.in_(keys))):
        if row[0] not in emptied:
            yield int(row[0]), values_of(record, row._mapping)  # type: ignore[arg-type]


def _learn(session: Session, record: RecordType, there: dict[int, dict[str, object]]) -> None:
    made = [
        {"resident_id": key, "key": sign} for key, values in there.items() for sign in signs(record, values)
    ]
    if made:
        session.execute(insert(MatchKey), made)


def pair_up(session: Session, ground: Ground, key: int, values: dict[str, object], now: datetime) -> None:
    """Writes down with whom a record may be one person, and forgets open pairs that are alike no more.

    What was decided of a pair is asked again only when the values that were compared have changed since.
    """
    record = ground.schema.records[ground.schema.subject()]
    found = {each.id: each for each in matches(session, ground, values, key)} if values else {}
    mine = or_(Twin.resident_id == key, Twin.other_id == key)
    known = {
        row.other_id if row.resident_id == key else row.resident_id: row
        for row in session.execute(
            select(Twin.id, Twin.resident_id, Twin.other_id, Twin.mark, Twin.status).where(mine)
        )
    }
    for other, row in known.items():
        if other not in found and row.status == "open":
            session.execute(delete(Twin).where(Twin.id == row.id))
    for other, each in found.items():
        said = _said(record, each.likeness, values, each.values)
        if other not in known:
            first, second = sorted((key, other))
            both = {"resident_id": first, "other_id": second, "status": "open", "found_at": now}
            session.execute(insert(Twin).values(**both, **said))
        else:
            _again(session, known[other], said)


def _said(record: RecordType, like: Likeness, one: Values, other: Values) -> dict[str, Any]:
    clauses = ",".join(map(str, like.clauses))
    return {"score": like.score, "clauses": clauses[:40], "mark": mark(record, one, other)}


def _again(session: Session, known: Any, said: Mapping[str, Any]) -> None:
    """Brings a known pair up to date: it is asked again when the values that were compared have changed."""
    status = known.status if known.mark == said["mark"] else "open"
    session.execute(update(Twin).where(Twin.id == known.id).values(**said, status=status))


@dataclass(frozen=True, kw_only=True)
class Over:
    """A Schema and its tables, where there is no Release yet."""

    schema: Schema
    models: Models


def rebuild(session: Session, ground: Ground, now: datetime | None = None) -> bool:
    """Makes all keys and pairs anew, unless today's clauses made them; tells whether it did."""
    if wall.known() is None or not any(each.subject for each in ground.schema.records.values()):
        return False
    made_by = digest_of(ground.schema.records[ground.schema.subject()])
    known = session.get(Counter, (SERIES, SERIES))
    if known is not None and known.value == made_by:
        return False
    with wall.unscoped(KEEPING):
        session.execute(delete(MatchKey))
        learn(session, ground)
        pair_all(session, ground, now or datetime.now(UTC))
        session.merge(Counter(series=SERIES, period=SERIES, value=made_by))
        session.flush()
    return True


def learn(session: Session, ground: Ground, after: int = 0) -> None:
    """Learns the keys of all records beyond a key; the wall must stand open."""
    record, table = ground.schema.records[ground.schema.subject()], table_of(ground)
    while keys := session.scalars(
        select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(_PORTION)
    ).all():
        _learn(session, record, dict(_there(session, ground, record, list(keys))))
        after = keys[-1]


def pair_all(session: Session, ground: Ground, now: datetime) -> None:
    """Compares everybody with whom they share a key, and writes down the pairs; the wall must stand open."""
    record = ground.schema.records[ground.schema.subject()]
    hidden = set(session.scalars(select(Merge.hidden_id).where(Merge.hidden_id.is_not(None))))
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for keys in _blocks(session):
        there = {k: v for k, v in _there(session, ground, record, keys) if k not in hidden}
        for (one, first), (other, second) in _worth_comparing(record, there):
            like = likeness(record, first, second)
            if like:
                found[one, other] = _said(record, like, first, second)
    known = {
        (row.resident_id, row.other_id): row
        for row in session.execute(select(Twin.id, Twin.resident_id, Twin.other_id, Twin.mark, Twin.status))
    }
    for both, row in known.items():
        if both not in found and row.status == "open":
            session.execute(delete(Twin).where(Twin.id == row.id))
    fresh = [
        {"resident_id": one, "other_id": other, "status": "open", "found_at": now, **said}
        for (one, other), said in found.items()
        if (one, other) not in known
    ]
    if fresh:
        session.execute(insert(Twin), fresh)
    for both, said in found.items():
        if both in known:
            _again(session, known[both], said)


def _blocks(session: Session) -> Iterator[list[int]]:
    """Yields the records that share a key of the clauses."""
    shared = (
        select(MatchKey.key)
        .where(~starts_with(MatchKey.key, WORD))
        .group_by(MatchKey.key)
        .having(func.count() > 1)
    )
    for key in session.scalars(shared).all():
        yield list(
            session.scalars(select(MatchKey.resident_id).where(MatchKey.key == key).order_by("resident_id"))
        )


def _worth_comparing(record: RecordType, there: Mapping[int, Values]) -> Iterator[tuple[_One, _One]]:
    """Yields the pairs of a block; of a large one only those that share a word of the name."""
    few = len(there) <= BLOCK
    words = {} if few else {k: {*signs(record, v)} for k, v in there.items()}
    for one, other in combinations(sorted(there.items(), key=itemgetter(0)), 2):
        if few or any(each.startswith(WORD) for each in words[one[0]] & words[other[0]]):
            yield one, other


def both(one: int, other: int) -> Any:
    """Returns the condition on the pair of two records."""
    first, second = sorted((one, other))
    return and_(Twin.resident_id == first, Twin.other_id == second)
