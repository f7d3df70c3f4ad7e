"""Drafts: kept as somebody types, offered when the form is opened again, gone once it is carried out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser, case_of, demo_engine

from portal.admin.filled import filled
from portal.admin.quietly import HEADER
from portal.app import create_app
from portal.database import reading
from portal.settings import Settings
from portal.tables import Draft

PERSON = {"who": "new", "nik": "1810035408949977", "name": "Wagini Contoh", "description": "Belum punya JKN."}


class Clock:
    """A clock that a test moves."""

    now = NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = demo_engine(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def app(tmp_path: Path, engine: Engine, clock: Clock) -> ASGIApp:
    return create_app(Settings(database=f"sqlite:///{tmp_path / 'demo.db'}"), clock=lambda: clock.now)


def type_in(
    browser: Browser, typed: Mapping[str, str], page: str = "/aduan/baru", form: str = "", was: str = ""
) -> str:
    """Opens a page and types into its form without sending it; returns the key of the form."""
    browser.get(page)
    fields = browser.form(form or page).fields
    key = next(value for name, value in fields if name in ("key", "submission"))
    kept = [(name, text) for name, text in fields if name not in typed]
    return keep(browser, key, [*kept, *typed.items()], page, form or page, was)


def keep(browser: Browser, key: str, fields: Any, page: str, form: str, was: str = "") -> str:
    said = {"page": page, "form": form, "key": key, "was": was, "title": "Aduan baru"}
    shown = browser.page
    assert browser.post("/draf", {**said, "fields": json.dumps(list(fields))}).status_code == 200
    browser.page = shown
    return key


def drafts(engine: Engine) -> list[Draft]:
    with reading(engine) as session:
        return list(session.scalars(select(Draft)))


def test_draft_is_offered_and_restored_when_the_form_is_opened_again(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    key = type_in(browser, PERSON)
    browser.get("/aduan/baru")
    assert "Ada isian yang belum tersimpan dari 10.00." in browser.page.text
    browser.get(f"/aduan/baru?draf={key}")
    restored = dict(browser.form("/aduan/baru").fields)
    assert {**restored, **PERSON} == restored
    assert restored["key"] == key
    assert "Isian dari 10.00 sudah dipasang kembali" in browser.page.text


def test_draft_is_its_owners_alone_and_unreadable_in_the_database(app: ASGIApp, engine: Engine) -> None:
    browser, other = Browser(app, "front-office"), Browser(app, "back-office")
    key = type_in(browser, PERSON)
    assert "belum tersimpan" not in other.get("/tugas").text
    assert other.post("/draf/buang", {"key": key, "back": "/tugas"}).status_code == 303
    [kept] = drafts(engine)
    assert not any(text in kept.sealed for text in ("Wagini", "1810035408949977"))
    said = {"page": "/aduan/baru", "form": "/aduan/baru", "key": key, "fields": "[]"}
    assert other.post("/draf", said).json() == {"at": ""}
    assert drafts(engine)[0].sealed == kept.sealed


def test_first_page_tells_of_every_draft(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    type_in(browser, PERSON)
    assert "Ada isian yang belum tersimpan dari 10.00: Aduan baru." in browser.get("/tugas").text


def test_draft_goes_with_its_form_and_does_not_come_back(app: ASGIApp, engine: Engine) -> None:
    browser = Browser(app, "front-office")
    key = type_in(browser, PERSON)
    browser.get(f"/aduan/baru?draf={key}")
    more = {"sex": "female", "program": "dtsen", "complaint": "sos-01"}
    browser.send("/aduan/baru", "save", **more, birth_date=["14", "8", "1994"], rt="002", rw="001")
    assert browser.page.status_code == 303, browser.page.text
    assert drafts(engine) == []
    late = {"page": "/aduan/baru", "form": "/aduan/baru", "key": key, "fields": "[]"}
    assert browser.post("/draf", late).json() == {"at": ""}
    assert drafts(engine) == []


def test_form_that_came_back_takes_its_draft_along(app: ASGIApp, engine: Engine) -> None:
    browser = Browser(app, "front-office")
    first = type_in(browser, PERSON)
    browser.send("/aduan/baru", "save", program="dtsen")
    assert browser.page.status_code == 422
    assert f'data-was="{first}"' in browser.page.text
    form = browser.form("/aduan/baru")
    keep(browser, dict(form.fields)["key"], form.fields, "/aduan/baru", "/aduan/baru", was=first)
    assert [each.key for each in drafts(engine)] == [dict(form.fields)["key"]]


def test_draft_of_a_step_belongs_to_the_page_of_its_case(app: ASGIApp, engine: Engine) -> None:
    browser, case = Browser(app, "back-office"), case_of(engine, "2")
    browser.get(f"/kasus/{case}")
    step = next((each for each in browser.seen.forms if "/langkah/" in each.action), None)
    if step is None:
        browser = Browser(app, "secretariat")
        browser.get(f"/kasus/{case}")
        step = next(each for each in browser.seen.forms if "/langkah/" in each.action)
    key = dict(step.fields)["key"]
    keep(browser, key, step.fields, step.action, step.action)
    assert drafts(engine)[0].page == f"/kasus/{case}"
    assert "Ada isian yang belum tersimpan" in browser.get(f"/kasus/{case}").text


def test_stale_draft_of_a_record_goes_through_the_stale_page(app: ASGIApp, engine: Engine) -> None:
    mine, other = Browser(app, "front-office"), Browser(app, "back-office")
    page = "/data/resident/edit/1"
    key = type_in(mine, {"name": "Nama dari draf"}, page)
    other.get(page)
    assert other.send(page, name="Nama orang lain").status_code == 303
    mine.get(f"{page}?draf={key}")
    form = mine.form(page)
    assert dict(form.fields)["name"] == "Nama dari draf"
    mine.post(page, form.fields)
    assert mine.page.status_code == 409
    assert "Nama dari draf" in mine.page.text
    assert "Nama orang lain" in mine.page.text


def test_draft_whose_form_is_gone_can_still_be_sent(app: ASGIApp, engine: Engine) -> None:
    browser = Browser(app, "front-office")
    browser.get("/aduan/baru")
    keep(browser, "k" * 20, [["note", "diketik"]], "/aduan/baru", "/kasus/1/langkah/999")
    page = browser.get("/aduan/baru").text
    assert "formulirnya sudah berubah" in page
    assert 'name="note" value="diketik"' in page


def test_logging_out_clears_and_a_lost_session_does_not(app: ASGIApp, engine: Engine, clock: Clock) -> None:
    browser = Browser(app, "front-office")
    key = type_in(browser, PERSON)
    clock.now = NOW + timedelta(hours=12)
    assert browser.get("/tugas").url.path == "/masuk"
    again = Browser(app, "front-office", "pintu-terbuka-2026")
    assert key in again.get("/aduan/baru").text
    again.post("/keluar", {})
    assert drafts(engine) == []


def test_draft_is_forgotten_after_three_days(app: ASGIApp, engine: Engine, clock: Clock) -> None:
    type_in(Browser(app, "front-office"), PERSON)
    clock.now = NOW + timedelta(hours=73)
    again = Browser(app, "front-office", "pintu-terbuka-2026")
    assert "belum tersimpan" not in again.get("/aduan/baru").text
    type_in(again, {"name": "Lain"})
    assert len(drafts(engine)) == 1


def test_secrets_and_too_much_are_not_kept(app: ASGIApp, engine: Engine) -> None:
    browser = Browser(app, "front-office")
    said = {"page": "/tugas", "form": "/tugas", "key": "k" * 20}
    long = json.dumps([["note", "a" * 70_000]])
    assert browser.post("/draf", {**said, "fields": long}).status_code == 413
    for broken in ("", "{", "[1]", '[["a"]]', '[["a", 1]]', '{"a": 1}'):
        assert browser.post("/draf", {**said, "fields": broken}).status_code == 400, broken
    assert browser.post("/draf", {**said, "page": "//else", "fields": "[]"}).status_code == 400
    keep(browser, "k" * 20, [["password", "rahasia sekali"], ["note", "biasa"]], "/aduan/baru", "/x/y")
    page = browser.get("/aduan/baru").text
    assert "biasa" in page
    assert "rahasia sekali" not in page


def test_an_account_has_so_many_drafts_and_no_more(app: ASGIApp, engine: Engine) -> None:
    browser = Browser(app, "front-office")
    browser.get("/aduan/baru")
    for number in range(33):
        keep(browser, f"key-of-a-form-{number:06}", [["note", "x"]], "/aduan/baru", "/aduan/baru")
    assert len(drafts(engine)) == 30


def test_draft_typed_behind_a_locked_screen_does_not_take_the_kept_forms_place(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    browser.get("/aduan/baru")
    form = browser.form("/aduan/baru").fields
    browser.post("/kunci", {"back": "/aduan/baru"})
    browser.post("/aduan/baru", [*form, ("name", "Yang dikirim"), ("save", "1")])
    said = {"page": "/aduan/baru", "form": "/aduan/baru", "key": "k" * 20, "fields": "[]"}
    assert browser.post("/draf", said).headers["location"] == "/kunci"
    browser.post("/kunci/buka", {"back": "/", "proof": "pintu-terbuka-2026"})
    assert "Yang dikirim" in browser.page.text


def test_script_is_told_where_a_form_led(app: ASGIApp, engine: Engine) -> None:
    browser = Browser(app, "front-office")
    browser.client.headers[HEADER] = "1"
    browser.post("/draf/buang", {"key": "k" * 20, "back": "/tugas"})
    assert browser.page.status_code == 200
    assert browser.page.json() == {"led": "/tugas?notice=draft-dropped"}
    stranger = Browser(app)
    stranger.client.headers[HEADER] = "1"
    assert stranger.post("/draf", {"key": "k" * 20}).json() == {"led": "/masuk"}
    assert browser.client.get("/tugas").status_code == 200


def test_filling_changes_the_entries_of_one_form_and_nothing_else() -> None:
    other = (
        '<form action="/b" method="post"><input name="a" value="&amp;"></form><!-- c --><p>&copy; &lt;</p>'
    )
    mine = (
        '<form action="/a" method="post"><input type="hidden" name="key" value="new">'
        '<input name="a" value="">'
        '<input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2">'
        '<select name="s"><option value="x" selected>X</option><option value="y">Y</option></select>'
        '<input name="d" value=""><input name="d" value=""><textarea name="t">\nold &amp; old</textarea>'
        '<input type="password" name="p" value=""></form>'
    )
    said = (("a", '"><script>'), ("r", ""), ("r", "2"), ("s", "y"), ("d", "1"), ("d", "2"), ("t", "</b>"))
    page = filled(f"<!doctype html>{other}{mine}", "/a", "old", (*said, ("p", "no")))
    assert page.startswith(f"<!doctype html>{other}")
    assert '<input name="a" value="&quot;&gt;&lt;script&gt;">' in page
    assert '<input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked="">' in page
    assert '<option value="x">X</option><option value="y" selected="">' in page
    assert (
        '<input name="d" value="1"><input name="d" value="2"><textarea name="t">\n&lt;/b&gt;</textarea>'
        in page
    )
    assert 'name="key" value="old"' in page
    assert '<input type="password" name="p" value="">' in page


def test_erasing_a_case_takes_the_drafts_of_its_page(engine: Engine) -> None:
    from portal.accounts.drafts import drop_page
    from portal.database import writing

    with writing(engine) as session:
        for number, page in enumerate(("/kasus/1", "/kasus/1/versi", "/kasus/11")):
            session.add(Draft(key=f"k{number}", account_id=1, page=page, form=page, at=NOW, sealed=""))
        session.flush()
        drop_page(session, "/kasus/1")
    assert [each.page for each in drafts(engine)] == ["/kasus/11"]
