"""Two at once on one case: a step, a task, a letter, a resident; the second is told and loses nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select
from starlette.types import ASGIApp
from worked import Browser

from portal.database import reading
from portal.tables import Case, Event, IssuedLetter, Task
from stories.test_http import COMPLAINT, PERSON, complete, registered


def events(engine: Engine, kind: str, case: int) -> int:
    query = select(func.count()).select_from(Event).where(Event.kind == kind, Event.subject_id == case)
    with reading(engine) as session:
        return session.scalar(query) or 0


def two(app: ASGIApp, **said: str) -> tuple[Browser, Browser, int]:
    """Returns two people who look at the same new case."""
    front, back = Browser(app, "front-office"), Browser(app, "back-office")
    case = registered(front, **said)
    for each in (front, back):
        each.get(f"/kasus/{case}")
    return front, back, case


def test_late_step_shows_what_was_typed_beside_what_was_saved(engine: Engine, app: ASGIApp) -> None:
    front, back, case = two(app)
    front.send(f"/kasus/{case}/langkah", condition="healthy", facility="UPT Puskesmas Ambarawa")
    back.send(f"/kasus/{case}/langkah", condition="pregnant", facility="RSUD Pringsewu", note__kk="besok")
    assert back.page.status_code == 409
    text = back.page.text
    assert "sudah diselesaikan petugas lain: Sekar Contoh" in text
    assert "RSUD Pringsewu</td>" in text
    assert "UPT Puskesmas Ambarawa</td>" in text
    assert events(engine, "step-completed", case) == 1


def test_step_whose_task_was_given_away_comes_back_filled_in(engine: Engine, app: ASGIApp) -> None:
    front, back, case = two(app)
    back.send(f"/kasus/{case}/tugas", account="me")
    front.send(f"/kasus/{case}/langkah", condition="pregnant", facility="RSUD Pringsewu")
    assert front.page.status_code == 409
    assert "sudah dipegang Ratna Contoh" in front.page.text
    assert ("facility", "RSUD Pringsewu") in front.form(f"/kasus/{case}/langkah").fields
    front.send(f"/kasus/{case}/langkah")
    assert front.page.status_code == 303
    assert events(engine, "step-completed", case) == 1


def test_mistake_does_not_hide_that_the_task_was_given_away(app: ASGIApp) -> None:
    front, back, case = two(app)
    back.send(f"/kasus/{case}/tugas", account="me")
    assert front.send(f"/kasus/{case}/langkah", condition="").status_code == 409
    assert "sudah dipegang Ratna Contoh" in front.page.text


def test_task_is_taken_by_one(engine: Engine, app: ASGIApp) -> None:
    front, back, case = two(app)
    front.send(f"/kasus/{case}/tugas", account="me")
    back.send(f"/kasus/{case}/tugas", account="me")
    assert (front.page.status_code, back.page.status_code) == (303, 409)
    assert "sudah dipegang Sekar Contoh" in back.page.text
    assert events(engine, "task-assigned", case) == 1


def test_same_letter_is_not_issued_by_two(engine: Engine, app: ASGIApp) -> None:
    front, back, case = two(app)
    front.send(f"/kasus/{case}/surat", letter="receipt")
    back.send(f"/kasus/{case}/surat", letter="receipt")
    assert (front.page.status_code, back.page.status_code) == (303, 409)
    assert "Kasus ini sudah berubah" in back.page.text
    with reading(engine) as session:
        letters = select(func.count()).select_from(IssuedLetter).where(IssuedLetter.case_id == case)
        assert session.scalar(letters) == 1


def test_late_letter_keeps_what_was_typed(app: ASGIApp) -> None:
    front, back, case = two(app)
    back.send(f"/kasus/{case}/surat", letter="introduction")
    front.send(f"/kasus/{case}/surat", letter="receipt")
    back.send(f"/kasus/{case}/surat", "issue", request="Perekaman KTP-el")
    assert back.page.status_code == 409
    assert ("request", "Perekaman KTP-el") in back.form(f"/kasus/{case}/surat").fields
    assert back.send(f"/kasus/{case}/surat", "issue").status_code == 303


def test_resident_is_named_by_one(engine: Engine, app: ASGIApp) -> None:
    front, back, case = two(app, who="anonymous")
    for each, words in ((front, "Sumarni"), (back, "Wagimin")):
        each.send(f"/kasus/{case}/warga", words=words)
    form = back.form(f"/kasus/{case}/warga")
    front.send(f"/kasus/{case}/warga", "resident")
    with reading(engine) as session:
        named = session.get_one(Case, case).resident_id
    back.post(form.action, [*form.fields, ("resident", str(named))])
    assert back.page.status_code in (404, 409)
    assert events(engine, "resident-identified", case) == 1


def test_lost_answer_of_a_step_is_found_by_its_key(engine: Engine, app: ASGIApp) -> None:
    front, back, case = two(app)
    form = front.page
    front.send(f"/kasus/{case}/langkah", condition="healthy")
    led = front.page.headers["location"]
    complete(back, case, result="registered", decile="2", checked_on=("12", "11", "2026"), jkn="none")
    front.page = form
    front.send(f"/kasus/{case}/langkah", condition="healthy")
    assert (front.page.status_code, front.page.headers["location"]) == (303, led)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Task).where(Task.case_id == case)) == 3


def test_key_of_another_person_never_finds_their_answer(engine: Engine, app: ASGIApp) -> None:
    front, back, case = two(app)
    form = front.form(f"/kasus/{case}/langkah")
    front.send(f"/kasus/{case}/langkah", condition="healthy")
    assert back.post(form.action, [*form.fields, ("condition", "healthy")]).status_code == 400
    assert events(engine, "step-completed", case) == 1


def test_complaint_typed_on_after_going_back_is_asked_about(engine: Engine, app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    form = front.get("/aduan/baru")
    front.send("/aduan/baru", "save", **{**PERSON, **COMPLAINT})
    front.page = form
    front.send("/aduan/baru", "save", **{**PERSON, **COMPLAINT, "description": "Keluhan yang lain."})
    assert front.page.status_code == 409
    assert "sudah pernah tersimpan" in front.page.text
    assert ("description", "Keluhan yang lain.") in front.form("/aduan/baru").fields


@pytest.mark.parametrize("wrong", [("version", "x"), ("surprise", "1"), ("key", "kurang")])
@pytest.mark.parametrize("action", ["langkah", "tugas", "surat"])
def test_form_of_a_case_that_is_not_ours_is_refused(
    app: ASGIApp, action: str, wrong: tuple[str, str]
) -> None:
    front = Browser(app, "front-office")
    case = registered(front)
    front.get(f"/kasus/{case}")
    form = front.form(f"/kasus/{case}/{action}")
    more = {"tugas": [("account", "me")], "surat": [("letter", "receipt")]}.get(action, [])
    sent = [pair for pair in (*form.fields, *more) if pair[0] != wrong[0]]
    assert front.post(form.action, [*sent, wrong]).status_code == 400
