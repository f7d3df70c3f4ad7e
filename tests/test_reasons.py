"""Reasons that people type: they stand where they can be erased, and the access log points to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import copied
from schemas import small_schema
from sites import NIKS, OFFICE, Office, office
from small import NOW
from sqlalchemy import Engine, select
from test_erasure import erase, everything, referred, said

from portal import accesslog, events
from portal.access import Actor
from portal.database import reading, writing
from portal.events import CHANGED, record
from portal.tables import Account, Event
from portal.wall import acting

NAMED = "Siti Contoh minta KTP dicocokkan"
CLERK = Actor(account_id=3, label="Ratna Contoh", everything=True)
UNMASKING = small_schema({"roles/masked/may": ["unmask"]}, of=OFFICE)


@pytest.fixture
def here(engine: Engine) -> Iterator[Office]:
    with office(engine, UNMASKING) as made:
        yield made


def test_reason_where_nobody_could_erase_it_is_refused(here: Office) -> None:
    with pytest.raises(ValueError, match="reason"), writing(here.engine) as session:
        record(
            session, actor=CLERK, now=NOW, kind="x", subject="x", subject_id=1, data={"reason": NAMED}
        )  # fmt: skip


def test_reasons_go_with_the_person_and_the_chain_holds(tmp_path: Path) -> None:
    made = copied(tmp_path)
    case = referred(made)
    about = {"resident": 1, "case": case, "exported": 2}
    with writing(made.engine) as session:
        for subject, key in about.items():
            record(session, actor=CLERK, now=NOW, kind="x", subject=subject, subject_id=key, reason=NAMED)
    assert said(made.engine).count(NAMED) == len(about)
    erase(made, everything(made, case))
    assert NAMED not in said(made.engine)
    with reading(made.engine) as session:
        assert events.broken(session) is None


def test_proposal_that_names_the_person_is_emptied_as_well(tmp_path: Path) -> None:
    made = copied(tmp_path)
    case = referred(made)
    wanted = everything(made, case)
    erase(made, type(wanted)(ground=wanted.ground, reason=NAMED, cases=(case,), residents=(1,)))
    assert "Siti Contoh" not in said(made.engine)


def test_change_that_nobody_told_is_told_by_whoever_acts(here: Office) -> None:
    with acting(CLERK), writing(here.engine) as session:
        session.get_one(Account, 1).label = "Nama Baru"
    with reading(here.engine) as session:
        newest = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert newest is not None
    assert (newest.kind, newest.actor_id, newest.actor) == (CHANGED, 3, "Ratna Contoh")


def test_access_log_and_trail_tell_why_a_mask_was_lifted(here: Office) -> None:
    key = here.add(name="Siti Contoh", nik=NIKS[0])
    client = here.as_("masked")
    client.get(f"/data/resident/details/{key}")
    assert client.post(f"/data/resident/buka/{key}", data={"reason": NAMED}).status_code == 200
    with reading(here.engine) as session:
        lifted, plain = accesslog.of(session, "resident", key, 9)
        assert events.reason_of(events.values_of(session, lifted.because)[lifted.because[0]]) == NAMED
    assert plain.because == ()


def test_access_log_tells_why_a_list_left(here: Office) -> None:
    key = here.add(name="Siti Contoh", nik=NIKS[0])
    said = {"alasan": "Laporan bulanan", "kolom": "name"}
    assert here.as_("manager").post("/data/resident/export/csv", data=said).status_code == 200
    with reading(here.engine) as session:
        (seen,) = accesslog.of(session, "resident", key, 9)
        assert events.reason_of(events.values_of(session, seen.because)[seen.because[0]]) == "Laporan bulanan"
