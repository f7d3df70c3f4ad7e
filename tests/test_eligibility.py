from __future__ import annotations

import json
from datetime import date

import pytest
from small import SCHEMA

from portal.eligibility import as_json, label, screen, text
from portal.schema import Program, Schema
from portal.words import speaking

ON = date(2026, 11, 2)
RULES = {
    "decile": {
        "when": {"registry.decile": "1..5"},
        "says": "Desil DTSEN 1 sampai 5.",
        "otherwise": "Ajukan pembaruan data di desa.",
        "legal_basis": "Permensos 3/2026",
        "valid_from": "2026-02-01",
    },
    "old-decile": {
        "when": {"registry.decile": "1..4"},
        "says": "Desil 1 sampai 4.",
        "otherwise": "-",
        "valid_until": "2026-01-31",
    },
    "age": {
        "when": {"resident.age": ">= 60"},
        "says": "Umur 60 tahun ke atas.",
        "otherwise": "Arahkan ke program lain.",
        "to_verify": "batas umur 2026",
    },
}


def office(*, rules: object = RULES, **program: object) -> Schema:
    raw = {
        "label": "PBI Jaminan Kesehatan",
        "sector": "health",
        "owner": "Kementerian Sosial",
        "sop": "pbi",
        "eligibility": rules,
        **program,
    }
    return SCHEMA.model_copy(update={"programs": {"pbi-jk": Program.model_validate(raw)}})


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"registry.decile": 2, "resident.age": 70}, "likely"),
        ({"registry": {"decile": "2"}, "resident": {"birth_date": "1956-11-02"}}, "likely"),
        ({"registry": {"decile": "2"}, "resident": {"birth_date": date(1966, 11, 3)}}, "outside"),
        ({"registry.decile": 2}, "more-needed"),
        ({"registry.decile": 9}, "outside"),
        ({"registry.decile": None, "resident.age": ""}, "more-needed"),
        ({"resident": {"birth_date": "kemarin"}}, "more-needed"),
        ({}, "more-needed"),
    ],
)
def test_rules_give_an_indication(values: dict[str, object], answer: str) -> None:
    assert screen(office(), "pbi-jk", values, ON).answer == answer


def test_all_failing_reasons_are_given() -> None:
    found = screen(office(), "pbi-jk", {"registry.decile": 9, "resident.age": 30}, ON)
    assert [(rule.id, rule.answer) for rule in found.rules] == [("decile", "no"), ("age", "no")]
    assert [rule.otherwise for rule in found.rules][1] == "Arahkan ke program lain."


def test_what_is_missing_is_named_and_never_a_no() -> None:
    found = screen(office(), "pbi-jk", {}, ON)
    assert [rule.missing for rule in found.rules] == [("registry.decile",), ("resident.age",)]
    assert {rule.answer for rule in found.rules} == {"unknown"}


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        (date(2026, 1, 31), ["old-decile", "age"]),
        (date(2026, 2, 1), ["decile", "age"]),
    ],
)
def test_only_rules_in_force_count(on: date, rules: list[str]) -> None:
    assert [rule.id for rule in screen(office(), "pbi-jk", {}, on).rules] == rules


def test_no_rule_says_nothing_in_favour() -> None:
    schema = office(rules={})
    found = screen(schema, "pbi-jk", {"registry.decile": 1}, ON)
    assert (found.answer, found.rules) == ("more-needed", ())
    assert "tanyakan kepada Kementerian Sosial" in text(found, schema)


@pytest.mark.parametrize("over", [{"status": "ended"}, {"valid_until": "2026-11-01"}])
def test_a_closed_programme_is_outside(over: dict[str, object]) -> None:
    schema = office(**over)
    found = screen(schema, "pbi-jk", {"registry.decile": 2, "resident.age": 70}, ON)
    assert (found.answer, found.open) == ("outside", False)
    assert "sudah berakhir" in text(found, schema)


def test_text_gives_reasons_and_the_way_out() -> None:
    schema = office()
    assert text(screen(schema, "pbi-jk", {"registry.decile": 9}, ON), schema).split("\n") == [
        "PBI Jaminan Kesehatan: Di luar ketentuan (keadaan 2 November 2026)",
        "  tidak memenuhi: Desil DTSEN 1 sampai 5.",
        "    yang dapat dilakukan: Ajukan pembaruan data di desa.",
        "    dasar hukum: Permensos 3/2026",
        "  belum diketahui: Umur 60 tahun ke atas.",
        "    data yang diperlukan: Umur (resident.age)",
        "    perlu dipastikan: batas umur 2026",
        "Ini hanya petunjuk, bukan keputusan. Yang memutuskan: Kementerian Sosial.",
    ]


def test_text_speaks_the_language_of_its_reader() -> None:
    schema = office()
    with speaking("en"):
        lines = text(screen(schema, "pbi-jk", {}, ON), schema).split("\n")
    assert lines[0] == "PBI Jaminan Kesehatan: More data needed (as of 2 November 2026)"


def test_json_has_the_same_facts() -> None:
    schema = office()
    data = json.loads(as_json(screen(schema, "pbi-jk", {"registry.decile": 3}, ON), schema))
    assert (data["program"], data["answer"], data["on"]) == ("pbi-jk", "more-needed", "2026-11-02")
    assert [rule["answer"] for rule in data["rules"]] == ["yes", "unknown"]
    assert "bukan keputusan" in data["indication"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("registry.decile", "Desil"),
        ("resident.sex", "Jenis kelamin"),
        ("visit.findings", "Hasil kunjungan"),
        ("case.priority", "Prioritas"),
        ("nowhere.at_all", "nowhere.at_all"),
    ],
)
def test_paths_are_called_by_their_labels(path: str, name: str) -> None:
    schema = office()
    assert label(schema, schema.programs["pbi-jk"], path) == name


def test_an_unknown_programme_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        screen(SCHEMA, "no-such-programme", {}, ON)
