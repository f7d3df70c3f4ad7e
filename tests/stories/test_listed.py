"""Reports and registers over HTTP: looked at, issued, opened, ended, emptied with a case that they list."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO

import pytest
from papers import words
from pypdf import PdfReader
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser

from portal.access import SYSTEM
from portal.database import reading, writing
from portal.duties.emptying import Emptying, empty_case
from portal.letters import pdf_of
from portal.letters.listed import Month
from portal.letters.stub import is_erased
from portal.releases import latest_id, live
from portal.tables import Case, Event, IssuedLetter
from portal.wall import acting

REGISTER = "/laporan?surat=complaint-register"
VILLAGE = "18.10.03.2007"


def issue(browser: Browser, address: str, **typed: str | tuple[str, ...]) -> int:
    """Issues a paper as its page asks; returns its key."""
    assert browser.get(address).status_code == 200
    led = browser.send("/laporan?", **typed)
    assert led.status_code == 303, led.text
    return int(led.headers["location"].split("/")[2])


def row(engine: Engine, key: int) -> IssuedLetter:
    with acting(SYSTEM), reading(engine) as session:
        return session.get_one(IssuedLetter, key)


def text(browser: Browser, key: int) -> str:
    made = browser.get(f"/surat/{key}")
    assert made.status_code == 200
    return " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(made.content)).pages).split())


def behind(engine: Engine, statement: str, key: int) -> None:
    """Changes a row where the portal does not look."""
    with closing(sqlite3.connect(str(engine.url.database))) as base, base:
        base.execute(statement, (key,))


@pytest.fixture
def officer(app: ASGIApp) -> Browser:
    return Browser(app, "back-office")


def cases(engine: Engine, area: str = VILLAGE) -> list[Case]:
    with acting(SYSTEM), reading(engine) as session:
        return list(session.scalars(select(Case).where(Case.area == area)))


def test_register_lists_what_its_office_received(officer: Browser, engine: Engine) -> None:
    key = issue(officer, REGISTER)
    said = text(officer, key).replace(" ", "")  # a long number breaks over two lines
    since, until = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    mine = [each for each in cases(engine) if since < each.opened_at < until]
    expected = {each.number for each in mine if each.access == "normal"}
    assert expected
    assert [each for each in expected if each not in said] == []
    others = [each.number for each in cases(engine, "18.10.01.1001")]
    assert not any(number in said for number in others)
    assert row(engine, key).number is None
    assert officer.get(f"/surat/{key}").content == officer.get(f"/surat/{key}").content


def test_month_without_a_case_says_so(officer: Browser) -> None:
    officer.get(f"{REGISTER}&bulan=2026-01")
    assert "0 pengaduan" in words(officer)
    key = issue(officer, f"{REGISTER}&bulan=2026-01")
    assert "Tidak ada pengaduan" in text(officer, key)


@pytest.mark.parametrize("wrong", ["surat=referral", "kantor=lain", "bulan=2026-13", "surat=tidak"])
def test_address_that_names_nothing_is_not_found(officer: Browser, wrong: str) -> None:
    assert officer.get(f"/laporan?{wrong}").status_code == 404


def test_sensitive_case_is_counted_and_not_told(officer: Browser, engine: Engine) -> None:
    hidden = cases(engine)[0]
    behind(engine, "UPDATE \"case\" SET access = 'sensitive' WHERE id = ?", hidden.id)
    key = issue(Browser(officer.client.app, "manager"), "/laporan?surat=monthly-report", made_by="Damar")
    data = row(engine, key).data
    assert data["cases"] == []
    assert "Terbatas" in {each["label"] for each in data["totals"]}
    register = row(engine, issue(officer, REGISTER)).data
    lines = {each["number"]: each for each in register["cases"]}
    line = lines.get(hidden.number)
    assert line is None or (line["nik"], line["complaint"], line["name"]) == (None, None, "Terbatas")


def test_minutes_have_a_number_and_are_asked_for_their_day(officer: Browser, engine: Engine) -> None:
    address = "/laporan?surat=meeting-minutes"
    officer.get(address)
    refused = officer.send("/laporan?", place="Balai Desa")
    assert refused.status_code == 422
    assert "Balai Desa" in refused.text
    key = issue(officer, address, held_on=("18", "11", "2026"))
    assert str(row(engine, key).number).startswith("400.9.14.1/")
    said = text(officer, key)
    assert "DAFTAR HADIR" in said
    assert "delapan belas" in said.casefold()


def test_double_click_issues_one(officer: Browser, engine: Engine) -> None:
    officer.get(REGISTER)
    form = officer.form("/laporan?")
    first, second = (officer.post(form.action, form.fields) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]


def test_paper_is_found_in_the_archive(app: ASGIApp, officer: Browser, engine: Engine) -> None:
    key = issue(officer, "/laporan?surat=meeting-minutes", held_on=("18", "11", "2026"))
    page = f"/surat/{key}/rincian"
    officer.get("/surat?jenis=meeting-minutes")
    assert page in officer.seen.links
    officer.post("/surat", {"words": str(row(engine, key).number)})
    assert page in officer.seen.links
    officer.get("/surat?jenis=complaint-register&keadaan=void")
    assert page not in officer.seen.links
    facilitator = Browser(app, "facilitator")
    facilitator.get("/surat?jenis=meeting-minutes")
    assert page not in facilitator.seen.links


def test_paper_is_checked_copied_and_signed_as_a_letter_is(
    app: ASGIApp, officer: Browser, engine: Engine
) -> None:
    key = issue(officer, "/laporan?surat=meeting-minutes", held_on=("18", "11", "2026"))
    made, public = row(engine, key), Browser(app)
    public.get(f"/v/{made.data['letter']['check_code'].replace('-', '')}")
    said = words(public)
    assert str(made.number) in said
    assert not any(each["name"] in said for each in made.data["cases"])
    officer.get(f"/surat/{key}/rincian")
    slip = officer.form(f"/surat/{key}/salinan")
    assert "SALINAN" in " ".join(
        PdfReader(BytesIO(officer.post(slip.action, slip.fields).content)).pages[0].extract_text().split()
    )
    officer.get(f"/surat/{key}/rincian")
    signed = officer.form(f"/surat/{key}/tanda-tangan")
    led = officer.post(signed.action, signed.fields)
    assert (led.status_code, led.headers["location"].partition("?")[0]) == (303, "/laporan")
    officer.get(f"/surat/{key}/rincian")
    assert not [each for each in officer.seen.forms if each.action.endswith("/tanda-tangan")]
    assert officer.get(f"/surat/{key}/akhiri/batal").status_code == 409  # it has left: it can be withdrawn


def test_paper_is_made_void_with_a_reason_and_its_number_stays(officer: Browser, engine: Engine) -> None:
    key = issue(officer, "/laporan?surat=meeting-minutes", held_on=("18", "11", "2026"))
    officer.get(f"/surat/{key}/rincian")
    assert f"/surat/{key}/akhiri/ganti" not in officer.seen.links
    officer.get(f"/surat/{key}/akhiri/batal")
    form = officer.form(f"/surat/{key}/akhiri/batal")
    done = officer.post(form.action, {**dict(form.fields), "reason": "tanggal musyawarah keliru"})
    assert done.status_code == 303
    officer.get(f"/surat/{key}/rincian")
    assert "tanggal musyawarah keliru" in words(officer)
    assert row(engine, key).status == "void"
    officer.get("/agenda")
    assert str(row(engine, key).number) in words(officer)
    assert "tanggal musyawarah keliru" in words(officer)


def test_who_sees_only_cases_of_their_own_sees_no_register(app: ASGIApp, officer: Browser) -> None:
    key = issue(officer, REGISTER)
    facilitator = Browser(app, "facilitator")
    assert facilitator.get("/laporan").status_code == 403
    assert facilitator.get(f"/surat/{key}").status_code in (403, 404)
    assert facilitator.get(f"/surat/{key}/rincian").status_code == 404


def test_who_sees_masked_opens_it_for_a_reason(app: ASGIApp, officer: Browser, engine: Engine) -> None:
    key = issue(officer, REGISTER)
    assert any(str(each["nik"] or "").isdigit() for each in row(engine, key).data["cases"])
    supervisor = Browser(app, "supervisor")
    asked = supervisor.get(f"/surat/{key}")
    assert asked.headers["content-type"].startswith("text/html")
    assert "NIK" in words(supervisor)
    led = supervisor.post(f"/surat/{key}/buka", {"reason": "mencocokkan laporan bulanan"})
    assert led.headers["content-type"] == "application/pdf"
    with acting(SYSTEM), reading(engine) as session:
        told = session.scalars(select(Event).where(Event.kind == "letter-unmasked")).all()
    assert [(each.subject, each.subject_id) for each in told] == [("letter", key)]


def test_another_village_finds_nothing(app: ASGIApp, engine: Engine, officer: Browser) -> None:
    key = issue(officer, REGISTER)
    behind(engine, "UPDATE issued_letter SET area = '18.10.01.1001' WHERE id = ?", key)
    assert officer.get(f"/surat/{key}").status_code == 404
    assert officer.get(f"/surat/{key}/rincian").status_code == 404


def test_erasing_a_case_empties_the_papers_that_list_it(officer: Browser, engine: Engine) -> None:
    key = issue(officer, REGISTER)
    pdf_of(engine, key)
    listed = row(engine, key).data["cases"][0]["number"]
    with acting(SYSTEM), writing(engine) as session:
        case = session.scalars(select(Case).where(Case.number == listed)).one()
        current = live(session, latest_id(session) or 0)
        emptying = Emptying(session=session, live=current, actor=SYSTEM, now=NOW, erasure_id=None)
        empty_case(emptying, case.id)
        assert key in emptying.letters
    assert is_erased(row(engine, key).data)
    assert pdf_of(engine, key).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "last"), [("2026-02", 28), ("2028-02", 29), ("2026-12", 31), ("2026-11", 30)]
)
def test_month_knows_its_days(text: str, last: int) -> None:
    month = Month.parse(text)
    assert month is not None
    assert (str(month), month.first.day, month.last.day) == (text, 1, last)


@pytest.mark.parametrize("text", ["", "2026", "2026-00", "2026-13", "26-11", "2026-1", "-", "2026-11-01"])
def test_month_that_is_none(text: str) -> None:
    assert Month.parse(text) is None
