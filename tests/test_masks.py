"""Masks over HTTP: they survive a save, nothing is sorted, narrowed, found or exported through them, and a
reason lifts them once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_args

import pytest
from schemas import small_schema
from sites import HERE, NEXT, NIKS, OFFICE, Office, office
from sqlalchemy import Engine
from told import told_reason

from portal.fields import AnyField, FieldType
from portal.models import column_name
from portal.schema import FieldRight

CHOICES = {"a": "Pilihan A", "b": "Pilihan B"}
KINDS: Mapping[str, Mapping[str, Any]] = {
    kind.model_fields["type"].annotation.__args__[0]: {} for kind in get_args(get_args(AnyField)[0])
}
MORE: Mapping[str, Mapping[str, Any]] = {
    "choice": {"choices": CHOICES},
    "choices": {"choices": CHOICES},
    "link": {"to": "household"},
}
FIELDS = {f"of-{kind}": {"label": f"Isian {kind}", "type": kind, **MORE.get(kind, {})} for kind in KINDS}
EVERYTHING = {
    "label": "Semua",
    "title": "{title}",
    "list": ["title"],
    "area": "area",
    "fields": {
        "title": {"label": "Judul", "type": "text"},
        "area": {"label": "Desa", "type": "area", "required": "true"},
        **FIELDS,
    },
}
FORGED = {"area": NEXT, "choice": "b", "choices": "b", "date": "1", "flag": "", "link": "", "nik": NIKS[3]}
"""What somebody sends for a field that they are not asked."""


@contextmanager
def where(engine: Engine, right: FieldRight, **more: Any) -> Iterator[Office]:
    """Opens an office where one role sees every kind of field so."""
    edits = {
        "records/everything": EVERYTHING,
        "roles/masked/records/everything": ["read", "create", "edit", "export"],
        "roles/masked/fields": {"everything": dict.fromkeys(FIELDS, right)},
        **more,
    }
    with office(engine, small_schema(edits, of=OFFICE)) as opened:
        yield opened


def stored(of: Office, kind: str) -> Any:
    each: FieldType = of.live.schema.records["everything"].fields[f"of-{kind}"]
    value = each.sample()
    return list(value) if isinstance(value, tuple) else value


def test_every_kind_of_field_is_tried() -> None:
    assert len(KINDS) >= 13


@pytest.mark.parametrize("right", ["masked", "hidden", "assigned", "plain"])
def test_what_is_not_to_be_changed_survives_a_save(any_engine: Engine, right: FieldRight) -> None:
    with where(any_engine, right) as of:
        of.add("household", head="Kasdi")
        values = {column_name(f"of-{kind}"): stored(of, kind) for kind in KINDS}
        key = of.add("everything", title="Lama", **values)
        before = of.row(key, "everything")
        forged = {f"of-{kind}": FORGED.get(kind, "9") for kind in KINDS}
        data = {"title": "Baru", "version": "1", "submission": "k" * 24, "area": HERE, **forged}
        answer = of.as_("masked").post(f"/data/everything/edit/{key}", data=data)
        assert answer.status_code == 303, answer.text
        after = of.row(key, "everything")
        assert after[column_name("title")] == "Baru"
        assert {name: after[name] for name in values} == {name: before[name] for name in values}


@pytest.mark.parametrize("right", ["hidden", "plain"])
def test_what_is_not_filled_in_by_a_role_is_not_taken_from_it(any_engine: Engine, right: FieldRight) -> None:
    with where(any_engine, right) as of:
        data = {"title": "Baru", "area": HERE, "submission": "k" * 24, "of-text": "dari luar"}
        assert of.as_("masked").post("/data/everything/create", data=data).status_code == 303
        (key,) = of.keys("everything")
        assert of.row(key, "everything")[column_name("of-text")] is None


@pytest.mark.parametrize("right", ["masked", "hidden"])
def test_nothing_is_learnt_through_a_mask(any_engine: Engine, right: FieldRight) -> None:
    edits = {
        "roles/masked/fields": {"resident": {"name": right, "birth_date": right, "sex": right}},
        "roles/masked/sensitive_fields": "plain",
    }
    with where(any_engine, "edit", **edits) as of:
        for number, (name, sex) in enumerate([("Budi", "male"), ("Ani", "female")]):
            of.add(name=f"{name} Contoh", sex=sex, nik=NIKS[number])
        client = of.as_("masked")
        plain = client.get("/data/resident/list").text
        for query in ("sort=name", "sort=-birth_date", "filter-sex=male"):
            assert rows(client.get(f"/data/resident/list?{query}").text) == rows(plain)
        assert rows(found(client, "/data/resident/list", "Ani Contoh")) == []
        assert rows(client.post("/cari", data={"words": "Ani Contoh"}).text) == []
        columns = re.findall(r'name="kolom" value="([^"]*)"', client.post("/data/resident/export/tanya").text)
        said = {"alasan": "Laporan bulanan", "kolom": columns}
        taken = client.post("/data/resident/export/csv", data=said)
        assert (taken.status_code, bool(columns)) == (200, True)
        assert "Ani" not in taken.text


def rows(page: str) -> list[str]:
    return re.findall(r'href="/data/resident/details/(\d+)"', page)


def found(client: Any, path: str, words: str) -> str:
    led = client.post(path, data={"words": words})
    text: str = client.get(led.headers["location"]).text
    return text


REASON = "mencocokkan KTP warga yang hadir"


def test_a_mask_is_lifted_for_a_reason_that_is_written_down(any_engine: Engine) -> None:
    with where(any_engine, "edit", **{"roles/masked/may": ["unmask"]}) as of:
        key = of.add(name="Budi Contoh", nik=NIKS[0])
        client = of.as_("masked")
        assert f"/data/resident/buka/{key}" in client.get(f"/data/resident/details/{key}").text
        for reason in ("", "   ", "a b"):
            answer = client.post(f"/data/resident/buka/{key}", data={"reason": reason})
            assert (answer.status_code, NIKS[0] in answer.text) == (422, False)
        assert of.events() == []
        full = client.post(f"/data/resident/buka/{key}", data={"reason": REASON})
        assert (full.status_code, NIKS[0] in full.text) == (200, True)
        (event,) = of.events()
        assert (event.kind, event.subject_id, told_reason(any_engine, event)) == ("unmasked", key, REASON)
        assert NIKS[0] not in client.get(f"/data/resident/details/{key}").text


def test_what_is_hidden_is_shown_for_no_reason(any_engine: Engine) -> None:
    with where(any_engine, "edit", **{"roles/hidden/may": ["unmask"]}) as of:
        key = of.add(name="Budi Contoh", nik=NIKS[0])
        answer = of.as_("hidden").post(f"/data/resident/buka/{key}", data={"reason": REASON})
        assert (answer.status_code, of.events()) == (403, [])


@pytest.mark.parametrize(("who", "status"), [("masked", 403), ("neighbour", 404), ("nobody", 403)])
def test_a_mask_stays_without_the_right(any_engine: Engine, who: str, status: int) -> None:
    with where(any_engine, "edit") as of:
        key = of.add(name="Budi Contoh", nik=NIKS[0])
        answer = of.as_(who).post(f"/data/resident/buka/{key}", data={"reason": REASON})
        assert (answer.status_code, of.events()) == (status, [])
