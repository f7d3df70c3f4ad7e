"""At the desk: notices of late cases for whom they are, and the page of a case's times with its pauses."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from casework import PEOPLE, Office, copied
from clockwork import clock_of, moment, ruled, swept, told
from sites import ByHeader
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from portal.admin.desk import PAGES
from portal.admin.site import build_site
from portal.database import reading
from portal.tables import CasePause, Notice


class ByName(ByHeader):
    """Lets in whom the header names of the casework's people."""

    async def authenticate(self, request: Request) -> Response | bool:
        """Sets who asks."""
        request.state.actor = PEOPLE[request.headers["x-actor"]]
        return True


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return ruled(copied(tmp_path))


def browser(office: Office, who: str, when: str) -> TestClient:
    site = build_site(office.live, office.engine, ByName(), PAGES, lambda: moment(when))
    return TestClient(site, follow_redirects=False, headers={"x-actor": who})


def form(**said: object) -> dict[str, str]:
    return {"key": uuid4().hex, **{name: str(value) for name, value in said.items()}}


def test_notice_is_shown_to_its_role_until_it_is_read(office: Office) -> None:
    case, when = office.open(), "2026-11-05 12:00"
    swept(office, "2026-11-02 17:00")
    swept(office, when)
    clerk = browser(office, "clerk", when)
    page = clerk.get("/tugas").text
    assert "Waktu langkah Pendaftaran hampir habis: Kamis, 5 November 2026 pukul 16.00 WIB." in page
    assert "Pemberitahuan batas waktu" not in browser(office, "neighbour", when).get("/tugas").text
    with reading(office.engine) as session:
        query = select(Notice.id).where(Notice.clock_id == clock_of(office, case).id)
        key = session.scalars(query).one()
    assert clerk.post(f"/pemberitahuan/{key}/dibaca", data=form()).status_code == 303
    assert "Waktu langkah Pendaftaran" not in clerk.get("/tugas").text
    assert told(office, clock_of(office, case), still=True) == []
    assert office.kinds(case)[-1] == "notice-read"


def test_notice_of_others_cannot_be_read(office: Office) -> None:
    office.open()
    swept(office, "2026-11-05 12:00")
    neighbour = browser(office, "neighbour", "2026-11-05 12:00")
    with reading(office.engine) as session:
        key = session.scalars(select(Notice.id).limit(1)).one()
    assert neighbour.post(f"/pemberitahuan/{key}/dibaca", data=form()).status_code == 404


def test_page_tells_each_clock_with_its_derivation(office: Office) -> None:
    case = office.open()
    page = browser(office, "clerk", "2026-11-02 10:00").get(f"/kasus/{case}/waktu").text
    for text in ("Langkah Pendaftaran", "Tanggapan pertama", "Seluruh kasus", "4 November 2026 dilewati"):
        assert text in page
    assert browser(office, "neighbour", "2026-11-02 10:00").get(f"/kasus/{case}/waktu").status_code == 404


def test_clerk_lets_the_clocks_stand_still_and_run_again(office: Office) -> None:
    case, clerk = office.open(), browser(office, "clerk", "2026-11-02 11:00")
    version = office.case(case).version
    sent = form(version=version, reason="papers", task="", note="Menunggu KK")
    assert clerk.post(f"/kasus/{case}/waktu/jeda", data=sent).status_code == 303
    assert clerk.post(f"/kasus/{case}/waktu/jeda", data=sent).status_code == 303  # a retry is no second pause
    assert clock_of(office, case).state == "paused"
    assert "Dijeda" in clerk.get("/tugas").text
    with reading(office.engine) as session:
        key = session.scalars(select(CasePause.id)).one()
    later = browser(office, "clerk", "2026-11-05 09:00")
    ended = form(version=office.case(case).version)
    assert later.post(f"/kasus/{case}/waktu/jeda/{key}/selesai", data=ended).status_code == 303
    assert clock_of(office, case).state == "running"
    assert "waktu dijeda (Menunggu berkas warga)" in later.get(f"/kasus/{case}/waktu").text
    assert "Waktu dijeda: Menunggu berkas warga" in later.get(f"/kasus/{case}").text


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ({"reason": "system", "note": ""}, 422, "Alasan ini memerlukan keterangan."),
        ({"reason": "nothing", "note": "Tetap ada"}, 422, "Pilih alasan jeda dari daftar."),
        ({"reason": "papers", "note": "Tetap ada", "version": 99}, 409, "Kasus sudah berubah"),
    ],
)
def test_refused_pause_keeps_what_was_typed(
    office: Office, said: dict[str, object], status: int, sentence: str
) -> None:
    case, clerk = office.open(), browser(office, "clerk", "2026-11-02 11:00")
    sent = form(**{"version": office.case(case).version, "task": "", **said})
    answer = clerk.post(f"/kasus/{case}/waktu/jeda", data=sent)
    assert answer.status_code == status
    assert sentence in answer.text
    assert str(said["note"]) in answer.text


def test_pause_of_another_case_is_not_ended(office: Office) -> None:
    case, other = office.open(), office.open()
    clerk = browser(office, "clerk", "2026-11-02 11:00")
    sent = form(version=office.case(case).version, reason="papers", task="", note="")
    clerk.post(f"/kasus/{case}/waktu/jeda", data=sent)
    with reading(office.engine) as session:
        key = session.scalars(select(CasePause.id)).one()
    ended = form(version=office.case(other).version)
    assert clerk.post(f"/kasus/{other}/waktu/jeda/{key}/selesai", data=ended).status_code == 404
