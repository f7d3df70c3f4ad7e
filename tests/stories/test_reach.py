"""Who reaches which worked case over HTTP, and that everything else is as if it did not exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from starlette.types import ASGIApp
from worked import LOGINS, Browser, case_of, cases_in, letters_of

from portal import demo
from portal.database import reading
from portal.tables import Case

BENDA = "32.02.16.2004"
STORIES: list[Mapping[str, Any]] = list(demo.stories())
VILLAGE = {"front-office", "back-office"}
DISTRICT = {"secretariat", "manager"}
EVERYWHERE = DISTRICT | {"auditor"}
"""Who sees what is not sensitive of the whole district."""
SEES: Mapping[str, set[str]] = {
    "1": VILLAGE | EVERYWHERE | {"supervisor", "facilitator"},
    "2": EVERYWHERE,
    "3": EVERYWHERE,
    "4": EVERYWHERE,
    "5": DISTRICT,
    "6": VILLAGE | EVERYWHERE | {"supervisor", "facilitator"},
    "7": EVERYWHERE,
    "8": DISTRICT,
    "9": EVERYWHERE,
    "10": EVERYWHERE,
    "11-01": EVERYWHERE,
    "12": DISTRICT,
    "13": DISTRICT,
}
"""Who reaches each of the thirteen cases."""


def count(engine: Engine, table: type[Any]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("login", LOGINS)
def test_everybody_begins_at_a_useful_page(people: Mapping[str, Browser], login: str) -> None:
    browser = people[login]
    browser.get("/")
    first = {"district-staff": "/atur", "auditor": "/kasus"}
    assert browser.asked[-1] == first.get(login, "/tugas")
    assert browser.page.status_code == 200
    assert len(browser.seen.links) > 5


@pytest.mark.parametrize("story", SEES)
def test_worked_case_is_seen_by_who_should(shared: Engine, people: Mapping[str, Browser], story: str) -> None:
    case = case_of(shared, story)
    answers = {login: people[login].client.get(f"/kasus/{case}").status_code for login in LOGINS}
    assert answers == {login: 200 if login in SEES[story] else 404 for login in LOGINS}


@pytest.mark.parametrize("story", SEES)
def test_letters_that_a_story_names_are_on_its_page(
    shared: Engine, people: Mapping[str, Browser], story: str
) -> None:
    told = next(each for each in STORIES if str(each["id"]) == story)
    browser, case = people["manager"], case_of(shared, story)
    browser.get(f"/kasus/{case}")
    links = {link for link in browser.seen.links if re.fullmatch(r"/surat/\d+", link)}
    assert links == {f"/surat/{key}" for key in letters_of(shared, case)}
    assert len(links) >= len(told.get("letters") or ())
    for link in links:
        answer = browser.client.get(link)
        if "html" in answer.headers["content-type"]:  # its paper tells what is masked for a manager
            answer = browser.post(f"{link}/buka", {"reason": "mencocokkan berkas warga"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")


@pytest.mark.parametrize("login", ["front-office", "back-office", "secretariat"])
def test_who_sees_all_of_a_case_prints_its_letters_without_a_reason(
    shared: Engine, people: Mapping[str, Browser], login: str
) -> None:
    answers = [people[login].client.get(f"/surat/{key}") for key in letters_of(shared, case_of(shared, "1"))]
    assert {(each.status_code, each.headers["content-type"]) for each in answers} == {
        (200, "application/pdf")
    }


def same(browser: Browser, url: str, key: int) -> tuple[int, str]:
    """Returns an answer with its own key taken out."""
    answer = browser.client.get(url.format(key))
    return answer.status_code, answer.text.replace(url.format(key), url)


@pytest.mark.parametrize(
    "login", ["front-office", "back-office", "facilitator", "supervisor", "district-staff"]
)
def test_people_of_another_area_do_not_exist(
    shared: Engine, people: Mapping[str, Browser], login: str
) -> None:
    browser, case = people[login], case_of(shared, "2")
    with reading(shared) as session:
        resident = session.get_one(Case, case).resident_id or 0
        number = session.get_one(Case, case).number
    for url, key in (
        ("/kasus/{}", case),
        ("/surat/{}", letters_of(shared, case)[0]),
        ("/data/resident/details/{}", resident),
        ("/data/resident/edit/{}", resident),
    ):
        assert same(browser, url, key) == same(browser, url, 987654321)
        assert same(browser, url, key)[0] in (403, 404)
    for words in ("Kasdi", "3202162902689902", "3202160507129902", number):
        page = browser.post("/cari", {"words": words}).text
        assert f'href="/kasus/{case}"' not in page
        assert f"/data/resident/details/{resident}" not in page
        assert "Buruh" not in page


def test_village_lists_and_counts_only_its_own(shared: Engine, people: Mapping[str, Browser]) -> None:
    browser = people["front-office"]
    cases = browser.get("/kasus")
    assert "Kasdi" not in cases.text
    mine = {f"/kasus/{case_of(shared, story)}" for story in ("1", "6", "today-1", "today-2", "today-3")}
    assert {link for link in browser.seen.links if re.fullmatch(r"/kasus/\d+", link)} == mine
    assert f"Kasus ({len(mine)})" in cases.text
    residents = browser.get("/data/resident/list").text
    assert "Sumarni" in residents
    assert "Kasdi" not in residents


def test_look_up_offers_nobody_of_another_area(people: Mapping[str, Browser]) -> None:
    browser = people["front-office"]
    for words, found in (("Sumarni", True), ("Kasdi", False), ("3202162902689902", False)):
        browser.get("/aduan/baru")
        page = browser.send("/aduan/baru", "find", words=words).text
        assert (re.search(r'name="who" value="\d+"', page) is not None) is found


def test_rule_keeper_sees_no_case_and_no_person(shared: Engine, people: Mapping[str, Browser]) -> None:
    browser = people["district-staff"]
    for url in (
        "/tugas",
        "/kasus",
        "/aduan/baru",
        "/data/resident/list",
        "/data/household/list",
        "/data/visit/list",
        "/data/answers.pbi-new/list",
    ):
        assert browser.client.get(url).status_code == 403, url
    for case in cases_in(shared, "18.10.03.2007"):
        assert browser.client.get(f"/kasus/{case}").status_code == 404
    assert "Sumarni" not in browser.post("/cari", {"words": "Sumarni"}).text.replace('value="Sumarni"', "")
    assert browser.post("/data/resident/export/csv", {}).status_code == 403


def test_masked_roles_read_no_identity_number(people: Mapping[str, Browser], shared: Engine) -> None:
    case, roles = case_of(shared, "1"), ("front-office", "supervisor", "manager")
    shown = ["1810035408949901" in people[login].get(f"/kasus/{case}").text for login in roles]
    assert shown == [True, False, False]


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "9223372036854775808", "1e3", "-1", "%00"])
@pytest.mark.parametrize("url", ["/kasus/{}", "/surat/{}", "/data/visit/details/{}", "/data/visit/edit/{}"])
def test_address_that_nothing_can_have_is_missing(people: Mapping[str, Browser], url: str, key: str) -> None:
    refused = 400 if "%" in key else 404
    assert people["secretariat"].client.get(url.format(key)).status_code == refused


@pytest.mark.parametrize("login", ["front-office", " Front-Office "])
def test_account_enters_with_its_password(app: ASGIApp, login: str) -> None:
    assert "Sekar Contoh" in Browser(app, login, demo.PASSWORD).get("/").text


def test_nobody_enters_without_a_password(app: ASGIApp) -> None:
    browser = Browser(app)
    for url in ("/", "/tugas", "/kasus", "/kasus/1", "/surat/1", "/data/resident/list", "/rilis", "/cari"):
        assert browser.client.get(url).headers.get("location") == "/masuk", url
    for password in ("salah", ""):
        page = browser.post("/masuk", {"username": "front-office", "password": password})
        assert (page.status_code, "set-cookie" in page.headers) == (400, False)
        assert "salah" in page.text


def test_logging_out_ends_the_session(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    token = browser.client.cookies["portal_session"]
    browser.post("/keluar", {})
    browser.client.cookies.set("portal_session", token)
    assert browser.client.get("/tugas").headers["location"] == "/masuk"
