"""Residents follow their case over HTTP with the code and PIN of their slip, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from papers import Paper, personal, ticket, words
from sqlalchemy import Engine
from starlette.types import ASGIApp
from worked import Browser

from portal.access import SYSTEM
from portal.database import writing
from portal.tables import Case
from portal.wall import acting

STATIC = Path(__file__).parent.parent.parent / "portal" / "admin" / "static"


def test_ticket_is_shown_once_and_a_new_pin_ends_the_old(app: ASGIApp, paper: Paper) -> None:
    clerk = Browser(app, "secretariat")
    clerk.get(f"/kasus/{paper.case.id}")
    form = clerk.form(f"/kasus/{paper.case.id}/tiket")
    assert "hanya tampil satu kali" in clerk.post(form.action, form.fields).text
    assert "sudah pernah ditampilkan" in clerk.post(form.action, form.fields).text
    code, pin = ticket(app, paper)
    again, newer = ticket(app, paper)
    assert code == again
    resident = Browser(app)
    seen = {each: resident.post("/lacak", {"code": code, "pin": each}).status_code for each in (pin, newer)}
    assert seen == {pin: 400, newer: 200}


def test_resident_reads_plain_words_on_an_old_phone(app: ASGIApp, paper: Paper) -> None:
    code, pin = ticket(app, paper)
    resident = Browser(app)
    page = resident.post("/lacak", {"code": code.lower().replace("-", " "), "pin": pin})
    assert page.status_code == 200
    assert len(page.content) + (STATIC / "public.css").stat().st_size < 10_000
    assert "<script" not in page.text
    told = words(resident)
    for needed in ("Berikutnya:", "Yang sudah terjadi", "Bertanya ke mana", paper.case.number):
        assert needed in told, needed
    hidden = [each for each in personal(paper) if each != paper.case.number and len(each) > 2]
    assert [each for each in hidden if each in told] == []


def test_sensitive_case_says_only_whom_to_ask(app: ASGIApp, paper: Paper, engine: Engine) -> None:
    code, pin = ticket(app, paper)
    with acting(SYSTEM), writing(engine) as session:
        session.get_one(Case, paper.case.id).access = "sensitive"
    resident = Browser(app)
    resident.post("/lacak", {"code": code, "pin": pin})
    told = words(resident)
    assert "hubungi petugas" in told
    assert "Yang sudah terjadi" not in told


def test_tickets_refuse_alike_and_lock_after_five(app: ASGIApp, paper: Paper) -> None:
    code, pin = ticket(app, paper)
    wrong = "000000" if pin != "000000" else "111111"
    resident = Browser(app)
    one = [resident.post("/lacak", {"code": code, "pin": wrong}) for _ in range(6)]
    other = [resident.post("/lacak", {"code": "ABCDE-FGHJK", "pin": pin}) for _ in range(6)]
    assert [each.status_code for each in one] == [each.status_code for each in other] == [400] * 5 + [429]
    assert one[0].text.replace(code, "") == other[0].text.replace("ABCDE-FGHJK", "")
    assert resident.post("/lacak", {"code": code, "pin": pin}).status_code == 429


def test_names_and_numbers_of_people_find_nothing(app: ASGIApp, paper: Paper) -> None:
    resident = Browser(app)
    for said in (paper.name, paper.letter.data["resident"]["nik"], paper.case.number):
        assert resident.post("/lacak", {"code": said, "pin": "123456"}).status_code == 400


def test_link_for_whatsapp_tells_nothing_of_the_person(app: ASGIApp, paper: Paper) -> None:
    code, pin = ticket(app, paper)
    clerk = Browser(app, "front-office")
    clerk.get(f"/kasus/{paper.case.id}")
    links = [each for each in clerk.seen.links if each.startswith("https://wa.me/")]
    for link in links:
        text = unquote(link.partition("?text=")[2])
        assert re.fullmatch(r"https://wa\.me/62\d{8,13}", link.partition("?")[0])
        assert code in text
        assert [each for each in (*personal(paper), pin) if len(each) > 2 and each in text] == []
    assert links or paper.letter.data["resident"].get("phone") is None
