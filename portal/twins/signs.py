"""A record type's duplicate clauses -> what an index keeps of a record, and how alike two records are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from portal.models import column_name
from portal.schema import DuplicateClause, RecordType
from portal.spelling import ALIKE, alike, skeletons

WORD = "w:"
"""How the signs of single words begin; they are what a search that forgives spelling looks up."""
LONGEST = 40
CERTAIN = 100
_WAY = 1
"""Counts up when the spelling or the keys change: then the index is made anew."""
_ONE, _MORE = 0.87, 0.94
"""What likeness of a name counts for beside one equal field, and beside more of them."""

Values = Mapping[str, object]
"""The values of a record by field."""


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How alike two records are, and which clauses say so."""

    score: int
    clauses: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.clauses)


def compared(record: RecordType) -> tuple[str, ...]:
    """Returns the fields that the clauses of a record type compare."""
    names = (
        name
        for each in record.duplicates
        for name in (*each.same, *((each.similar,) if each.similar else ()))
    )
    return tuple(name for name in dict.fromkeys(names) if name in record.fields)


def values_of(record: RecordType, row: Mapping[str, object]) -> dict[str, object]:
    """Returns the compared values of a row that is given by column."""
    return {name: row[column_name(name)] for name in compared(record)}


def signs(record: RecordType, values: Values) -> tuple[str, ...]:
    """Returns the keys under which the index keeps a record."""
    blocks = (block(record, index, values) for index in range(len(record.duplicates)))
    named = dict.fromkeys(each.similar for each in record.duplicates if each.similar)
    found = (sign for name in named for sign in word_signs(_text(values.get(name))))
    return tuple(dict.fromkeys(each for each in (*blocks, *found) if each))


def block(record: RecordType, index: int, values: Values) -> str:
    """Returns the key of everybody with the same values as a clause asks for; empty when one is missing."""
    clause = record.duplicates[index]
    said = [_text(values.get(name)) for name in clause.same]
    if not said or not all(said):
        return ""
    return f"{index}:{blake2b(chr(0).join(said).encode(), digest_size=16).hexdigest()}"


def word_signs(name: str) -> tuple[str, ...]:
    """Returns the keys of the words of a name."""
    return tuple(f"{WORD}{each}"[:LONGEST] for each in skeletons(name))


def mark(record: RecordType, one: Values, other: Values) -> str:
    """Returns a digest of everything that is compared of two records, whichever comes first."""
    both = sorted("\x00".join(_text(each.get(name)) for name in compared(record)) for each in (one, other))
    return blake2b("\x01".join(both).encode(), digest_size=16).hexdigest()


def likeness(record: RecordType, one: Values, other: Values) -> Likeness:
    """Returns how alike two records are by the clauses of their type."""
    points = {
        index: score
        for index, clause in enumerate(record.duplicates)
        if (score := _points(record, clause, one, other))
    }
    if not points:
        return Likeness(score=0, clauses=())
    best = max(points.values())
    more = 2 * (len(points) - 1) if best < CERTAIN else 0
    return Likeness(score=min(best + more, CERTAIN if best == CERTAIN else 99), clauses=tuple(sorted(points)))


def _points(record: RecordType, clause: DuplicateClause, one: Values, other: Values) -> int:
    for name in clause.same:
        said = _text(one.get(name))
        if not said or said != _text(other.get(name)):
            return 0
    if clause.similar is None:
        alone = any(record.fields[name].unique for name in clause.same if name in record.fields)
        return (CERTAIN if alone else 90) if clause.same else 0
    likely = alike(_text(one.get(clause.similar)), _text(other.get(clause.similar)))
    if likely < ALIKE:
        return 0
    return round(likely * (_MORE if len(clause.same) > 1 else _ONE if clause.same else 0.8))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def told(record: RecordType, clauses: tuple[int, ...]) -> Iterator[DuplicateClause]:
    """Yields the clauses of some numbers; those of an older Release that are gone are left out."""
    yield from (record.duplicates[index] for index in clauses if index < len(record.duplicates))


def digest_of(record: RecordType) -> int:
    """Returns what tells that the index was made by the clauses of today and by this way of making it."""
    said = "|".join(
        (str(_WAY), *(f"{','.join(each.same)};{each.similar or ''}" for each in record.duplicates))
    )
    return int.from_bytes(blake2b(said.encode(), digest_size=7).digest())
