"""What the sheets of an SOP say: boxes, rows and lines of the form, the 14 components, a role's page."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from papersop import IN_FORCE, small_facts
from schemas import small_schema

from portal.load import load
from portal.renames import Rename, renamed
from portal.sheets import Facts, InForce, Kind, executors, sheet_html, sheet_values

GOLDEN = Path(__file__).parent / "sheets"
SHEET = "sops/pbi/sheet"
OFFICERS = {
    "head": {
        "post": "Kepala Dinas",
        "name": "Ratna Contoh",
        "nip": "198001012006042001",
        "deputies": [{"prefix": "Plh.", "name": "Bayu Contoh", "since": "2026-11-01", "until": "2026-11-09"}],
    }
}


def form(edits: dict[str, Any] | None = None, in_force: InForce = IN_FORCE) -> Any:
    return sheet_values(small_facts(edits, in_force), "form")


def row(values: Any, label: str) -> Any:
    return next(each for each in values["rows"] if each["label"] == label)


def box(values: Any, label: str) -> list[str]:
    found: list[str] = next(each["lines"] for each in values["boxes"] if each["label"] == label)
    return found


def cells(values: Any, label: str) -> list[tuple[str, str]]:
    return [(each["shape"], each["lines"]) for each in row(values, label)["cells"]]


def test_executors_come_in_the_order_of_the_steps() -> None:
    assert executors(small_facts().sop) == ("front-office", "back-office", "facilitator", "manager")


def test_first_version_has_no_day_of_revision() -> None:
    first = form(in_force=InForce(version=1, release=1, since=date(2026, 1, 5)))
    assert (first["revised"], first["effective"]) == ("", date(2026, 1, 5))
    assert form()["revised"] == date(2026, 11, 2)


def test_effect_waits_for_the_first_day_of_validity() -> None:
    assert form({"sops/pbi/valid_from": "2027-01-01"})["effective"] == date(2027, 1, 1)
    assert form({"sops/pbi/valid_from": "2020-01-01"})["effective"] == date(2026, 11, 2)


def test_approver_is_who_fills_the_post_on_the_first_day() -> None:
    edits = {f"{SHEET}/approved_by": "head", "office/centres/madani/officers": OFFICERS}
    assert form(edits)["approver"] == {
        "post": "Plh. Kepala Dinas",
        "name": "Bayu Contoh",
        "rank": "",
        "nip": "",
    }
    later = form(edits, InForce(version=1, release=1, since=date(2026, 12, 1)))
    assert (later["approver"]["name"], later["approver"]["nip"]) == ("Ratna Contoh", "198001012006042001")


def test_an_absent_fact_is_empty() -> None:
    values = form()
    assert (values["number"], values["made"], values["approver"]["post"]) == ("", "", "")
    assert box(values, "Dasar hukum") == box(values, "Peringatan") == box(values, "Keterkaitan") == []


def test_boxes_say_what_is_declared() -> None:
    declared = {"number": "12/SOP/2026", "made_on": "2026-01-05", "related": ["pbi"], "warnings": "Catat."}
    more = {"qualifications": ["Menguasai SIKS-NG"], "equipment": "Komputer", "records": "Buku register"}
    values = form({SHEET: {**declared, **more}})
    assert (values["number"], values["made"]) == ("12/SOP/2026", date(2026, 1, 5))
    assert box(values, "Keterkaitan") == ["SOP PBI-JK"]
    assert box(values, "Peralatan/perlengkapan") == ["Komputer", "Akses ke DTSEN"]
    assert box(values, "Pencatatan dan pendataan") == ["Buku register"]


def test_boxes_take_from_the_standard_and_the_steps_what_is_not_declared() -> None:
    values = form({"sops/pbi/standard": {"competence": "Menguasai JKN", "facilities": "Pencetak"}})
    assert box(values, "Kualifikasi pelaksana") == ["Menguasai JKN"]
    assert box(values, "Peralatan/perlengkapan") == ["Pencetak", "Akses ke DTSEN"]
    assert box(values, "Pencatatan dan pendataan")[0] == "Register pengaduan dan riwayat kasus"


def test_row_has_papers_time_and_result() -> None:
    first = row(form(), "Pendaftaran")
    assert first["needed"] == ["KTP", "KK (boleh menyusul)", "Surat RS (dalam keadaan tertentu)"]
    assert (first["within"], first["output"]) == (
        "2 hari kerja",
        "Nomor register kasus; Catatan: Alasan, Catatan",
    )
    assert row(form(), "Cek DTSEN")["needed"] == ["DTSEN"]
    assert (
        row(form({"sops/pbi/steps/draft/output": "Draf surat"}), "Menyiapkan rujukan")["output"]
        == "Draf surat"
    )


def test_decision_tells_every_branch_with_its_step() -> None:
    said = row(form(), "Menentukan jalur")["notes"]
    assert said[1] == "Desil dalam batas; Alasan adalah Darurat: ke langkah\u00a05."
    assert said[-2:] == ["Desil di luar batas: ke langkah\u00a010.", "Selain itu: ke langkah\u00a04."]
    assert said[0].endswith(": ke langkah\u00a02.")


def test_notes_tell_returns_replies_and_the_end() -> None:
    values = form({"sops/pbi/steps/referral/escalate": ["manager", "front-office"]})
    assert row(values, "Persetujuan")["notes"] == ["Bila dikembalikan: ke langkah\u00a05."]
    assert row(values, "Rujukan")["notes"] == [
        "Instansi menjawab dalam 5 hari kerja.",
        f"Bila terlambat, diberitahukan kepada {values['executors'][3]}, {values['executors'][0]}.",
    ]
    assert row(values, "Hasil")["notes"] == ["Kasus selesai."]


def test_symbols_begin_part_and_end() -> None:
    shapes = [next(cell["shape"] for cell in row["cells"] if cell["shape"]) for row in form()["rows"]]
    expected = ["oval", "box", "diamond", "box", "box", "diamond", "box", "box", "diamond", "oval"]
    assert shapes == expected


def test_a_line_goes_aside_to_its_column_and_down() -> None:
    values = form()
    assert cells(values, "Menyiapkan rujukan") == [
        ("", ""),
        ("box", "right up"),
        ("", "left right"),
        ("", "down left"),
    ]
    assert cells(values, "Persetujuan")[3] == ("diamond", "left up")
    assert row(values, "Persetujuan")["cells"][3]["out"] == "5"


def test_what_comes_from_elsewhere_comes_by_number() -> None:
    values = form({"sops/pbi/steps/visit/go": "referral"})
    assert row(values, "Kunjungan")["cells"][2]["out"] == "7"
    assert row(values, "Menyiapkan rujukan")["cells"][1]["into"] == "3, 6"
    assert "up" not in row(values, "Menyiapkan rujukan")["cells"][1]["lines"]


def test_standard_has_fourteen_components_in_two_parts() -> None:
    values = sheet_values(small_facts({"sops/pbi/total_within": "9 working days"}), "standard")
    assert [len(part["rows"]) for part in values["parts"]] == [6, 8]
    said = {each["label"]: each["lines"] for part in values["parts"] for each in part["rows"]}
    assert said["Jangka waktu pelayanan"] == ["9 hari kerja"]
    assert said["Persyaratan"] == ["KTP", "KK (boleh menyusul)", "Surat RS (dalam keadaan tertentu)"]
    assert len(said["Sistem, mekanisme, dan prosedur"]) == 8
    assert said["Biaya/tarif"] == []


def test_job_aid_has_the_steps_of_its_role_alone() -> None:
    values = sheet_values(small_facts(), "aid", "back-office")
    assert [each["number"] for each in values["steps"]] == [2, 5, 7, 8]
    check, draft, referral, reply = values["steps"]
    assert check["next"] == ["langkah 2, 4, 5, 10, dipilih portal menurut isian"]
    assert draft["next"][0].startswith("6. Persetujuan (")
    assert (referral["next"], reply["next"][0]) == (["8. Jawaban"], "8. Jawaban")


def test_job_aid_says_where_a_return_leads_and_what_runs_side_by_side() -> None:
    assert "Bila dikembalikan: 5." in sheet_values(small_facts(), "aid", "manager")["steps"][0]["next"][1]
    both = {"label": "Bersama", "type": "parallel", "branches": ["visit", "draft"], "go": "close"}
    values = sheet_values(small_facts({"sops/pbi/steps/route": both}), "aid", "back-office")
    assert values["steps"][0]["next"][0] == "bersamaan:"
    assert len(values["steps"][0]["next"]) == 3


@pytest.mark.parametrize("kind", ["form", "standard", "aid"])
def test_sheet_reads_as_kept(kind: Kind) -> None:
    facts: Facts = small_facts()
    role = "back-office" if kind == "aid" else ""
    more = {"size": 12.0} if kind == "aid" else {}
    said, file = sheet_html(kind, {**sheet_values(facts, kind, role), **more}), GOLDEN / f"{kind}.html"
    if os.environ.get("PORTAL_REGOLD") == "1":
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")


def test_a_renamed_sop_is_renamed_in_what_is_related() -> None:
    before = small_schema({SHEET: {"related": ["pbi"]}})
    after = renamed(before, (Rename(kind="sops", was="pbi", key="pbi-jk"),))
    sheet = after.sops["pbi-jk"].sheet
    assert sheet is not None
    assert sheet.related == ("pbi-jk",)


def test_related_sop_that_is_not_there_is_told(tmp_path: Path) -> None:
    good = Path(__file__).parent / "bad" / "_good" / "sop.yaml"
    text = good.read_text("utf-8").replace("    steps:", "    sheet: {related: [nowhere]}\n    steps:", 1)
    (tmp_path / "sop.yaml").write_text(text, "utf-8")
    from portal.checks import check

    found = [each for each in check(load(tmp_path)) if each.code == "sop-unknown"]
    assert [json.loads(json.dumps(each.values))["name"] for each in found] == ["nowhere"]
