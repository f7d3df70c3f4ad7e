"""The sheets of an SOP through HTTP: who prints which, what the page offers, and what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader
from starlette.types import ASGIApp
from worked import NOW, Browser, demo_engine

from portal.app import create_app
from portal.settings import Settings

PAGE = "/sop/pbi-new/lembar"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ASGIApp]:
    """Gives the portal over a demonstration."""
    engine = demo_engine(tmp_path_factory.mktemp("sheets"))
    yield create_app(Settings(database=str(engine.url)), clock=lambda: NOW)
    engine.dispose()


def paper(browser: Browser, url: str) -> str:
    """Returns what a PDF says, with the gaps of its lines closed."""
    answer = browser.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), url
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(each.extract_text().split()) for each in pages)


def test_clerk_comes_from_the_programme_and_prints_her_own_page(app: ASGIApp) -> None:
    clerk = Browser(app, "front-office")
    clerk.get("/data/reference.programs/list")
    clerk.get(next(each for each in clerk.seen.links if each.startswith("/data/reference.programs/details/")))
    assert any(each.startswith("/sop/") and each.endswith("/lembar") for each in clerk.seen.links)
    assert '<option value="front-office">' in clerk.get(PAGE).text
    assert clerk.page.text.count("<option") == 1
    assert "[(" not in clerk.page.text
    said = paper(clerk, f"{PAGE}/tugas.pdf?peran=front-office")
    assert "Pendaftaran" in said
    assert "Puskesos Madani" in said


def test_clerk_prints_the_form_and_the_standard_of_her_office(app: ASGIApp) -> None:
    clerk = Browser(app, "front-office")
    form = paper(clerk, f"{PAGE}/formulir.pdf")
    assert "PUSKESOS MADANI" in form
    assert "Mutu baku" in form
    assert "Tanggal revisi 2" not in form
    assert "STANDAR PELAYANAN" in paper(clerk, f"{PAGE}/standar.pdf")


def test_clerk_does_not_print_the_page_of_another_role(app: ASGIApp) -> None:
    clerk = Browser(app, "front-office")
    assert clerk.get(f"{PAGE}/tugas.pdf?peran=manager").status_code == 403


def test_who_sees_the_rules_prints_every_page(app: ASGIApp) -> None:
    staff = Browser(app, "district-staff")
    staff.get(PAGE)
    for role in ("front-office", "back-office", "facilitator", "manager"):
        assert f'<option value="{role}">' in staff.page.text
    assert "DINAS SOSIAL" in paper(staff, f"{PAGE}/formulir.pdf")
    assert "Manajer SLRT" in paper(staff, f"{PAGE}/tugas.pdf?peran=manager")


@pytest.mark.parametrize(("login", "sop"), [("auditor", "pbi-new"), ("supervisor", "violence")])
def test_who_does_not_work_by_it_prints_nothing(app: ASGIApp, login: str, sop: str) -> None:
    browser = Browser(app, login)
    for path in ("", "/formulir.pdf", "/standar.pdf", "/tugas.pdf?peran=manager"):
        assert browser.get(f"/sop/{sop}/lembar{path}").status_code == 403, path
    browser.get("/data/reference.programs/list")
    pages = [each for each in browser.seen.links if "/details/" in each]
    for page in pages:
        browser.get(page)
        assert f"/sop/{sop}/lembar" not in browser.seen.links


def test_nobody_prints_before_log_in(app: ASGIApp) -> None:
    browser = Browser(app)
    browser.get(f"{PAGE}/formulir.pdf")
    assert browser.asked[-1].startswith("/masuk")


@pytest.mark.parametrize(
    "path",
    [
        "/sop/nowhere/lembar",
        "/sop/nowhere/lembar/formulir.pdf",
        f"{PAGE}/surat.pdf",
        f"{PAGE}/tugas.pdf",
        f"{PAGE}/tugas.pdf?peran=auditor",
        f"{PAGE}/formulir.pdf?peran=manager",
    ],
)
def test_a_sheet_that_is_not_there_is_missing(app: ASGIApp, path: str) -> None:
    assert Browser(app, "manager").get(path).status_code == 404


def test_page_speaks_english_and_the_paper_stays_indonesian(app: ASGIApp) -> None:
    staff = Browser(app, "manager")
    staff.client.cookies.set("language", "en")
    assert "Job aid of one role" in staff.get(PAGE).text
    assert "Dasar hukum" in paper(staff, f"{PAGE}/formulir.pdf")
