"""Every sheet of every shipped SOP on the press: all its words, one page for a job aid, no hole, archival."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import get_args

import page
import pytest
from papersop import shipped, shipped_facts
from pypdf import PdfReader

from portal.press import Printed
from portal.schema import Schema
from portal.sheets import Facts, Kind, executors, role_label, sheet_html, sheet_pdf, sheet_values

OFFICE: Schema = shipped()
AIDS = [(sop, role) for sop, each in OFFICE.sops.items() for role in executors(each)]
each_sop = pytest.mark.parametrize("sop", OFFICE.sops)
each_aid = pytest.mark.parametrize(("sop", "role"), AIDS)
BESIDE: tuple[Kind, ...] = ("form", "standard")


@cache
def printed(sop: str, kind: Kind, role: str = "") -> Printed:
    return sheet_pdf(shipped_facts(OFFICE, sop), kind, role)


def text(sop: str, kind: Kind, role: str = "") -> str:
    """Returns what a sheet says, without the gaps that lines and cells make."""
    pages = PdfReader(BytesIO(printed(sop, kind, role).data)).pages
    return squeezed(" ".join(each.extract_text() for each in pages))


def squeezed(words: str) -> str:
    return re.sub(r"[\s\u00ad-]", "", words)


@each_sop
def test_form_has_every_step_and_every_executor(sop: str) -> None:
    said, definition = text(sop, "form"), OFFICE.sops[sop]
    wanted = [step.label for step in definition.steps.values()]
    wanted += [role_label(OFFICE, role) for role in executors(definition)]
    wanted += [definition.label, "Mutu baku", "Dasar hukum", "Disahkan oleh", *definition.legal_basis]
    assert [each for each in wanted if squeezed(each) not in said] == []


@each_sop
def test_form_says_its_head_again_on_every_page_of_the_table(sop: str) -> None:
    pages = PdfReader(BytesIO(printed(sop, "form").data)).pages
    heads = [squeezed(each.extract_text()).count("Kelengkapan") for each in pages]
    assert heads == [0, *[1] * (len(pages) - 1)]


@each_sop
def test_standard_has_every_component_and_step(sop: str) -> None:
    said = text(sop, "standard")
    values = sheet_values(shipped_facts(OFFICE, sop), "standard")
    wanted = [row["label"] for part in values["parts"] for row in part["rows"]]
    wanted += [step.label for step in OFFICE.sops[sop].steps.values() if not step.automatic]
    assert [each for each in wanted if squeezed(each) not in said] == []


@each_aid
def test_job_aid_is_one_page_with_every_step_of_the_role(sop: str, role: str) -> None:
    assert printed(sop, "aid", role).pages == 1
    definition, said = OFFICE.sops[sop], text(sop, "aid", role)
    steps = [each for key, each in definition.steps.items() if definition.role_of(key) == role]
    wanted = [role_label(OFFICE, role), *(each.label for each in steps if not each.automatic)]
    assert [each for each in wanted if squeezed(each) not in said] == []


@each_sop
def test_sheets_print_without_complaint_or_hole(sop: str) -> None:
    facts = shipped_facts(OFFICE, sop)
    asked: list[tuple[Kind, str]] = [(kind, "") for kind in BESIDE]
    asked += [("aid", role) for role in executors(OFFICE.sops[sop])]
    for kind, role in asked:
        made = printed(sop, kind, role)
        assert (made.warnings, made.missing) == ((), "")
        visible = re.sub(r"<style>.*?</style>|<[^>]+>", "", _html(facts, kind, role), flags=re.DOTALL)
        assert not re.search(r"\bNone\b|^-$|\d{4}-\d{2}-\d{2}|\(\)|[({]\w+}", visible, re.MULTILINE)


def _html(facts: Facts, kind: Kind, role: str) -> str:
    return sheet_html(kind, {**sheet_values(facts, kind, role), "size": 10.0})


@pytest.mark.parametrize("kind", get_args(Kind))
def test_sheet_is_archival_and_accessible(kind: Kind) -> None:
    data = printed("pbi-reactivation", kind, "back-office" if kind == "aid" else "").data
    for profile in (page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1):
        found = page.validate_pdf_bytes(data, profile=profile).failures
        assert [each.rule_id for each in found if not each.rule_id.endswith("STREAM-LENGTH-001")] == []


def test_same_facts_give_the_same_bytes() -> None:
    facts = shipped_facts(OFFICE, "violence")
    assert sheet_pdf(facts, "form").data == printed("violence", "form").data
