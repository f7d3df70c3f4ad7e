"""Accounts over HTTP: invitations, roles, closing, one's own account, a locked screen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, ORIGIN, Browser

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.app import create_app
from portal.database import reading, writing
from portal.demo import PASSWORD
from portal.events import broken
from portal.settings import Settings
from portal.tables import Account, Event

GOOD = "empat ekor bebek menyeberang"
HERE = "18.10.03.2007"


def later(engine: Engine, after: timedelta) -> ASGIApp:
    return create_app(Settings(database=str(engine.url)), clock=lambda: NOW + after)


def key_of(engine: Engine, login: str) -> int:
    with reading(engine) as session:
        found = accounts.find(session, login)
    assert found is not None
    return found.id


def kinds(engine: Engine) -> list[str]:
    with reading(engine) as session:
        assert broken(session) is None
        return list(session.scalars(select(Event.kind).order_by(Event.id)))


def invited(app: ASGIApp, role: str = "front-office", area: str = HERE) -> tuple[Browser, int, str]:
    """Makes an account and its invitation, as a manager does; returns its key and code."""
    manager = Browser(app, "manager")
    manager.get("/akun/baru")
    manager.send("/akun/baru", label="Gita Contoh", login="gita", role=role, area=area)
    assert manager.page.status_code == 303, manager.page.text
    manager.follow()
    key = int(re.findall(r"/akun/(\d+)", manager.asked[-1])[0])
    assert manager.send(f"/akun/{key}/undang").status_code == 200
    (code,) = set(re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){4}", manager.page.text))
    return manager, key, code


def test_colleague_is_invited_and_chooses_the_passphrase(engine: Engine, app: ASGIApp) -> None:
    _, _, code = invited(app)
    gita = Browser(app)
    assert "Gita Contoh" in gita.get(f"/undangan/{code}").text
    assert gita.send("/undangan/", password="gita contoh", again="gita contoh").status_code == 422
    gita.send("/undangan/", password=GOOD, again=GOOD)
    assert "Kata sandi tersimpan" in gita.follow().text
    assert gita.get(f"/undangan/{code}").status_code == 404
    assert Browser(app, "gita", GOOD).get("/tugas").status_code == 200
    with reading(engine) as session:
        kept = session.scalars(select(Account.password).where(Account.login == "gita")).one()
    assert kept.startswith("$argon2id$")
    assert kinds(engine)[-4:] == ["account-created", "account-invited", "password-changed", "logged-in"]


def test_code_of_the_slip_is_typed_without_dashes_and_in_small_letters(app: ASGIApp) -> None:
    _, _, code = invited(app)
    gita = Browser(app)
    gita.get("/undangan")
    gita.send("/undangan", code=code.replace("-", " ").lower())
    assert "Gita Contoh" in gita.follow().text


def test_slip_is_a_pdf_with_the_code_and_no_passphrase(app: ASGIApp) -> None:
    manager, key, code = invited(app)
    answer = manager.post(f"/akun/{key}/slip", {"code": code})
    assert answer.content.startswith(b"%PDF")
    assert manager.post(f"/akun/{key}/slip", {"code": "AAAA-AAAA-AAAA-AAAA-AAAA"}).status_code == 404


def test_invitation_ends_after_three_days_and_with_the_next(engine: Engine, app: ASGIApp) -> None:
    manager, key, code = invited(app)
    assert Browser(later(engine, timedelta(hours=71))).get(f"/undangan/{code}").status_code == 200
    assert Browser(later(engine, timedelta(hours=72))).get(f"/undangan/{code}").status_code == 404
    manager.send(f"/akun/{key}/undang")
    assert Browser(app).get(f"/undangan/{code}").status_code == 404


def test_changed_roles_end_the_sessions(engine: Engine, app: ASGIApp) -> None:
    front, key = Browser(app, "front-office"), key_of(engine, "front-office")
    assert front.client.get("/tugas").status_code == 200
    manager = Browser(app, "manager")
    manager.get(f"/akun/{key}")
    manager.send(f"/akun/{key}/peran", role="back-office", area=HERE)
    assert "petugas harus masuk lagi" in manager.follow().text
    assert front.client.get("/tugas").headers["location"] == "/masuk"
    with reading(engine) as session:
        held = {each.role for each in accounts.grants_of(session, key, NOW)}
    assert held == {"front-office", "back-office"}


def test_closed_account_is_out_and_comes_back_by_invitation_only(engine: Engine, app: ASGIApp) -> None:
    front, manager = Browser(app, "front-office"), Browser(app, "manager")
    key = key_of(engine, "front-office")
    manager.get(f"/akun/{key}")
    manager.send(f"/akun/{key}/tutup")
    assert front.client.get("/tugas").headers["location"] == "/masuk"
    manager.follow()
    manager.send(f"/akun/{key}/buka")
    assert "Buat undangan" in manager.follow().text
    assert kinds(engine)[-2:] == ["account-disabled", "account-reopened"]


@pytest.mark.parametrize("login", ["front-office", "supervisor", "secretariat", "district-staff"])
def test_who_does_not_manage_accounts_sees_none(engine: Engine, app: ASGIApp, login: str) -> None:
    browser, key = Browser(app, login), key_of(engine, "front-office")
    for path in ("/akun", "/akun/baru", f"/akun/{key}", "/akun/darurat"):
        assert browser.client.get(path).status_code == 403
    for path in ("undang", "peran", "tutup", "buka", "sesi", "kode", "wakil", "slip"):
        assert browser.post(f"/akun/{key}/{path}", {"held": "manager@"}).status_code == 403


def village_manager(engine: Engine, app: ASGIApp) -> Browser:
    """A manager of one village."""
    with writing(engine) as session:
        accounts.create(
            session,
            login="desa",
            label="Nala Contoh",
            password=GOOD,
            grants=(Granted(role="manager", area=HERE),),
            actor=SYSTEM,
            now=NOW,
            without_factor=True,
        )
    return Browser(app, "desa", GOOD)


def test_manager_reaches_accounts_of_the_own_area_only(engine: Engine, app: ASGIApp) -> None:
    village = village_manager(engine, app)
    page = village.get("/akun").text
    assert "Sekar Contoh" in page
    assert "Laras Contoh" not in page
    for key in (key_of(engine, "manager"), 9999):
        assert village.client.get(f"/akun/{key}").status_code == 404
        assert village.post(f"/akun/{key}/tutup", {}).status_code == 404


def test_manager_gives_no_role_beyond_the_own_area(engine: Engine, app: ASGIApp) -> None:
    village, key = village_manager(engine, app), key_of(engine, "front-office")
    for area in ("", "18.10.04.2001", "99.99"):
        assert village.post(f"/akun/{key}/peran", {"held": f"front-office@{area}"}).status_code == 403
    assert village.post(f"/akun/{key}/peran", {"role": "no-such", "area": HERE}).status_code == 403


def test_nobody_changes_their_own_roles(engine: Engine, app: ASGIApp) -> None:
    manager, key = Browser(app, "manager"), key_of(engine, "manager")
    assert "pengelola lain" in manager.get(f"/akun/{key}").text
    for path, form in (("peran", {"held": "auditor@"}), ("tutup", {}), ("kode", {})):
        assert manager.post(f"/akun/{key}/{path}", form).status_code == 403


def test_own_passphrase_is_changed_and_other_sessions_end(engine: Engine, app: ASGIApp) -> None:
    here, there = Browser(app, "front-office", PASSWORD), Browser(app, "front-office", PASSWORD)
    here.get("/akun-saya/sandi")
    here.send("/akun-saya/sandi", current="salah", password=GOOD, again=GOOD)
    assert here.page.status_code == 422
    here.send("/akun-saya/sandi", current=PASSWORD, password=GOOD, again=GOOD)
    assert "Kata sandi diganti" in here.follow().text
    assert there.client.get("/akun-saya").headers["location"] == "/masuk"
    assert Browser(app, "front-office", GOOD).get("/tugas").status_code == 200


def test_sessions_are_listed_and_ended(engine: Engine, app: ASGIApp) -> None:
    here, there = Browser(app, "front-office", PASSWORD), Browser(app, "front-office", PASSWORD)
    page = here.get("/akun-saya").text
    assert page.count("perangkat ini") == 1
    one = next(form for form in here.seen.forms if form.action == "/akun-saya/sesi")
    here.post("/akun-saya/sesi", dict([one.buttons[0]]))
    here.post("/akun-saya/sesi", {})
    assert here.client.get("/akun-saya").status_code == 200
    assert there.client.get("/akun-saya").headers["location"] == "/masuk"


def test_locked_screen_keeps_the_form_that_was_sent(engine: Engine, app: ASGIApp) -> None:
    clerk = Browser(app, "front-office", PASSWORD)
    token = clerk.client.cookies["portal_session"]
    idle = Browser(later(engine, timedelta(minutes=20)))
    idle.client.cookies.set("portal_session", token)
    assert idle.client.get("/tugas").headers["location"] == "/kunci?kembali=%2Ftugas"
    idle.post("/aduan/baru", {"words": "Sumarni", "find": "1", "key": "k" * 20})
    page = idle.follow().text
    assert "Sumarni" not in page
    assert "Tugas" not in page
    assert idle.send("/kunci/buka", proof="salah").status_code == 400
    idle.send("/kunci/buka", proof=PASSWORD)
    assert 'value="Sumarni"' in idle.page.text
    with reading(engine) as session:
        assert accounts.visitor(session, token, NOW + timedelta(minutes=20)) is None


def test_screen_is_locked_by_hand_and_unlocked_where_it_was(engine: Engine, app: ASGIApp) -> None:
    clerk = Browser(app, "front-office", PASSWORD)
    clerk.get("/kasus")
    assert clerk.send("/kunci").status_code == 200
    assert clerk.client.get("/kasus").headers["location"] == "/kunci?kembali=%2Fkasus"
    clerk.send("/kunci/buka", proof=PASSWORD)
    assert clerk.page.headers["location"] == "/kasus"
    assert clerk.get("/kasus").status_code == 200


@pytest.mark.parametrize("kind", ["multipart/form-data", 'multipart/form-data; boundary="'])
def test_locked_screen_keeps_nothing_of_what_is_no_form(app: ASGIApp, kind: str) -> None:
    clerk = Browser(app, "front-office", PASSWORD)
    clerk.get("/kasus")
    clerk.send("/kunci")
    headers = {**ORIGIN, "content-type": kind}
    answer = clerk.client.post("/aduan/baru", content=b"--x\r\n\r\n--x--", headers=headers)
    assert answer.headers["location"] == "/kunci"
    clerk.send("/kunci/buka", proof=PASSWORD)
    assert clerk.page.headers["location"] == "/kasus"


@pytest.mark.parametrize("back", ["//lain.example", "https://lain.example", "/\\lain.example"])
def test_unlocking_never_leads_to_another_site(app: ASGIApp, back: str) -> None:
    clerk = Browser(app, "front-office", PASSWORD)
    clerk.post("/kunci", {"back": back})
    clerk.post("/kunci/buka", {"back": back, "proof": PASSWORD})
    assert clerk.page.headers["location"] == "/"


def test_language_of_the_account_is_kept(engine: Engine, app: ASGIApp) -> None:
    clerk = Browser(app, "front-office")
    clerk.get("/akun-saya")
    clerk.post("/akun-saya/bahasa", {"language": "en"})
    assert "My account" in clerk.follow().text
