"""Downloads of the desk: cases, tasks and the register of letters, for who may take people's data out."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import Browser

from portal.database import reading
from portal.tables import Case, Event, IssuedLetter


def taken(browser: Browser, page: str, action: str) -> list[list[str]]:
    """Presses the button under a list, gives a reason, and reads the CSV."""
    browser.get(page)
    browser.send(action)
    assert browser.page.status_code == 200, browser.page.text
    form = browser.form("/unduh/")
    boxes = [("kolom", name) for name in _columns(browser)]
    path = form.action.removesuffix("xlsx") + "csv"
    fields = [pair for pair in form.fields if pair[0] not in ("kolom", "alasan")]
    answer = browser.post(path, [*fields, *boxes, ("alasan", "Laporan bulanan")])
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def _columns(browser: Browser) -> list[str]:
    return [value for name, value in browser.form("/unduh/").fields if name == "kolom"]


def test_cases_leave_as_they_stand_on_screen(engine: Engine, app: ASGIApp) -> None:
    browser = Browser(app, "secretariat")
    lines = taken(browser, "/kasus?status=open", "/unduh/kasus")
    with reading(engine) as session:
        normal = select(Case.number).where(Case.status == "open", Case.access == "normal")
        numbers = set(session.scalars(normal))
    assert {line[1] for line in lines[1:]} >= numbers
    assert all(line[0] for line in lines)


def test_cases_that_are_not_on_screen_do_not_leave(app: ASGIApp) -> None:
    browser = Browser(app, "secretariat")
    lines = taken(browser, "/kasus", "/unduh/kasus")
    browser.get("/kasus")
    seen = set(re.findall(r"ADU[^<]*", browser.page.text))
    while after := [link for link in browser.seen.links if "after=" in link]:
        seen |= set(re.findall(r"ADU[^<]*", browser.get(after[0]).text))
    assert {line[1] for line in lines[1:]} == seen


def test_register_of_letters_leaves_without_names(engine: Engine, app: ASGIApp) -> None:
    lines = taken(Browser(app, "manager"), "/kasus", "/unduh/surat")
    with reading(engine) as session:
        numbers = set(session.scalars(select(IssuedLetter.number).where(IssuedLetter.number.is_not(None))))
    assert {line[0] for line in lines[1:] if line[0]} <= numbers
    assert len(lines) > 1


def test_tasks_leave_as_they_stand_on_screen(app: ASGIApp) -> None:
    browser = Browser(app, "secretariat")
    shown = browser.get("/tugas").text.count("<li><div><a")
    assert len(taken(browser, "/tugas", "/unduh/tugas")) == shown + 1


@pytest.mark.parametrize("login", ["front-office", "facilitator", "supervisor", "district-staff"])
@pytest.mark.parametrize("what", ["kasus", "surat", "tugas"])
def test_download_is_for_who_may_export(engine: Engine, app: ASGIApp, login: str, what: str) -> None:
    browser = Browser(app, login)
    for kind in ("tanya", "csv", "xlsx"):
        sent = {"alasan": "Laporan bulanan", "kolom": "number"}
        assert browser.post(f"/unduh/{what}/{kind}", sent).status_code == 403
    with reading(engine) as session:
        assert session.scalar(select(Event.id).where(Event.kind == "exported")) is None


def test_unknown_list_is_missing(app: ASGIApp) -> None:
    browser = Browser(app, "manager")
    assert browser.post("/unduh/akun/csv", {}).status_code == 404
    assert browser.post("/unduh/kasus/pdf", {}).status_code == 404
    assert browser.client.get("/unduh/kasus/csv").status_code == 405
