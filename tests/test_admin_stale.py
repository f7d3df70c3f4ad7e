"""Stale saves, forms that come twice, and what a form may send: the generated forms of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sites import HERE, NEXT, NIKS, Office, office
from sqlalchemy import Engine
from starlette.testclient import TestClient
from worked import Reader

Fields = dict[str, list[str]]


@pytest.fixture
def here(any_engine: Engine) -> Iterator[Office]:
    with office(any_engine) as opened:
        yield opened


def form_of(html: str) -> Fields:
    """Returns what the form of a page would send."""
    form = next(each for each in Reader(html).forms if each.action.startswith("/data/"))
    sent: Fields = {}
    for name, value in form.fields:
        sent.setdefault(name, []).append(value)
    return sent


def opened(client: TestClient, key: int, **typed: Any) -> Fields:
    return {**form_of(client.get(f"/data/resident/edit/{key}").text), **_lists(typed)}


def _lists(typed: Mapping[str, Any]) -> Fields:
    return {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


def crossed(here: Office, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[int, str, Fields]:
    """Has two clerks open a record and save one after the other; returns what the second is told."""
    key = here.add(name="Sumarni", nik=NIKS[0], note="Lama", help_kinds=["pkh"], sex="female")
    first, second = opened(here.as_("clerk"), key, **mine), opened(here.as_("colleague"), key, **theirs)
    assert here.as_("colleague").post(f"/data/resident/edit/{key}", data=second).status_code == 303
    answer = here.as_("clerk").post(f"/data/resident/edit/{key}", data=first)
    assert answer.status_code == 409
    return key, answer.text, form_of(answer.text)


def save(here: Office, key: int, form: Fields, **more: Any) -> int:
    return here.client.post(f"/data/resident/edit/{key}", data={**form, **_lists(more)}).status_code


def test_stale_save_shows_both_values_who_and_when(here: Office) -> None:
    _, text, form = crossed(here, {"name": "Punyaku"}, {"name": "Punyanya", "note": "Baru"})
    assert "Budi Contoh</b>, 2 November 2026, 09.12 WIB: Nama, Catatan" in text
    assert set(re.findall(r'name="pilih-(\w+)"', text)) == {"name", "note"}
    assert all(said in text for said in ("Punyaku", "Punyanya", "Lama", "Baru"))
    assert (form["pilih-name"], form["pilih-note"]) == (["mine"], ["theirs"])
    assert form["version"] == ["2"]


def test_choice_decides_each_field(here: Office) -> None:
    key, _, form = crossed(here, {"name": "Punyaku"}, {"name": "Punyanya", "note": "Baru"})
    assert save(here, key, form) == 303
    row = here.row(key)
    assert (row["name"], row["note"], row["version"]) == ("Punyaku", "Baru", 3)
    assert here.events()[-1].data["fields"] == ["name"]


def test_choice_can_be_everything_mine(here: Office) -> None:
    key, _, form = crossed(here, {"name": "Punyaku"}, {"name": "Punyanya", "note": "Baru"})
    assert save(here, key, form, all="1") == 303
    assert (here.row(key)["name"], here.row(key)["note"]) == ("Punyaku", "Lama")


def test_choice_can_be_what_is_stored(here: Office) -> None:
    key, _, form = crossed(here, {"name": "Punyaku"}, {"name": "Punyanya"})
    assert save(here, key, form, keep="1") == 303
    assert (here.row(key)["name"], here.row(key)["version"]) == ("Punyanya", 2)


def test_field_typed_on_after_the_comparison_counts_as_typed(here: Office) -> None:
    key, _, form = crossed(here, {"name": "Punyaku"}, {"note": "Baru"})
    assert form["pilih-note"] == ["theirs"]
    assert save(here, key, form, note="Lebih baru") == 303
    assert (here.row(key)["name"], here.row(key)["note"]) == ("Punyaku", "Lebih baru")


def test_every_kind_of_field_keeps_the_stored_value_when_it_is_chosen(here: Office) -> None:
    theirs = {
        "birth_date": ["2", "3", "1991"],
        "note": "dua\r\nbaris",
        "help_kinds": ["", "pbi", "pkh"],
        "sex": ["", "male"],
        "phone": "081200009901",
        "nik": NIKS[3],
    }
    key, _, form = crossed(here, {"name": "Punyaku"}, theirs)
    before = here.row(key)
    assert {name for name in form if name.startswith("pilih-")} == {f"pilih-{n}" for n in (*theirs, "name")}
    assert save(here, key, form) == 303
    after = here.row(key)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"name", "version", "changed_by", "changed_at"}
    assert after["name"] == "Punyaku"


def test_third_change_is_told_again(here: Office) -> None:
    key, _, form = crossed(here, {"name": "Punyaku"}, {"name": "Punyanya"})
    third = opened(here.as_("colleague"), key, name="Ketiga")
    assert save(here, key, third) == 303
    answer = here.as_("clerk").post(f"/data/resident/edit/{key}", data=form)
    assert answer.status_code == 409
    assert "Ketiga" in answer.text
    assert 'value="Punyaku"' in answer.text


def test_masked_values_never_stand_in_the_comparison(here: Office) -> None:
    key = here.add(name="Sumarni", nik=NIKS[0])
    mine = opened(here.as_("masked"), key, name="Punyaku")
    assert save(here, key, opened(here.as_("clerk"), key, nik=NIKS[5], name="Punyanya")) == 303
    text = here.as_("masked").post(f"/data/resident/edit/{key}", data=mine).text
    assert "Punyanya" in text
    assert NIKS[5] not in text
    assert NIKS[0] not in text


def test_going_back_and_typing_on_is_no_retry(here: Office) -> None:
    key = here.add(name="Sumarni")
    form = opened(here.as_("clerk"), key, name="Satu")
    assert [save(here, key, form) for _ in range(3)] == [303] * 3
    assert save(here, key, form, name="Dua") == 409
    assert here.row(key)["name"] == "Satu"
    assert [event.kind for event in here.events()] == ["record-changed"]


def test_new_record_after_going_back_is_asked_about(here: Office) -> None:
    client = here.as_("clerk")
    form = {**form_of(client.get("/data/resident/create").text), "name": ["Siti"], "area": [HERE]}
    assert client.post("/data/resident/create", data=form).status_code == 303
    answer = client.post("/data/resident/create", data={**form, "name": "Tini"})
    assert answer.status_code == 409
    assert "sudah pernah tersimpan" in answer.text
    assert client.post("/data/resident/create", data=form_of(answer.text)).status_code == 303
    assert len(here.keys()) == 2


def test_lost_answer_is_found_again_out_of_sight(here: Office) -> None:
    key = here.add(name="Sumarni")
    form = opened(here.as_("clerk"), key, name="Pindah")
    first = here.client.post(f"/data/resident/edit/{key}", data=form).headers["location"]
    table = here.live.models.records["resident"].__table__
    with here.engine.begin() as connection:
        connection.execute(table.update().values(area=NEXT))
    again = here.client.post(f"/data/resident/edit/{key}", data=form)
    assert (again.status_code, again.headers["location"]) == (303, first)


def test_key_of_another_person_is_refused(here: Office) -> None:
    key = here.add(name="Sumarni")
    form = opened(here.as_("clerk"), key, name="Satu")
    assert save(here, key, form) == 303
    here.as_("colleague")
    assert save(here, key, form) == 400
    assert len(here.events()) == 1


@pytest.mark.parametrize(
    "wrong", [{"submission": ""}, {"version": "x"}, {"version": ""}, {"surprise": "1"}, {"id": "7"}]
)
def test_form_that_is_not_ours_is_refused(here: Office, wrong: dict[str, str]) -> None:
    key = here.add(name="Sumarni")
    assert save(here, key, opened(here.as_("clerk"), key, name="Lain"), **wrong) == 400
    assert here.row(key)["name"] == "Sumarni"


@pytest.mark.parametrize("gone", ["submission", "version"])
def test_form_without_key_or_version_is_refused(here: Office, gone: str) -> None:
    key = here.add(name="Sumarni")
    form = opened(here.as_("clerk"), key, name="Lain")
    del form[gone]
    assert save(here, key, form) == 400


def test_fields_that_were_not_sent_stay_as_they_are(here: Office) -> None:
    key = here.add(name="Sumarni", nik=NIKS[0], help_kinds=["pkh"], sex="female", note="Tetap")
    form = opened(here.as_("clerk"), key)
    kept = {name: value for name, value in form.items() if name in ("submission", "version")}
    before = here.row(key)
    assert save(here, key, kept, name="Marni") == 303
    changed = {name for name, value in here.row(key).items() if value != before[name]}
    assert changed <= {"name", "version", "changed_at", "changed_by"}
