"""A second factor over HTTP: set up first, asked at each log-in, taken away for a lost phone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import Engine, update
from starlette.types import ASGIApp
from worked import NOW, Browser

from portal import accounts
from portal.access import SYSTEM
from portal.accounts import factor
from portal.app import create_app
from portal.database import reading, writing
from portal.demo import PASSWORD
from portal.events import record
from portal.settings import Settings
from portal.tables import Account


def strict(engine: Engine) -> None:
    """Takes the demonstration's exception away."""
    with writing(engine) as session:
        session.execute(update(Account).values(without_factor=False))
        record(session, actor=SYSTEM, now=NOW, kind="factor-required", subject="account", subject_id=1)


def at(engine: Engine, moment: datetime) -> ASGIApp:
    return create_app(Settings(database=str(engine.url)), clock=lambda: moment)


def key_in(page: str) -> str:
    (found,) = re.findall(r"<b>([A-Z2-7 ]{39})</b>", page)
    return str(found).replace(" ", "")


def set_up(engine: Engine, app: ASGIApp) -> tuple[Browser, str]:
    strict(engine)
    manager = Browser(app, "manager", PASSWORD)
    assert "wajib memakai kode keamanan" in manager.get("/tugas").text
    assert manager.asked[-1] == "/akun-saya/kode"
    manager.post("/akun-saya/kode", {"act": "start"})
    secret = key_in(manager.follow().text)
    assert manager.client.get("/akun-saya/kode/gambar").headers["content-type"] == "image/svg+xml"
    manager.post("/akun-saya/kode", {"act": "confirm", "proof": pyotp.TOTP(secret).at(NOW)})
    return manager, secret


def test_role_that_publishes_sets_it_up_before_anything_else(engine: Engine, app: ASGIApp) -> None:
    manager, _ = set_up(engine, app)
    assert len(re.findall(r"<b>[a-z2-9]{5}-[a-z2-9]{5}</b>", manager.page.text)) == 10
    assert manager.client.get("/akun").status_code == 200
    assert manager.client.get("/akun-saya/kode/gambar").status_code == 404


def test_until_then_nothing_else_is_reached(engine: Engine, app: ASGIApp) -> None:
    strict(engine)
    manager = Browser(app, "manager", PASSWORD)
    for path in ("/akun", "/kasus", "/akun-saya", "/data/resident/list", "/rilis"):
        assert manager.client.get(path).headers["location"] == "/akun-saya/kode"
    assert manager.post("/akun/1/tutup", {}).headers["location"] == "/akun-saya/kode"
    assert "/rilis" not in manager.get("/akun-saya/kode").text


def test_clerk_needs_none(engine: Engine, app: ASGIApp) -> None:
    strict(engine)
    assert Browser(app, "front-office", PASSWORD).client.get("/tugas").status_code == 200


def test_next_log_in_asks_for_the_code_and_gives_a_new_token(engine: Engine, app: ASGIApp) -> None:
    _, secret = set_up(engine, app)
    soon = NOW + timedelta(minutes=5)
    again = Browser(at(engine, soon), "manager", PASSWORD)
    before = again.client.cookies["portal_session"]
    assert again.client.get("/kasus").headers["location"] == "/masuk/kode"
    assert again.post("/masuk/kode", {"code": PASSWORD}).status_code == 400
    assert again.post("/masuk/kode", {"code": pyotp.TOTP(secret).at(soon)}).status_code == 303
    assert again.client.get("/kasus").status_code == 200
    assert again.client.cookies["portal_session"] != before
    with reading(engine) as session:
        assert accounts.visitor(session, before, soon) is None


def test_lost_phone_is_helped_by_another_manager(engine: Engine, app: ASGIApp) -> None:
    manager, _ = set_up(engine, app)
    with reading(engine) as session:
        account = accounts.find(session, "manager")
    assert account is not None
    with writing(engine) as session:
        other = session.get_one(Account, account.id)
        factor.reset(session, other, actor=SYSTEM, now=NOW)
    assert manager.client.get("/akun").headers["location"] == "/masuk"
    again = Browser(app, "manager", PASSWORD)
    assert again.client.get("/akun").headers["location"] == "/akun-saya/kode"


def test_phone_is_changed_with_a_proof_only(engine: Engine, app: ASGIApp) -> None:
    manager, secret = set_up(engine, app)
    assert manager.post("/akun-saya/kode", {"act": "remove", "proof": "salah"}).status_code == 400
    assert manager.post("/akun-saya/kode", {"act": "remove", "proof": PASSWORD}).status_code == 303
    assert manager.client.get("/akun").headers["location"] == "/akun-saya/kode"
    manager.post("/akun-saya/kode", {"act": "start"})
    assert key_in(manager.follow().text) != secret
