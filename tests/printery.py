"""A village with many cases whose residents live in RT and RW, for letters in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casework import EDITS, HERE, PEOPLE, TEMPLATES, Office, intake
from schemas import small_schema
from small import NOW, account
from sqlalchemy import Engine, insert, select, update

from portal.access import SYSTEM, Actor
from portal.bulk import ask, work
from portal.cases import At, open_case
from portal.database import reading, writing
from portal.migrate import apply, prepare
from portal.tables import Case, Event, Grant, IssuedLetter, PrintItem, PrintJob
from portal.wall import acting

ANYBODY = Actor(account_id=1, label="Sekar Contoh", everything=True)
PURPOSE = {"purpose": "keringanan biaya"}
SCHEMA = small_schema(
    {
        **EDITS,
        "records/resident/fields/rt": {"label": "RT", "type": "text"},
        "records/resident/fields/rw": {"label": "RW", "type": "text"},
    }
)


def village(engine: Engine, count: int) -> tuple[Office, list[int]]:
    """Makes an office with so many cases of residents in four RT of two RW; returns it and their keys."""
    prepare(engine)
    apply(engine, SCHEMA, {}, TEMPLATES, actor=SYSTEM, now=NOW)
    office = Office(engine=engine)
    with writing(engine) as session:
        session.add_all(account(key) for key in range(1, 8))
        session.flush()
        for key, each in enumerate(PEOPLE.values(), start=1):
            session.add_all(Grant(account_id=key, role=held.role, area=held.area) for held in each.grants)
    return office, people(office, count)


def people(office: Office, count: int, area: str = HERE, first: int = 0) -> list[int]:
    """Opens cases of residents whose order of coming is not that of their houses; returns their keys."""
    model, live = office.live.models.records["resident"], office.live
    stamps = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    keys = []
    with writing(office.engine) as session:
        for number in range(first, first + count):
            lives = {"rt": f"{number % 4 + 9:03}", "rw": f"{number % 2 + 1:03}", "area": area}
            said = {"name": f"Warga {count - number:03} Contoh", "nik": f"18100357088{number:05}"}
            person = session.execute(insert(model).values(**said, **lives, **stamps).returning(model.id))
            at = At(session=session, live=live, actor=ANYBODY, now=NOW)
            keys.append(open_case(at, intake(resident_id=person.scalar_one())).id)
        session.execute(update(Case).where(Case.id.in_(keys)).values(area=area))
    return keys


def asked(office: Office, cases: Sequence[int], letter: str = "introduction", **more: Any) -> int:
    """Asks for a letter about many cases and returns the key of the job."""
    who: str = more.pop("who", "officer")
    form = PURPOSE if letter == "introduction" and not more.get("again") else {}
    with acting(PEOPLE[who], office.live), writing(office.engine) as session:
        return ask(office.at(session, who), letter, cases, form, **more)


def done(office: Office, job: int, *, now: datetime = NOW) -> PrintJob:
    """Works on a job to its end and returns it."""
    assert work(office.engine, job, lambda: now, rest=0)
    return job_of(office, job)


def job_of(office: Office, job: int) -> PrintJob:
    """Returns a job with its file."""
    with reading(office.engine) as session:
        found = session.get_one(PrintJob, job)
        assert found.result is None or found.result
        return found


def items(office: Office, job: int) -> list[PrintItem]:
    """Returns the items of a job in their order."""
    with reading(office.engine) as session:
        query = select(PrintItem).where(PrintItem.job_id == job).order_by(PrintItem.place)
        return list(session.scalars(query))


def letters(office: Office) -> list[IssuedLetter]:
    """Returns all letters in the order of their issue."""
    with reading(office.engine) as session:
        return list(session.scalars(select(IssuedLetter).order_by(IssuedLetter.id)))


def events(office: Office, kind: str) -> int:
    """Returns how often something happened."""
    with reading(office.engine) as session:
        return len(session.scalars(select(Event.id).where(Event.kind == kind)).all())
