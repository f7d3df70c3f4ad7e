"""The standards of the archive: shipped letters are PDF/A-2a and PDF/UA-1 at once, and tell of nobody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pytest
from letters.example import LETTERS, TITLES, Context, example_context, missing_context, worst_context
from pypdf import PdfReader

from portal.press import Printed, PrintRefused, pdf
from portal.templating import environment, render

CONTEXTS: dict[str, Callable[[str], Context]] = {
    "example": example_context,
    "worst": worst_context,
    "missing": missing_context,
}
ENV = environment(LETTERS)
A_2A, A_3A = page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_A_3A
UA_1 = page.ValidationProfile.PDF_UA_1
NOISE = "STREAM-LENGTH-001"
"""The validator takes the last byte of a compressed stream for the end of a line where it is 0x0D."""
DATA = json.dumps({"number": "400.9.11/017/PKS-MDN/XI/2026", "name": "Sumarni"}).encode()
PLAIN = "<!doctype html><html lang='id'><title>Surat</title><p>Halo"


@cache
def printed(letter: str, case: str) -> Printed:
    return pdf(html_of(letter, case), assets=LETTERS)


def html_of(letter: str, case: str = "example") -> str:
    return render(ENV, f"{letter}.html", CONTEXTS[case](letter))


def faults(data: bytes, profile: page.ValidationProfile) -> list[str]:
    """Returns the rules that a PDF breaks."""
    found = page.validate_pdf_bytes(data, profile=profile).failures
    return [each.rule_id for each in found if not each.rule_id.endswith(NOISE)]


@pytest.mark.parametrize("case", CONTEXTS)
@pytest.mark.parametrize("letter", TITLES)
def test_letter_is_archival_and_accessible_at_once(letter: str, case: str) -> None:
    data = printed(letter, case).data
    assert (faults(data, A_2A), faults(data, UA_1)) == ([], [])


@pytest.mark.parametrize("letter", TITLES)
def test_second_reader_finds_no_fault(letter: str) -> None:
    with pikepdf.open(BytesIO(printed(letter, "example").data)) as opened:
        assert opened.check_pdf_syntax() == []
        assert str(opened.Root.Lang) == "id"
        assert bool(opened.Root.MarkInfo.Marked)
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        assert str(opened.docinfo["/Title"]).startswith(TITLES[letter].split()[0])


def metadata(data: bytes) -> str:
    """Returns everything that a PDF says of itself, as one text."""
    with pikepdf.open(BytesIO(data)) as opened:
        said = " ".join(str(value) for value in opened.docinfo.values())
        return f"{said} {opened.Root.Metadata.read_bytes().decode()}"


@pytest.mark.parametrize("case", ["example", "worst"])
@pytest.mark.parametrize("letter", TITLES)
def test_metadata_tell_of_nobody(letter: str, case: str) -> None:
    said = metadata(printed(letter, case).data)
    person = CONTEXTS[case](letter)["resident"]
    told = {name: person.get(name) for name in ("name", "nik", "kk", "phone", "address", "birth_place")}
    assert {name for name, value in told.items() if value and str(value) in said} == set()


def test_what_a_template_adds_to_the_metadata_is_left_out() -> None:
    metas = "".join(
        f"<meta name='{name}' content='Sumarni'>" for name in ("description", "keywords", "generator", "nik")
    )
    made = pdf(PLAIN.replace("<p>", f"{metas}<p>"), assets=LETTERS)
    assert "Sumarni" not in metadata(made.data)
    assert b'pdfuaid:part="1"' in made.data


def test_template_may_not_put_a_file_inside() -> None:
    inside = '<link rel="attachment" href="data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E">'
    with pytest.raises(PrintRefused, match="attachment"):
        pdf(PLAIN.replace("<p>", f"{inside}<p>"), assets=LETTERS)


def test_data_travel_inside_an_archival_letter() -> None:
    made = pdf(html_of("referral"), assets=LETTERS, attach=DATA)
    assert (faults(made.data, A_3A), faults(made.data, UA_1)) == ([], [])
    with pikepdf.open(BytesIO(made.data)) as opened:
        assert list(opened.attachments) == ["surat.json"]
        kept = opened.attachments["surat.json"]
        assert kept.get_file().read_bytes() == DATA
        assert kept.get_file().mime_type == "application/json"
        assert opened.Root.AF[0].AFRelationship == "/Data"
    assert "Sumarni" not in metadata(made.data)
    assert made.engine.endswith("; a-3a+ua-1")
    assert len(made.engine) <= 80  # the column that keeps it


def test_data_inside_have_the_date_of_the_letter_or_a_fixed_one() -> None:
    dated = PLAIN.replace("<p>", "<meta name='dcterms.created' content='2026-11-03'><p>")
    days = []
    for html in (PLAIN, dated):
        with pikepdf.open(BytesIO(pdf(html, assets=LETTERS, attach=DATA).data)) as opened:
            days.append(str(opened.attachments["surat.json"].get_file().obj.Params.ModDate))
    assert days == ["D:20000101000000Z", "D:20261103000000Z"]


@pytest.mark.parametrize("attach", [None, DATA])
def test_bytes_are_the_same_in_another_process(attach: bytes | None, tmp_path: Path) -> None:
    html = html_of("receipt")
    (tmp_path / "letter.html").write_text(html, "utf-8")
    code = (
        "import sys; from pathlib import Path; from portal.press import pdf;"
        "html, assets, attach = sys.argv[1:];"
        "made = pdf(Path(html).read_text('utf-8'), assets=Path(assets), attach=attach.encode() or None);"
        "print(made.sha256)"
    )
    command = [
        sys.executable,
        "-c",
        code,
        str(tmp_path / "letter.html"),
        str(LETTERS),
        (attach or b"").decode(),
    ]
    other = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert pdf(html, assets=LETTERS, attach=attach).sha256 == other


class Blocks(HTMLParser):
    """The beginnings of a letter's paragraphs and cells, in the order of the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("main", "svg"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        if self.open == ["main"] and data.strip():  # the title of a picture is no text
            self.found.append("".join(data.split())[:24])


def missed(found: list[str], text: str) -> Iterator[str]:
    """Yields what does not come after what stands before it."""
    place = 0
    for each in found:
        here = text.find(each, place)
        if here < 0:
            yield each
        else:
            place = here


@pytest.mark.parametrize("letter", TITLES)
def test_text_extracts_in_reading_order(letter: str) -> None:
    pages = PdfReader(BytesIO(printed(letter, "example").data)).pages
    text = re.sub(r"\s", "", "".join(each.extract_text() for each in pages))
    assert list(missed(Blocks(html_of(letter)).found, text)) == []
