"""Every shipped letter as example, worst and missing case: its HTML as kept, its pages, no hole in it.

`PORTAL_REGOLD=1` writes `tests/letters/golden/` anew; it is read in review like prose.
"""

from __future__ import annotations

import os
import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import get_args

import page
import pytest
from letters.example import LETTERS
from pypdf import PdfReader

from portal.letters import restored
from portal.letters.example import Kind, example
from portal.load import load
from portal.press import Printed, pdf
from portal.templating import environment, render

GOLDEN = Path(__file__).parent / "letters" / "golden"
SHIPPED = load(Path(__file__).resolve().parents[1] / "schema").schema
assert SHIPPED is not None
ENV = environment(LETTERS)
CASES: tuple[Kind, ...] = get_args(Kind)
MANY = {"referral": 3, "complaint-register": 5, "meeting-minutes": 5}
"""How many pages the worst letter may have, if not two."""
BESIDE = {"meeting-minutes": 1}
"""Sheets that come with every letter of a kind: the list of who was there."""
each_letter = pytest.mark.parametrize("letter", SHIPPED.letters)
each_case = pytest.mark.parametrize("case", CASES)


@cache
def html(letter: str, case: Kind) -> str:
    assert SHIPPED is not None
    data = restored(example(SHIPPED, letter, case))
    return render(ENV, SHIPPED.letters[letter].template, data)


@cache
def printed(letter: str, case: Kind) -> Printed:
    return pdf(html(letter, case), assets=LETTERS)


def sheets(letter: str, case: Kind) -> list[str]:
    pages = PdfReader(BytesIO(printed(letter, case).data)).pages
    return [" ".join(each.extract_text().split()) for each in pages]


def text(letter: str, case: Kind) -> str:
    return " ".join(sheets(letter, case))


@each_letter
@each_case
def test_letter_reads_as_kept(letter: str, case: Kind) -> None:
    file = GOLDEN / f"{letter}.{case}.html"
    if os.environ.get("PORTAL_REGOLD") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(html(letter, case), encoding="utf-8")
    assert html(letter, case) == file.read_text(encoding="utf-8")


@each_letter
@each_case
def test_letter_prints_without_complaint(letter: str, case: Kind) -> None:
    made = printed(letter, case)
    assert (made.warnings, made.missing) == ((), "")
    reply = "Menjawab surat" in html(letter, case)
    pages = made.pages - reply - BESIDE.get(letter, 0)
    assert pages <= (MANY.get(letter, 2) if case == "worst" else 1)


@each_letter
def test_letter_is_archival_and_accessible(letter: str) -> None:
    data = printed(letter, "example").data
    for profile in (page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1):
        found = page.validate_pdf_bytes(data, profile=profile).failures
        assert [each.rule_id for each in found if not each.rule_id.endswith("STREAM-LENGTH-001")] == []


@each_letter
@each_case
def test_letter_has_no_hole(letter: str, case: Kind) -> None:
    said = html(letter, case)
    visible = re.sub(r"<[^>]+>", "", said)
    assert not re.search(r"\bNone\b|\d{4}-\d{2}-\d{2}|- ,|, ,| [,.;)]|\( |,,|:\s*;", visible)
    assert not re.search(r"(tanggal|nomor|oleh|untuk|kepada|di|sebesar) -", visible)
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', said, re.DOTALL)
    assert [row for row in rows if re.search(r"<td[^>]*>\s*-?\s*</td>", row) and "Lampiran" not in row] == []
    assert "None" not in text(letter, case)


@each_letter
def test_signature_of_the_worst_letter_is_not_alone(letter: str) -> None:
    pages = [each for each in sheets(letter, "worst") if "Menjawab surat" not in each]
    pages = pages[: len(pages) - BESIDE.get(letter, 0)]
    closing = ("Demikian", "Saya menyatakan", "Pelayanan ini tidak dipungut biaya", "Register ini memuat")
    assert len(pages) == 1 or any(each in pages[-1] for each in closing)


def test_missing_number_of_a_card_is_said() -> None:
    assert "belum memiliki NIK" in text("referral", "missing")
