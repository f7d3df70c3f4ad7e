"""A session that ends while somebody types: the form comes back after log-in, to that person alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select
from worked import Browser, Clock, case_of

from portal import demo
from portal.app import create_app
from portal.database import reading
from portal.settings import Settings
from portal.tables import Note

WORDS = "Warga datang membawa surat dari rumah sakit"


def typed(engine: Engine, clock: Clock, later: timedelta = timedelta(hours=2)) -> tuple[Browser, int]:
    """Somebody who types a note, goes away, and sends it when their session is over."""
    app, case = create_app(Settings(database=str(engine.url)), clock=clock), case_of(engine, "1")
    clerk = Browser(app, "back-office", demo.PASSWORD)
    clerk.get(f"/kasus/{case}/catatan")
    form = clerk.form(f"/kasus/{case}/catatan")
    said = [(name, value) for name, value in form.fields if name not in ("text", "audience")]
    clock.now += later
    clerk.post(form.action, [*said, ("text", WORDS), ("audience", "case")])
    return clerk, case


def notes(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Note.text)))


def log_in(browser: Browser, login: str) -> None:
    browser.post("/masuk", {"username": login, "password": demo.PASSWORD})


def test_form_comes_back_after_log_in(engine: Engine, clock: Clock) -> None:
    clerk, case = typed(engine, clock)
    assert clerk.page.headers["location"] == "/masuk?notice=session-ended"
    assert "Isian yang baru Anda kirim aman" in clerk.follow().text
    assert notes(engine) == []
    log_in(clerk, "back-office")
    assert WORDS in clerk.page.text
    clerk.send(f"/kasus/{case}/catatan")
    assert clerk.page.status_code == 303
    assert notes(engine) == [WORDS]
    log_in(clerk, "back-office")
    assert clerk.page.status_code == 303, "it is shown once"


def test_form_of_somebody_else_is_not_shown(engine: Engine, clock: Clock) -> None:
    clerk, _ = typed(engine, clock)
    log_in(clerk, "front-office")
    assert (clerk.page.status_code, WORDS in clerk.page.text) == (303, False)
    log_in(clerk, "back-office")
    assert WORDS not in clerk.page.text


def test_what_was_sent_after_logging_out_is_not_kept(engine: Engine, clock: Clock) -> None:
    app, case = create_app(Settings(database=str(engine.url)), clock=clock), case_of(engine, "1")
    clerk = Browser(app, "back-office", demo.PASSWORD)
    cookies = dict(clerk.client.cookies)
    clerk.post("/keluar", {})
    clerk.client.cookies.update(cookies)
    clerk.post(f"/kasus/{case}/catatan", {"key": "k" * 20, "text": WORDS})
    assert clerk.page.headers["location"] == "/masuk"
    log_in(clerk, "back-office")
    assert WORDS not in clerk.page.text


def test_stranger_with_a_made_up_cookie_keeps_nothing(engine: Engine, clock: Clock) -> None:
    app = create_app(Settings(database=str(engine.url)), clock=clock)
    stranger = Browser(app)
    stranger.client.cookies.set("portal_session", "x" * 43)
    stranger.post("/kasus/1/catatan", {"text": WORDS})
    assert stranger.page.headers["location"] == "/masuk"
