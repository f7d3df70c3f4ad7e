from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor
from portal.database import engine_of, reading, writing
from portal.events import START, broken, record
from portal.tables import Base, ChainHead, Event

JAKARTA = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 2, 9, 12, 5, 123456, tzinfo=JAKARTA)
CLERK = Actor(account_id=3, label="Ratna Contoh")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = engine_of(f"sqlite:///{tmp_path / 'events.db'}")
    with writing(engine) as session:
        Base.metadata.create_all(session.connection())
        for number in range(1, 6):
            opened(session, number)
    yield engine
    engine.dispose()


def opened(session: Session, number: int) -> Event:
    data = {"nama": "Ma'ruf", "langkah": ["satu", 2, None], "nomor": number}
    return record(
        session, actor=CLERK, now=NOW, kind="case-opened", subject="case", subject_id=number, data=data
    )


def first_break(engine: Engine) -> int | None:
    with reading(engine) as session:
        return broken(session)


def test_chain_holds_whatever_the_time_zone(engine: Engine) -> None:
    assert first_break(engine) is None
    with writing(engine) as session:
        record(session, actor=SYSTEM, now=NOW, kind="release-applied", subject="release", subject_id=1)
    assert first_break(engine) is None


def test_empty_chain_holds(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'empty.db'}")
    with writing(engine) as session:
        Base.metadata.create_all(session.connection())
    assert first_break(engine) is None
    engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "Orang lain"},
        {"actor_id": 4},
        {"kind": "case-closed"},
        {"subject": "resident"},
        {"subject_id": 9},
        {"at": NOW + timedelta(microseconds=1)},
        {"data": {}},
        {"hash": START},
    ],
    ids=lambda change: next(iter(change)),
)
def test_edited_event_is_found(engine: Engine, change: dict[str, object]) -> None:
    with writing(engine) as session:
        session.execute(update(Event).where(Event.id == 3).values(**change))
    assert first_break(engine) == 3


@pytest.mark.parametrize(("deleted", "found"), [(1, 1), (3, 3), (5, 5)])
def test_deleted_event_is_found(engine: Engine, deleted: int, found: int) -> None:
    with writing(engine) as session:
        session.execute(delete(Event).where(Event.id == deleted))
    assert first_break(engine) == found


def test_all_events_deleted_is_found(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(delete(Event))
    assert first_break(engine) == 1


def test_reordered_events_are_found(engine: Engine) -> None:
    with writing(engine) as session:
        for old, new in ((2, 90), (4, 2), (90, 4)):
            session.execute(update(Event).where(Event.id == old).values(id=new))
    assert first_break(engine) == 2


def test_added_event_without_the_chain_is_found(engine: Engine) -> None:
    with writing(engine) as session:
        bad = {"seal": START, "hash": START}
        session.add(Event(id=6, at=NOW, actor="x", kind="x", subject="x", subject_id=1, data={}, **bad))
    assert first_break(engine) == 6


def test_rolled_back_event_leaves_the_chain_as_it_was(engine: Engine) -> None:
    with writing(engine) as session:
        before = session.scalar(select(ChainHead.hash))
    with reading(engine) as session:
        opened(session, 6)
    with writing(engine) as session:
        assert session.scalar(select(ChainHead.hash)) == before
    assert first_break(engine) is None
