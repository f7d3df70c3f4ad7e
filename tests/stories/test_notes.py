"""Notes, visits, accompaniments and photos of a case over HTTP: who writes, who reads, what goes when."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, ORIGIN, Browser, case_of, mark_printed

from portal import demo
from portal.access import SYSTEM, Actor
from portal.app import create_app
from portal.database import reading, writing
from portal.duties.consent import give, withdraw
from portal.duties.replay import lines, replay
from portal.releases import latest_id, live
from portal.settings import Settings
from portal.tables import Account, Case, Consent, Event, Note, Photo
from portal.wall import acting

WORDS = "Anak warga bersedia mengantar ke RSUD besok pagi"
LATER = datetime(2033, 1, 12, 3, 0, tzinfo=UTC)


@pytest.fixture
def case(engine: Engine) -> int:
    return case_of(engine, "1")


@pytest.fixture
def clerk(app: ASGIApp) -> Browser:
    return Browser(app, "back-office")


def picture(colour: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "JPEG")
    return made.getvalue()


def note(browser: Browser, case: int, audience: str = "internal") -> None:
    browser.get(f"/kasus/{case}/catatan")
    browser.send(f"/kasus/{case}/catatan", text=WORDS, audience=audience)
    assert browser.page.status_code == 303, browser.page.text


def visit(browser: Browser, case: int) -> str:
    """Logs an accompaniment; returns the address of its page."""
    browser.get(f"/kasus/{case}/catatan?jenis=accompaniment")
    browser.send(f"/kasus/{case}/catatan", text=WORDS, place="RSUD Pringsewu", company="Anak warga")
    assert browser.page.status_code == 303, browser.page.text
    return browser.page.headers["location"].partition("?")[0]


def agree(engine: Engine, case: int) -> int:
    with acting(SYSTEM), writing(engine) as session:
        current = live(session, latest_id(session) or 0)
        resident = session.get_one(Case, case).resident_id or 0
        account = session.scalars(select(Account).where(Account.login == "back-office")).one()
        taker = Actor(account_id=account.id, label=account.label)
        kept = give(session, current, resident=resident, purpose="photos", how="signed", actor=taker, now=NOW)
        return kept.id


def upload(browser: Browser, page: str, sent: bytes, kind: str = "image/jpeg") -> None:
    key = (browser.get(page), dict(browser.form(f"{page}/foto").fields))[1]["key"]
    browser.page = browser.client.post(
        f"{page}/foto", data={"key": key}, files={"photo": ("a.jpg", sent, kind)}, headers=ORIGIN
    )


def photos(engine: Engine) -> list[tuple[int, str | None, bool]]:
    with reading(engine) as session:
        rows = session.execute(select(Photo.id, Photo.removal, Photo.image.is_not(None)).order_by(Photo.id))
        return [(key, removal, there) for key, removal, there in rows]


def test_note_is_written_and_read_by_who_works_on_the_case(app: ASGIApp, clerk: Browser, case: int) -> None:
    note(clerk, case)
    assert WORDS in clerk.follow().text
    assert WORDS in Browser(app, "front-office").get(f"/kasus/{case}").text
    auditor = Browser(app, "manager").get(f"/kasus/{case}").text
    assert WORDS in auditor, "a manager works on cases of the district"


def test_note_needs_words_and_keeps_what_was_typed(clerk: Browser, case: int) -> None:
    clerk.get(f"/kasus/{case}/catatan?jenis=visit")
    clerk.send(f"/kasus/{case}/catatan", place="Rumah warga", text="", day=["31", "2", "2026"])
    assert clerk.page.status_code == 422
    assert 'href="#isian-text"' in clerk.page.text or "#text" in clerk.page.text
    assert "Rumah warga" in clerk.page.text


def test_day_ahead_is_refused(clerk: Browser, case: int) -> None:
    clerk.get(f"/kasus/{case}/catatan?jenis=visit")
    clerk.send(f"/kasus/{case}/catatan", place="Rumah", text=WORDS, day=["1", "1", "2030"])
    assert clerk.page.status_code == 422
    assert "belum tiba" in clerk.page.text


def test_note_is_withdrawn_and_never_changed(engine: Engine, clerk: Browser, case: int) -> None:
    page = visit(clerk, case)
    clerk.get(page)
    clerk.send(f"{page}/tarik", reason="")
    assert clerk.page.status_code == 422
    clerk.send(f"{page}/tarik", reason="Tertukar dengan warga lain")
    shown = clerk.follow().text
    assert WORDS not in shown
    assert "Tertukar dengan warga lain" in shown
    with reading(engine) as session:
        kinds = session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(2)).all()
        assert session.scalars(select(Note.text)).one() == WORDS, "the evidence stays"
    assert list(kinds) == ["note-withdrawn", "accompaniment-logged"]


def test_somebody_elses_note_is_not_withdrawn(app: ASGIApp, clerk: Browser, case: int) -> None:
    page = visit(clerk, case)
    front = Browser(app, "front-office")
    assert "tarik" not in front.get(page).text.lower().partition("<main")[2].partition("Simpan")[0]
    front.post(f"{page}/tarik", {"key": "k" * 20, "reason": "Bukan milik saya"})
    assert front.page.status_code == 403


def test_photo_needs_consent(clerk: Browser, case: int) -> None:
    page = visit(clerk, case)
    assert "Warga belum menyetujui foto" in clerk.get(page).text
    clerk.page = clerk.client.post(
        f"{page}/foto",
        data={"key": "k" * 20},
        files={"photo": ("a.jpg", picture(), "image/jpeg")},
        headers=ORIGIN,
    )
    assert clerk.page.status_code == 422


def test_photo_is_kept_once_and_shown_to_who_reads_the_case(
    engine: Engine, app: ASGIApp, clerk: Browser, case: int
) -> None:
    agree(engine, case)
    page = visit(clerk, case)
    key = (clerk.get(page), dict(clerk.form(f"{page}/foto").fields))[1]["key"]
    for _ in range(2):
        clerk.client.post(
            f"{page}/foto", data={"key": key}, files={"photo": ("a.jpg", picture())}, headers=ORIGIN
        )
    (kept,) = photos(engine)
    shown = clerk.client.get(f"/kasus/{case}/foto/{kept[0]}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "no-store"
    assert f"/foto/{kept[0]}" in clerk.get(page).text
    stranger = Browser(app, "district-staff")
    assert stranger.client.get(f"/kasus/{case}/foto/{kept[0]}").status_code == 404
    assert Browser(app).client.get(f"/kasus/{case}/foto/{kept[0]}").status_code == 303
    assert clerk.client.get(f"/kasus/{case_other(engine)}/foto/{kept[0]}").status_code == 404


def case_other(engine: Engine) -> int:
    return case_of(engine, "2")


@pytest.mark.parametrize(("sent", "said"), [(b"GIF89a", "bukan foto"), (picture()[:300], "rusak")])
def test_what_is_no_photo_is_told(engine: Engine, clerk: Browser, case: int, sent: bytes, said: str) -> None:
    agree(engine, case)
    upload(clerk, visit(clerk, case), sent)
    assert clerk.page.status_code == 422
    assert said in clerk.page.text
    assert photos(engine) == []


def test_only_that_route_takes_files_and_no_more_than_ten_megabytes(
    engine: Engine, clerk: Browser, case: int
) -> None:
    agree(engine, case)
    page = visit(clerk, case)
    sent = {"photo": ("a.jpg", picture(), "image/jpeg")}
    other = clerk.client.post("/cari", data={"words": "a"}, files=sent, headers=ORIGIN)
    assert other.status_code == 415
    upload(clerk, page, bytes(10 * 1024 * 1024 + 32 * 1024))
    assert clerk.page.status_code == 413


def test_photos_go_with_the_consent_also_from_a_restored_database(
    engine: Engine, clerk: Browser, case: int
) -> None:
    consent = agree(engine, case)
    upload(clerk, visit(clerk, case), picture())
    assert clerk.page.status_code == 303, clerk.page.text
    with acting(SYSTEM), writing(engine) as session:
        current = live(session, latest_id(session) or 0)
        withdraw(session, current, consent, "Tidak berkenan", actor=SYSTEM, now=NOW)
    assert [each[1:] for each in photos(engine)] == [("consent", False)]
    line = next(each for each in lines(engine) if each.subject == "photo")
    with closing(sqlite3.connect(engine.url.database or "")) as backup, backup:  # as it was before
        backup.execute("UPDATE photo SET image = ?, removed_at = NULL, removal = NULL", (picture(),))
        backup.execute("DELETE FROM erased WHERE subject = 'photo'")
    with acting(SYSTEM):
        assert replay(engine, [line], NOW).emptied == 0
    assert [each[1:] for each in photos(engine)] == [("consent", False)]


def test_erasing_a_case_takes_notes_and_photos(engine: Engine, case: int) -> None:
    mark_printed(engine)
    agree(engine, case)
    now = create_app(Settings(database=str(engine.url)), clock=lambda: NOW)
    clerk = Browser(now, "back-office")
    note(clerk, case)
    upload(clerk, visit(clerk, case), picture())
    later = create_app(Settings(database=str(engine.url)), clock=lambda: LATER)
    first, second = (Browser(later, login, demo.PASSWORD) for login in ("secretariat", "manager"))
    first.post("/hapus", {"key": "a" * 20, "program": "pbi-jk", "reason": "Waktu simpan habis"})
    erasure = first.page.headers["location"].rpartition("/")[2].partition("?")[0]
    second.get(f"/hapus/{erasure}" if erasure.isdigit() else "/hapus")
    second.post("/hapus/1", {"key": "approve-1-1234567890", "decide": "approve"})
    assert second.page.status_code == 303, second.page.text
    with reading(engine) as session:
        assert set(session.scalars(select(Note.text))) == {""}
        assert set(session.scalars(select(Note.company))) == {None}
    assert [each[1:] for each in photos(engine)] == [("erasure", False)]
    assert WORDS.encode() not in b"".join(
        file.read_bytes() for file in Path(engine.url.database or "").parent.glob("demo.db*")
    )


def test_consents_of_others_do_not_count(engine: Engine, clerk: Browser, case: int) -> None:
    with reading(engine) as session:
        assert session.scalars(select(Consent).where(Consent.purpose == "photos")).first() is None
    agree(engine, case_of(engine, "5"))
    assert "Warga belum menyetujui foto" in clerk.get(visit(clerk, case)).text
