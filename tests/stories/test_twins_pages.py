"""Possible duplicates and the search box over HTTP, without scripts: told, compared, merged, taken apart."""

from __future__ import annotations

import re

from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import Browser

from portal.database import reading
from portal.tables import AccessLog, Merge

SUMARNI = "1810035408949901"
BORN = ["14", "8", "1994"]
AGAIN = {"name": "H. Soemarni", "birth_date": BORN, "sex": "female"}
LIST = "/warga/ganda"


def again(app: ASGIApp) -> Browser:
    """Records Sumarni a second time, past the cards, and returns who did."""
    front = Browser(app, "front-office")
    front.get("/data/resident/create")
    front.send("/data/resident/create", **AGAIN)
    front.send("/data/resident/create")
    front.follow()
    return front


def first_pair(app: ASGIApp, who: str = "back-office") -> Browser:
    officer = Browser(app, who)
    page = officer.get(LIST).text
    found = re.search(r"/warga/ganda/\d+", page)
    assert found, page
    officer.get(found[0])
    return officer


def words(browser: Browser) -> str:
    return " ".join(browser.seen.text)


def test_somebody_known_is_shown_before_they_are_recorded_again(app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    front.get("/data/resident/create")
    front.send("/data/resident/create", **AGAIN)
    assert front.page.status_code == 422
    assert "Mungkin sudah terdaftar" in words(front)
    assert "Tanggal lahir dan Desa/kelurahan tempat tinggal sama dan Nama lengkap mirip" in words(front)
    front.send("/data/resident/create")
    assert front.page.status_code == 303


def test_complaint_shows_them_as_well_and_keeps_what_was_typed(app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    front.get("/aduan/baru")
    front.send("/aduan/baru", "find", words="Soemarni H")
    said = {"program": "pbi-jk", "complaint": "kes-01", "description": "Belum punya kartu"}
    said["without_nik"] = "not-brought"
    front.send("/aduan/baru", "save", who="new", **AGAIN, **said)
    assert front.page.status_code == 422
    assert "Mungkin sudah terdaftar" in words(front)
    front.send("/aduan/baru", "save", who="new")
    assert front.page.status_code == 303


def test_list_is_as_long_as_it_says_and_only_for_who_decides(app: ASGIApp) -> None:
    front = again(app)
    officer = Browser(app, "back-office")
    page = officer.get(LIST).text
    said = re.search(r"Kemungkinan data ganda \((\d+)\)", page)
    assert said is not None
    assert int(said[1]) == len(set(re.findall(r"/warga/ganda/\d+", page))) == 1
    assert front.get(LIST).status_code == 403
    assert Browser(app, "district-staff").get(LIST).status_code == 403


def test_merge_gathers_and_the_other_address_leads_on(app: ASGIApp, engine: Engine) -> None:
    front = again(app)
    gone = front.asked[-1].split("?")[0]
    officer = first_pair(app)
    officer.send("/warga/ganda/", reason="Satu orang, KTP sudah dicocokkan")
    officer.follow()
    assert "Kedua data digabung." in words(officer)
    assert "Data dibuat Nama lengkap: H. Soemarni" in words(officer)
    stays = officer.asked[-1].split("?")[0]
    assert front.get(gone).status_code == 200
    assert front.asked[-1] == f"{stays}?notice=twin-moved"
    officer.get(stays)
    officer.send("/warga/gabungan/")
    officer.follow()
    assert "Gabungan dipisahkan" in words(officer)
    assert front.get(gone).status_code == 200
    assert "Soemarni" in front.page.text
    with reading(engine) as session:
        assert session.scalar(select(Merge.hidden_id)) is None


def test_merge_without_a_reason_keeps_the_choice(app: ASGIApp) -> None:
    again(app)
    officer = first_pair(app)
    officer.send("/warga/ganda/", pilih__name="gone")
    assert officer.page.status_code == 422
    assert "Tuliskan alasannya" in words(officer)
    assert re.search(r'name="pilih-name" value="gone"[^>]* checked', officer.page.text)


def test_different_people_are_not_asked_about_again(app: ASGIApp) -> None:
    again(app)
    officer = first_pair(app)
    address = officer.asked[-1]
    form = next(form for form in officer.seen.forms if form.action.endswith("/putuskan"))
    officer.post(form.action, dict(form.fields))
    assert "Pilih keputusannya." in words(officer)
    officer.post(form.action, {**dict(form.fields), "verdict": "different", "reason": "Ibu dan anak"})
    officer.follow()
    assert "Tidak ada kemungkinan data ganda" in words(officer)
    officer.get(address)
    assert "Ibu dan anak" in words(officer)


def test_double_click_merges_once_and_what_is_stale_is_said(app: ASGIApp) -> None:
    again(app)
    officer = first_pair(app)
    form = officer.form("/warga/ganda/")
    said = {**dict(form.fields), "reason": "Satu orang, KTP sudah dicocokkan"}
    assert officer.post(form.action, {**said, "version-stays": "99"}).status_code == 409
    led = officer.post(form.action, said).headers["location"]
    assert officer.post(form.action, said).headers["location"] == led


def test_who_is_elsewhere_is_hinted_at_and_the_hint_is_written_down(app: ASGIApp, engine: Engine) -> None:
    far = Browser(app, "secretariat")
    far.get("/data/resident/create")
    far.send("/data/resident/create", name="Kasmin Contoh", birth_date=BORN, sex="male", area="18.10.03.2008")
    assert far.page.status_code == 303
    front = Browser(app, "front-office")
    front.get("/data/resident/create")
    front.send("/data/resident/create", name="Qasmin Tjontoh", birth_date=BORN, sex="male")
    assert "di luar wilayah Anda; supervisor dapat memeriksanya" in words(front)
    assert "Kasmin" not in front.page.text
    assert "2008" not in front.page.text
    with reading(engine) as session:
        last = session.scalars(select(AccessLog).order_by(AccessLog.id.desc()).limit(1)).one()
        assert "twin*" in last.fields


def test_search_opens_what_was_typed_in_full_and_forgives_spelling(app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    front.get("/tugas")
    assert front.send("/cari", words=SUMARNI).headers["location"] == "/data/resident/details/1"
    front.get("/tugas")
    assert "/data/household/details/" in front.send("/cari", words="1810031203189901").headers["location"]
    front.get("/tugas")
    front.send("/cari", words="Hj. Soemarni")
    assert "Ejaan mirip" in words(front)
    assert "Sumarni" in words(front)


def test_search_for_nobody_says_what_to_do(app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    front.get("/tugas")
    front.send("/cari", words="1810035408949976")
    assert "NIK ini belum ada di wilayah Anda." in words(front)
    front.post("/aduan/baru", dict(front.form("/aduan/baru").fields))
    assert 'value="1810035408949976"' in front.page.text
    assert all("1810035408949976" not in url for url in front.asked)


def test_long_list_goes_on_and_its_pages_are_as_many_as_it_says(app: ASGIApp) -> None:
    front = again(app)
    for number in range(10):  # each looks like all before: 66 pairs with the two that are there
        front.get("/data/resident/create")
        front.send("/data/resident/create", **{**AGAIN, "rt": f"{number:03}"})
        front.send("/data/resident/create")
    officer = Browser(app, "back-office")
    first = officer.get(LIST).text
    rest = officer.get(f"{LIST}?mulai=50").text
    pages = [set(re.findall(r"/warga/ganda/\d+", page)) for page in (first, rest)]
    assert "Kemungkinan data ganda (66)" in first
    assert (len(pages[0]), len(pages[1]), pages[0] & pages[1]) == (50, 16, set())
