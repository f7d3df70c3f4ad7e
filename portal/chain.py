"""Rows that prove themselves and their order: each is sealed with a key and linked to the one before.

The seal covers what a row says, its hash the seal and the hash before, the head the newest hash and how many
there are. Whoever changes rows without the key, which is not in the database, leaves a place where they no
longer fit; `walk` finds every such place and says what was done there.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Text, cast, func, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from portal import keys
from portal.database import stand_in_line
from portal.tables import AccessLog, ChainHead, Event

START = "0" * 64
"""What the first row follows."""
Linked: TypeAlias = Event | AccessLog
Kind = Literal[
    "edited", "deleted", "reordered", "cut", "forged", "renumbered", "head", "key", "older", "erased"
]
"""What was done to it: `older` is a restored older copy, `erased` a value without an event that says so."""
MOST = 20
"""After so many places a chain is not looked at further."""
_BATCH = 2_000
_LINE = 1 << 34
"""The lines of those who write into a chain, beside those of the numbers."""


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A table whose rows are linked."""

    id: int
    name: str
    table: type[Linked]
    covered: tuple[str, ...]
    """The columns that a seal covers."""


EVENTS = Chain(
    id=1,
    name="events",
    table=Event,
    covered=("at", "actor_id", "actor", "kind", "subject", "subject_id", "data"),
)
READS = Chain(
    id=2,
    name="reads",
    table=AccessLog,
    covered=("at", "actor_id", "actor", "page", "shown", "fields", "because"),
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One place where a chain does not hold."""

    chain: str
    kind: Kind
    number: int
    """The first row concerned."""
    until: int
    """The last one."""
    at: datetime | None = None
    """When that row, or the last one before it, was written."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What `walk` needs of a row."""

    id: int
    at: datetime | None
    seal: str
    hash: str
    sealed: bool
    """Whether the seal fits what the row says."""
    kind: str = ""
    data: Any = None
    """Of an event."""


def key_of(session: Session) -> bytes:
    """Returns the key of the chains of a session's database."""
    return keys.derive(session.get_bind().engine, "evidence")


def append(session: Session, chain: Chain, row: Linked) -> None:
    """Numbers, seals and links a row and moves the head; the caller commits it together with the act.

    Raises:
        KeyMissing: there is no secret to seal it with.
    """
    key, head = key_of(session), hold(session, chain)
    row.id = head.number + 1
    row.seal = seal(key, chain, [getattr(row, name) for name in chain.covered])
    row.hash = link(key, head.hash, row.seal)
    head.number, head.hash = row.id, row.hash
    head.seal, head.key = _head_seal(key, chain, head.number, head.hash), key_name(key)
    session.add(row)
    session.flush()


def hold(session: Session, chain: Chain) -> ChainHead:
    """Returns the head of a chain, locked until the transaction ends.

    Whoever locks more than the rows of one case holds the chain of events before anything else, so that two
    who write never wait for each other in a circle.
    """
    stand_in_line(session, _LINE + chain.id)
    query = select(ChainHead).where(ChainHead.id == chain.id).with_for_update()
    query = query.execution_options(populate_existing=True)
    head = session.scalar(query)
    if head is not None:
        return head
    on = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(on.insert(ChainHead).values(id=chain.id, hash=START).on_conflict_do_nothing())
    return session.scalars(query).one()


def seal(key: bytes, chain: Chain, values: list[Any]) -> str:
    """Returns what proves the values of a row, in hexadecimal."""
    plain = [each.astimezone(UTC).isoformat() if isinstance(each, datetime) else each for each in values]
    return _mac(key, chain.name, json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def link(key: bytes, before: str, sealed: str) -> str:
    """Returns the hash of a row with some seal that follows the hash before."""
    return _mac(key, "link", before + sealed)


def key_name(key: bytes) -> str:
    """Returns what tells one key from another."""
    return _mac(key, "name", "")[:16]


def _head_seal(key: bytes, chain: Chain, number: int, last: str) -> str:
    return _mac(key, f"head of {chain.name}", f"{number} {last}")


def _mac(key: bytes, purpose: str, text: str) -> str:
    return hmac.digest(key, f"{purpose}\n{text}".encode(), "sha256").hex()


def rows(session: Session, chain: Chain, key: bytes, after: int = 0) -> Generator[Row, None, None]:
    """Yields the rows of a chain in their order, a batch in memory at a time, whatever stands in them."""
    table = chain.table
    query = select(table.id, table.seal, table.hash, *(_raw(table, name) for name in chain.covered))
    if after:
        query = query.where(table.id > after)
    with closing(session.execute(query.order_by(table.id).execution_options(yield_per=_BATCH))) as found:
        for number, sealed, last, *said in found:
            values = dict(zip(chain.covered, map(_value, chain.covered, said), strict=True))
            yield Row(
                id=number,
                at=values["at"] if isinstance(values["at"], datetime) else None,
                seal=str(sealed),
                hash=str(last),
                sealed=seal(key, chain, list(values.values())) == sealed,
                kind=str(values.get("kind", "")),
                data=values.get("data"),
            )


def _raw(table: type[Linked], name: str) -> ColumnElement[Any]:
    """A column as it stands in the database: what a person with raw SQL wrote may be no date and no JSON."""
    column = getattr(table, name)
    return cast(column, Text) if name == "data" else type_coerce(column, NullType())


def _value(name: str, raw: Any) -> Any:
    try:
        if name == "data":
            return json.loads(raw)
        if name == "at" and isinstance(raw, str):
            return datetime.fromisoformat(raw).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None
    return raw


def walk(
    session: Session, chain: Chain, found: Iterator[Row], start: tuple[int, str]
) -> Generator[Finding, None, None]:
    """Yields every place where a chain does not hold, from the row after `start`: its number and hash."""
    key = key_of(session)
    walker = _Walker(session=session, chain=chain, key=key, number=start[0], before=start[1])
    count = 0
    for row, after in _with_next(found):
        for finding in walker.step(row, after):
            yield finding
            count += 1
        if count >= MOST:
            return
    yield from walker.end(count)


def _with_next(found: Iterator[Row]) -> Iterator[tuple[Row, Row | None]]:
    row = next(found, None)
    while row is not None:
        after = next(found, None)
        yield row, after
        row = after


@dataclass(kw_only=True)
class _Walker:
    """Where a walk along a chain stands."""

    session: Session
    chain: Chain
    key: bytes
    number: int
    """The last row that was in its place."""
    before: str
    at: datetime | None = None
    disturbed: bool = False
    """Whether the row before was a finding, so that a link that does not fit is no second one."""

    def step(self, row: Row, after: Row | None) -> Iterator[Finding]:
        gap, fits = row.id != self.number + 1, self._fits(self.before, row)
        if row.sealed and fits:
            if gap:
                yield self._finding("renumbered", row)
            self._go_on(row, disturbed=False)
        elif row.sealed:
            yield from self._displaced(row, after, gap=gap)
        elif not fits and self._pushed_in(row, after):
            yield self._finding("forged", row)
            self.number = max(self.number, row.id)
        else:
            if gap and not fits:
                yield self._gap(row)
            yield self._finding("edited", row)
            self._go_on(row, disturbed=not fits)

    def _pushed_in(self, row: Row, after: Row | None) -> bool:
        """Whether the next row follows the row before this one, or at the end the head does not know it."""
        if after is not None:
            return self._fits(self.before, after)
        head = self.session.get(ChainHead, self.chain.id)
        return head is None or head.number < row.id or not self._holds(head)

    def _goes_on_from(self, last: str, after: Row | None) -> bool:
        """Whether the next row, or at the end the head, follows some hash."""
        if after is not None:
            return self._fits(last, after)
        head = self.session.get(ChainHead, self.chain.id)
        return head is not None and head.hash == last

    def _displaced(self, row: Row, after: Row | None, *, gap: bool) -> Iterator[Finding]:
        """A row that says what it always said and does not follow the one before it."""
        right = link(self.key, self.before, row.seal)
        if self._goes_on_from(right, after):
            yield self._finding("edited", row)
            self._go_on(replace(row, hash=right), disturbed=False)
            return
        if self._copies(row) > 1 and self._pushed_in(row, after):
            yield self._finding("forged", row)
            self.number = max(self.number, row.id)
            return
        if gap:
            yield self._gap(row)
        elif not self.disturbed:
            yield self._finding("reordered" if self._known(row) else "deleted", row)
        self._go_on(row, disturbed=True)

    def _gap(self, row: Row) -> Finding:
        first, last = self.number + 1, max(row.id - 1, self.number + 1)
        return Finding(chain=self.chain.name, kind="deleted", number=first, until=last, at=self.at)

    def end(self, count: int) -> Iterator[Finding]:
        """Yields what the head says of rows that are not there, or that the head itself was changed."""
        head = self.session.get(ChainHead, self.chain.id, populate_existing=True)
        number, last = (head.number, head.hash) if head is not None else (0, START)
        if head is None or head.seal is None:
            if self.number:
                yield self._of_head()
            return
        if not self._holds(head):
            if not count:
                yield self._of_head()
        elif number > self.number and last != self.before:
            yield Finding(chain=self.chain.name, kind="cut", number=self.number + 1, until=number, at=self.at)
        elif last != self.before and not count:
            yield self._of_head()

    def _holds(self, head: ChainHead) -> bool:
        return _head_seal(self.key, self.chain, head.number, head.hash) == head.seal

    def _of_head(self) -> Finding:
        return Finding(chain=self.chain.name, kind="head", number=self.number, until=self.number, at=self.at)

    def _fits(self, before: str, row: Row) -> bool:
        return link(self.key, before, row.seal) == row.hash

    def _finding(self, kind: Kind, row: Row) -> Finding:
        return Finding(chain=self.chain.name, kind=kind, number=row.id, until=row.id, at=row.at)

    def _go_on(self, row: Row, *, disturbed: bool) -> None:
        self.number, self.before, self.at, self.disturbed = row.id, row.hash, row.at, disturbed

    def _copies(self, row: Row) -> int:
        table = self.chain.table
        same = select(func.count()).select_from(table).where(table.seal == row.seal)
        return self.session.scalar(same) or 0

    def _known(self, row: Row) -> bool:
        """Whether the row that this one follows stands somewhere else: then nothing was deleted."""
        query = select(self.chain.table.hash).execution_options(yield_per=_BATCH)
        with closing(self.session.scalars(query)) as found:
            return any(link(self.key, each, row.seal) == row.hash for each in found)
