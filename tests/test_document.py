"""Reading YAML: raw texts with their places, and every refusal by its name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.diagnostics import render_json, render_text
from portal.document import (
    MAX_BYTES,
    Document,
    ListNode,
    MapNode,
    Scalar,
    exists,
    key_mark,
    node_at,
    plain,
    read,
    value_mark,
)

REFUSED: list[tuple[str | bytes, str, int, int]] = [
    ("a: 1\na: 2\n", "key-duplicate", 2, 1),
    ("a: &x 1\n", "anchor-refused", 1, 4),
    ("a: *x\n", "alias-refused", 1, 4),
    ("a:\n  <<: {b: 1}\n", "key-merge", 2, 3),
    ("a: !!int 1\n", "tag-refused", 1, 4),
    ("%YAML 1.1\n---\na: 1\n", "directive-refused", 1, 1),
    ("a: 1\n---\nb: 2\n", "file-several-documents", 2, 1),
    ("a: 1\n...\nb: 2\n", "file-several-documents", 3, 1),
    ("a:\n\tb: 1\n", "tab-indentation", 2, 1),
    ("a:\n  \tb: 1\n", "tab-indentation", 2, 3),
    ("a:\u00a0b\n", "character-lookalike", 1, 3),
    ("a: b\u200bc\n", "character-lookalike", 1, 5),
    ("a: b\n\ufeffc: d\n", "character-lookalike", 2, 1),
    ("a: \u201cb\u201d\n", "character-lookalike", 1, 4),
    ("a: [\u2018b\u2019]\n", "character-lookalike", 1, 5),
    ("a\uff1a b\n", "character-lookalike", 1, 2),
    ("a:\n\u2013 b\n", "character-lookalike", 2, 1),
    ("front\u2013office: b\n", "character-lookalike", 1, 6),
    ("\u0455op: b\n", "character-lookalike", 1, 1),
    ("a: b\u0007\n", "character-control", 1, 5),
    ("a: \ud800\n", "character-control", 1, 4),
    (b"a: b\nc: \xe9\n", "file-not-utf8", 2, 4),
    (b"\xff\xfea\x00:\x00", "file-not-utf8", 1, 1),
    ("a: " + "x" * MAX_BYTES, "file-too-large", 1, 1),
    ("a: [" + "x," * 20_001 + "]", "file-too-many-nodes", 1, 39_999),
    ("a: " + "[" * 41, "file-too-deep", 1, 43),
    ("- a\n- b\n", "file-not-mapping", 1, 1),
    ("programs\n", "file-not-mapping", 1, 1),
    ("", "file-empty", 1, 1),
    ("# nothing\n", "file-empty", 1, 1),
    ("? [a]\n: b\n", "key-not-text", 1, 3),
    (": b\n", "key-not-text", 1, 1),
    ("label: RT #3\n", "value-cut-by-hash", 1, 11),
    ("colour: #fff\n", "value-cut-by-hash", 1, 9),
]

BROKEN: list[tuple[str | bytes, str, int, int]] = [
    ("a:\n  b: 1\n c: 2\n", "syntax-indent", 3, 2),
    ("a: 1\n  b: 2\n", "syntax-indent", 2, 3),
    ("a: 1\nb\nc: 2\n", "syntax-colon-missing", 2, 1),
    ("a: b: c\n", "syntax-colon-extra", 1, 5),
    ('a: "b\nc: d\n', "syntax-quote-open", 1, 4),
    ("a: 'it''s\n", "syntax-quote-open", 1, 4),
    ("a: [b, c\nd: e\n", "syntax-bracket-open", 1, 4),
    ("a: {b: c\n", "syntax-bracket-open", 1, 4),
    ("a: ]\n", "syntax-bracket-stray", 1, 4),
    ("a: 'b' c\n", "syntax-after-value", 1, 8),
    ("a: @b\n", "syntax-character", 1, 4),
    ("a: - b\n", "syntax-list-inline", 1, 4),
    ("a: b\n- c\n", "syntax-list-mixed", 2, 1),
    ("a:\n  - b\n  c: d\n", "syntax-list-mixed", 3, 3),
    ('a: "\\q"\n', "syntax-escape", 1, 5),
    ("a: >b\n  c\n", "syntax-block-header", 1, 5),
    ("a: *\n", "alias-refused", 1, 4),
]


def read_root(text: str) -> MapNode:
    document = read("x.yaml", text)
    assert document.root is not None
    assert document.diagnostics == ()
    return document.root


@pytest.mark.parametrize(
    "text", ["no", "010", "18.10", "16:30", "0110010101010001", "~", "1_000", "0x1F", "2026-02-30"]
)
def test_scalar_keeps_its_characters(text: str) -> None:
    assert plain(read_root(f"a: {text}\n")) == {"a": text}


def test_nothing_written_is_not_the_empty_text() -> None:
    assert plain(read_root('a:\nb: ""\nc: [d, ""]\n')) == {"a": None, "b": "", "c": ["d", ""]}


def test_nodes_keep_order_kind_and_quotes() -> None:
    root = read_root("b: 'x'\na: [y]\n")
    first, second = root.entries
    assert (first.key.text, second.key.text) == ("b", "a")
    assert isinstance(first.value, Scalar)
    assert first.value.quoted
    assert isinstance(second.value, ListNode)


def test_block_text_keeps_its_lines() -> None:
    assert plain(read_root("a: |\n  satu\n  dua\nb: >-\n  tiga\n  empat\n")) == {
        "a": "satu\ndua\n",
        "b": "tiga empat",
    }


def test_mark_counts_characters_from_one() -> None:
    root = read_root("a: {é: [😀, bc]}\n")
    mark = node_at(root, ("a", "é", 1)).mark
    assert (mark.line, mark.column, mark.length, mark.quoted) == (1, 12, 2, "a: {é: [😀, bc]}")


def test_windows_line_ends_and_byte_order_mark_are_fine() -> None:
    document = read("x.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert document.root is not None
    assert value_mark(document.root, ("b",)).line == 2
    assert document.diagnostics == ()


def test_path_leads_to_the_nearest_place() -> None:
    root = read_root("a:\n  b: [c, {d: e}]\n  f:\n")
    assert key_mark(root, ("a", "b")).column == 3
    assert value_mark(root, ("a", "b", 1, "d")).column == 14
    assert value_mark(root, ("a", "f")) == key_mark(root, ("a", "f"))
    assert key_mark(root, ("a", "g", "h")) == key_mark(root, ("a",))
    assert not exists(root, ("a", "g"))
    assert exists(root, ("a", "b", 1, "d"))


@pytest.mark.parametrize(("text", "code", "line", "column"), REFUSED + BROKEN)
def test_mistake_is_named_at_its_place(text: str | bytes, code: str, line: int, column: int) -> None:
    found = read("x.yaml", text).diagnostics
    assert [(d.code, d.mark.line, d.mark.column) for d in found] == [(code, line, column)]


@pytest.mark.parametrize(
    "text",
    [
        "a: b # komentar",
        "# \u201ctanda kutip\u201d dan \u00a0 di komentar\na: b",
        "a: Anak \u201cputus sekolah\u201d",
        "a: 3\u20135 orang",
        "a: b\n\n\t\nc: d",
        "a: 'RT #3'",
        "a: 'it''s'",
        "a: Sawang Ba'u",
    ],
)
def test_harmless_text_is_not_refused(text: str) -> None:
    assert read("x.yaml", text).diagnostics == ()


def test_all_mistakes_of_a_file_come_in_one_run() -> None:
    text = "a: 1\na: 2\nb: &x 3\nc: \u201cd\u201d\ne: [f\n"
    codes = [d.code for d in read("x.yaml", text).diagnostics]
    assert codes == ["key-duplicate", "anchor-refused", "character-lookalike", "syntax-bracket-open"]


def test_bad_character_does_not_also_count_as_bad_syntax() -> None:
    document = read("x.yaml", "a:\n\tb: 1\n  c: 2\n")
    assert [d.code for d in document.diagnostics] == ["tab-indentation"]


def test_first_of_two_equal_keys_stays() -> None:
    document = read("x.yaml", "a: 1\na: {b: 2, b: 3}\nc: 4\n")
    assert document.root is not None
    assert plain(document.root) == {"a": "1", "c": "4"}
    assert document.diagnostics[0].values == {"key": "a", "first": "1"}


def whole(document: Document) -> None:
    for diagnostic in document.diagnostics:
        assert diagnostic.mark.line >= 1
        assert diagnostic.mark.column >= 1
    for language in ("id", "en"):
        assert render_text(document.diagnostics, language).count("\n") >= len(document.diagnostics)
    render_json(document.diagnostics)


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("ab:- \n\t#'\"[]{},&*!|>%@`?\\<~\u00a0\u201c\ufeff\r\x00\ud8000é😀"),
        max_size=60,
    )
)
def test_no_text_raises(text: str) -> None:
    document = read("x.yaml", text)
    whole(document)
    assert document.root is not None or document.diagnostics


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_raise(data: bytes) -> None:
    document = read("x.yaml", data)
    whole(document)
    assert document.root is not None or document.diagnostics
