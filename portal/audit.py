"""Whether the evidence still holds: both chains, the values of events, and the anchors kept outside.

A chain alone cannot tell that its end was cut together with its head, as an older copy of the database does:
that needs an anchor, a short code of the newest event kept where the database is not, in the agenda book of
the office or in the file `<database>.anchor`.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, Text, cast, select
from sqlalchemy.orm import Session

from portal import keys
from portal.access import SYSTEM
from portal.chain import EVENTS, READS, START, Finding, Kind, Row, key_name, key_of, rows, walk
from portal.events import ERASED, PRUNED, proof
from portal.tables import ChainHead, Event, EventValue
from portal.wall import acting

EVERY = 50
"""After so many events the file of anchors gets a line,"""
SECONDS = timedelta(seconds=60)
"""and the next event after this time."""
_CODE = re.compile(r"([0-9]{1,15})[- ]*([A-Z2-7]{4})[- ]*([A-Z2-7]{4})[- ]*([A-Z2-7]{4})", re.IGNORECASE)
_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """The newest event at some moment, as it is written down outside the database."""

    number: int
    at: datetime
    code: str
    """The number and twelve letters, such as `412-K7QM-2XPA-9DFE`."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What an audit has found."""

    events: int
    reads: int
    anchors: int
    findings: tuple[Finding, ...]


class NoCode(ValueError):
    """What was typed is no code of an anchor."""


def anchor(session: Session) -> Anchor | None:
    """Returns the anchor of the newest event, None before the first."""
    newest = select(Event.id, Event.at, Event.hash).order_by(Event.id.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    if row is None:
        return None
    return Anchor(number=row.id, at=row.at, code=code(key_of(session), row.id, row.hash))


def code(key: bytes, number: int, last: str) -> str:
    """Returns the code of the event of a number and hash."""
    made = hmac.digest(key, f"anchor\n{number} {last}".encode(), "sha256")
    text = base64.b32encode(made).decode()
    return f"{number}-{text[:4]}-{text[4:8]}-{text[8:12]}"


def typed(text: str) -> tuple[int, str]:
    """Returns number and code of an anchor as somebody typed it.

    Raises:
        NoCode: it is none.
    """
    found = _CODE.fullmatch(text.strip())
    if found is None:
        raise NoCode(text)
    number = int(found[1])
    return number, "-".join((str(number), *(part.upper() for part in found.groups()[1:])))


def file_of(engine: Engine) -> Path | None:
    """Returns the file of anchors: `<database>.anchor`, on PostgreSQL beside the secret; None in memory."""
    beside = keys.beside(engine, ".anchor")
    secret = keys.file_of(engine)
    if beside is not None or secret is None or engine.dialect.name == "sqlite":
        return beside
    return secret.with_name(f"{secret.name}.{engine.url.database}.anchor")


def keep(engine: Engine, made: Anchor) -> Path | None:
    """Adds an anchor to the file outside the database and returns the file.

    Raises:
        OSError: it cannot be written.
    """
    file = file_of(engine)
    if file is not None:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(place, "a", encoding="ascii") as opened:
            opened.write(f"{made.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {made.code}\n")
    return file


def kept(engine: Engine) -> tuple[tuple[int, str], ...]:
    """Returns the anchors of the file, number and code; lines that are none are passed over."""
    file = file_of(engine)
    if file is None or not file.exists():
        return ()
    found = []
    for line in file.read_text("ascii", errors="replace").splitlines():
        with suppress(NoCode):
            found.append(typed(line.rpartition(" ")[2]))
    return tuple(found)


@dataclass(kw_only=True)
class Keeper:
    """Adds a line to the file of anchors now and then, once what it names is committed."""

    engine: Engine
    last: Anchor | None = None

    def __call__(self, now: datetime) -> None:
        """Looks whether a line is due; a file that cannot be written must not stop anybody's work.

        The portal itself looks: whose act it follows may not see the newest event, or is nobody yet.
        """
        with acting(SYSTEM), Session(bind=self.engine) as session:
            made = anchor(session)
        if made is None or not self._due(made):
            return
        with suppress(OSError):
            keep(self.engine, made)
            self.last = made

    def _due(self, made: Anchor) -> bool:
        if self.last is None:
            return True
        return made.number - self.last.number >= EVERY or (
            made.number > self.last.number and made.at - self.last.at >= SECONDS
        )


def verify(session: Session, *, code_typed: str = "") -> Verdict:
    """Returns whether the evidence of a database holds, each place named where it does not.

    It reads every event and every row of the access log once, in batches.

    Args:
        code_typed: the code of an anchor from the agenda book.

    Raises:
        NoCode: the code is none.
        KeyMissing: there is no secret to check with.
    """
    engine = session.get_bind().engine
    outside = list(kept(engine)) + ([typed(code_typed)] if code_typed else [])
    key = key_of(session)
    if other := _other_key(session, key):
        return Verdict(events=0, reads=0, anchors=len(outside), findings=(other,))
    told = _Told(session=session, key=key, outside=dict(outside))
    findings = list(walk(session, EVENTS, told.watched(rows(session, EVENTS, key)), (0, START)))
    findings = _told_once([*findings, *told.end()], told.newest)
    reads = _Counted()
    start = told.pruned
    findings += walk(session, READS, reads.watched(rows(session, READS, key, start[0])), start)
    order = {"events": 0, "values": 1, "anchors": 2, "reads": 3}
    findings.sort(key=lambda each: (order[each.chain], each.number))
    return Verdict(events=told.count, reads=reads.count, anchors=len(outside), findings=tuple(findings))


def _other_key(session: Session, key: bytes) -> Finding | None:
    """A whole chain under another key is told once, and not as an edit of every row."""
    head = session.get(ChainHead, EVENTS.id)
    if head is None or head.key is None or head.key == key_name(key):
        return None
    with closing(rows(session, EVENTS, key)) as found:
        first = next(found, None)
    if first is None or first.sealed:
        return None
    return Finding(chain="events", kind="key", number=first.id, until=head.number, at=first.at)


@dataclass(kw_only=True)
class _Counted:
    count: int = 0

    def watched(self, found: Iterator[Row]) -> Iterator[Row]:
        for row in found:
            self.count += 1
            yield row


@dataclass(kw_only=True)
class _Told:
    """What the events tell beyond their own chain: values that must be there, erasures, prunings, anchors."""

    session: Session
    key: bytes
    outside: dict[int, str]
    count: int = 0
    newest: int = 0
    newest_at: datetime | None = None
    pruned: tuple[int, str] = (0, START)
    missing: dict[tuple[int, str], datetime | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    sound: int = 0
    """The newest event whose anchor held."""

    def watched(self, found: Iterator[Row]) -> Iterator[Row]:
        """Passes rows on; looks at their values a batch at a time."""
        batch: list[Row] = []
        for row in found:
            batch.append(row)
            if len(batch) == _BATCH:
                self._look(batch)
                yield from batch
                batch = []
        self._look(batch)
        yield from batch

    def _look(self, batch: list[Row]) -> None:
        if not batch:
            return
        known = self._values(self.newest, batch[-1].id)
        for row in batch:
            self.count += 1
            self._compare(row, known.pop(row.id, {}))
            self._anchor(row)
            if row.sealed and isinstance(row.data, dict):
                self._erasure(row)
        self.findings += [self._value("forged", number, None) for number in known]
        self.newest, self.newest_at = batch[-1].id, batch[-1].at

    def _values(self, after: int, until: int) -> dict[int, dict[str, list[object]]]:
        place = EventValue.event_id
        query = select(place, cast(EventValue.said, Text)).where(place > after, place <= until)
        return {number: _said(text) for number, text in self.session.execute(query)}

    def _compare(self, row: Row, said: dict[str, list[object]]) -> None:
        data = row.data if isinstance(row.data, dict) else {}
        proofs = data.get("values", {})
        key = keys.derive(self.session.get_bind().engine, "values")
        wrong = any(name not in proofs or proof(key, each) != proofs[name] for name, each in said.items())
        if wrong and row.sealed:
            self.findings.append(self._value("edited", row.id, row.at))
        if row.sealed:
            self.missing |= {(row.id, name): row.at for name in proofs if name not in said}

    def _erasure(self, row: Row) -> None:
        if row.kind == ERASED:
            for number, names in row.data["erased"].items():
                for name in names:
                    self.missing.pop((int(number), name), None)
        elif row.kind == PRUNED:
            self.pruned = (int(row.data["through"]), str(row.data["hash"]))

    def _anchor(self, row: Row) -> None:
        wanted = self.outside.get(row.id)
        if wanted is None:
            return
        if code(self.key, row.id, row.hash) == wanted:
            self.sound = row.id
        elif not any(each.kind == "older" for each in self.findings):
            self.findings.append(self._older(self.sound + 1, row.id, row.at))

    def end(self) -> list[Finding]:
        """Returns what was found besides breaks of the chain."""
        beyond = [number for number in self.outside if number > self.newest]
        if beyond:
            self.findings.append(self._older(self.newest + 1, max(beyond), self.newest_at))
        gone = dict.fromkeys(number for number, _ in self.missing)
        at = {number: when for (number, _), when in self.missing.items()}
        self.findings += [self._value("erased", number, at[number]) for number in gone]
        stray = select(EventValue.event_id).where(EventValue.event_id > self.newest).limit(1)
        number = self.session.scalar(stray)
        if number is not None:
            self.findings.append(self._value("forged", number, None))
        return self.findings

    def _older(self, first: int, last: int, at: datetime | None) -> Finding:
        return Finding(chain="anchors", kind="older", number=first, until=last, at=at)

    def _value(self, kind: Kind, number: int, at: datetime | None) -> Finding:
        return Finding(chain="values", kind=kind, number=number, until=number, at=at)


def _said(text: str) -> dict[str, list[object]]:
    """Reads stored values; what is none any more gives a field that no event knows."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {"": []}


def _told_once(findings: list[Finding], newest: int) -> list[Finding]:
    """Leaves out what an anchor says of a place that the chain itself has named."""
    cut = any(each.kind == "cut" for each in findings)
    broken = any(each.chain == "events" for each in findings)
    return [
        each for each in findings if each.chain != "anchors" or not (cut if each.number > newest else broken)
    ]
