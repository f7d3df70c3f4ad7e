"""Catat di lapangan in a real browser and by HTTP: without a line, with lost answers, with an old form."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from badlines import Line, Server, cases
from officers import PHONE, Officer
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import Engine, func, insert, select
from starlette.types import ASGIApp
from worked import NOW, Browser, demo_engine

from portal.app import create_app
from portal.database import reading, writing
from portal.releases import latest_id
from portal.settings import Settings
from portal.tables import Case, Event, FieldRecord, Release

PERSON = {
    "who": "new",
    "nik": "1810035408949941",
    "name": "Wagini Contoh",
    "sex": "female",
    "rt": "002",
    "rw": "001",
    "program": "dtsen",
    "complaint": "sos-01",
    "description": "Buruh tani, belum pernah didata.",
}
BIRTH = ("14", "08", "1994")
KNOWN = "1810035408949901"
"""The NIK of the resident of the first worked case."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = demo_engine(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def app(tmp_path: Path, engine: Engine) -> ASGIApp:
    return create_app(Settings(database=f"sqlite:///{tmp_path / 'demo.db'}"), clock=lambda: NOW)


def send(app: ASGIApp, key: str, login: str = "front-office", form: int = 1, **typed: str) -> dict[str, Any]:
    """Sends a record as the phone does and returns the answer."""
    said: Mapping[str, str] = {
        **PERSON,
        "channel": "outreach",
        "priority": "normal",
        "where": "18.10.03.2007",
        "area": "18.10.03.2007",
        "taken": "2026-11-12T01:30:00.000Z",
        "form": str(form),
        "key": key,
        **typed,
    }
    dates = [("birth_date", part) for part in BIRTH]
    answer = Browser(app, login).post("/lapangan/kirim", [*said.items(), *dates])
    return {"status": answer.status_code, **answer.json()}


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_record_becomes_a_case_once_and_says_its_number(app: ASGIApp, engine: Engine) -> None:
    before = count(engine)
    first, again = send(app, "a" * 20), send(app, "a" * 20)
    assert first == again
    assert first["status"] == 200
    assert (first["number"][:4], first["check"]) == ("ADU-", False)
    assert count(engine) == before + 1
    with reading(engine) as session:
        row = session.scalars(select(FieldRecord)).one()
        assert (row.taken_at.isoformat(), row.known) == ("2026-11-12T01:30:00+00:00", False)
        kinds = select(Event.kind).where(Event.subject == "case", Event.subject_id == row.case_id)
        assert "field-received" in session.scalars(kinds).all()


def test_known_nik_is_given_to_that_person_and_flagged(app: ASGIApp, engine: Engine) -> None:
    sent = send(app, "b" * 20, nik=KNOWN, name="Sumarni Lain")
    assert (sent["status"], sent["check"]) == (200, True)
    browser = Browser(app, "back-office")
    page = browser.get("/lapangan/periksa").text
    assert sent["number"] in page
    assert "Berbeda dari data warga: " in page
    assert "Nama lengkap" in page
    assert "Sumarni Lain" not in page
    assert "perlu diperiksa" in browser.get(sent["href"]).text
    browser.get("/lapangan/periksa")
    assert browser.send("/lapangan/periksa/1").status_code == 303
    assert sent["number"] not in browser.get("/lapangan/periksa").text
    assert "Aduan lapangan diperiksa" in browser.get(sent["href"]).text


def test_flag_is_seen_where_the_case_is(app: ASGIApp) -> None:
    send(app, "c" * 20, nik=KNOWN)
    stranger = Browser(app, "district-staff")
    assert stranger.get("/lapangan/periksa").status_code in (200, 403)
    assert stranger.post("/lapangan/periksa/99", {"key": "k" * 20}).status_code in (403, 404)


def test_what_is_wrong_is_said_and_nothing_is_kept(app: ASGIApp, engine: Engine) -> None:
    before = count(engine)
    wrong = send(app, "d" * 20, nik="1810039908949901")
    assert (wrong["status"], count(engine)) == (422, before)
    assert any("NIK" in why for why in wrong["why"])
    assert send(app, "d" * 20)["status"] == 200, "the same record, put right"


def test_other_content_under_a_key_that_was_used_names_the_case(app: ASGIApp) -> None:
    first = send(app, "e" * 20)
    other = send(app, "e" * 20, description="Lain sama sekali.")
    assert other["status"] == 422
    assert first["number"] in other["why"][0]


def test_form_that_was_replaced_is_taken_for_thirty_days(app: ASGIApp, engine: Engine) -> None:
    with writing(engine) as session:
        shown = latest_id(session)
        assert shown is not None
        row = session.execute(select(Release.__table__).where(Release.id == shown)).one()._asdict()
        row |= {"id": shown + 1, "applied_at": NOW - timedelta(days=29)}
        session.execute(insert(Release.__table__).values(row))  # type: ignore[arg-type]
    assert send(app, "f" * 20, form=shown, gone="a question that was dropped")["status"] == 200
    assert send(app, "g" * 20, form=shown + 1, gone="never asked")["status"] == 422
    assert send(app, "h" * 20, form=shown + 9)["status"] == 422
    with writing(engine) as session:
        session.get_one(Release, shown + 1).applied_at = NOW - timedelta(days=31)
    old = send(app, "i" * 20, form=shown, nik="1810035408949942")
    assert (old["status"], "terlalu lama" in old["why"][0]) == (422, True)


def test_worker_is_allowed_for_its_page_alone(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    worker = browser.get("/lapangan/pekerja.js")
    assert worker.headers["service-worker-allowed"] == "/lapangan"
    assert worker.headers["content-type"].startswith("text/javascript")
    assert browser.get("/lapangan/manifest.json").json()["scope"] == "/lapangan"
    for path in ("/lapangan", "/tugas", "/aduan/baru", "/lapangan/manifest.json"):
        assert "service-worker-allowed" not in browser.get(path).headers, path
    assert "default-src 'self'" in browser.get("/lapangan").headers["content-security-policy"]


def test_page_of_the_field_holds_nothing_about_anybody(app: ASGIApp) -> None:
    page = Browser(app, "front-office").get("/lapangan").text
    assert "Sumarni" not in page
    assert "ADU-" not in page
    assert Browser(app, "district-staff").get("/lapangan").status_code == 403


# In a real browser.


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    line = Line(server.port)
    yield line
    line.close()


def opened(browser: Chromium, address: str) -> Officer:
    """Somebody whose phone has the page: it was opened once with a line."""
    officer = Officer.at(browser, address, PHONE)
    officer.log_in("front-office")
    officer.open("/lapangan")
    officer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    officer.page.wait_for_function("caches.match('/lapangan').then((kept) => Boolean(kept))")
    return officer


def take(officer: Officer, **typed: str) -> None:
    """Takes a complaint on the page and keeps it on the phone."""
    officer.answer({**PERSON, "birth_date": " ".join(BIRTH), **typed})
    officer.page.get_by_role("button", name="Simpan di perangkat").click()
    expect(officer.page.locator("#antrean")).to_contain_text(typed["name"])


def queue(officer: Officer) -> Any:
    return officer.page.locator("#antrean li")


@pytest.mark.browser
def test_three_records_offline_make_two_cases(
    browser: Chromium, line: Line, server: Server, database: Path
) -> None:
    officer, before = opened(browser, line.address), cases(database)
    line.cut = True
    officer.page.context.set_offline(True)
    officer.open("/lapangan")
    take(officer, name="Satu Contoh", nik="1810035408949951")
    take(officer, name="Dua Contoh", nik="1810039908949952")
    take(officer, name="Tiga Contoh", nik="1810035408949953")
    expect(officer.page.get_by_role("link", name="3 belum terkirim")).to_be_visible()
    officer.page.close()
    assert cases(database) == before
    officer.page = officer.page.context.new_page()
    officer.open("/lapangan")
    expect(queue(officer)).to_have_count(3)
    officer.page.context.set_offline(False)
    line.cut, line.lose = False, "/lapangan/kirim"
    status = officer.page.locator("#lapangan-status")
    officer.page.get_by_role("button", name="Kirim sekarang").click()
    # The page sends by itself as well when the line is back: the lost answer is that of whichever came first.
    expect(status).to_contain_text(re.compile("aman di ponsel ini|2 terkirim, 1 belum terkirim"))
    assert line.lost == 1, "the case is there, its answer is not"
    if "terkirim, 1" not in status.inner_text():
        officer.page.get_by_role("button", name="Kirim sekarang").click()
    expect(status).to_contain_text("2 terkirim, 1 belum terkirim")
    assert cases(database) == before + 2
    expect(queue(officer).filter(has_text="ADU-")).to_have_count(2)
    failed = queue(officer).filter(has_text="Dua Contoh")
    expect(failed).to_contain_text("gagal")
    expect(failed.locator(".error")).to_contain_text("NIK")
    officer.open("/lapangan")
    failed.get_by_role("button", name="Perbaiki").click()
    expect(officer.page.get_by_label("Nama lengkap")).to_have_value("Dua Contoh")
    officer.page.get_by_label("NIK").first.fill("1810035408949952")
    officer.page.get_by_role("button", name="Simpan di perangkat").click()
    expect(officer.page.locator("#lapangan-status")).to_contain_text("Semua catatan sudah terkirim")
    assert cases(database) == before + 3
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM field_record").fetchone() == (3,)


@pytest.mark.browser
def test_no_other_page_is_kept_on_the_phone(browser: Chromium, line: Line, server: Server) -> None:
    officer = opened(browser, line.address)
    for path in ("/tugas", "/kasus/1", "/data/resident/details/1", "/lapangan"):
        officer.open(path)
    kept = officer.page.evaluate(
        "caches.open('lapangan').then((cache) => cache.keys())"
        ".then((all) => all.map((each) => new URL(each.url).pathname))"
    )
    assert {path for path in kept if not path.startswith("/static/")} == {
        "/lapangan",
        "/lapangan/manifest.json",
    }
    line.cut = True
    officer.page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        officer.open("/kasus/1")


@pytest.mark.browser
def test_log_out_waits_for_what_is_not_sent_and_wipes_the_phone(
    browser: Chromium, line: Line, server: Server, database: Path
) -> None:
    officer = opened(browser, line.address)
    line.cut = True
    take(officer, name="Satu Contoh", nik="1810035408949951")
    expect(officer.page.locator("#lapangan-status")).to_contain_text("Tidak ada sambungan")
    line.cut = False
    officer.open("/tugas")
    expect(officer.page.get_by_role("link", name="1 belum terkirim")).to_be_visible()

    def leave() -> None:
        officer.page.locator(".account summary").click()
        officer.page.locator(".account").get_by_role("button", name="Keluar").click()

    leave()
    expect(officer.page.get_by_text("Masih ada 1 catatan lapangan")).to_be_visible()
    officer.page.get_by_role("button", name="Tetap masuk").click()
    assert officer.page.url.endswith("/tugas")
    officer.page.locator(".account").get_by_role("button", name="Keluar").click()
    officer.page.get_by_role("button", name="Buang catatan dan keluar").click()
    officer.page.wait_for_url("**/masuk")
    left = officer.page.evaluate(
        "Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()])"
        ".then((left) => [...left.map((each) => each.length), localStorage.length])"
    )
    assert left == [0, 0, 0, 0]


@pytest.mark.browser
def test_unfilled_entries_are_said_before_anything_is_kept(
    browser: Chromium, line: Line, server: Server
) -> None:
    officer = opened(browser, line.address)
    officer.page.get_by_role("button", name="Simpan di perangkat").click()
    expect(officer.page.locator("#lapangan-status")).to_contain_text("Belum lengkap: ")
    expect(officer.page.locator("#lapangan-status")).to_contain_text("Nama lengkap")
    expect(queue(officer)).to_have_count(0)
    assert not officer.runs_over
    assert officer.troubles == []
