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

from sqlalchemy import String, Table, and_, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from portal import twins
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
    CasePause,
    CaseTransfer,
    Consent,
    Correction,
    Emergency,
    Erased,
    Erasure,
    Event,
    EventValue,
    IssuedLetter,
    LetterFile,
    Note,
    Photo,
    PrintItem,
    PrintJob,
    Referral,
    Screening,
    Submission,
    Task,
)
from portal.words import say_in

PHOTO = Photo.__tablename__
"""How the list of what was erased names a photo; a photo goes alone when its consent is withdrawn."""
FIXED = frozenset({"id", "version", "created_at", "created_by", "changed_at", "changed_by"})
"""What stays of a record: when and by whom it was made."""
ABOUT_MANY = ("exported", "erasure")
"""Subjects of events that are about no single person, whose typed reasons may name one all the same."""
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
    names: set[str] = field(default_factory=set)
    """What people are called in the titles of their records; never stored."""
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
    if subject == PHOTO:
        return emptying.session.scalar(select(Photo.at).where(Photo.id == key))
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
    case.reporter_name = case.reporter_phone = case.reporter_relation = case.without_nik = None
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
    session.execute(update(CasePause).where(CasePause.case_id == case.id).values(note=None))
    screened = update(Screening).where(Screening.case_id == case.id)
    session.execute(screened.values(facts=[], answers={}))


def _transfers(emptying: Emptying, case: Case) -> None:
    """That the case was offered to another office stays; why, in somebody's own words, does not."""
    session, where = emptying.session, CaseTransfer.case_id == case.id
    session.execute(update(CaseTransfer).where(where).values(reason="", answer=""))


def _letters(emptying: Emptying, case: Case) -> None:
    """A letter keeps number, kind, dates and destination; a sheet that says so takes the place of its PDF.

    So does a paper about many cases that lists this one: what is printed cannot be taken out of it singly.
    """
    listed = cast(IssuedLetter.data, String).contains(f'"{case.number}"', autoescape=True)
    about_many = and_(IssuedLetter.case_id.is_(None), listed)
    found = select(IssuedLetter).where(or_(IssuedLetter.case_id == case.id, about_many))
    for issued in emptying.session.scalars(found):
        issued.data = stub_data(emptying.live, issued, emptying.now)
        issued.pdf = issued.statement = None
        emptying.letters.append(issued.id)
    scans = update(LetterFile).where(LetterFile.letter_id.in_(emptying.letters))
    emptying.session.execute(scans.values(data=None, digest=""))
    jobs = select(PrintItem.job_id).where(PrintItem.case_id == case.id)
    together = update(PrintJob).where(PrintJob.id.in_(jobs), PrintJob.ended_at.is_not(None))
    emptying.session.execute(together.values(result=None, asked={}))


def _referrals(emptying: Emptying, case: Case) -> None:
    """That somebody was referred, when and what came of it stays; who, why and with which papers goes."""
    for row in emptying.session.scalars(select(Referral).where(Referral.case_id == case.id)):
        row.frozen = row.missing = row.note = row.evidence = None
        row.page_code = row.page_secret = row.page_until = None
    case.ticket_code = case.ticket_secret = None


def _consents_of_case(emptying: Emptying, case: Case) -> None:
    where = Consent.case_id == case.id
    emptying.session.execute(update(Consent).where(where).values(case_id=None, witness=None, withdrawal=None))


def _submissions(emptying: Emptying, case: Case) -> None:
    places = [f"/kasus/{case.id}", f"/aduan/baru?tersimpan={case.id}"]
    led = Submission.led_to.in_(places) | Submission.led_to.like(f"/kasus/{case.id}?%")
    emptying.session.execute(delete(Submission).where(led, ~Submission.key.like("demo-%")))


def _drafts(emptying: Emptying, case: Case) -> None:
    drop_page(emptying.session, f"/kasus/{case.id}")


def _emergencies(emptying: Emptying, case: Case) -> None:
    """That somebody opened the case stays; why, in their own words, may tell of the person."""
    session, where = emptying.session, Emergency.case_id == case.id
    session.execute(update(Emergency).where(where).values(reason=say_in("id", "erased-text")))
    session.execute(update(Emergency).where(where, Emergency.note.is_not(None)).values(note=""))


def _written_beside(emptying: Emptying, case: Case) -> None:
    """Notes keep who wrote when; what they say goes, and so do their photos."""
    session, empty = emptying.session, {"text": "", "place": None, "company": None, "withdrawal": None}
    session.execute(update(Note).where(Note.case_id == case.id).values(empty))
    gone = {"image": None, "digest": "", "removed_at": emptying.now, "removal": "erasure"}
    session.execute(update(Photo).where(Photo.case_id == case.id, Photo.removed_at.is_(None)).values(gone))


def empty_photo(session: Session, key: int, now: datetime, erasure_id: int | None, why: str) -> None:
    """Takes the bytes of a photo away, and notes it for databases that are restored."""
    photo = session.get(Photo, key)
    if photo is None or is_emptied(session, PHOTO, key):
        return
    mark = mark_of(PHOTO, key, photo.at)
    session.add(Erased(erasure_id=erasure_id, subject=PHOTO, subject_id=key, mark=mark, at=now))
    photo.image, photo.digest, photo.removed_at, photo.removal = None, "", now, why


PLACES: tuple[Callable[[Emptying, Case], None], ...] = (
    _answers,
    _notes,
    _transfers,
    _letters,
    _referrals,
    _written_beside,
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
        emptying.names.add(str(row._mapping[column_name(title)] or ""))
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
    for hidden in twins.forget(session, key):
        empty_record(emptying, subject, hidden)


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
                ground="erasure",
            )
            forgotten += len(told.data["erased"]) if told else 0
    return forgotten + _forget_mentions(emptying)


def _forget_mentions(emptying: Emptying) -> int:
    """Takes out of the reasons of exports and erasures what names somebody who was emptied."""
    session = emptying.session
    words = {each.casefold() for each in (*emptying.traces, *emptying.names) if len(each) > 2}
    for key, *texts in session.execute(select(Erasure.id, Erasure.reason, Erasure.decision)).all():
        named = [
            name for name, each in zip(("reason", "decision"), texts, strict=True) if _names(words, each)
        ]
        if named:
            # By a statement: an event that told the change would keep what is to be forgotten.
            gone = dict.fromkeys(named, say_in("id", "erased-text"))
            session.execute(update(Erasure).where(Erasure.id == key).values(gone))
    query = select(Event.subject, Event.subject_id, EventValue.said).join(
        Event, Event.id == EventValue.event_id
    )
    found = session.execute(query.where(Event.subject.in_(ABOUT_MANY))).all()
    about = {(subject, key) for subject, key, said in found if _names(words, str([*said.values()]))}
    told = (
        redact(
            session, actor=emptying.actor, now=emptying.now, subject=subject, subject_id=key, ground="erasure"
        )
        for subject, key in sorted(about)
    )
    return sum(len(each.data["erased"]) for each in told if each)


def _names(words: set[str], text: str | None) -> bool:
    return any(each in (text or "").casefold() for each in words)
