"""The pages about releases: what was applied and why, its files, any two compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from schemas import small_schema
from worked import NOW, Browser, demo_engine

from portal.access import SYSTEM
from portal.app import create_app
from portal.letters.files import letter_files
from portal.load import load
from portal.migrate import apply
from portal.settings import Settings

SOURCE = "# Tarif <baru>\noffice: &satu\n"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """District staff at a demonstration with two releases; the second has another label and another file."""
    engine = demo_engine(tmp_path_factory.mktemp("releases"))
    loaded = load(Path("schema"))
    assert loaded.schema is not None
    after = small_schema({"channels/counter/label": "Loket <1>"}, of=loaded.schema)
    sources = {**loaded.sources, "office.yaml": SOURCE}
    templates = letter_files(Path("templates/letters"))
    apply(engine, after, sources, templates, actor=SYSTEM, now=NOW, reason="Loket pindah")
    engine.dispose()
    return Browser(create_app(Settings(database=str(engine.url)), clock=lambda: NOW), "district-staff")


def test_list_tells_who_why_and_what(browser: Browser) -> None:
    said = browser.get("/rilis").text
    assert "Loket pindah" in said
    assert "Loket &lt;1&gt;" in said
    assert "lagi</a>" in said
    assert {"/rilis/1", "/rilis/2"} <= set(browser.seen.links)


def test_list_has_pages(browser: Browser) -> None:
    browser.get("/rilis?sebelum=2")
    assert "/rilis/2" not in browser.seen.links
    assert "/rilis" in browser.seen.links
    assert browser.get("/rilis?sebelum=x").status_code == 200


def test_one_release_shows_its_changes_and_files(browser: Browser) -> None:
    assert browser.get("/rilis/2").status_code == 200
    assert "# Tarif &lt;baru&gt;\noffice: &amp;satu" in browser.page.text
    assert {"schema/areas.csv", "templates/letters/referral.html"} <= set(browser.seen.text)
    assert "/rilis/banding?dari=1&ke=2" in browser.seen.links


def test_two_releases_are_compared(browser: Browser) -> None:
    browser.get("/rilis")
    form = next(form for form in browser.seen.forms if form.action == "/rilis/banding")
    assert form.fields == [("dari", "1"), ("ke", "2")]
    said = browser.get("/rilis/banding?dari=1&ke=2").text
    assert '<span class="added">+# Tarif &lt;baru&gt;</span>' in said
    assert said.count('class="code"') == 1
    assert "Tidak ada perubahan" in browser.get("/rilis/banding?dari=2&ke=2").text


@pytest.mark.parametrize(
    "url", ["/rilis/9", "/rilis/99999999999999999999", "/rilis/banding", "/rilis/banding?dari=1&ke=x"]
)
def test_a_release_that_is_not_there_is_missing(browser: Browser, url: str) -> None:
    assert browser.get(url).status_code == 404


def test_sentences_are_in_the_readers_language(browser: Browser) -> None:
    browser.client.cookies.set("language", "en")
    assert "is changed" in browser.get("/rilis").text
    assert "What changed" in browser.get("/rilis/2").text
    browser.client.cookies.delete("language")


def test_others_do_not_see_them(browser: Browser) -> None:
    other = Browser(browser.client.app, "front-office")
    for url in ("/rilis", "/rilis/1", "/rilis/banding?dari=1&ke=2"):
        assert other.get(url).status_code == 403
