"""The loop closes over HTTP: agencies answer without an account, clerks see it and write down the rest."""

from __future__ import annotations

import re
from datetime import timedelta

from papers import Paper, kinds, personal, put, state, ticket, words
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser, Clock

from portal.access import SYSTEM
from portal.database import reading
from portal.tables import AccessLog, Referral
from portal.wall import acting


def test_before_the_pin_a_page_tells_nothing_and_known_and_unknown_are_alike(
    agency: Browser, paper: Paper, engine: Engine
) -> None:
    known = agency.get(paper.url).text
    assert [each for each in personal(paper) if each in known] == []
    assert known.replace(paper.code, "ABCDE-FGHJK") == agency.get("/rujukan/abcdefghjk").text
    assert "no-store" in agency.page.headers["cache-control"]


def test_refusals_are_alike(agency: Browser, paper: Paper, engine: Engine, clock: Clock) -> None:
    def asked(code: str, pin: str) -> tuple[int, str]:
        clock.wait(days=1)
        page = agency.post(f"/rujukan/{code}", {"pin": pin})
        return page.status_code, page.text.replace(code, "")

    wrong, unknown = asked(paper.code, paper.wrong), asked("ABCDE-FGHJK", paper.pin)
    put(engine, paper, "withdrawn")
    withdrawn = asked(paper.code, paper.pin)
    put(engine, paper, "issued", page_until=clock.now - timedelta(seconds=1))
    over = asked(paper.code, paper.pin)
    put(engine, paper, "issued", page_until=clock.now + timedelta(days=9), page_failures=20)
    assert wrong == unknown == withdrawn == over == asked(paper.code, paper.pin)
    assert wrong[0] == 400


def test_five_tries_and_the_wait_grows_for_unknown_codes_as_well(
    agency: Browser, paper: Paper, clock: Clock
) -> None:
    def tries(code: str, pin: str, times: int) -> list[int]:
        return [agency.post(f"/rujukan/{code}", {"pin": pin}).status_code for _ in range(times)]

    assert tries(paper.code, paper.wrong, 6) == tries("ABCDE-FGHJK", "123456", 6) == [400] * 5 + [429]
    assert tries(paper.code, paper.pin, 1) == [429]
    clock.wait(seconds=16)
    assert tries(paper.code, paper.wrong, 2) == [400, 429]
    clock.wait(seconds=16)
    assert tries(paper.code, paper.pin, 1) == [429]
    clock.wait(seconds=20)
    assert tries(paper.code, paper.pin, 1) == [200]


def test_many_codes_from_one_address_are_slowed_down(agency: Browser) -> None:
    found = [
        agency.post(f"/rujukan/ABCDE-FGH{a}{b}", {"pin": "123456"}).status_code
        for a in "ABCDEF"
        for b in "ABCDEF"
    ]
    assert 429 in found


def test_twenty_wrong_pins_shut_a_page_until_a_clerk_gives_a_new_one(
    agency: Browser, app: ASGIApp, paper: Paper, clock: Clock, engine: Engine
) -> None:
    for _ in range(20):
        clock.wait(minutes=16)
        agency.post(paper.url, {"pin": paper.wrong})
    clock.wait(minutes=16)
    assert agency.post(paper.url, {"pin": paper.pin}).status_code == 400
    clerk = Browser(app, "secretariat")
    clock.now = NOW
    clerk.get(paper.page)
    assert "PIN salah 20 kali" in words(clerk), words(clerk)
    made = clerk.send(f"{paper.page}/pin")
    pin = re.search(r"<dd>(\d{6})</dd>", made.text)
    assert pin
    clock.wait(days=1)
    assert agency.post(paper.url, {"pin": pin[1]}).status_code == 200
    assert kinds(engine, paper.case.id).count("referral-pin-renewed") == 1


def opened(agency: Browser, paper: Paper) -> Browser:
    assert agency.post(paper.url, {"pin": f"{paper.pin[:3]} {paper.pin[3:]}"}).status_code == 200
    return agency


def test_behind_the_pin_there_are_initials_and_no_name(agency: Browser, paper: Paper) -> None:
    page = opened(agency, paper).page.text
    assert [each for each in personal(paper) if len(each) > 2 and each in page] == []
    assert str(paper.letter.number) in page
    assert " ".join(f"{each[0]}." for each in paper.name.split()) in page


def press(agency: Browser, act: str, **typed: object) -> int:
    """Fills in the form of one act and sends it."""
    form = next(each for each in agency.seen.forms if ("act", act) in each.fields)
    pairs = [pair for pair in form.fields if pair[0] not in typed]
    for name, said in typed.items():
        pairs += [(name, each) for each in (said if isinstance(said, list) else [str(said)])]
    return agency.post(form.action, pairs).status_code


def test_agency_answers_step_by_step_and_the_clerk_finds_it_filled_in(
    agency: Browser, app: ASGIApp, paper: Paper, engine: Engine
) -> None:
    opened(agency, paper)
    for act, then in (("receive", "received"), ("accept", "accepted"), ("serve", "served")):
        assert press(agency, act) == 200, act
        assert state(engine, paper) == then
        assert "jawaban Anda tercatat" in words(agency)
    assert "Tidak ada lagi yang perlu dijawab" in words(agency)
    told = [kind for kind in kinds(engine, paper.case.id) if kind.startswith("referral-")]
    assert told[-3:] == ["referral-received", "referral-accepted", "referral-served"]
    clerk = Browser(app, "secretariat")
    clerk.get(f"/kasus/{paper.case.id}")
    assert "Sudah dilayani, belum dikonfirmasi" in words(clerk)
    assert "Instansi tujuan" in words(clerk)


def test_declining_needs_a_coded_reason_and_keeps_what_was_typed(
    agency: Browser, paper: Paper, engine: Engine
) -> None:
    opened(agency, paper)
    assert press(agency, "decline", note="Bulan depan") == 422
    assert "Pilih alasan penolakan." in words(agency)
    assert "Bulan depan" in agency.page.text
    assert press(agency, "decline", note="Bulan depan", reason="quota-full") == 200
    with acting(SYSTEM), reading(engine) as session:
        row = session.get_one(Referral, paper.id)
        assert (row.status, row.reason, row.note, row.way) == (
            "declined",
            "quota-full",
            "Bulan depan",
            "page",
        )


def test_missing_papers_are_ticked_and_the_resident_reads_what_to_bring(
    agency: Browser, app: ASGIApp, paper: Paper, engine: Engine
) -> None:
    opened(agency, paper)
    form = next(each for each in agency.seen.forms if ("act", "return") in each.fields)
    assert "missing" in form.names
    assert press(agency, "return", missing=["kk"]) == 200
    code, pin = ticket(app, paper)
    resident = Browser(app)
    assert resident.post("/lacak", {"code": code, "pin": pin}).status_code == 200
    assert "Yang perlu dibawa Kartu Keluarga" in words(resident)


def test_the_same_answer_twice_is_one(agency: Browser, paper: Paper, engine: Engine) -> None:
    opened(agency, paper)
    form = next(each for each in agency.seen.forms if ("act", "accept") in each.fields)
    before = len(kinds(engine, paper.case.id))
    again = [agency.post(form.action, form.fields).status_code for _ in range(2)]
    assert again == [200, 200]
    other = [(name, "x" * 24 if name == "key" else said) for name, said in form.fields]
    assert agency.post(form.action, other).status_code == 200
    assert len(kinds(engine, paper.case.id)) == before + 1


def test_forms_without_the_mark_or_after_half_an_hour_change_nothing(
    agency: Browser, paper: Paper, engine: Engine, clock: Clock
) -> None:
    opened(agency, paper)
    form = next(each for each in agency.seen.forms if ("act", "accept") in each.fields)
    forged = [(name, "9999999999.0" if name == "visit" else said) for name, said in form.fields]
    assert agency.post(form.action, forged).status_code == 400
    clock.wait(minutes=31)
    assert agency.post(form.action, form.fields).status_code == 400
    assert "Waktu mengisi sudah habis" in words(agency)
    assert state(engine, paper) == "handed-over"


def test_agencies_cannot_do_what_is_the_offices(agency: Browser, paper: Paper, engine: Engine) -> None:
    opened(agency, paper)
    form = next(each for each in agency.seen.forms if ("act", "accept") in each.fields)
    for act in ("confirm", "withdraw", "hand-over", "expire", "issue", "nonsense"):
        fields = [(name, act if name == "act" else said) for name, said in form.fields]
        assert agency.post(form.action, fields).status_code == 400, act
    assert state(engine, paper) == "handed-over"


def test_no_code_or_name_in_the_access_log(agency: Browser, paper: Paper, engine: Engine) -> None:
    opened(agency, paper)
    with reading(engine) as session:
        rows = session.scalars(select(AccessLog).order_by(AccessLog.id.desc()).limit(3)).all()
    assert rows[0].page == "POST /rujukan/{code}"
    assert not any(paper.code in f"{each.page}{each.shown}{each.fields}" for each in rows)


def test_clerk_records_a_slip_a_call_and_the_confirmation(app: ASGIApp, paper: Paper, engine: Engine) -> None:
    clerk = Browser(app, "secretariat")
    clerk.get(f"{paper.page}?catat=decline")
    assert clerk.send(paper.page, way="phone").status_code == 422
    clerk.get(f"{paper.page}?catat=accept")
    clerk.send(paper.page, way="slip")
    assert clerk.follow().status_code == 200
    assert state(engine, paper) == "accepted"
    clerk.get(f"{paper.page}?catat=confirm")
    said = {"confirmed__by": "resident", "evidence": "Kartu aktif", "evidence__on": ["11", "11", "2026"]}
    clerk.send(paper.page, **said)
    clerk.follow()
    assert state(engine, paper) == "confirmed"
    assert "Layanan terkonfirmasi" in words(clerk)


def test_illegal_act_is_refused_in_words(app: ASGIApp, paper: Paper, engine: Engine) -> None:
    clerk = Browser(app, "secretariat")
    clerk.get(f"{paper.page}?catat=accept")
    form = clerk.form(paper.page)
    put(engine, paper, "withdrawn")
    fields = [*(pair for pair in form.fields if pair[0] != "way"), ("way", "slip")]
    assert clerk.post(form.action, fields).status_code == 409
    assert '"Dicabut"; "Diterima untuk dilayani" tidak dapat dicatat' in words(clerk)


def test_frozen_data_bear_todays_masks(app: ASGIApp, paper: Paper) -> None:
    nik = paper.letter.data["resident"]["nik"]
    clerk = Browser(app, "secretariat")
    page = clerk.get(paper.page).text
    assert "Data saat rujukan diterbitkan" in page
    assert clerk.get(f"/kasus/{paper.case.id}").text.count(nik) > 0 or nik not in page


def test_counts_are_the_lengths_of_the_lists_and_stay_in_scope(app: ASGIApp, paper: Paper) -> None:
    for login in ("secretariat", "front-office", "facilitator"):
        clerk = Browser(app, login)
        if clerk.get("/rujukan").status_code == 403:
            continue
        chips = re.findall(r'href="(/rujukan[^"]*)"[^>]*>[^<(]*\((\d+)\)', clerk.page.text)
        assert chips
        for url, count in chips:
            page = clerk.get(url.replace("&amp;", "&")).text
            assert page.count('<th scope="row">') == int(count), (login, url)
        for link in re.findall(r"/kasus/\d+/rujukan/\d+", page):
            assert clerk.get(link).status_code == 200


def test_foreign_referral_and_missing_one_are_alike(app: ASGIApp, paper: Paper) -> None:
    clerk = Browser(app, "secretariat")
    assert clerk.get(f"/kasus/{paper.case.id}/rujukan/999999").status_code == 404
    assert clerk.get(f"/kasus/{paper.case.id + 1}/rujukan/{paper.id}").status_code == 404
