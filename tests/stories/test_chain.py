"""A chain over HTTP: drafted at the case, found by whoever is next, opened, sent back, signed and issued."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from papers import words
from pypdf import PdfReader
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser

from portal.access import SYSTEM
from portal.database import reading
from portal.letters.files import letter_files
from portal.load import load
from portal.migrate import apply
from portal.schema import Schema
from portal.tables import IssuedLetter, LetterDraft
from portal.wall import acting

CHAIN = [{"role": "back-office", "act": "initial"}, {"role": "manager", "act": "sign"}]
ROOT = Path(__file__).parent.parent.parent
REASON = "keperluan kurang jelas, mohon dilengkapi"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """The demonstration, whose letter of introduction goes through a chain."""
    schema = load(ROOT / "schema").schema
    assert schema is not None
    data = schema.model_dump(mode="json", exclude_none=True)
    data["letters"]["introduction"]["chain"] = CHAIN
    changed = Schema.model_validate(data)
    templates = letter_files(ROOT / "templates" / "letters")
    with acting(SYSTEM):
        apply(engine, changed, {}, templates, actor=SYSTEM, now=NOW, reason="uji")
    return engine


def ask(app: ASGIApp, engine: Engine) -> tuple[Browser, str]:
    """Drafts a letter of introduction at the counter; returns the clerk and the draft's address."""
    clerk = Browser(app, "front-office")
    with acting(SYSTEM), reading(engine) as session:
        letter = session.scalars(select(IssuedLetter).where(IssuedLetter.number.contains("PKS-MRGD"))).first()
    assert letter is not None
    case = letter.case_id or 0
    clerk.get(f"/kasus/{case}")
    form = clerk.form(f"/kasus/{case}/surat")
    asked = clerk.post(form.action, {**dict(form.fields), "letter": "introduction"})
    assert asked.status_code == 200
    form = clerk.form(f"/kasus/{case}/surat")
    said = {**dict(form.fields), "issue": "1", "request": "Perbaikan nama pada kartu keluarga"}
    led = clerk.post(form.action, said)
    assert led.status_code == 303
    return clerk, led.headers["location"].partition("?")[0]


def act(browser: Browser, draft: str, doing: str, reason: str = "") -> int:
    browser.get(draft)
    form = next(each for each in browser.seen.forms if dict(each.fields).get("act") == doing)
    return browser.post(draft, {**dict(form.fields), **({"reason": reason} if reason else {})}).status_code


def test_a_draft_goes_from_hand_to_hand(app: ASGIApp, engine: Engine) -> None:
    clerk, draft = ask(app, engine)
    officer, manager = Browser(app, "back-office"), Browser(app, "manager")
    clerk.get(draft)
    assert "Menunggu" in words(clerk)
    assert act_is_missing(clerk, draft, "next")
    manager.get("/konsep")
    assert draft not in manager.seen.links
    officer.get("/konsep")
    assert draft in officer.seen.links
    paper = officer.get(f"{draft}/pdf")
    said = " ".join(PdfReader(BytesIO(paper.content)).pages[0].extract_text().split())
    assert "KONSEP" in said.replace(" ", "")
    assert act(officer, draft, "next") == 303
    manager.get("/konsep")
    assert draft in manager.seen.links
    assert act(manager, draft, "next") == 303
    with acting(SYSTEM), reading(engine) as session:
        row = session.get_one(LetterDraft, int(draft.rpartition("/")[2]))
        issued = session.get_one(IssuedLetter, row.letter_id)
    assert issued.number
    assert issued.data["form"]["request"] == "Perbaikan nama pada kartu keluarga"


def act_is_missing(browser: Browser, draft: str, doing: str) -> bool:
    browser.get(draft)
    return not [each for each in browser.seen.forms if dict(each.fields).get("act") == doing]


def test_a_draft_is_sent_back_with_a_reason(app: ASGIApp, engine: Engine) -> None:
    _, draft = ask(app, engine)
    officer = Browser(app, "back-office")
    assert act(officer, draft, "return", "pendek") == 422
    assert act(officer, draft, "return", REASON) == 303
    officer.get(draft)
    assert "Dikembalikan" in words(officer)
    late = {"key": "k" * 20, "version": "1", "act": "next"}
    assert officer.post(draft, late).status_code == 409


def test_what_came_back_is_found_and_drafted_again(app: ASGIApp, engine: Engine) -> None:
    clerk, draft = ask(app, engine)
    assert act(Browser(app, "back-office"), draft, "return", REASON) == 303
    clerk.get("/konsep")
    assert draft in clerk.seen.links
    assert "Dikembalikan" in words(clerk)
    clerk.get(draft)
    assert REASON in words(clerk)
    clerk.get(draft)
    form = clerk.form("/kasus/")
    clerk.post(form.action, form.fields)
    again = clerk.form(form.action)
    assert dict(again.fields)["request"] == "Perbaikan nama pada kartu keluarga"
    led = clerk.post(again.action, {**dict(again.fields), "request": "Nama sesuai akta", "issue": "1"})
    assert led.status_code == 303
    clerk.get("/konsep")
    assert draft not in clerk.seen.links
    assert led.headers["location"].partition("?")[0] in clerk.seen.links


def test_a_drafter_takes_it_back_and_others_may_not(app: ASGIApp, engine: Engine) -> None:
    clerk, draft = ask(app, engine)
    wrong = {"key": "k" * 20, "version": "1", "act": "drop"}
    assert Browser(app, "back-office").post(draft, wrong).status_code == 403
    assert act(clerk, draft, "drop") == 303


def test_a_manager_opens_a_draft_for_a_reason(app: ASGIApp, engine: Engine) -> None:
    _, draft = ask(app, engine)
    manager = Browser(app, "manager")
    asked = manager.get(f"{draft}/pdf")
    assert "text/html" in asked.headers["content-type"]
    assert manager.post(f"{draft}/buka", {"reason": "pendek"}).status_code == 422
    opened = manager.post(f"{draft}/buka", {"reason": "memeriksa konsep sebelum tanda tangan"})
    assert opened.headers["content-type"] == "application/pdf"


def test_a_foreign_draft_is_not_there(app: ASGIApp, engine: Engine) -> None:
    _, draft = ask(app, engine)
    staff = Browser(app, "district-staff")
    for path in (draft, f"{draft}/pdf", "/konsep/99999"):
        assert staff.get(path).status_code in (403, 404)
    said = {"key": "k" * 20, "version": "1", "act": "next"}
    assert staff.post(draft, said).status_code in (403, 404)
