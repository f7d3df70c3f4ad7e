"""HTML to PDF: the shipped letters on paper, the same bytes, and nothing from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from letters.example import LETTERS, TITLES, Context, example_context, missing_context, worst_context
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from portal.press import FONTS, Printed, PrintRefused, pdf
from portal.templating import environment, render

CONTEXTS: dict[str, Callable[[str], Context]] = {
    "example": example_context,
    "worst": worst_context,
    "missing": missing_context,
}
ENV = environment(LETTERS)


def printed(letter: str, context: Context) -> Printed:
    return pdf(render(ENV, f"{letter}.html", context), assets=LETTERS)


def text(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def body(data: bytes) -> list[str]:
    """Returns the pages of the letter itself, without the sheet with which its destination answers."""
    return [page for page in text(data) if "Menjawab surat rujukan" not in page]


@pytest.mark.parametrize("case", CONTEXTS)
@pytest.mark.parametrize("letter", TITLES)
def test_letter_prints_clean(letter: str, case: str) -> None:
    made = printed(letter, CONTEXTS[case](letter))
    words = " ".join(text(made.data))
    assert (made.warnings, made.missing) == ((), "")
    assert len(body(made.data)) <= (2 if case == "worst" else 1)
    assert made.pages - len(body(made.data)) == (letter == "referral" and case != "missing")
    assert len(made.data) < (48_000 if made.pages > 2 else 40_000)
    assert "None" not in words


@pytest.mark.parametrize("case", CONTEXTS)
@pytest.mark.parametrize("letter", TITLES)
def test_letter_has_no_broken_sentence(letter: str, case: str) -> None:
    words = re.sub(r"<[^>]+>", "", render(ENV, f"{letter}.html", CONTEXTS[case](letter)))
    assert not re.search(r" [,.;)]|\( |,,|[^.]\.\.[^.]|(tanggal|nomor|oleh|desil|untuk|kepada|di) -", words)


@pytest.mark.parametrize("letter", TITLES)
def test_letter_says_who_number_and_signer(letter: str) -> None:
    (page,) = body(printed(letter, example_context(letter)).data)
    for needed in ("Sumarni", "Ratna Contoh", "4QK7-M2TD-9XWA-HB3C"):
        assert needed in page
    number = "PKS-1810032007-2026-00012" if letter == "receipt" else "400.9.11/017/PKS-MDN/XI/2026"
    assert number in page


def test_referral_reads_as_an_official_letter() -> None:
    (page,) = body(printed("referral", example_context()).data)
    places = [page.index(part) for part in (
        "PUSKESOS MADANI", "Nomor :", "Margodadi, 3 November 2026", "Sifat", "Lampiran", "Hal",
        "Yth. Kepala Dinas Sosial", "di Pringsewu", "nomor register PKS-1810032007-2026-00012",
        "1810035408949901", "Pringsewu, 14 Agustus 1994", "terdaftar, desil 2",
        "Surat keterangan bidan (menyusul)", "paling lambat tanggal 10 November 2026",
        "Demikian disampaikan", "Mengetahui,", "Koordinator Puskesos", "Tembusan:", "Camat Ambarawa",
    )]  # fmt: skip
    assert places == sorted(places)


def test_second_page_has_its_number_the_table_head_and_no_letterhead() -> None:
    first, second = text(printed("hardship-statement", worst_context("hardship-statement")).data)
    assert "- 2 -" in second
    assert "Tanggal Lahir" in first
    assert "Tanggal Lahir" in second
    assert "PEMERINTAH KABUPATEN" not in second


@pytest.mark.parametrize("letter", ["referral", "hardship-statement", "visit-minutes"])
def test_signature_is_never_alone_on_a_page(letter: str) -> None:
    last = body(printed(letter, worst_context(letter)).data)[-1]
    assert "Demikian" in last
    assert "a.n. Kepala Dinas Sosial" in last or letter == "visit-minutes"


def test_draft_is_marked_on_every_page_and_f4_is_f4() -> None:
    pages = PdfReader(BytesIO(printed("referral", worst_context()).data)).pages
    assert all("KONSEP" in page.extract_text() for page in pages)
    size = pages[0].mediabox
    assert [round(float(side) / 72 * 25.4) for side in (size.width, size.height)] == [215, 330]


def test_receipt_is_a6_and_hides_the_id() -> None:
    page = PdfReader(BytesIO(printed("receipt", example_context("receipt")).data)).pages[0]
    assert round(float(page.mediabox.width) / 72 * 25.4) == 105
    assert "1810••••••••9901" in page.extract_text()
    assert "1810035408949901" not in page.extract_text()


def test_unchecked_registry_is_not_called_unregistered() -> None:
    (page,) = text(printed("registry-statement", missing_context("registry-statement")).data)
    assert "belum diperiksa" in page
    assert "tidak terdaftar" not in page


def test_metadata_has_kind_number_language_and_no_person() -> None:
    reader = PdfReader(BytesIO(printed("referral", example_context()).data))
    assert reader.metadata is not None
    assert reader.metadata.title == "Surat Rujukan 400.9.11/017/PKS-MDN/XI/2026"
    assert str(reader.root_object["/Lang"]) == "id"
    assert "Sumarni" not in str(reader.metadata)


def test_same_bytes_again_and_in_another_process(tmp_path: Path) -> None:
    html = render(ENV, "referral.html", example_context())
    (tmp_path / "letter.html").write_text(html, "utf-8")
    code = (
        "import sys; from pathlib import Path; from portal.press import pdf;"
        "print(pdf(Path(sys.argv[1]).read_text('utf-8'), assets=Path(sys.argv[2])).sha256)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "letter.html"), str(LETTERS)]
    other = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert pdf(html, assets=LETTERS).sha256 == pdf(html, assets=LETTERS).sha256 == other


def test_threads_print_the_same_bytes() -> None:
    html = render(ENV, "receipt.html", example_context("receipt"))
    digests: list[str] = []
    threads = [Thread(target=lambda: digests.append(pdf(html, assets=LETTERS).sha256)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(digests) == 4
    assert len(set(digests)) == 1


SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'%3E"


@pytest.mark.parametrize(
    "asks",
    [
        '<img src="http://127.0.0.1:9/a.png" alt="a">',
        '<img src="../../pyproject.toml" alt="a">',
        '<img src="file:///etc/passwd" alt="a">',
        '<img src="emblem-missing.svg" alt="a">',
        '<img src="referral.html" alt="a">',
        '<img src="%2e%2e/%2e%2e/LICENSE.png" alt="a">',
        '<p style="background: url(http://127.0.0.1:9/b.png)">a</p>',
        '<style>@import url("http://127.0.0.1:9/c.css");</style>',
        '<style>@font-face{font-family:a;src:url("file:///usr/share/fonts/a.ttf")}</style>',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="ftp://127.0.0.1:9/d.css">',
        f"<img alt=\"a\" src=\"{SVG}%3Cimage href='file:///etc/passwd' width='9' height='9'/%3E%3C/svg%3E\">",
        '<base href="http://127.0.0.1:9/"><img src="e.png" alt="a">',
        '<img alt="a" src="data:text/html,a">',
        f'<img alt="a" src="{SVG}{"%20" * 30_000}%3C/svg%3E">',
    ],
)
def test_letter_that_asks_for_something_outside_is_refused(asks: str) -> None:
    with pytest.raises(PrintRefused) as refused:
        pdf(f'<html lang="id"><title>a</title><body>{asks}</body></html>', assets=LETTERS)
    assert refused.value.asked


def test_style_sheet_that_asks_outside_or_is_broken_says_so_every_time(tmp_path: Path) -> None:
    html = '<html lang="id"><title>a</title><body>a</body></html>'
    (tmp_path / "letter.css").write_text("p { colour: red }")
    assert [len(pdf(html, assets=tmp_path).warnings) for _ in range(2)] == [1, 1]
    (tmp_path / "letter.css").write_text("@import url(http://127.0.0.1:9/a.css);")
    for _ in range(2):
        with pytest.raises(PrintRefused):
            pdf(html, assets=tmp_path)


def test_character_without_a_glyph_is_named() -> None:
    made = pdf('<html lang="id"><title>a</title><body>Wa Ode 漢 Sitti</body></html>', assets=LETTERS)
    assert (made.missing, made.warnings) == ("漢", ())


def test_only_the_bundled_fonts_are_used() -> None:
    html = '<html lang="id"><title>a</title><p style="font-family: DejaVu Sans, Carlito">a</p></html>'
    reader = PdfReader(BytesIO(pdf(html, assets=LETTERS).data))
    objects = (
        reader.get_object(number) for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm))
    )
    fonts = (found for found in objects if isinstance(found, DictionaryObject) and "/BaseFont" in found)
    names = [str(font["/BaseFont"]) for font in fonts]
    assert names
    assert all("Arimo" in name or "Bonum" in name for name in names)


def test_bundled_fonts_come_with_their_licences() -> None:
    kept = {path.name for path in FONTS.iterdir()}
    assert {"LICENCE-Arimo.txt", "LICENCE-Bonum.txt", "Arimo-Regular.ttf", "Bonum-Regular.otf"} <= kept
