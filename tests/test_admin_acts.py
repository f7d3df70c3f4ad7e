"""The acts beside the steps on screen: each form is sent as its page offers it, refusals are in words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from branched import VISITED, do, joined, made, parted, waiting
from casework import NEXT, REFER, REGISTER, Office
from small import NOW
from starlette.testclient import TestClient
from test_admin_moving import ByHeader, read
from worked import Reader

from portal.admin.desk import PAGES
from portal.admin.site import build_site
from portal.cases.closing import add_need
from portal.database import reading, writing
from portal.tables import Case

REASON = "Warga tinggal sendiri"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return made(tmp_path, {})


def browser(office: Office, who: str) -> TestClient:
    site = build_site(office.live, office.engine, ByHeader(), PAGES, clock=lambda: NOW)
    return TestClient(site, follow_redirects=False, headers={"x-actor": who})


def send(client: TestClient, page: str, action: str, **typed: str) -> Any:
    """Sends the form of a page whose action ends so, with what somebody types into it."""
    html = client.get(page).text
    form = next(each for each in Reader(html).forms if each.action.endswith(action))
    sent: dict[str, Any] = {}
    for name, value in form.fields:  # a date has three boxes of one name
        sent.setdefault(name, []).append(value)
    return client.post(form.action, data={**sent, **typed})


def test_several_open_tasks_are_listed_and_each_is_reached(office: Office) -> None:
    case = parted(office)
    page = browser(office, "officer").get(f"/kasus/{case}")
    assert "Tugas yang terbuka bersamaan" in page.text
    other = re.search(rf'/kasus/{case}\?tugas=(\d+)">Kunjungan<', page.text)
    assert other
    there = browser(office, "officer").get(f"/kasus/{case}?tugas={other[1]}")
    assert re.search(r'<h2 id="langkah-kini">[^<]*Kunjungan', there.text)


def test_the_task_that_one_may_do_comes_first(office: Office) -> None:
    case = parted(office)
    page = browser(office, "visitor").get(f"/kasus/{case}").text
    assert re.search(r'<h2 id="langkah-kini">[^<]*Kunjungan', page)


def test_task_is_sent_back_from_the_page(office: Office) -> None:
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    answer = send(browser(office, "officer"), f"/kasus/{case}", "/kembalikan", to="register", reason=REASON)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/kasus/{case}?notice=step-returned")
    page = browser(office, "clerk").get(f"/kasus/{case}")
    assert re.search(r'value="chronic"[^>]* checked', page.text)
    assert REASON in unescape(page.text)


def test_short_reason_is_refused_in_words_and_kept(office: Office) -> None:
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    client = browser(office, "officer")
    answer = send(client, f"/kasus/{case}", "/kembalikan", to="register", reason="salah")
    assert answer.status_code == 422
    assert "paling sedikit 8 huruf" in answer.text
    assert 'value="salah"' in answer.text
    form = next(each for each in Reader(answer.text).forms if each.action.endswith("/kembalikan"))
    again = client.post(form.action, data={**dict(form.fields), "reason": REASON})
    assert again.status_code == 303


def test_step_is_undone_from_the_page(office: Office) -> None:
    case = office.open()
    do(office, case, "register", "clerk", REGISTER)
    answer = send(browser(office, "clerk"), f"/kasus/{case}", "/batalkan")
    assert answer.status_code == 303
    assert waiting(office, case) == {"register": ""}


def test_page_says_why_a_step_cannot_be_undone(office: Office) -> None:
    case = parted(office)
    do(office, case, "visit", "visitor", VISITED)
    assert "Catatan kunjungan sudah disimpan" in read(browser(office, "visitor").get(f"/kasus/{case}"))


def test_answers_are_corrected_on_a_form_of_their_own(office: Office) -> None:
    case = joined(office)
    client = browser(office, "officer")
    page = client.get(f"/kasus/{case}").text
    link = re.search(rf'/kasus/{case}/koreksi/\d+">Koreksi: Cek DTSEN', page)
    assert link
    answer = send(
        client, link[0].split('"')[0], link[0].split('"')[0], **{"decile": "4", "act.reason": REASON}
    )
    assert answer.status_code == 303
    told = read(client.get(f"/kasus/{case}"))
    assert "Jawaban dikoreksi: Cek DTSEN" in told
    assert REASON in told


def test_correction_without_a_reason_keeps_what_was_typed(office: Office) -> None:
    case = joined(office)
    client = browser(office, "officer")
    page = client.get(f"/kasus/{case}").text
    link = re.search(rf'/kasus/{case}/koreksi/\d+(?=">Koreksi: Cek DTSEN)', page)
    assert link
    answer = send(client, link[0], link[0], decile="7")
    assert answer.status_code == 422
    assert re.search(r'name="decile" value="7"', answer.text)


def test_flag_is_set_and_cleared_from_the_page(office: Office) -> None:
    case = office.open()
    client = browser(office, "clerk")
    send(client, f"/kasus/{case}", "/penanda", flag="urgent-visit", reason=REASON)
    assert office.case(case).flags == ["urgent-visit"]
    assert "Perlu dikunjungi segera" in client.get(f"/kasus/{case}").text
    send(client, f"/kasus/{case}", "/penanda/lepas", reason=REASON)
    assert office.case(case).flags == []


def test_need_holds_up_the_close_until_it_has_an_outcome(office: Office) -> None:
    case = joined(office)
    do(office, case, "referral", "officer", REFER)
    do(office, case, "reply", "officer", {"reply": "accepted", "received_on": NOW.date()})
    client = browser(office, "clerk")
    send(client, f"/kasus/{case}", "/kebutuhan", complaint="lost-card")
    step = re.search(r"/langkah/\d+", client.get(f"/kasus/{case}").text)
    assert step
    late = send(client, f"/kasus/{case}", step[0], outcome="met", told="phone")
    assert late.status_code == 422
    assert "ada kebutuhan tanpa hasil" in late.text
    need = re.search(r"/kebutuhan/\d+", client.get(f"/kasus/{case}").text)
    assert need
    assert send(client, f"/kasus/{case}", need[0], outcome="met").status_code == 303


def test_manager_allows_the_close_from_the_page(office: Office) -> None:
    case = joined(office)
    with writing(office.engine) as session:
        add_need(office.at(session, "officer"), case, "lost-card")
    answer = send(browser(office, "manager"), f"/kasus/{case}", "/izin-tutup", reason=REASON)
    assert answer.status_code == 303
    assert office.case(case).may_close is True
    assert "/izin-tutup" not in browser(office, "clerk").get(f"/kasus/{case}").text


def test_further_referral_is_issued_beside_the_step(office: Office) -> None:
    case = parted(office)
    client = browser(office, "officer")
    page = f"/kasus/{case}/rujukan/referral"
    assert page in client.get(f"/kasus/{case}").text
    assert send(client, page, page, destination="dinsos").status_code == 422
    answer = send(client, page, page, destination="dinsos", request="Kepesertaan")
    assert answer.status_code == 303
    assert set(waiting(office, case)) == {"draft", "visit"}


def test_case_passes_to_another_office_on_screen(office: Office) -> None:
    case = parted(office)
    unknown = send(browser(office, "officer"), f"/kasus/{case}", "/limpahkan", area="Antah", reason=REASON)
    assert unknown.status_code == 422
    assert "Wilayah itu tidak ditemukan" in unknown.text
    assert 'value="Antah"' in unknown.text
    sent = send(browser(office, "officer"), f"/kasus/{case}", "/limpahkan", area="sumberagung", reason=REASON)
    assert sent.status_code == 303
    client = browser(office, "neighbour")
    assert REASON in client.get("/pelimpahan").text
    html = client.get("/pelimpahan").text
    form = next(each for each in Reader(html).forms if "/pelimpahan/" in each.action)
    taken = client.post(form.action, data={**dict(form.fields), "answer": "accept"})
    assert taken.headers["location"] == f"/kasus/{case}?notice=case-transferred"
    assert office.case(case).area == NEXT
    assert client.get(f"/kasus/{case}").status_code == 200
    assert browser(office, "officer").get(f"/kasus/{case}").status_code == 404


def test_case_is_returned_only_with_a_reason(office: Office) -> None:
    case = parted(office)
    send(browser(office, "officer"), f"/kasus/{case}", "/limpahkan", area=NEXT, reason=REASON)
    client = browser(office, "neighbour")
    form = next(
        each for each in Reader(client.get("/pelimpahan").text).forms if "/pelimpahan/" in each.action
    )
    sent = {**dict(form.fields), "answer": "return"}
    assert client.post(form.action, data={**sent, "reason": "bukan"}).status_code == 422
    key = {"key": "r" * 20}
    assert client.post(form.action, data={**sent, **key, "reason": "Bukan warga kami"}).status_code == 303
    with reading(office.engine) as session:
        assert session.get_one(Case, case).area != NEXT


def test_late_form_is_told_and_may_be_sent_again(office: Office) -> None:
    case = office.open()
    client = browser(office, "clerk")
    html = client.get(f"/kasus/{case}").text
    form = next(each for each in Reader(html).forms if each.action.endswith("/penanda"))
    do(office, case, "register", "clerk", REGISTER)
    late = client.post(form.action, data={**dict(form.fields), "flag": "urgent-visit", "reason": REASON})
    assert late.status_code == 409
    assert REASON in late.text
    assert office.case(case).flags == []


def test_double_click_sets_one_flag(office: Office) -> None:
    case = office.open()
    client = browser(office, "clerk")
    form = next(e for e in Reader(client.get(f"/kasus/{case}").text).forms if e.action.endswith("/penanda"))
    sent = {**dict(form.fields), "flag": "urgent-visit", "reason": REASON}
    assert [client.post(form.action, data=sent).status_code for _ in range(2)] == [303, 303]
    assert office.kinds(case).count("flag-set") == 1


def test_reader_without_work_is_offered_nothing(office: Office) -> None:
    case = office.open()
    page = browser(office, "auditor").get(f"/kasus/{case}").text
    assert "/kembalikan" not in page
    assert "/limpahkan" not in page
    answer = browser(office, "auditor").post(
        f"/kasus/{case}/penanda",
        data={"key": "k" * 20, "version": "1", "flag": "urgent-visit", "reason": REASON},
    )
    assert answer.status_code == 403
