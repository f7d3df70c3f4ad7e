"""Cards of who may be the same person, with the reasons in words, for every page that records somebody.

A page calls `cards` with what was typed and includes `desk/twincards.html`, which reads `twins`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal import reads, twins
from portal.access import Actor, may, may_in
from portal.admin.records.lens import Lens
from portal.facts import calendar
from portal.releases import Live, SessionNames
from portal.schema import DuplicateClause, RecordType
from portal.twins import Found, Likeness
from portal.words import say
from portal.worktime import long_date

SEEN = "kembar"
"""The name under which a form says that its cards were shown."""
HINT = "twin"
"""How the access log calls that somebody was told that a person may be known elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """Somebody who may be the person that is being recorded."""

    id: int
    title: str
    detail: str
    score: int
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Cards:
    """What is shown of who may be the same person."""

    seen: tuple[Card, ...] = ()
    elsewhere: bool = False
    """Whether there may be somebody out of sight: nothing else is told of them."""
    subject: str = ""
    may_register: bool = False

    def __bool__(self) -> bool:
        return bool(self.seen) or self.elsewhere


def cards(session: Session, live: Live, actor: Actor, values: Mapping[str, object], *, but: int = 0) -> Cards:
    """Returns the cards of what was typed of a person.

    That somebody out of sight may be the same is told to who takes complaints, and written down as a look at
    that person's record, so that probing for numbers shows in the access log.
    """
    found = twins.find(session, live, actor, values, but=but)
    lens = Lens(live=live, key=live.schema.subject(), actor=actor)
    registers = may(live.schema, actor, "register")
    elsewhere = bool(found.elsewhere) and registers
    if elsewhere:
        reads.note(lens.key, found.elsewhere, {HINT: "masked"})
    return Cards(
        seen=tuple(_cards(session, lens, found, values)),
        elsewhere=elsewhere,
        subject=lens.key,
        may_register=registers,
    )


def _cards(session: Session, lens: Lens, found: Found, values: Mapping[str, object]) -> Iterator[Card]:
    by_key = rows_of(session, lens, (each.id for each in found.seen))
    names = lens.names(session)
    listed = [name for name in lens.visible(lens.record.list) if name not in lens.title_fields]
    lens.preload(names, listed, by_key.values())
    lens.seen(by_key.values(), listed)
    for each in found.seen:
        row = by_key.get(each.id)
        if row is not None:
            yield Card(
                id=each.id,
                title=lens.title(row, names),
                detail=detail(lens, row, listed, names),
                score=each.likeness.score,
                why=tuple(reasons(lens.at(row), each.likeness, values, each.values)),
            )


def rows_of(session: Session, lens: Lens, keys: Iterable[int]) -> dict[int, Row[Any]]:
    """Returns the rows of some people whom the person who looks may see."""
    query = select(lens.table).where(lens.table.c.id.in_(list(keys)), lens.scope)
    return {int(row._mapping[lens.table.c.id]): row for row in session.execute(query)}


def detail(lens: Lens, row: Row[Any], listed: Iterable[str], names: SessionNames) -> str:
    """Returns what else tells a person apart."""
    here = lens.at(row)
    said = (here.text(name, row._mapping[lens.column(name)], names) for name in listed)
    return " · ".join(filter(None, said))


def reasons(
    lens: Lens, like: Likeness, one: Mapping[str, object], other: Mapping[str, object]
) -> Iterator[str]:
    """Yields in words why two records are alike, one sentence for each clause."""
    for clause in twins.told(lens.record, like.clauses):
        if not covered(lens.record, clause, like):
            yield _reason(lens, clause, one, other)


def covered(record: RecordType, clause: DuplicateClause, like: Likeness) -> bool:
    """Tells whether another clause that applies says all that this one says, and more."""
    others = (each for each in twins.told(record, like.clauses) if each != clause)
    return any({*clause.same} < {*each.same} and clause.similar == each.similar for each in others)


def _reason(
    lens: Lens, clause: DuplicateClause, one: Mapping[str, object], other: Mapping[str, object]
) -> str:
    fields, parts = lens.record.fields, []
    labels = [fields[name].label for name in clause.same if name in fields]
    if labels:
        listed = say("twin-and").join(filter(None, (", ".join(labels[:-1]), labels[-1])))
        parts.append(say("twin-same", fields=listed))
    if clause.similar in fields and clause.similar is not None:
        label, plain = fields[clause.similar].label, lens.sights[clause.similar] == "plain"
        said = {"one": one.get(clause.similar), "other": other.get(clause.similar)}
        parts.append(
            say("twin-similar" if plain else "twin-similar-hidden", field=label, **(said if plain else {}))
        )
    return say("twin-and").join(parts)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What a person's page says of records that are, may be or are not the same."""

    open: tuple[tuple[str, str, str], ...] = ()
    decided: tuple[tuple[str, str, str], ...] = ()
    """Title, what was decided, address."""
    merged: tuple[tuple[int, str], ...] = ()
    """Merges that hold into this record: key and what it says."""
    undo: int = 0
    """The newest of them, when the person may take it apart."""

    def __bool__(self) -> bool:
        return bool(self.open or self.decided or self.merged)


def beside(lens: Lens, session: Session, key: int, area: str) -> Beside:
    """Returns what stands beside a person's record."""
    if not lens.record.subject:
        return Beside()
    live, actor = lens.live, lens.actor
    decides = may_in(live.schema, actor, "merge", area)
    found = twins.pairs_of(session, live, actor, key)
    rows = rows_of(
        session, lens, (each.other_id if each.resident_id == key else each.resident_id for each in found)
    )
    names = lens.names(session)
    lens.seen(rows.values(), ())
    lines: dict[str, list[tuple[str, str, str]]] = {}
    for each in found:
        other = each.other_id if each.resident_id == key else each.resident_id
        url = f"/warga/ganda/{each.id}" if decides else f"/data/{lens.key}/details/{other}"
        said = (
            say("twin-score", score=each.score) if each.status == twins.OPEN else say(f"twin-{each.status}")
        )
        if other in rows:
            lines.setdefault(each.status, []).append((lens.title(rows[other], names), said, url))
    merges, zone = twins.merges_of(session, key), calendar(live.schema).zone
    return Beside(
        open=tuple(lines.pop(twins.OPEN, ())),
        decided=tuple(line for each in lines.values() for line in each),
        merged=tuple(
            (m.id, say("twin-merged-line", gone=m.gone_id, when=long_date(m.made_at.astimezone(zone).date())))
            for m in merges
        ),
        undo=merges[0].id if merges and decides else 0,
    )
