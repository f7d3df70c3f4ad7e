"""Versions on screen: what a case's page says of them, moving cases, and a form that was open meanwhile."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from casework import LISTED, PAPERS, PEOPLE, REGISTER, Office, copied
from moves import at_verify, meant, moved, number_of, publish, sound, steps, without_verify
from shapes import rows
from small import NOW
from sqladmin.authentication import AuthenticationBackend
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from portal.access import Actor
from portal.admin.desk import PAGES
from portal.admin.site import build_site
from portal.chain import READS

NEWER = {"visit": {"label": "Kunjungan rumah", "within": "5 working days"}}

KEY = {"key": "k" * 20}


class ByHeader(AuthenticationBackend):
    """Lets in whom the header `x-actor` names."""

    def __init__(self) -> None:
        self.middlewares = []

    async def authenticate(self, request: Request) -> Response | bool:
        """Sets who asks."""
        request.state.actor = PEOPLE[request.headers["x-actor"]]
        return True

    async def get_user_id(self, request: Request) -> int | None:
        """Returns the account of who asks."""
        actor: Actor = request.state.actor
        return actor.account_id


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = copied(tmp_path)
    publish(made, steps())
    return made


def browser(office: Office, who: str) -> TestClient:
    """Returns a browser of a person on a site that serves what is in force now."""
    site = build_site(office.live, office.engine, ByHeader(), PAGES, clock=lambda: NOW)
    return TestClient(site, follow_redirects=False, headers={"x-actor": who})


def told(office: Office) -> dict[str, list[Any]]:
    """Returns every row but those that looking writes: the access log, and the head of its chain."""
    found = rows(office.engine)
    heads = [head for head in found["chain_head"] if head[0] != READS.id]
    return {**found, "access_log": [], "chain_head": heads}


def read(answer: Any) -> str:
    """Returns the text of a page without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def fields(page: Any) -> dict[str, str]:
    """Returns the hidden fields of the step's form."""
    form = page.text[page.text.index("/langkah/") :]
    return dict(
        re.findall(r'<input type="hidden" name="(key|version|sop-version)" value="([^"]*)"', form)[:3]
    )


def typed(**more: str) -> dict[str, str]:
    return {
        "reason": "chronic",
        "note": "Tulisan panjang",
        "doc-ktp": "brought",
        "doc-kk": "to-follow",
        **more,
    }


def test_case_says_which_version_it_follows_and_what_is_new(office: Office) -> None:
    case = office.open()
    publish(office, steps(**NEWER))
    page = read(browser(office, "manager").get(f"/kasus/{case}"))
    assert "SOP versi 2" in page
    assert "Kasus ini mengikuti versi 2; versi terbaru SOP ini 3." in page
    assert 'Nama langkah "Kunjungan" menjadi "Kunjungan rumah".' in page
    assert "Pindahkan kasus ke versi 3" in page
    assert "Pindahkan kasus" not in read(browser(office, "clerk").get(f"/kasus/{case}"))


def test_case_on_the_newest_version_says_no_more(office: Office) -> None:
    page = read(browser(office, "manager").get(f"/kasus/{office.open()}"))
    assert "versi terbaru" not in page
    assert "Kembalikan ke versi" not in page


def test_page_judges_every_case_and_moves_them(office: Office) -> None:
    first, second = office.open(), at_verify(office)
    publish(office, without_verify(**NEWER))
    who = browser(office, "manager")
    assert "2 kasus pada versi 2; versi terbaru 3" in read(who.get("/rilis/pindah"))
    page = read(who.get("/rilis/pindah?sop=pbi&dari=2"))
    assert 'Langkah "Verifikasi" dihapus.' in page
    assert "Pindahkan 1 kasus" in page
    chosen = "/rilis/pindah?sop=pbi&dari=2&map-verify=draft"
    assert "Verifikasi → Menyiapkan rujukan" in read(who.get(chosen))
    sent = KEY | {"sop": "pbi", "dari": "2", "ke": "3", "map-verify": "draft", "alasan": "Aturan baru"}
    answer = who.post("/rilis/pindah", data=sent)
    assert answer.status_code == 303
    assert "Tidak ada kasus berjalan pada versi 2." in read(who.get(answer.headers["location"]))
    assert [number_of(office, case) for case in (first, second)] == [3, 3]
    story = read(who.get(f"/kasus/{second}"))
    assert "Kasus pindah ke versi 3 SOP: Menyiapkan rujukan. Aturan baru" in story
    assert who.post("/rilis/pindah", data=sent).status_code == 303
    assert sound(office)


def test_looking_changes_nothing(office: Office) -> None:
    at_verify(office)
    publish(office, without_verify(**NEWER))
    before, who = told(office), browser(office, "manager")
    for address in ("", "?sop=pbi&dari=2", "?sop=pbi&dari=2&map-verify=draft"):
        assert who.get(f"/rilis/pindah{address}").status_code == 200
    assert told(office) == before


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("sop=pbk&dari=2", 404),
        ("sop=pbi&dari=9", 404),
        ("sop=pbi&dari=3", 404),
        ("sop=pbi&dari=x", 404),
        ("sop=pbi&dari=2&map-visit=draft", 400),
        ("sop=pbi&dari=2&map-verify=nothing", 400),
    ],
)
def test_address_that_makes_no_sense_is_told_so(office: Office, query: str, status: int) -> None:
    publish(office, without_verify(**NEWER))
    assert browser(office, "manager").get(f"/rilis/pindah?{query}").status_code == status


def test_what_was_not_reviewed_is_not_moved(office: Office) -> None:
    case = office.open()
    publish(office, steps(**NEWER))
    publish(office, steps())
    sent = KEY | {"sop": "pbi", "dari": "2", "ke": "3"}
    assert browser(office, "manager").post("/rilis/pindah", data=sent).status_code == 409
    assert number_of(office, case) == 2


@pytest.mark.parametrize("who", ["clerk", "officer", "auditor"])
def test_moving_is_not_for_everybody(office: Office, who: str) -> None:
    case = office.open()
    publish(office, steps(**NEWER))
    person = browser(office, who)
    assert person.get("/rilis/pindah").status_code == 403
    assert person.post("/rilis/pindah", data=KEY | {"sop": "pbi", "dari": "2", "ke": "3"}).status_code == 403
    moved(office, meant(office))
    assert person.post(f"/kasus/{case}/versi", data=KEY | {"version": "2"}).status_code in (403, 404)
    assert number_of(office, case) == 3


def test_who_sees_the_rules_moves_no_case_without_publishing(office: Office) -> None:
    case = office.open()
    looking = {"roles/manager/may": ["register", "work", "assign", "approve", "print", "releases"]}
    publish(office, steps(**NEWER), **looking)
    person = browser(office, "manager")
    page = person.get("/rilis/pindah?sop=pbi&dari=2")
    assert (page.status_code, 'name="ke"' in page.text) == (200, False)
    sent = KEY | {"sop": "pbi", "dari": "2", "ke": "3"}
    assert person.post("/rilis/pindah", data=sent).status_code == 403
    assert "Pindahkan kasus" not in read(person.get(f"/kasus/{case}"))
    moved(office, meant(office))
    assert person.post(f"/kasus/{case}/versi", data=KEY | {"version": "2"}).status_code == 403
    assert number_of(office, case) == 3


def test_move_is_taken_back_by_a_button_until_the_next_act(office: Office) -> None:
    case = office.open(papers=PAPERS)
    publish(office, steps(**NEWER))
    moved(office, meant(office))
    who = browser(office, "manager")
    assert "Kembalikan ke versi 2" in read(who.get(f"/kasus/{case}"))
    assert who.post(f"/kasus/{case}/versi", data=KEY | {"version": "2"}).status_code == 303
    assert number_of(office, case) == 2
    moved(office, meant(office))
    office.do(case, "clerk", REGISTER)
    assert "Kembalikan ke versi" not in read(who.get(f"/kasus/{case}"))
    assert who.post(f"/kasus/{case}/versi", data={"key": "l" * 20, "version": "5"}).status_code == 409
    assert number_of(office, case) == 3


def test_form_open_during_a_move_is_kept_and_sent_again(office: Office) -> None:
    case = office.open()
    clerk = browser(office, "clerk")
    hidden, task = fields(clerk.get(f"/kasus/{case}")), office.task(case).id
    publish(office, steps(**NEWER))
    moved(office, meant(office))
    before, clerk = told(office), browser(office, "clerk")
    answer = clerk.post(f"/kasus/{case}/langkah/{task}", data=typed(**hidden))
    assert answer.status_code == 409
    assert "Kasus ini dipindahkan ke versi SOP yang lain" in read(answer)
    assert 'value="Tulisan panjang"' in answer.text
    assert re.search(r'value="chronic"[^>]* checked', answer.text)
    assert re.search(r'name="doc-ktp" value="brought" checked', answer.text)
    assert told(office) == before
    again = clerk.post(f"/kasus/{case}/langkah/{task}", data=typed(**fields(answer)))
    assert again.status_code == 303
    assert office.task(case).step == "registry"


def test_form_of_somebody_who_no_longer_does_the_step_is_shown_to_them(office: Office) -> None:
    case = at_verify(office)
    office.do(case, "officer", {})
    clerk = browser(office, "officer")
    hidden, task = fields(clerk.get(f"/kasus/{case}")), office.task(case).id
    publish(office, steps(draft={"role": "manager"}))
    moved(office, meant(office))
    answer = browser(office, "officer").post(
        f"/kasus/{case}/langkah/{task}", data={**hidden, "urgency": "Segera sekali"}
    )
    assert answer.status_code == 409
    assert "Kesegeraan Segera sekali" in read(answer)


def test_new_words_do_not_disturb_an_open_form(office: Office) -> None:
    case = office.open()
    clerk = browser(office, "clerk")
    hidden, task = fields(clerk.get(f"/kasus/{case}")), office.task(case).id
    publish(office, steps(register={"label": "Penerimaan"}), **{"sops/pbi/follow": "wording"})
    answer = browser(office, "clerk").post(f"/kasus/{case}/langkah/{task}", data=typed(**hidden))
    assert answer.status_code == 303
    page = read(browser(office, "clerk").get(f"/kasus/{case}"))
    assert "Kata-kata SOP diperbarui; kasus mengikuti versi 3" in page


def test_history_of_steps_that_are_gone_keeps_their_names(office: Office) -> None:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    office.do(case, "officer", LISTED)
    office.do(case, "officer", {})
    publish(office, without_verify())
    moved(office, meant(office))
    page = read(browser(office, "officer").get(f"/kasus/{case}"))
    assert "Langkah selesai: Verifikasi" in page
    assert page.count("Verifikasi") >= 2
