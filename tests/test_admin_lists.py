"""The generated lists: paging, order, filters, search, scope and sight."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sites import FAR, HERE, NEXT, NIKS, Office, office, people
from sqlalchemy import Engine, event
from starlette.testclient import TestClient


@pytest.fixture
def here(any_engine: Engine) -> Iterator[Office]:
    with office(any_engine) as opened:
        yield opened


def keys(text: str, record: str = "resident") -> list[int]:
    row = rf'<th scope="row">(?:<input[^>]*> )?<a href="/data/{record}/details/(\d+)"'
    return [int(each) for each in re.findall(row, text)]


def link(text: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', text)
    return found[1].replace("&amp;", "&") if found else ""


def walk(client: TestClient, url: str) -> list[list[int]]:
    pages = []
    while url:
        text = client.get(url).text
        pages.append(keys(text))
        url = link(text, "next")
    return pages


def flat(pages: list[list[int]]) -> list[int]:
    return [key for page in pages for key in page]


def search(client: TestClient, words: str, record: str = "resident") -> str:
    answer = client.post(f"/data/{record}/list", data={"words": words})
    assert answer.status_code == 303
    return client.get(answer.headers["location"]).text


def test_list_without_log_in_leads_to_the_log_in_page(here: Office) -> None:
    answer = here.client.get("/data/resident/list")
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk")


def test_list_shows_newest_first_page_by_page(here: Office) -> None:
    made = people(here, 60)
    pages = walk(here.as_("clerk"), "/data/resident/list")
    assert [len(page) for page in pages] == [25, 25, 10]
    assert flat(pages) == made[::-1]


def test_list_leads_back_page_by_page(here: Office) -> None:
    people(here, 60)
    client = here.as_("clerk")
    first = client.get("/data/resident/list").text
    second = client.get(link(first, "next")).text
    third = client.get(link(second, "next")).text
    assert keys(client.get(link(third, "prev")).text) == keys(second)
    assert keys(client.get(link(second, "prev")).text) == keys(first)
    assert not link(client.get(link(second, "prev")).text, "prev")


@pytest.mark.parametrize("sort", ["name", "-name", "birth_date", "-birth_date"])
def test_sorted_list_gives_each_row_once_with_empty_values_last(here: Office, sort: str) -> None:
    people(here, 60)
    got = flat(walk(here.as_("clerk"), f"/data/resident/list?sort={sort}"))
    field, down = sort.removeprefix("-"), sort.startswith("-")
    rows = [here.row(key) for key in got]
    values = [row[field] for row in rows if row[field] is not None]
    assert sorted(got) == here.keys()
    assert values == sorted(values, reverse=down)
    assert all(row[field] is None for row in rows[len(values) :])


@pytest.mark.parametrize("sort", ["birth_date", "-birth_date"])
def test_sorted_list_leads_back_over_empty_values(here: Office, sort: str) -> None:
    people(here, 60)
    client = here.as_("clerk")
    pages = walk(client, f"/data/resident/list?sort={sort}")
    back = client.get(f"/data/resident/list?sort={sort}&before={pages[2][0]}").text
    assert keys(back) == pages[1]
    assert keys(client.get(link(back, "prev")).text) == pages[0]


def test_list_of_several_areas_merges_them(here: Office) -> None:
    some = people(here, 20) + [here.add(name=f"Tetangga {n}", area=NEXT) for n in range(20)]
    here.add(name="Jauh", area=FAR)
    more = people_again(here)
    pages = walk(here.as_("supervisor"), "/data/resident/list")
    assert flat(pages) == sorted(some + more, reverse=True)


def people_again(here: Office) -> list[int]:
    return [here.add(name=f"Lagi {number}", area=HERE) for number in range(20)]


def test_list_holds_no_row_of_another_area(here: Office) -> None:
    people(here, 3)
    other = here.add(name="Orang Lain", nik=NIKS[50], area=NEXT)
    for url in (
        "/data/resident/list",
        "/data/resident/list?sort=name",
        f"/data/resident/list?filter-area={NEXT}",
    ):
        text = here.as_("clerk").get(url).text
        assert other not in keys(text)
        assert "Orang Lain" not in text
    assert "2 data" not in here.as_("neighbour").get("/data/resident/list").text


def test_count_stops_at_a_thousand(here: Office) -> None:
    for number in range(1002):
        here.add(name=f"Warga {number}", area=NEXT)
    assert "1.000+ data" in here.as_("neighbour").get("/data/resident/list").text


def test_filters_combine(here: Office) -> None:
    people(here, 30)
    here.add(name="Tetangga", area=NEXT, sex="male")
    client = here.as_("manager")
    got = flat(walk(client, f"/data/resident/list?filter-sex=male&filter-area={HERE}"))
    assert len(got) == 15
    assert {(here.row(key)["sex"], here.row(key)["area"]) for key in got} == {("male", HERE)}


def test_filter_takes_a_whole_subdistrict(here: Office) -> None:
    here.add(name="A"), here.add(name="B", area=NEXT), here.add(name="C", area=FAR)
    assert len(keys(here.as_("manager").get("/data/resident/list?filter-area=18.10.03").text)) == 2


def test_unknown_sort_and_cursor_are_ignored_and_unknown_names_refused(here: Office) -> None:
    made = people(here, 3)
    clerk = here.as_("clerk")
    assert keys(clerk.get("/data/resident/list?sort=income&after=abc").text) == made[::-1]
    assert [clerk.get(f"/data/resident/list?{name}=9").status_code for name in ("filter-name", "page")] == [
        400,
        400,
    ]


def test_filter_that_no_choice_has_finds_nothing(here: Office) -> None:
    people(here, 3)
    text = here.as_("clerk").get("/data/resident/list?filter-sex=robot").text
    assert keys(text) == []
    assert "Tidak ada yang cocok" in text


def test_search_by_whole_and_part_of_a_nik(here: Office) -> None:
    made = people(here, 60)
    client = here.as_("clerk")
    assert keys(search(client, f"{NIKS[7][:6]} {NIKS[7][6:]}")) == [made[7]]
    assert keys(search(client, NIKS[45][:10])) == [
        key for key, nik in zip(made[::-1], NIKS[:60][::-1], strict=True) if nik.startswith(NIKS[45][:10])
    ]


def test_search_by_the_number_of_a_linked_record(here: Office) -> None:
    household = here.add("household", head="Kasdi", kk="1810031203189901")
    members = [here.add(name=name, household=household) for name in ("Sumarni", "Budi")]
    here.add(name="Lain")
    assert keys(search(here.as_("clerk"), "1810031203189901")) == members[::-1]
    assert keys(search(here.as_("hidden"), "1810031203189901")) == []


def test_search_words_stand_in_no_address(here: Office) -> None:
    people(here, 3)
    answer = here.as_("clerk").post("/data/resident/list", data={"words": NIKS[1]})
    page = here.client.get(answer.headers["location"])
    assert NIKS[1] not in answer.headers["location"]
    assert not any(NIKS[1] in url for url in re.findall(r'(?:href|action)="([^"]*)"', page.text))


def test_search_by_any_part_of_a_name(here: Office) -> None:
    first, second = here.add(name="Siti Aminah"), here.add(name="AMINAH binti Usman")
    here.add(name="Budi")
    assert keys(search(here.as_("clerk"), "minah")) == [second, first]
    assert keys(search(here.as_("clerk"), "siti amin")) == [first]


def test_search_pages_and_filters(here: Office) -> None:
    made = people(here, 60)
    client = here.as_("clerk")
    answer = client.post("/data/resident/list", data={"words": "warga", "filter-sex": "female"})
    pages = walk(client, answer.headers["location"])
    assert flat(pages) == [key for key in made[::-1] if here.row(key)["sex"] == "female"]


def test_search_finds_no_row_of_another_area(here: Office) -> None:
    here.add(name="Siti Tetangga", nik=NIKS[3], area=NEXT)
    assert keys(search(here.as_("clerk"), "siti")) == []
    assert keys(search(here.as_("clerk"), NIKS[3])) == []


def test_search_of_somebody_else_is_not_found_by_its_token(here: Office) -> None:
    people(here, 3)
    url = here.as_("clerk").post("/data/resident/list", data={"words": "warga"}).headers["location"]
    text = here.as_("colleague").get(url).text
    assert keys(text) == []
    assert "tidak tersimpan" in text


@pytest.mark.parametrize(("words", "says"), [("ab", "3 huruf"), ("1810", "6 angka")])
def test_short_search_says_what_it_needs(here: Office, words: str, says: str) -> None:
    people(here, 3)
    assert says in search(here.as_("clerk"), words)


def test_masked_field_is_shown_masked_and_not_searchable(here: Office) -> None:
    people(here, 3)
    client = here.as_("masked")
    text = client.get("/data/resident/list").text
    assert NIKS[0] not in text
    assert "1810••••••••" in text
    assert keys(search(client, NIKS[0])) == []


def test_hidden_field_has_no_column(here: Office) -> None:
    people(here, 3)
    text = here.as_("hidden").get("/data/resident/list").text
    assert ">NIK<" not in text
    assert NIKS[0] not in text


def test_links_are_shown_by_title(here: Office) -> None:
    household = here.add("household", head="Kasdi", kk="1810031203189901")
    here.add(name="Sumarni", household=household)
    assert "Kasdi" in here.as_("clerk").get("/data/resident/list").text


def test_list_narrows_to_a_link(here: Office) -> None:
    household = here.add("household", head="Kasdi")
    member = here.add(name="Sumarni", household=household)
    here.add(name="Lain")
    text = here.as_("clerk").get(f"/data/resident/list?filter-household={household}").text
    assert keys(text) == [member]
    assert "Keluarga: Kasdi" in text


def test_list_is_forbidden_without_the_role(here: Office) -> None:
    assert here.as_("nobody").get("/data/resident/list").status_code == 403
    assert here.as_("supervisor").get("/data/household/list").status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/data/resident/delete?pks=1"),
        ("POST", "/data/resident/import"),
        ("GET", "/data/resident/ajax/lookup?name=household&term=a"),
        ("GET", "/data/resident/1/name/download/"),
        ("GET", "/data/resident/action/x"),
        ("GET", "/resident/list"),
        ("GET", "/data/resident/export/csv"),
        ("POST", "/data/resident/details/1"),
        ("GET", "/data/nothing/list"),
        ("GET", "/statics/js/main.js"),
    ],
)
def test_unwanted_routes_are_not_served(here: Office, method: str, path: str) -> None:
    here.add(name="Tetap Ada")
    assert here.as_("manager").request(method, path).status_code in (404, 405)
    assert here.keys() == [1]


def test_list_asks_no_query_for_each_row(here: Office) -> None:
    people(here, 30)
    asked: list[str] = []
    event.listen(here.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    client, numbers = here.as_("clerk"), []
    for _ in range(2):
        asked.clear()
        client.get("/data/resident/list")
        numbers.append(len(asked))
        for number in range(40):
            here.add(name="Lagi", household=here.add("household", head=f"Keluarga {number}"))
    assert numbers[1] <= numbers[0] + 1  # one more for the titles of all linked households


def test_no_page_of_a_list_is_reached_by_counting_rows(here: Office) -> None:
    made = people(here, 60)
    asked: list[tuple[str, object]] = []
    event.listen(here.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    here.as_("manager").get(f"/data/resident/list?sort=name&after={made[30]}")
    here.client.get(f"/data/resident/list?after={made[30]}")
    assert asked
    assert all("OFFSET" not in text or 0 in list(values) for text, values in asked)  # type: ignore[call-overload]
