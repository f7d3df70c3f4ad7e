"""The pages of the duties over HTTP: two people erase, a person's rights, a breach and its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser, case_of, mark_printed

from portal import demo
from portal.app import create_app
from portal.database import reading
from portal.duties.sweeping import count_traces, files_of
from portal.settings import Settings
from portal.tables import Breach, Case, Consent, Correction, Erasure

LATER = datetime(2033, 1, 12, 3, 0, tzinfo=UTC)
"""Past the five years of the example office."""
PROGRAM = "pbi-jk"


def person(engine: Engine, story: str) -> int:
    with reading(engine) as session:
        return session.get_one(Case, case_of(engine, story)).resident_id or 0


def at(engine: Engine, now: datetime) -> ASGIApp:
    return create_app(Settings(database=str(engine.url)), clock=lambda: now)


def last(engine: Engine, table: type) -> object:
    with reading(engine) as session:
        return session.scalars(select(table).order_by(table.id.desc())).first()  # type: ignore[attr-defined]


def approve(browser: Browser, erasure: int) -> None:
    browser.post(f"/hapus/{erasure}", {"key": f"approve-{erasure}-123456789", "decide": "approve"})
    assert browser.page.status_code == 303


def answer(browser: Browser, key: int, said: str) -> None:
    form = browser.form(f"/warga/{key}/perbaikan")
    given = [(name, value) for name, value in form.fields if name != "answer"]
    browser.post(form.action, [*given, ("answer", said), ("decide", "done")])


def test_two_people_erase_what_is_past_its_time(engine: Engine) -> None:
    mark_printed(engine)
    app, case = at(engine, LATER), case_of(engine, "1")
    first, second = (Browser(app, login, demo.PASSWORD) for login in ("secretariat", "manager"))
    assert "PBI" in first.get("/hapus").text
    first.post("/hapus", {"key": "a" * 20, "program": PROGRAM, "reason": "Waktu simpan habis"})
    first.follow()
    assert "Setujui dan hapus" not in first.page.text
    proposed = last(engine, Erasure)
    assert isinstance(proposed, Erasure)
    assert case in proposed.cases
    assert "Setujui dan hapus" in second.get("/hapus").text
    approve(second, proposed.id)
    assert "sudah dihapus" in second.get(f"/kasus/{case}").text
    assert "Tidak ada sisa" in second.get("/hapus").text or "tidak ada sisa" in second.page.text


def test_erased_person_is_found_in_no_file(engine: Engine) -> None:
    mark_printed(engine)
    app, key = at(engine, LATER), person(engine, "6")
    first, second = (Browser(app, login, demo.PASSWORD) for login in ("secretariat", "manager"))
    database = Path(str(engine.url.database))
    with reading(engine) as session:
        sought = ["1810030106489908", session.get_one(Case, case_of(engine, "6")).description[:60]]
    assert count_traces(files_of(database), sought) == 2
    first.get(f"/warga/{key}/data")
    first.send(f"/warga/{key}/hapus", reason="Permintaan warga")
    assert first.page.status_code == 303
    proposed = last(engine, Erasure)
    assert isinstance(proposed, Erasure)
    approve(second, proposed.id)
    assert count_traces(files_of(database), sought) == 0
    assert "sudah dihapus" in second.get(f"/warga/{key}/data").text


def test_request_that_a_law_forbids_is_kept_as_refused(engine: Engine, app: ASGIApp) -> None:
    browser, key = Browser(app, "secretariat"), person(engine, "1")
    browser.get(f"/warga/{key}/data")
    browser.send(f"/warga/{key}/hapus", reason="Permintaan warga")
    assert browser.page.status_code == 422
    assert "wajib disimpan sampai 2031" in browser.page.text
    kept = last(engine, Erasure)
    assert isinstance(kept, Erasure)
    assert (kept.status, kept.residents) == ("refused", [key])


@pytest.mark.parametrize("path", ["/hapus", "/insiden", "/akses"])
def test_clerk_does_not_answer_for_data(app: ASGIApp, path: str) -> None:
    assert Browser(app, "front-office").get(path).status_code == 403


def test_foreign_person_is_as_missing(engine: Engine, app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    foreign = browser.get(f"/warga/{person(engine, '2')}/data").status_code
    assert (foreign, browser.get("/warga/999999/data").status_code) == (404, 404)
    data = {"key": "b" * 20, "purpose": "share", "how": "signed"}
    assert browser.post(f"/warga/{person(engine, '2')}/persetujuan", data).status_code == 404
    assert browser.post("/warga/999999/persetujuan", {**data, "key": "c" * 20}).status_code == 404


def test_consent_is_recorded_shown_and_withdrawn(engine: Engine, app: ASGIApp) -> None:
    browser, key = Browser(app, "front-office"), person(engine, "1")
    browser.get(f"/warga/{key}/data")
    browser.send(f"/warga/{key}/persetujuan", purpose="photos", how="oral", witness="")
    assert (browser.page.status_code, "nama saksi" in browser.page.text) == (422, True)
    browser.send(f"/warga/{key}/persetujuan", purpose="photos", how="oral", witness="Ketua RT Contoh")
    assert "Ketua RT Contoh" in browser.follow().text
    assert "Mengambil dan menyimpan foto" in browser.get(f"/kasus/{case_of(engine, '1')}").text
    browser.get(f"/warga/{key}/data")
    browser.send(f"/warga/{key}/persetujuan", said="Berubah pikiran")
    assert "Foto tidak lagi dipakai" in browser.follow().text
    row = last(engine, Consent)
    assert isinstance(row, Consent)
    assert row.withdrawn_at == NOW


def test_correction_waits_on_a_list_until_it_is_answered(engine: Engine, app: ASGIApp) -> None:
    browser, key = Browser(app, "front-office"), person(engine, "1")
    browser.get(f"/warga/{key}/data")
    browser.send(f"/warga/{key}/perbaikan", wanted="Alamat salah", evidence="KTP")
    assert "Alamat salah" in browser.get("/perbaikan").text
    browser.get(f"/warga/{key}/data")
    answer(browser, key, "Sudah")
    assert "belum diubah" in browser.page.text
    browser.get(f"/data/resident/edit/{key}")
    browser.send(f"/data/resident/edit/{key}", address="Dusun II")
    browser.get(f"/warga/{key}/data")
    answer(browser, key, "Alamat diperbaiki")
    assert browser.page.status_code == 303
    assert "Alamat salah" not in browser.get("/perbaikan").text
    row = last(engine, Correction)
    assert isinstance(row, Correction)
    assert (row.status, row.event_id is not None) == ("done", True)


REPORT = {
    "noticed": ("12", "11", "2026"),
    "noticed-jam": "09:30",
    "what": "NIK dan alamat",
    "how": "Akun dipakai orang lain",
    "since": ("1", "11", "2026"),
    "until": ("", "", ""),
    "measures": "Akun ditutup",
    "contact": "PPDP, 0725-000000",
}


def reported(browser: Browser, **more: object) -> None:
    browser.get("/insiden")
    form = browser.form("/insiden")
    said = {**REPORT, **{name.replace("__", "-"): value for name, value in more.items()}}
    pairs = [(name, value) for name, value in form.fields if name not in said]
    for name, value in said.items():
        pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]  # type: ignore[attr-defined]
    browser.post("/insiden", pairs)


def test_breach_is_reported_with_its_clock_and_notices(engine: Engine, app: ASGIApp) -> None:
    browser = Browser(app, "manager")
    reported(browser, account="a2")
    assert "tersisa 2 hari 23 jam 30 menit" in browser.follow().text
    row = last(engine, Breach)
    assert isinstance(row, Breach)
    assert row.due_at - row.noticed_at == timedelta(hours=72)
    assert sum(row.whose.values()) > 0
    for whom in ("lembaga", "warga"):
        assert browser.client.get(f"/insiden/{row.id}/{whom}.pdf").content.startswith(b"%PDF-")
        browser.get(f"/insiden/{row.id}")
        browser.post(f"/insiden/{row.id}", {"key": f"{whom}-told-it-now-12", "whom": whom})
    assert "Selesai" in browser.get(f"/insiden/{row.id}").text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"noticed__jam": "25:00"}, "14:30"),
        ({"what": ""}, "terungkap"),
        ({"noticed": ("1", "1", "2030")}, "belum"),
    ],
)
def test_report_with_a_mistake_keeps_what_was_typed(app: ASGIApp, more: dict[str, object], told: str) -> None:
    browser = Browser(app, "manager")
    reported(browser, **more)
    assert browser.page.status_code == 422
    assert told in browser.page.text
    assert "Akun ditutup" in browser.page.text


def test_unusual_access_page_says_what_counts(app: ASGIApp) -> None:
    assert "Lebih dari 30 orang sehari" in Browser(app, "manager").get("/akses").text
