"""Somebody's values -> the records that may be the same person's: by keys, scored, behind the wall.

Who asks is told of the records that they may see, and of all others at most that there are some.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, Table, func, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor
from portal.models import column_name
from portal.schema import RecordType
from portal.tables import MatchKey, Merge
from portal.twins.signs import (
    CERTAIN,
    Likeness,
    Values,
    block,
    compared,
    likeness,
    values_of,
    word_signs,
)
from portal.wall.standing import Ground

BLOCK = 300
"""So many records with the same values are looked at; of more, those that share a word of the name."""
MOST = 8
COMPARING = (
    "whether somebody is known is asked of every village; who may not see them is told nothing of them"
)


@dataclass(frozen=True, kw_only=True)
class Match:
    """A record that may be the same person's."""

    id: int
    likeness: Likeness
    values: Mapping[str, object]
    """What was compared of it."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search for duplicates came to, for one person who asks."""

    seen: tuple[Match, ...]
    elsewhere: tuple[int, ...]
    """Keys of records out of sight: never shown, only that there are some, and written down."""


def table_of(ground: Ground) -> Table:
    """Returns the table of the record type that cases are about."""
    table: Table = ground.models.records[ground.schema.subject()].__table__
    return table


def find(session: Session, ground: Ground, actor: Actor, values: Values, *, but: int = 0) -> Found:
    """Returns the records that may be the same person's as some values, the likeliest first.

    Args:
        values: by field, as a form or a record holds them.
        but: a record that is not compared with itself.
    """
    with wall.unscoped(COMPARING):
        found = matches(session, ground, values, but)
    if not found:
        return Found(seen=(), elsewhere=())
    schema, table = ground.schema, table_of(ground)
    record = schema.records[schema.subject()]
    area = table.c[column_name(record.area)] if record.area else None
    scope = wall.rows(schema, actor, schema.subject(), area, table.c.id)
    mine = set(session.scalars(select(table.c.id).where(table.c.id.in_([each.id for each in found]), scope)))
    return Found(
        seen=tuple(each for each in found if each.id in mine)[:MOST],
        elsewhere=tuple(each.id for each in found if each.id not in mine),
    )


def matches(session: Session, ground: Ground, values: Values, but: int = 0) -> tuple[Match, ...]:
    """Returns them wherever they are; the wall must stand open."""
    record = ground.schema.records[ground.schema.subject()]
    keys = candidates(session, record, values) - {but}
    best: dict[int, Match] = {}
    for key, known in rows(session, ground, record, keys):
        like = likeness(record, values, known)
        if like and key != but and (key not in best or best[key].likeness.score < like.score):
            best[key] = Match(id=key, likeness=like, values=known)
    return tuple(sorted(best.values(), key=lambda each: (-each.likeness.score, each.id)))


def rows(
    session: Session, ground: Ground, record: RecordType, keys: Iterable[int]
) -> Iterable[tuple[int, dict[str, object]]]:
    """Yields the compared values of some records; of a merged one under the key of the one that stays."""
    table = table_of(ground)
    columns = [table.c[column_name(name)] for name in compared(record)]
    wanted = sorted(keys)
    if not wanted:
        return
    gone = set(session.scalars(select(Merge.hidden_id).where(Merge.hidden_id.in_(wanted))))
    for row in session.execute(select(table.c.id, *columns).where(table.c.id.in_(wanted))):
        key = int(row[0])
        yield stays(session, key) if key in gone else key, values_of(record, row._mapping)  # type: ignore[arg-type]


def stays(session: Session, key: int) -> int:
    """Returns the record under which a person is kept today: the key itself when it was never merged."""
    while (into := session.scalar(select(Merge.stays_id).where(Merge.hidden_id == key))) is not None:
        key = into
    return key


def candidates(session: Session, record: RecordType, values: Values) -> set[int]:
    """Returns the keys of the records that share a key of the index with some values."""
    found: set[int] = set()
    for index, clause in enumerate(record.duplicates):
        key = block(record, index, values)
        words = word_signs(str(values.get(clause.similar) or "")) if clause.similar else ()
        if key:
            with_same = select(MatchKey.resident_id).where(MatchKey.key == key)
            some = session.scalars(with_same.limit(BLOCK + 1)).all()
            if len(some) > BLOCK and words:
                named = select(MatchKey.resident_id).where(MatchKey.key.in_(words))
                some = session.scalars(with_same.where(MatchKey.resident_id.in_(named)).limit(BLOCK)).all()
            found.update(some)
        elif words and not clause.same:
            found.update(session.scalars(by_words(words).limit(BLOCK)))
    return found


def by_words(words: tuple[str, ...]) -> Select[int]:
    """Returns the query for the records whose name has every word, or all but one of three and more."""
    enough = len(words) if len(words) < 3 else len(words) - 1
    query = select(MatchKey.resident_id).where(MatchKey.key.in_(words))
    if len(words) == 1:
        return query
    return query.group_by(MatchKey.resident_id).having(func.count() >= enough)


def sounds_like(session: Session, words: str, most: int) -> tuple[int, ...]:
    """Returns the keys of records whose name sounds like some words; the caller scopes what it shows of them.

    It is for a search that found nothing by its letters.
    """
    signs = word_signs(words)
    if not signs:
        return ()
    with wall.unscoped("keys of names are narrowed to whoever asks by the query that reads the names"):
        return tuple(session.scalars(by_words(signs).limit(most)))


def is_certain(match: Match) -> bool:
    """Tells whether a value that only one person can have is the same."""
    return match.likeness.score >= CERTAIN
