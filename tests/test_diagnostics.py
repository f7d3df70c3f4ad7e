"""How mistakes are shown, and that every sentence exists in every language with the same blanks."""

from __future__ import annotations

import json
from string import Formatter

import pytest

from portal import document
from portal.diagnostics import (
    Diagnostic,
    Mark,
    hint,
    in_order,
    listed,
    nearest,
    render_json,
    render_text,
    summary,
)
from portal.words import LANGUAGES, speaking


def mark(quoted: str, column: int, length: int = 1, line: int = 41) -> Mark:
    return Mark(file="schema/sop.yaml", line=line, column=column, length=length, quoted=quoted)


DUPLICATE = Diagnostic(
    code="key-duplicate", mark=mark("    letter: approval", 5, 6), values={"key": "letter", "first": "38"}
)


def test_text_has_place_quoted_line_and_way_out() -> None:
    assert render_text([DUPLICATE]) == (
        'schema/sop.yaml:41:5: galat: kunci "letter" ditulis dua kali; '
        "yang pertama di baris 38 [key-duplicate]\n"
        "   41 |     letter: approval\n"
        "      |     ^^^^^^\n"
        "  saran: hapus salah satu, atau beri nama lain\n"
    )


def test_text_speaks_the_reader_s_language() -> None:
    with speaking("en"):
        text = render_text([DUPLICATE])
    assert 'error: the key "letter" is written twice; the first is in line 38' in text
    assert "  hint: remove one of them" in text


def test_warning_is_called_one() -> None:
    cut = Diagnostic(
        code="value-cut-by-hash",
        mark=mark("a: b #c", 6),
        values={"kept": "b", "cut": "#c"},
        severity="warning",
    )
    assert ": peringatan: " in render_text([cut])
    assert summary([cut, DUPLICATE]) == "1 galat, 1 peringatan"


@pytest.mark.parametrize(
    ("quoted", "column", "shown", "under"),
    [
        ("a: 字字 x", 7, "a: 字字 x", "        ^"),
        ("a: e\u0301 x", 7, "a: e\u0301 x", "     ^"),
        ("\tx", 2, "→x", " ^"),
        ("a\u00a0x", 2, "a·x", " ^"),
        ("\x1b[31mx", 6, "·[31mx", "     ^"),
    ],
)
def test_underline_stands_below_what_is_meant(quoted: str, column: int, shown: str, under: str) -> None:
    lines = render_text([Diagnostic(code="syntax", mark=mark(quoted, column))]).splitlines()
    assert lines[1:3] == [f"   41 | {shown}", f"      | {under}"]


def test_long_line_is_shown_around_its_mark() -> None:
    lines = render_text([Diagnostic(code="syntax", mark=mark("x" * 500 + "!" + "x" * 500, 501))]).splitlines()
    assert len(lines[1]) < 180
    assert lines[1][lines[2].index("^")] == "!"


def test_place_without_a_line_quotes_nothing() -> None:
    assert len(render_text([Diagnostic(code="file-empty", mark=mark("", 1))]).splitlines()) == 2


def test_json_gives_everything_to_a_program() -> None:
    (found,) = json.loads(render_json([DUPLICATE], "en"))
    assert found["code"] == "key-duplicate"
    assert (found["file"], found["line"], found["column"], found["length"]) == ("schema/sop.yaml", 41, 5, 6)
    assert found["severity"] == "error"
    assert found["values"] == {"key": "letter", "first": "38"}
    assert found["message"].startswith("the key")
    assert found["hint"]


def test_order_is_by_place_and_each_once() -> None:
    early = Diagnostic(code="syntax", mark=mark("", 9, line=2))
    late = Diagnostic(code="file-empty", mark=mark("", 1, line=10))
    assert in_order([late, early, late]) == (early, late)


def test_nearest_finds_the_mistyped_word() -> None:
    assert nearest("aproval", ["referral", "approval"]) == "approval"
    assert nearest("xyz", ["referral", "approval"]) is None


def test_listed_shortens_a_long_list() -> None:
    assert listed(["b", "a"]) == "a, b"
    assert listed(["c", "b", "a"], limit=2) == "a, b, ..."


def test_hint_may_be_absent() -> None:
    assert hint(Diagnostic(code="diagnostic-error", mark=mark("", 1))) == ""


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_slugs(language: str) -> None:
    assert sorted(LANGUAGES[language]) == sorted(LANGUAGES["id"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_same_blanks_in_each_language(language: str) -> None:
    words = LANGUAGES[language]
    different = {slug for slug in words if fields(words[slug]) != fields(LANGUAGES["id"].get(slug, ""))}
    assert different == set()


@pytest.mark.parametrize("code", document.CODES)
def test_every_code_of_reading_has_words(code: str) -> None:
    assert code in LANGUAGES["id"]
