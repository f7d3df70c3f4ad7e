"""The generated pages of one record: detail, create, edit, export."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sites import HERE, NEXT, NIKS, Office, office
from sqlalchemy import Engine
from starlette.testclient import TestClient


@pytest.fixture
def here(any_engine: Engine) -> Iterator[Office]:
    with office(any_engine) as opened:
        yield opened


def filled(client: TestClient, url: str, **typed: str | list[str]) -> dict[str, str | list[str]]:
    text = client.get(url).text
    hidden = dict(re.findall(r'name="(submission|version)" value="([^"]*)"', text))
    assert set(hidden) == {"submission", "version"}
    return {**hidden, **typed}


def create(client: TestClient, **typed: str | list[str]) -> dict[str, str | list[str]]:
    return filled(client, "/data/resident/create", **{"name": "Siti", "area": HERE, **typed})


def test_record_is_made_with_its_event(here: Office) -> None:
    client = here.as_("clerk")
    data = create(
        client, nik=NIKS[0], birth_date=["14", "8", "1994"], help_kinds=["", "pbi"], phone="0812 0000 9901"
    )
    answer = client.post("/data/resident/create", data=data)
    assert answer.status_code == 303
    row = here.row(here.keys()[0])
    assert (row["nik"], str(row["birth_date"]), row["help_kinds"]) == (NIKS[0], "1994-08-14", ["pbi"])
    assert (row["phone"], row["version"], row["created_by"]) == ("+6281200009901", 1, 1)
    event = here.events()[0]
    assert (event.kind, event.subject, event.actor_id) == ("record-created", "resident", 1)
    assert NIKS[0] not in str(event.data)
    assert "Data baru tersimpan" in client.get(answer.headers["location"]).text


def test_double_submit_makes_one_record(here: Office) -> None:
    client = here.as_("clerk")
    data = create(client)
    places = {client.post("/data/resident/create", data=data).headers["location"] for _ in range(3)}
    assert len(places) == 1
    assert len(here.keys()) == 1


def test_mistakes_keep_what_was_typed(here: Office) -> None:
    client = here.as_("clerk")
    answer = client.post(
        "/data/resident/create", data=create(client, name="", nik="12", note="Panjang\nlebar")
    )
    assert answer.status_code == 422
    assert "Panjang\nlebar" in answer.text
    assert 'value="12"' in answer.text
    assert 'href="#isian-name"' in answer.text
    assert re.search(r'id="isian-nik"[^>]*aria-describedby="isian-nik-galat"', answer.text)
    assert "<title>Galat" in answer.text
    assert here.keys() == []


def test_taken_value_names_the_record_that_has_it(here: Office) -> None:
    other = here.add(name="Sumarni", nik=NIKS[0])
    client = here.as_("clerk")
    answer = client.post("/data/resident/create", data=create(client, nik=NIKS[0]))
    assert answer.status_code == 422
    assert "NIK ini sudah dipakai: Sumarni" in answer.text
    assert f'href="/data/resident/details/{other}"' in answer.text
    assert here.keys() == [other]


def test_taken_value_of_another_area_names_nobody(here: Office) -> None:
    other = here.add(name="Sumarni", nik=NIKS[0], area=NEXT)
    client = here.as_("clerk")
    answer = client.post("/data/resident/create", data=create(client, nik=NIKS[0]))
    assert "wilayah lain" in answer.text
    assert "Sumarni" not in answer.text
    assert f"/details/{other}" not in answer.text


def test_area_outside_is_refused(here: Office) -> None:
    client = here.as_("clerk")
    answer = client.post("/data/resident/create", data=create(client, area=NEXT))
    assert answer.status_code == 422
    assert here.keys() == []


def test_create_is_forbidden_without_the_right(here: Office) -> None:
    client = here.as_("supervisor")
    assert client.get("/data/resident/create").status_code == 403
    assert client.post("/data/resident/create", data={"name": "X", "area": HERE}).status_code == 403
    assert here.keys() == []


def test_look_up_keeps_the_form_and_offers_candidates(here: Office) -> None:
    household = here.add("household", head="Kasdi Contoh", kk="1810031203189901")
    client = here.as_("clerk")
    for words in ("kasdi", "1810031203189901"):
        data = create(client, note="tetap", **{"cari-household": words, "look-up": "household"})
        text = client.post("/data/resident/create", data=data).text
        assert f'name="household" value="{household}"' in text
        assert "Kasdi Contoh" in text
        assert "tetap" in text
        assert "harus diisi" not in text
    assert here.keys() == []


def test_look_up_offers_nobody_of_another_area(here: Office) -> None:
    here.add("household", head="Kasdi Contoh", area=NEXT)
    client = here.as_("clerk")
    text = client.post("/data/resident/create", data=create(client, **{"cari-household": "kasdi"})).text
    assert "Kasdi Contoh" not in text
    assert "Tidak ditemukan" in text


def test_link_to_another_area_is_refused_like_a_missing_one(here: Office) -> None:
    household = here.add("household", head="Kasdi", area=NEXT)
    client = here.as_("clerk")
    texts = [
        client.post("/data/resident/create", data=create(client, household=str(key))).text
        for key in (household, 999)
    ]
    assert all("tidak ditemukan" in text for text in texts)
    assert here.keys() == []


def test_edit_changes_only_what_was_sent(here: Office) -> None:
    key = here.add(name="Sumarni", nik=NIKS[0], rooms=3)
    client = here.as_("clerk")
    answer = client.post(
        f"/data/resident/edit/{key}", data=filled(client, f"/data/resident/edit/{key}", name="Marni")
    )
    assert answer.status_code == 303
    row = here.row(key)
    assert (row["name"], row["nik"], row["rooms"], row["version"]) == ("Marni", NIKS[0], 3, 2)
    assert here.events()[0].data["fields"] == ["name"]


def test_edit_shows_the_stored_values(here: Office) -> None:
    key = here.add(name="Sumarni", nik=NIKS[0], sex="female", help_kinds=["pkh"])
    text = here.as_("clerk").get(f"/data/resident/edit/{key}").text
    assert 'value="Sumarni"' in text
    assert re.search(r'value="female"[^>]* checked', text)
    assert re.search(r'value="pkh"[^>]* checked', text)
    assert re.search(rf'<option value="{HERE}" selected>', text)


def test_stale_edit_keeps_what_was_typed_and_shows_what_is_stored(here: Office) -> None:
    key = here.add(name="Sumarni")
    url = f"/data/resident/edit/{key}"
    mine, theirs = (filled(here.as_("clerk"), url, name=name) for name in ("Punyaku", "Punyanya"))
    assert here.as_("colleague").post(url, data=theirs).status_code == 303
    answer = here.as_("clerk").post(url, data=mine)
    assert answer.status_code == 409
    assert 'value="Punyaku"' in answer.text
    assert "Punyanya" in answer.text
    assert here.row(key)["name"] == "Punyanya"
    again = dict(re.findall(r'name="(submission|version)" value="([^"]*)"', answer.text))
    assert here.client.post(url, data={**again, "name": "Punyaku"}).status_code == 303
    assert here.row(key)["name"] == "Punyaku"


def test_edit_never_changes_what_the_person_cannot_see(here: Office) -> None:
    key = here.add(name="Sumarni", nik=NIKS[0], phone="+6281200009901")
    for name in ("masked", "hidden"):
        client, url = here.as_(name), f"/data/resident/edit/{key}"
        page = client.get(url).text
        assert NIKS[0] not in page
        answer = client.post(url, data=filled(client, url, name=f"Oleh {name}", nik=NIKS[5], phone=""))
        assert answer.status_code == 303
        row = here.row(key)
        assert (row["name"], row["nik"], row["phone"]) == (f"Oleh {name}", NIKS[0], "+6281200009901")


def test_foreign_and_missing_records_answer_alike(here: Office) -> None:
    foreign = here.add(name="Orang Lain", area=NEXT)
    client = here.as_("clerk")
    for page in ("details", "edit"):
        answers = [client.get(f"/data/resident/{page}/{key}") for key in (foreign, 999999, "abc")]
        texts = {re.sub(r'name="back" value="[^"]*"', "", answer.text) for answer in answers}
        assert {answer.status_code for answer in answers} == {404}
        assert len(texts) == 1
    assert (
        client.post(f"/data/resident/edit/{foreign}", data={"name": "X", "version": "1"}).status_code == 404
    )
    assert here.row(foreign)["name"] == "Orang Lain"


def test_edit_is_forbidden_to_who_only_reads(here: Office) -> None:
    key = here.add(name="Sumarni")
    client = here.as_("supervisor")
    assert client.get(f"/data/resident/details/{key}").status_code == 200
    assert client.get(f"/data/resident/edit/{key}").status_code == 403
    assert client.post(f"/data/resident/edit/{key}", data={"name": "X", "version": "1"}).status_code == 403


def test_detail_shows_facts_links_and_history(here: Office) -> None:
    household = here.add("household", head="Kasdi")
    client = here.as_("clerk")
    client.post("/data/resident/create", data=create(client, nik=NIKS[0], household=str(household)))
    text = client.get(f"/data/resident/details/{here.keys()[0]}").text
    assert NIKS[0] in text
    assert f'<a href="/data/household/details/{household}">Kasdi</a>' in text
    assert "Data dibuat" in text
    assert "2 November 2026, 09.12 WIB" in text
    assert "/aduan/baru?warga=1" in text


def test_detail_shows_who_points_to_it(here: Office) -> None:
    household = here.add("household", head="Kasdi")
    for number in range(12):
        here.add(name=f"Anggota {number:02}", household=household)
    text = here.as_("clerk").get(f"/data/household/details/{household}").text
    assert "Anggota 11" in text
    assert "Anggota 01" not in text
    assert f"/data/resident/list?filter-household={household}" in text


def test_detail_masks_and_hides(here: Office) -> None:
    key = here.add(name="Sumarni", nik=NIKS[0])
    assert "1810••••••••" in here.as_("masked").get(f"/data/resident/details/{key}").text
    assert ">NIK<" not in here.as_("hidden").get(f"/data/resident/details/{key}").text


def test_reads_leave_the_database_as_it_was(here: Office) -> None:
    key = here.add(name="Sumarni")
    client = here.as_("manager")
    for url in ("list", "create", f"details/{key}", f"edit/{key}"):
        assert client.get(f"/data/resident/{url}").status_code == 200
    assert here.events() == []
    assert here.row(key)["version"] == 1
