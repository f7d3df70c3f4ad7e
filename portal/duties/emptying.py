"""Rows that hold personal data -> the same rows emptied: numbers, kinds and dates stay, the person goes.

A row is emptied and not removed, so that its number is never given to somebody else and what points to it
still finds it. `PLACES` lists what belongs to a case or a record elsewhere; whoever keeps personal data in a
table of their own adds a function there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.accounts.drafts import drop_page
from portal.events import redact
from portal.fields import KkField, LinkField, NikField, PhoneField, TextField
from portal.letters.stub import stub_data
from portal.models import column_name
from portal.releases import Live
from portal.schema import RecordType
from portal.tables import (
    Case,
    CaseDocument,
    Consent,
    Correction,
    Emergency,
    Erased,
    Event,
    IssuedLetter,
    Submission,
    Task,
)
from portal.words import say_in

FIXED = frozenset({"id", "version", "created_at", "created_by", "changed_at", "changed_by"})
"""What stays of a record: when and by whom it was made."""
_GAP = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, kw_only=True)
class Emptying:
    """One erasure on its way: where, by whom, when, and what it has emptied so far."""

    session: Session
    live: Live
    actor: Actor
    now: datetime
    erasure_id: int | None
    emptied: list[tuple[str, int]] = field(default_factory=list)
    traces: set[str] = field(default_factory=set)
    """NIK, KK and telephone numbers that must be found nowhere afterwards; never stored."""
    letters: list[int] = field(default_factory=list)
    """Letters whose stub is to be printed after the commit."""

    def table(self, record: str) -> Table:
        """Returns the table of a record type, also of a withdrawn one."""
        models = self.live.models
        known = models.records.get(record) or models.withdrawn[record]
        found: Table = known.__table__
        return found

    def record_type(self, record: str) -> RecordType:
        """Returns the definition of a record type, also of a withdrawn one."""
        return self.live.schema.kept.records[record]


def mark_of(subject: str, key: int, made_at: datetime) -> str:
    """Returns what tells a row from another database's row of the same number."""
    said = f"{subject}:{key}:{made_at.astimezone(UTC).isoformat()}"
    return sha256(said.encode()).hexdigest()


def is_emptied(session: Session, subject: str, key: int) -> bool:
    """Tells whether a row was emptied before."""
    known = select(Erased.id).where(Erased.subject == subject, Erased.subject_id == key)
    return session.scalar(known) is not None


def made_at(emptying: Emptying, subject: str, key: int) -> datetime | None:
    """Returns when a row was made, None when there is no such row."""
    if subject == "case":
        return emptying.session.scalar(select(Case.opened_at).where(Case.id == key))
    if subject not in emptying.live.schema.kept.records:
        return None
    table = emptying.table(subject)
    found: datetime | None = emptying.session.scalar(select(table.c.created_at).where(table.c.id == key))
    return found


def _note(emptying: Emptying, subject: str, key: int, made: datetime) -> None:
    row = Erased(
        erasure_id=emptying.erasure_id,
        subject=subject,
        subject_id=key,
        mark=mark_of(subject, key, made),
        at=emptying.now,
    )
    emptying.session.add(row)
    emptying.emptied.append((subject, key))


def empty_case(emptying: Emptying, key: int) -> None:
    """Empties a case with everything that was written on its way; its number, kind and dates stay."""
    session = emptying.session
    case = session.get(Case, key)
    if case is None or is_emptied(session, "case", key):
        return
    _note(emptying, "case", key, case.opened_at)
    if case.reporter_phone:
        emptying.traces.add(case.reporter_phone)
    written = [*_written(session, key)]
    for place in PLACES:
        place(emptying, case)
    case.description = say_in("id", "erased-text")
    case.reporter_name = case.reporter_phone = case.reporter_relation = None
    case.resident_id = None
    case.version += 1
    session.flush()
    for record, row in written:
        if record in emptying.live.schema.kept.records:
            empty_record(emptying, record, row)


def _written(session: Session, case: int) -> Iterator[tuple[str, int]]:
    """The records that were written on the way of a case, such as its visits."""
    found = select(Event.data).where(
        Event.subject == "case", Event.subject_id == case, Event.kind == "record-written"
    )
    for data in session.scalars(found):
        if isinstance(data.get("id"), int):
            yield str(data.get("record")), data["id"]


def _answers(emptying: Emptying, case: Case) -> None:
    for sop, model in emptying.live.models.answers.items():
        table: Table = model.__table__
        if sop == case.sop:
            empty: dict[str, Any] = {each.name: None for each in table.c if each.name != "case_id"}
            if empty:
                emptying.session.execute(update(table).where(table.c.case_id == case.id).values(empty))


def _notes(emptying: Emptying, case: Case) -> None:
    session = emptying.session
    session.execute(update(CaseDocument).where(CaseDocument.case_id == case.id).values(note=None))
    session.execute(update(Task).where(Task.case_id == case.id).values(why=""))


def _letters(emptying: Emptying, case: Case) -> None:
    """A letter keeps number, kind, dates and destination; a sheet that says so takes the place of its PDF."""
    found = select(IssuedLetter).where(IssuedLetter.case_id == case.id)
    for issued in emptying.session.scalars(found):
        issued.data = stub_data(emptying.live, issued, emptying.now)
        issued.pdf = None
        emptying.letters.append(issued.id)


def _consents_of_case(emptying: Emptying, case: Case) -> None:
    where = Consent.case_id == case.id
    emptying.session.execute(update(Consent).where(where).values(case_id=None, witness=None, withdrawal=None))


def _submissions(emptying: Emptying, case: Case) -> None:
    led = Submission.led_to.in_([f"/kasus/{case.id}"]) | Submission.led_to.like(f"/kasus/{case.id}?%")
    emptying.session.execute(delete(Submission).where(led, ~Submission.key.like("demo-%")))


def _drafts(emptying: Emptying, case: Case) -> None:
    drop_page(emptying.session, f"/kasus/{case.id}")


def _emergencies(emptying: Emptying, case: Case) -> None:
    """That somebody opened the case stays; why, in their own words, may tell of the person."""
    session, where = emptying.session, Emergency.case_id == case.id
    session.execute(update(Emergency).where(where).values(reason=say_in("id", "erased-text")))
    session.execute(update(Emergency).where(where, Emergency.note.is_not(None)).values(note=""))


PLACES: tuple[Callable[[Emptying, Case], None], ...] = (
    _answers,
    _notes,
    _letters,
    _consents_of_case,
    _emergencies,
    _submissions,
    _drafts,
)
"""What holds personal data of a case beside its own row; its events are forgotten at the end."""


def empty_record(emptying: Emptying, record: str, key: int) -> None:
    """Empties a record and, of a resident, what points to it and a household nobody is left in."""
    session, table = emptying.session, emptying.table(record)
    row = session.execute(select(table).where(table.c.id == key)).one_or_none()
    if row is None or is_emptied(session, record, key):
        return
    _note(emptying, record, key, row._mapping["created_at"])
    drop_page(session, f"/data/{record}/edit/{key}")
    definition = emptying.record_type(record)
    _remember_traces(emptying, definition, row._mapping)
    values: dict[str, Any] = {each.name: None for each in table.c if each.name not in FIXED}
    title = _title_field(definition)
    if title:
        values[column_name(title)] = say_in("id", "erased-title")
    values |= {"version": table.c.version + 1, "changed_at": emptying.now}
    values["changed_by"] = emptying.actor.account_id or 0
    session.execute(update(table).where(table.c.id == key).values(values))
    if definition.subject:
        _empty_around(emptying, record, key, row._mapping)


def _remember_traces(emptying: Emptying, definition: RecordType, values: Any) -> None:
    for name, each in definition.fields.items():
        value = values.get(column_name(name))
        if isinstance(each, NikField | KkField | PhoneField) and isinstance(value, str):
            emptying.traces.add(value)


def _title_field(definition: RecordType) -> str | None:
    """The field of the title that can say that the record was erased."""
    named = (name for name in _GAP.findall(definition.title) if name in definition.fields)
    return next((name for name in named if isinstance(definition.fields[name], TextField)), None)


def _empty_around(emptying: Emptying, subject: str, key: int, values: Any) -> None:
    """Empties what points to a resident, and the household to which nobody belongs any more."""
    session = emptying.session
    for other, definition in emptying.live.schema.kept.records.items():
        for name, each in definition.fields.items():
            if isinstance(each, LinkField) and each.to == subject and other != subject:
                table = emptying.table(other)
                pointing = select(table.c.id).where(table.c[column_name(name)] == key)
                for row in session.scalars(pointing).all():
                    empty_record(emptying, other, row)
    for name, each in emptying.record_type(subject).fields.items():
        target = values.get(column_name(name))
        if isinstance(each, LinkField) and each.to != subject and isinstance(target, int):
            table = emptying.table(subject)
            left = select(func.count()).where(table.c[column_name(name)] == target)
            if not session.scalar(left):
                empty_record(emptying, each.to, target)
    session.execute(update(Consent).where(Consent.resident_id == key).values(witness=None, withdrawal=None))
    emptied = {"wanted": "", "evidence": "", "answer": None}
    session.execute(update(Correction).where(Correction.resident_id == key).values(emptied))


def forget_emptied(emptying: Emptying) -> int:
    """Takes what was emptied out of the events as well; returns how many lost values."""
    forgotten = 0
    renamed = emptying.live.schema.past.renamed.get("records", {})
    for subject, key in emptying.emptied:
        for called in (subject, *(was for was, now in renamed.items() if now == subject)):
            told = redact(
                emptying.session,
                actor=emptying.actor,
                now=emptying.now,
                subject=called,
                subject_id=key,
                reason="erasure",
            )
            forgotten += len(told.data["erased"]) if told else 0
    return forgotten
