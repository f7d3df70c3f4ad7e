"""The filter around the portal: error pages, numbers, limits while a body arrives, https, what is logged."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message
from worked import FORM, NOW, ORIGIN, Browser, demo_engine

from portal import demo
from portal.admin.patience import TooSlow, Untaken, arriving, taken
from portal.app import create_app
from portal.cli.log import Sparing
from portal.database import writing
from portal.settings import Settings
from portal.words import LANGUAGES

WORDS = LANGUAGES["id"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Gives a demonstration that nobody changes."""
    engine = demo_engine(tmp_path_factory.mktemp("requests"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def app(engine: Engine) -> ASGIApp:
    """Gives the portal over it."""
    return create_app(Settings(database=str(engine.url)), clock=lambda: NOW)


@pytest.mark.parametrize(
    ("method", "url", "headers", "status", "slug"),
    [
        ("GET", "/tugas?x=1", {}, 400, "bad"),
        ("GET", "/kasus/1%00", {}, 400, "bad"),
        ("GET", "/rilis", {}, 403, "forbidden"),
        ("GET", "/kasus/987654", {}, 404, "missing"),
        ("PUT", "/tugas", {}, 405, "method"),
        ("GET", "/keluar", {}, 405, "method"),
        ("POST", "/cari", {"origin": "https://jahat.example"}, 403, "foreign"),
        ("POST", "/cari", {**ORIGIN, "content-length": "99999999"}, 413, "large"),
        ("POST", "/cari", {**ORIGIN, "content-type": "text/plain"}, 415, "bad"),
    ],
)
def test_refusals_keep_menu_and_search(
    app: ASGIApp, method: str, url: str, headers: dict[str, str], status: int, slug: str
) -> None:
    answer = Browser(app, "front-office").client.request(method, url, headers=headers)
    assert answer.status_code == status
    assert WORDS[f"screen-error-{slug}-title"] in answer.text
    assert 'class="menu"' in answer.text
    assert 'role="search"' in answer.text


def test_refusals_speak_the_readers_language(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    browser.client.cookies.set("language", "en")
    assert LANGUAGES["en"]["screen-error-method-title"] in browser.client.put("/tugas").text


def test_refusal_has_a_number_that_the_log_has(app: ASGIApp, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="portal"):
        page = Browser(app, "front-office").client.get("/tugas?x=1").text
    (number,) = re.findall(r"refused ([0-9a-f]{8}) 400", caplog.text)
    assert number in page


def test_small_answers_for_regions_and_scripts(app: ASGIApp) -> None:
    client = Browser(app, "front-office").client
    region = client.get("/tugas?x=1", headers={"hx-request": "true"})
    assert "<html" not in region.text
    assert WORDS["screen-error-bad-title"] in region.text
    said = client.get("/kasus/987654", headers={"accept": "application/json"})
    assert said.headers["content-type"] == "application/problem+json"
    assert said.json()["status"] == 404


def test_wrong_host_gets_a_bare_sentence(app: ASGIApp) -> None:
    answer = TestClient(app, base_url="http://jahat.example").get("/masuk")
    assert (answer.status_code, answer.text) == (400, WORDS["app-host"])
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_busy_database_is_told_from_a_broken_one(tmp_path: Path) -> None:
    engine = demo_engine(tmp_path)
    client = Browser(create_app(Settings(database=f"{engine.url}?timeout=0"), clock=lambda: NOW)).client
    said = {"username": "front-office", "password": demo.PASSWORD}
    with writing(engine) as session:
        session.execute(text("UPDATE account SET label = label"))
        answer = client.post("/masuk", data=said, headers=ORIGIN)
    assert answer.status_code in (303, 503)
    engine.dispose()


def test_https_answers_bind_browsers_to_it(app: ASGIApp) -> None:
    client = TestClient(app, base_url="https://localhost", follow_redirects=False)
    said = {"username": "front-office", "password": demo.PASSWORD}
    answer = client.post("/masuk", data=said, headers={"origin": "https://localhost"})
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert answer.headers["set-cookie"].startswith("__Host-portal_session=")
    assert client.get("/tugas").status_code == 200
    token = client.cookies["__Host-portal_session"]
    planted = TestClient(app, base_url="https://localhost", follow_redirects=False)
    assert planted.get("/tugas", headers={"cookie": f"portal_session={token}"}).status_code == 303


def test_body_without_a_length_is_cut_off(app: ASGIApp) -> None:
    pieces = (b"a" * 100_000 for _ in range(40))
    assert Browser(app).client.post("/masuk", content=pieces, headers=FORM).status_code == 413


def test_body_that_does_not_arrive_is_given_up() -> None:
    async def silent() -> Message:
        await asyncio.sleep(60)
        return {}

    async def wait() -> None:
        await arriving(silent, 0.05)()

    with pytest.raises(TooSlow):
        asyncio.run(wait())


def test_answer_that_is_not_taken_is_given_up() -> None:
    async def full(message: Message) -> None:
        await asyncio.sleep(60)

    async def wait() -> None:
        await taken(full, 0.05)({"type": "http.response.body"})

    with pytest.raises(Untaken):
        asyncio.run(wait())


def test_log_spares_the_disk_and_says_how_much_it_left_out() -> None:
    now = [0.0]
    sparing = Sparing(burst=3, seconds=10, clock=lambda: now[0])

    def record() -> Any:
        return logging.LogRecord("portal", logging.ERROR, "", 0, "again", (), None)

    assert [sparing.filter(record()) for _ in range(100)].count(True) == 3
    now[0] = 10.0
    last = record()
    assert sparing.filter(last)
    assert "97" in last.getMessage()
