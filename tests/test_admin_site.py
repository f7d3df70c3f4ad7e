"""The site around the generated pages: words, language, menu, assets, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqladmin
from babel.messages.pofile import read_po
from sites import Office, office
from sqladmin.i18n import gettext, set_locale
from sqlalchemy import Engine

from portal.admin import catalogue
from portal.admin.desk import PAGES
from portal.admin.spreadsheet import safe
from portal.database import engine_of


@pytest.fixture
def here(engine: Engine) -> Iterator[Office]:
    with office(engine) as opened:
        yield opened


def test_pages_load_nothing_but_our_own_files(here: Office) -> None:
    text = here.as_("clerk").get("/data/resident/list").text
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', text)
    assert loaded
    assert all(url.startswith("/static/") for url in loaded)
    assert all(here.client.get(url).status_code == 200 for url in loaded)
    assert not re.search(r'<script(?![^>]* src="/static/)', text)
    assert "style=" not in text


def test_style_sheet_is_small_and_kept_by_browsers(here: Office) -> None:
    css = re.search(r'href="(/static/[^"]+\.css)"', here.as_("clerk").get("/data/resident/list").text)
    assert css
    answer = here.client.get(css[1])
    assert len(answer.content) < 10_000
    assert "immutable" in answer.headers["cache-control"]


def test_language_is_switched_by_a_post_and_kept(here: Office) -> None:
    client = here.as_("clerk")
    answer = client.post("/bahasa", data={"language": "en", "back": "/data/resident/list"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/data/resident/list")
    text = client.get("/data/resident/list").text
    assert '<html lang="en">' in text
    assert "Next" not in text
    assert "Search" in text


@pytest.mark.parametrize("back", ["https://lain.example", "//lain.example", "/\\lain.example", "/x\r\ny"])
def test_language_switch_leads_to_no_other_site(here: Office, back: str) -> None:
    assert here.as_("clerk").post("/bahasa", data={"language": "en", "back": back}).headers["location"] == "/"


def test_menu_shows_what_the_person_may_open(here: Office) -> None:
    clerk, supervisor = (here.as_(name).get("/data/resident/list").text for name in ("clerk", "supervisor"))
    assert "/data/household/list" in clerk
    assert "/data/household/list" not in supervisor


def test_no_page_stands_twice_in_the_menu() -> None:
    assert len(set(PAGES)) == len(PAGES)


def test_start_page_is_the_first_of_the_menu(here: Office) -> None:
    assert here.as_("clerk").get("/").headers["location"] == "/data/resident/list"


def test_error_pages_keep_the_header_and_say_what_to_do(here: Office) -> None:
    answer = here.as_("clerk").get("/data/resident/details/99")
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text
    assert 'class="menu"' in answer.text


def test_unknown_addresses_answer_with_our_page(here: Office) -> None:
    answer = here.client.get("/tidak/ada")
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text


def test_reference_pages_show_programmes(here: Office) -> None:
    client = here.as_("clerk")
    assert client.get("/data/reference.programs/list").status_code == 200
    text = client.get("/data/reference.programs/details/pbi-jk").text
    assert "Kementerian Sosial" in text
    assert client.get("/data/reference.programs/details/tidak-ada").status_code == 404
    assert client.get("/data/reference.programs/create").status_code == 403


def test_sqladmin_speaks_indonesian() -> None:
    catalogue.install()
    set_locale("id")
    try:
        assert gettext("Logout") == "Keluar"
    finally:
        set_locale("en")


def test_every_word_of_sqladmin_is_translated() -> None:
    template = Path(str(sqladmin.__file__)).parent / "translations" / "admin.pot"
    with template.open("rb") as theirs, catalogue.FILE.open("rb") as ours:
        wanted = {each.id for each in read_po(theirs) if each.id}
        known = {each.id for each in read_po(ours) if each.id and each.string}
    assert wanted <= known


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-5", "'-5"),
        ("1810035408949901", "'1810035408949901"),
        ("12", "12"),
        ("Siti", "Siti"),
    ],
)
def test_cells_stay_text_in_spreadsheets(text: str, cell: str) -> None:
    assert safe(text) == cell


def test_two_sites_in_one_process_do_not_see_each_other(here: Office, tmp_path: Path) -> None:
    here.add(name="Hanya Di Sini")
    with office(engine_of(f"sqlite:///{tmp_path / 'other.db'}")) as other:
        assert "Hanya Di Sini" in here.as_("clerk").get("/data/resident/list").text
        assert "Hanya Di Sini" not in other.as_("clerk").get("/data/resident/list").text
        other.engine.dispose()
