"""The letter while its form is filled in: the sheet of the PDF as the person sees it; nothing is written."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import Engine, func, select
from starlette.types import ASGIApp
from worked import Browser

from portal.database import reading
from portal.letters import html as printed
from portal.letters.proof import NO_PROOF
from portal.letters.sight import COVERED
from portal.releases import latest_id, live
from portal.tables import Counter, Event, IssuedLetter, Submission
from stories.test_http import CHECK, complete, registered

ASKED = "Perbaikan ejaan nama"


@pytest.fixture
def front(app: ASGIApp) -> Browser:
    return Browser(app, "front-office")


def counts(engine: Engine) -> list[object]:
    with reading(engine) as session:
        tables = (Event, IssuedLetter, Submission)
        held = session.execute(select(Counter.series, Counter.value).order_by(Counter.series)).all()
        return [
            *(session.scalar(select(func.count()).select_from(each)) for each in tables),
            *map(tuple, held),
        ]


def form_of(browser: Browser, case: int) -> dict[str, str]:
    """Opens the form of a letter of introduction and returns what it would send."""
    browser.get(f"/kasus/{case}")
    browser.send(f"/kasus/{case}/surat", letter="introduction")
    return {**dict(browser.form(f"/kasus/{case}/surat").fields), "request": ASKED}


def frame(page: str) -> str:
    """Returns the sheet that a page shows."""
    return html.unescape(re.findall(r'<iframe[^>]*srcdoc="([^"]*)"', page)[0])


def body(text: str) -> str:
    return str(re.findall(r"<body.*</body>", text, re.S)[0])


def test_page_shows_the_sheet_and_keeps_what_was_typed(engine: Engine, front: Browser) -> None:
    case = registered(front)
    said, before = form_of(front, case), counts(engine)
    page = front.post(f"/kasus/{case}/surat/pratinjau", said).text
    assert ASKED in frame(page)
    assert "KONSEP" in frame(page)
    assert re.search(rf"<textarea[^>]*>\s*{ASKED}</textarea>", page)
    assert counts(engine) == before
    front.send(f"/kasus/{case}/surat", "issue")
    assert front.page.status_code == 303


def test_script_gets_the_sheet_alone_and_the_pdf_is_a_draft(front: Browser) -> None:
    case = registered(front)
    said = form_of(front, case)
    answer = front.post(f"/kasus/{case}/surat/pratinjau", {**said, "part": "html"})
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("<!DOCTYPE html>")
    answer = front.post(f"/kasus/{case}/surat/pratinjau", {**said, "part": "pdf"})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"] == 'inline; filename="konsep.pdf"'


def test_sheet_is_the_one_that_is_printed(engine: Engine, app: ASGIApp) -> None:
    officer = Browser(app, "back-office")
    case = registered(Browser(app, "front-office"))
    said = form_of(officer, case)
    shown = officer.post(f"/kasus/{case}/surat/pratinjau", {**said, "part": "html"}).text
    officer.post(f"/kasus/{case}/surat", {**said, "issue": "1"})
    with reading(engine) as session:
        issued = session.scalars(select(IssuedLetter).order_by(IssuedLetter.id.desc())).first()
        assert issued is not None
        current = live(session, latest_id(session) or 0)
        head = {**issued.data["letter"], **NO_PROOF, "number": None, "draft": True}
    paper = printed(current.templates, "introduction.html", {**issued.data, "letter": head})
    same = re.sub(r'src="/surat/bahan/\d+/', 'src="', body(shown))
    assert same.split() == body(paper).split()


def test_what_is_masked_on_screen_is_covered_on_the_sheet(app: ASGIApp) -> None:
    case = registered(Browser(app, "front-office"))
    for login, tells in (("front-office", True), ("manager", False)):
        said = {**form_of(Browser(app, login), case), "part": "html"}
        answer = Browser(app, login).post(f"/kasus/{case}/surat/pratinjau", said)
        assert answer.status_code == 200
        assert ("1810034101909970" in answer.text, COVERED in answer.text) == (tells, not tells)


def test_referral_step_shows_its_letter_without_completing(engine: Engine, app: ASGIApp) -> None:
    front, officer = Browser(app, "front-office"), Browser(app, "back-office")
    case = registered(front)
    complete(front, case, condition="pregnant", facility="UPT Puskesmas Ambarawa")
    officer.get(f"/kasus/{case}")
    complete(officer, case, **CHECK)
    officer.get(f"/kasus/{case}")
    step, before = officer.form(f"/kasus/{case}/langkah/"), counts(engine)
    typed = {**dict(step.fields), "destination": "dinsos-linjamsos", "request": ASKED}
    page = officer.post(f"{step.action}/pratinjau", typed).text
    assert ASKED in frame(page)
    assert "KONSEP" in frame(page)
    assert counts(engine) == before
    again = officer.form(step.action)
    assert dict(again.fields)["request"] == ASKED
    assert front.post(f"{step.action}/pratinjau", typed).status_code == 403
    officer.post(step.action, [*again.fields, ("assessment", "Hamil tua.")])
    assert officer.page.status_code == 303


@pytest.mark.parametrize(("kind", "name"), [("example", "Sumarni"), ("worst", "Raden Ayu")])
def test_made_up_case_takes_the_place_of_the_case(front: Browser, kind: str, name: str) -> None:
    case = registered(front)
    said = form_of(front, case)
    page = front.post(f"/kasus/{case}/surat/pratinjau", {**said, "part": kind}).text
    assert name in frame(page)
    assert "Wati Contoh" not in frame(page)
    assert ASKED not in frame(page)
    assert "<main>" in frame(page)


def test_further_referral_shows_its_letter_without_issuing(engine: Engine, app: ASGIApp) -> None:
    officer, case = Browser(app, "back-office"), registered(Browser(app, "front-office"))
    officer.get(f"/kasus/{case}/rujukan/referral")
    form, before = officer.form(f"/kasus/{case}/rujukan/referral"), counts(engine)
    typed = {**dict(form.fields), "destination": "dinsos-linjamsos", "request": ASKED}
    page = officer.post(f"{form.action}/pratinjau", typed).text
    assert ASKED in frame(page)
    assert counts(engine) == before
    again = officer.form(f"/kasus/{case}/rujukan/referral")
    assert (again.action, dict(again.fields)["request"]) == (form.action, ASKED)
    assert officer.post(f"{form.action}/pratinjau", {**typed, "strange": "1"}).status_code == 400
    assert officer.post(f"/kasus/{case}/rujukan/receipt/pratinjau", typed).status_code == 404


def test_folder_gives_out_styles_and_emblems_only(front: Browser) -> None:
    case = registered(front)
    front.post(f"/kasus/{case}/surat/pratinjau", {**form_of(front, case), "part": "html"})
    found = re.findall(r'(?:href|src)="(/surat/bahan/[^"]+)"', front.page.text)
    assert len(found) >= 2
    assert [front.client.get(each).status_code for each in found] == [200] * len(found)
    base = found[0].rpartition("/")[0]
    assert front.client.get(f"{base}/base.html").status_code == 404
    assert front.client.get("/surat/bahan/999/letter.css").status_code == 404


def test_foreign_case_has_no_preview(app: ASGIApp) -> None:
    case = registered(Browser(app, "front-office"))
    said = form_of(Browser(app, "front-office"), case)
    assert Browser(app, "auditor").post(f"/kasus/{case}/surat/pratinjau", said).status_code in (403, 404)
    assert Browser(app, "front-office").post("/kasus/99999/surat/pratinjau", said).status_code == 404
