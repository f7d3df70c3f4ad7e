"""The whole portal as an ASGI app: Releases are swapped in, languages are kept, errors tell nothing."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from casework import HERE, SCHEMA, TEMPLATES, copied
from httpx2 import Response
from shapes import rows
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from worked import LOGINS, NOW, ORIGIN, Browser, Reader, demo_engine, mark_printed

from portal import accounts, demo
from portal.access import SYSTEM, Granted
from portal.admin.shield import HEADERS, LARGEST_BODY, told
from portal.app import create_app
from portal.database import engine_of, writing
from portal.letters.files import letter_files
from portal.load import load
from portal.migrate import apply
from portal.settings import Settings
from portal.words import LANGUAGES

NIK = "1810035408949901"
EACH = 2
"""So many addresses of each kind are walked to."""


def served(engine: Engine) -> ASGIApp:
    return create_app(Settings(database=str(engine.url)), clock=lambda: NOW)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return demo_engine(tmp_path)


@pytest.fixture
def app(engine: Engine) -> ASGIApp:
    return served(engine)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Somebody outside."""
    app = served(demo_engine(tmp_path_factory.mktemp("outside")))
    return TestClient(app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False)


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    app = create_app(Settings(database=f"sqlite:///{tmp_path / 'new.db'}"))
    answer = TestClient(app, base_url="http://localhost").get("/")
    assert (answer.status_code, answer.text) == (503, LANGUAGES["id"]["app-no-release"])
    assert answer.headers["x-frame-options"] == "DENY"


def test_first_release_is_served_without_a_restart(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'new.db'}"
    app = create_app(Settings(database=database))
    assert TestClient(app, base_url="http://localhost").get("/masuk").status_code == 503
    apply(engine_of(database), SCHEMA, {}, TEMPLATES, actor=SYSTEM, now=NOW)
    assert TestClient(app, base_url="http://localhost").get("/masuk").status_code == 200


def edited(folder: Path) -> None:
    """Adds a field to the residents of a schema folder, as staff would."""
    file = folder / "records.yaml"
    before = file.read_text("utf-8")
    field = "      nickname: {label: Nama panggilan, type: text}\n"
    after = re.sub(r"(  resident:\n(?:.*\n)*?    fields:\n)", rf"\g<1>{field}", before, count=1)
    head, resident, rest = after.partition("  resident:\n")
    for key in ("list", "search"):
        rest = re.sub(rf"(?m)^    {key}: \[", f"    {key}: [nickname, ", rest, count=1)
    file.write_text(head + resident + rest, "utf-8")


def test_field_added_by_another_process_is_there_at_the_next_request(
    engine: Engine, app: ASGIApp, tmp_path: Path
) -> None:
    browser = Browser(app, "secretariat")
    assert "Nama panggilan" not in browser.get("/data/resident/create").text
    shutil.copytree("schema", tmp_path / "schema")
    edited(tmp_path / "schema")
    loaded = load(tmp_path / "schema")
    assert loaded.schema is not None, loaded.diagnostics
    templates = letter_files(Path("templates/letters"))
    apply(engine_of(str(engine.url)), loaded.schema, loaded.sources, templates, actor=SYSTEM, now=NOW)

    browser.get("/data/resident/list")
    newest = next(link for link in browser.seen.links if "/details/" in link)
    browser.get(newest.replace("details", "edit"))
    assert browser.send("/data/resident/edit/", nickname="Yuyun Contoh").status_code == 303
    assert "Yuyun Contoh" in browser.follow().text
    listed = browser.get("/data/resident/list").text
    assert "Nama panggilan" in listed
    assert "Yuyun Contoh" in listed
    browser.post("/cari", {"words": "yuyun"})
    assert newest in browser.seen.links
    asked = [("alasan", "Laporan bulanan"), ("kolom", "nickname")]
    exported = browser.post("/data/resident/export/csv", asked)
    assert exported.status_code == 200
    assert "Yuyun Contoh" in exported.content.decode("utf-8-sig")


def test_two_apps_do_not_see_each_other(app: ASGIApp, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    small = copied(tmp_path / "small")
    grants = (Granted(role="back-office", area=HERE),)
    with writing(small.engine) as session:
        accounts.create(
            session,
            login="front-office",
            label="Budi Contoh",
            password="sandi-yang-lain",
            grants=grants,
            actor=SYSTEM,
            now=NOW,
        )
    one, other = (
        Browser(app, "front-office"),
        Browser(served(small.engine), "front-office", "sandi-yang-lain"),
    )
    for _ in range(2):
        assert "Siti Contoh" not in one.get("/data/resident/list").text
        assert "Siti Contoh" in other.get("/data/resident/list").text
        assert "Sumarni" in one.get("/data/resident/list").text
        assert "Sumarni" in one.get("/kasus").text
        assert "Sumarni" not in other.get("/kasus").text
        assert (one.get("/tugas").status_code, other.get("/tugas").status_code) == (200, 200)
    assert other.get("/data/reference.programs/details/pkh").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://lain.example"},
        {"origin": "null"},
        {"origin": "http://localhost.lain.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("url", ["/masuk", "/bahasa", "/keluar", "/kasus/1/langkah/1", "/cari"])
def test_request_of_another_site_is_refused(client: TestClient, url: str, headers: dict[str, str]) -> None:
    answer = client.post(url, data={"language": "en"}, headers=headers)
    assert answer.status_code == 403
    assert LANGUAGES["id"]["screen-error-foreign"] in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_served(client: TestClient, method: str) -> None:
    assert client.request(method, "/masuk", headers=ORIGIN).status_code == 405


@pytest.mark.parametrize("length", [str(LARGEST_BODY + 1), "9" * 40, "²", "-1", "x"])
def test_body_that_is_too_large_is_refused(client: TestClient, length: str) -> None:
    headers = {**ORIGIN, "content-length": length.encode("latin-1")}
    answer = client.post("/masuk", content=b"", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413


def test_every_answer_has_the_safe_headers(app: ASGIApp) -> None:
    browser, client = Browser(app, "front-office"), Browser(app).client
    pages: list[Response] = [
        client.get("/masuk"),
        client.get("/"),
        client.get("/tidak/ada"),
        browser.get("/tugas"),
        browser.get("/kasus/99"),
        client.get(re.findall(r'href="(/static/[^"]+)"', browser.get("/tugas").text)[0]),
        client.post("/bahasa", data={"language": "en"}, headers={"origin": "https://lain.example"}),
    ]
    for page in pages:
        assert {name: page.headers.get(name.lower()) for name in HEADERS} == HEADERS


def test_pages_with_data_are_kept_by_no_cache(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    assert {browser.get(url).headers["cache-control"] for url in ("/tugas", "/kasus/1")} == {"no-store"}


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app: ASGIApp) -> None:
    client = TestClient(app, follow_redirects=False, base_url="https://localhost")
    said = {"username": "front-office", "password": demo.PASSWORD}
    cookie = client.post("/masuk", data=said, headers={"origin": "https://localhost"}).headers["set-cookie"]
    assert {"httponly", "samesite=lax", "secure"} <= {part.strip().lower() for part in cookie.split(";")}


# What happens when something breaks.


@dataclass(frozen=True, kw_only=True)
class Broken:
    answer: Response
    log: str


def broken(
    engine: Engine, app: ASGIApp, caplog: pytest.LogCaptureFixture, table: str, language: str
) -> Broken:
    """Lets somebody search while a table is missing."""
    browser = Browser(app, "front-office")
    browser.client.cookies.set("language", language)
    with writing(engine) as session:
        session.execute(text("PRAGMA foreign_keys=OFF"))
        session.execute(text(f'ALTER TABLE "{table}" RENAME TO "hidden"'))
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        answer = browser.post("/cari", {"words": "Contoh"})
    return Broken(answer=answer, log=caplog.text)


@pytest.mark.parametrize(("table", "language"), [("case", "en"), ("account", "id"), ("release", "en")])
def test_unexpected_error_tells_the_reader_a_number_only(
    engine: Engine, app: ASGIApp, caplog: pytest.LogCaptureFixture, table: str, language: str
) -> None:
    found = broken(engine, app, caplog, table, language)
    words = LANGUAGES[language]
    assert found.answer.status_code == 500
    assert not re.search(r"Traceback|sqlite|Operational|no such|SELECT", found.answer.text)
    begin = words["app-error"].partition("{number}")[0]
    assert begin in found.answer.text or words["screen-error-broken-title"] in found.answer.text
    (number,) = re.findall(r"error ([0-9a-f]{8})", found.log)
    assert number in found.answer.text
    assert "no such table" in found.log
    assert NIK not in found.log


def test_log_has_where_an_error_happened_and_not_what_was_typed() -> None:
    try:
        try:
            int(f"{NIK} Sumarni")
        except ValueError as inner:
            raise KeyError("Sumarni") from inner
    except KeyError as error:
        said = told(error)
    assert "Sumarni" not in said.replace('raise KeyError("Sumarni")', "").replace('f"{NIK} Sumarni"', "")
    assert NIK not in said
    assert {"builtins.KeyError", "builtins.ValueError"} <= set(said.splitlines())
    assert "test_app.py" in said


# Walking through every page.


def kind(url: str) -> str:
    """What an address has in common with others of its kind."""
    path, _, query = url.partition("?")
    names = ",".join(sorted(part.partition("=")[0] for part in query.split("&")))
    return f"{re.sub(r'[0-9]+', '#', re.sub(r'reference[.][a-z]+/details/.*', 'reference/#', path))}?{names}"


def walk(browser: Browser) -> dict[str, Response]:
    """Returns the pages that a person can reach by links, a few of each kind."""
    found: dict[str, Response] = {}
    kinds: dict[str, int] = {}
    waiting = ["/", "/cari", "/masuk", "/tugas", "/kasus", "/rilis", "/aduan/baru", "/kasus/99", "/surat/99"]
    while waiting:
        url = waiting.pop(0).partition("#")[0]
        if not url.startswith("/") or url in found or kinds.get(kind(url), 0) >= EACH:
            continue
        kinds[kind(url)] = kinds.get(kind(url), 0) + 1
        found[url] = browser.client.get(url)
        if found[url].headers.get("content-type", "").startswith("text/html"):
            waiting += Reader(found[url].text).links
        waiting += [found[url].headers["location"]] if "location" in found[url].headers else []
    return found


@dataclass(frozen=True, kw_only=True)
class Walked:
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    pages: Mapping[str, Mapping[str, Response]]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    engine = demo_engine(tmp_path_factory.mktemp("walk"))
    mark_printed(engine)
    app = served(engine)
    browsers = {login: Browser(app, login) for login in LOGINS}
    before = rows(engine)
    pages = {login: walk(browser) for login, browser in browsers.items()}
    yield Walked(before=before, after=rows(engine), pages=pages)
    engine.dispose()


def test_looking_changes_nothing(walked: Walked) -> None:
    """But for the access log, which every page that shows people must write."""
    changed = {table for table in walked.after if walked.after[table] != walked.before[table]}
    assert changed <= {"access_log", "chain_head"}


@pytest.mark.parametrize("login", LOGINS)
def test_links_lead_to_pages(walked: Walked, login: str) -> None:
    pages = walked.pages[login]
    typed = {"/tugas", "/kasus", "/rilis", "/aduan/baru", "/kasus/99", "/surat/99"}
    wrong = {url: page.status_code for url, page in pages.items() if page.status_code not in (200, 303)}
    assert wrong.keys() <= typed, wrong
    assert set(wrong.values()) <= {403, 404}
    assert len(pages) > 10


@pytest.mark.parametrize("login", LOGINS)
def test_no_address_names_a_person(walked: Walked, login: str) -> None:
    assert not [url for url in walked.pages[login] if re.search(r"\d{10}|Sumarni", url)]


ENGLISH = {said for slug, said in LANGUAGES["en"].items() if "{" not in said} - set(LANGUAGES["id"].values())


@pytest.mark.parametrize("login", LOGINS)
def test_pages_are_indonesian(walked: Walked, login: str) -> None:
    pages = [
        page for page in walked.pages[login].values() if "text/html" in page.headers.get("content-type", "")
    ]
    assert all('<html lang="id">' in page.text for page in pages)
    assert not {piece for page in pages for piece in Reader(page.text).text if piece in ENGLISH}


def test_language_is_switched_and_kept(app: ASGIApp) -> None:
    browser = Browser(app, "front-office")
    assert "Tugas saya" in browser.get("/tugas").text
    assert browser.form("/bahasa").buttons == [("language", "id"), ("language", "en")]
    browser.post("/bahasa", {"language": "en", "back": "/tugas"})
    page = browser.follow().text
    assert {LANGUAGES["en"]["desk-new"], LANGUAGES["en"]["screen-menu"]} & set(Reader(page).text) & ENGLISH
    assert '<html lang="en">' in page
    assert "Tugas saya" not in page
    browser.post("/bahasa", {"language": "id", "back": "/tugas"})
    assert "Tugas saya" in browser.follow().text


@pytest.mark.parametrize("cookie", ["xx", '"', "id; language=zz", "\x7f", "../en"])
def test_unknown_language_is_indonesian(client: TestClient, cookie: str) -> None:
    page = client.get("/masuk", headers={"cookie": f"language={cookie}"})
    assert (page.status_code, '<html lang="id">' in page.text) == (200, True)
