"""One look: what a browser asks for on every page, and what pages say that have nothing to show."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, delete, select, update
from starlette.types import ASGIApp
from worked import NOW, Browser, demo_engine, mark_printed

from portal.app import create_app
from portal.settings import Settings
from portal.tables import Case, Task

LOADED = re.compile(
    r"""<(?:link|script|img|iframe|source|object|embed)\b[^>]*?(?:href|src|data)=["']([^"']+)"""
)
STRANGE = re.compile(r"tabler|jquery|select2|font-?awesome|bootstrap|flatpickr|cdn|\bstyle=", re.I)
BEGIN = ("/tugas", "/tim", "/tugas/bagi", "/kasus", "/aduan/baru", "/rilis", "/akun", "/data/resident/list")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = demo_engine(tmp_path_factory.mktemp("look"))
    mark_printed(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def app(engine: Engine) -> ASGIApp:
    return create_app(Settings(database=str(engine.url)), clock=lambda: NOW)


def walk(browser: Browser) -> Iterator[tuple[str, str]]:
    """Yields address and text of every kind of page that somebody reaches by links, two of each kind."""
    waiting, seen, kinds = list(BEGIN), set[str](), dict[str, int]()
    while waiting:
        url = waiting.pop(0).partition("#")[0]
        kind = re.sub(r"\d+", "#", url)
        if url in seen or not url.startswith("/") or kinds.get(kind, 0) >= 2:
            continue
        seen.add(url)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = browser.get(url)
        if "html" in answer.headers.get("content-type", ""):
            yield url, answer.text
            waiting += browser.seen.links if answer.status_code == 200 else ()


@pytest.mark.parametrize("login", ["back-office", "manager"])
def test_pages_ask_for_nothing_but_ours(app: ASGIApp, login: str) -> None:
    wrong, pages, asked = [], 0, set[str]()
    for url, text in walk(Browser(app, login)):
        pages += 1
        loaded = LOADED.findall(text)
        asked.update(loaded)
        wrong += [
            f"{url}: {each}" for each in loaded if not re.match(r"/(static|lapangan|kasus/\d+/foto)/", each)
        ]
        markup = re.sub(r">[^<]*<", "><", text)
        wrong += [f"{url}: {found[0]}" for found in STRANGE.finditer(markup)]
    assert wrong == []
    assert pages > 8
    # One style for every page, and one more where a letter is shown or the rules are changed.
    styles = {each.rpartition("/")[2] for each in asked if each.endswith(".css")}
    assert "portal.css" in styles <= {"portal.css", "letters.css", "studio.css", "editor.css"}, asked


def test_style_and_scripts_name_no_other_place(app: ASGIApp) -> None:
    browser = Browser(app, "manager")
    page = browser.get("/tugas").text
    for url in LOADED.findall(page):
        answer = browser.client.get(url)
        assert answer.status_code == 200, url
        assert not re.search(r"@import|@font-face|https?://(?!www\.w3\.org)", answer.text), url


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ASGIApp]:
    """The same office on a day on which nothing is left: no open task, no case that anybody sees."""
    copied = demo_engine(tmp_path_factory.mktemp("empty"))
    with copied.begin() as connection:
        connection.execute(delete(Task).where(Task.status == "open"))
        connection.execute(update(Case).values(area="99.99.99.9999"))
        connection.exec_driver_sql("UPDATE record_resident SET area = '99.99.99.9999'")
        connection.exec_driver_sql("UPDATE record_household SET area = '99.99.99.9999'")
        assert connection.scalar(select(Task.id).where(Task.status == "open")) is None
    yield create_app(Settings(database=str(copied.url)), clock=lambda: NOW)
    copied.dispose()


@pytest.mark.parametrize(
    ("login", "url", "says"),
    [
        ("back-office", "/tugas", "Catat aduan baru"),
        ("back-office", "/tugas?kelompok=late", "Lihat semua tugas"),
        ("back-office", "/kasus", "kasus"),
        ("manager", "/tugas/bagi", "tugas"),
        ("manager", "/tim", "Semua tugas sudah ada yang memegang"),
        ("back-office", "/data/resident/list", "baru"),
        ("back-office", "/data/household/list", "baru"),
    ],
)
def test_empty_pages_say_what_to_do(empty: ASGIApp, login: str, url: str, says: str) -> None:
    browser = Browser(empty, login)
    page = browser.get(url)
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert page.status_code == 200
    assert says in main
    assert re.search(r"<(?:a|button)\b", main), "there is a way on"
    assert not re.search(r"<tbody>\s*</tbody>", main), "no empty table"
