"""Noting signatures and opening closed cases again: who may, once, with an event."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from matrix import NOBODYS, Population, population
from sqlalchemy import select
from told import told_reason

from portal.admin.desk.base import new_key
from portal.database import engine_of, reading
from portal.tables import Case, Event, Task

CLOSED = next(row.key for row in NOBODYS if row.status == "closed")
REASON = "berkas susulan datang dari warga"


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Population]:
    engine = engine_of(f"sqlite:///{tmp_path_factory.mktemp('acts') / 'acts.db'}")
    with population(engine) as made:
        yield made
    engine.dispose()


def events(of: Population, kind: str) -> list[Event]:
    with reading(of.engine) as session:
        return list(session.scalars(select(Event).where(Event.kind == kind)))


def test_a_signature_is_noted_once_by_who_may(of: Population) -> None:
    for name, status in (("front-office", 403), ("neighbour", 404), ("back-office", 303), ("manager", 303)):
        assert of.post(name, "/surat/1/tanda-tangan", key=new_key())[0] == status
    (noted,) = events(of, "letter-signed")
    assert (noted.actor, noted.subject_id) == ("back-office Contoh", 1)
    assert "back-office Contoh" in of.get("front-office", "/kasus/1")[1]


def test_a_letter_opens_for_a_reason(of: Population) -> None:
    assert of.post("supervisor", "/surat/1/buka", reason="")[0] == 422
    assert of.get("supervisor", "/surat/1")[1].startswith("<!doctype html>")
    assert of.post("supervisor", "/surat/1/buka", reason=REASON)[1] == "%PDF-"
    (noted,) = events(of, "letter-unmasked")
    assert (told_reason(of.engine, noted), noted.data["issued_letter"]) == (REASON, 1)


def test_a_closed_case_is_opened_again_for_a_reason(of: Population) -> None:
    path = f"/kasus/{CLOSED}/buka"
    assert of.post("front-office", path, reason=REASON, key=new_key())[0] == 403
    assert of.post("neighbour", path, reason=REASON, key=new_key())[0] == 404
    assert of.post("back-office", path, reason="", key=new_key())[0] == 422
    assert of.post("back-office", path, reason=REASON, key=new_key())[0] == 303
    assert of.post("manager", path, reason=REASON, key=new_key())[0] == 409
    (noted,) = events(of, "case-reopened")
    assert told_reason(of.engine, noted) == REASON
    with reading(of.engine) as session:
        case = session.get_one(Case, CLOSED)
        open_tasks = session.scalars(select(Task).where(Task.case_id == CLOSED, Task.status == "open")).all()
        assert (case.status, case.outcome, len(open_tasks)) == ("open", None, 1)


def test_who_can_is_a_page_with_reasons(of: Population) -> None:
    page = of.get("manager", "/kasus/1/siapa")[1]
    assert "back-office Contoh" in page
    assert "karena perannya melihat semua kasus kelas ini di wilayahnya" in page
    assert of.get("back-office", "/kasus/1/siapa")[0] == 403
