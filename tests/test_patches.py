"""Changes of YAML text by path: what changes is what was meant, and every other byte stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.document import Path, Plain
from portal.patches import (
    PatchRefused,
    insert,
    insert_item,
    move,
    move_item,
    remove,
    rename,
    set_value,
)
from portal.words import LANGUAGES, say

SET: list[tuple[str, str, Path, Plain, str]] = [
    ("plain", "a: b  # c\n", ("a",), "d e", "a: d e  # c\n"),
    ("plain-needs-quotes", "a: b\n", ("a",), "d: e", 'a: "d: e"\n'),
    ("plain-with-hash", "a: b\n", ("a",), "RT #3", 'a: "RT #3"\n'),
    ("double", 'a: "b"   # c\n', ("a",), 'd "e"', 'a: "d \\"e\\""   # c\n'),
    ("single", "a: 'b'\n", ("a",), "it's", "a: 'it''s'\n"),
    ("single-cannot", "a: 'b'\n", ("a",), "c\td\x07", 'a: "c\\td\\x07"\n'),
    ("unicode", "a: b\n", ("a",), "Désa 🏠 “x”", "a: Désa 🏠 “x”\n"),
    ("curly-first", "a: b\n", ("a",), "“x”", 'a: "“x”"\n'),
    ("no-break-space", "a: b\n", ("a",), "x\u00a0y", 'a: "x\\xa0y"\n'),
    ("empty-text", "a: b\n", ("a",), "", 'a: ""\n'),
    ("leading-zero", "a: 1\n", ("a",), "010", "a: 010\n"),
    ("nothing-to-text", "a:  # c\nb: 1\n", ("a",), "x", "a: x  # c\nb: 1\n"),
    ("text-to-nothing", "a: x  # c\nb: 1\n", ("a",), None, "a:  # c\nb: 1\n"),
    ("plain-of-two-lines", "a: x\n  y\nb: 1\n", ("a",), "z", "a: z\nb: 1\n"),
    ("below-its-key", "a: # c\n  x\nb: 1\n", ("a",), "z", "a: # c\n  z\nb: 1\n"),
    ("lines", "a: b # c\nd: e\n", ("a",), "x\ny", "a: |- # c\n  x\n  y\nd: e\n"),
    ("lines-end", "a: b\nd: e\n", ("a",), "x\ny\n", "a: |\n  x\n  y\nd: e\n"),
    ("many-ends", "a: b\n", ("a",), "x\n\n", 'a: "x\\n\\n"\n'),
    ("folded", "a: >-  # c\n    x\n    y\n\nb: 1\n", ("a",), "z z", "a: >-  # c\n    z z\n\nb: 1\n"),
    ("folded-lines", "a: >-\n  x\nb: 1\n", ("a",), "p\nq", "a: >-\n  p\n\n  q\nb: 1\n"),
    ("folded-spaces", "a: >-\n  x\nb: 1\n", ("a",), "p\n q", "a: |-\n  p\n   q\nb: 1\n"),
    ("literal", "a:\n  b: |\n      x\n      y\nc: 1\n", ("a", "b"), "z\n", "a:\n  b: |\n      z\nc: 1\n"),
    ("literal-indented", "a: |\n  x\n", ("a",), "  y", 'a: "  y"\n'),
    ("block-to-nothing", "a: |\n  x\nb: 1\n", ("a",), None, "a:\nb: 1\n"),
    ("flow", "a: {b: c, d: e}  # f\n", ("a", "b"), "x, y", 'a: {b: "x, y", d: e}  # f\n'),
    ("flow-empty", "a: {b: , d: e}\n", ("a", "b"), "x", "a: {b: x, d: e}\n"),
    ("flow-key-alone", "a: {b, d: e}\n", ("a", "b"), "x", "a: {b: x, d: e}\n"),
    ("flow-nothing", "a: {b: c, d: e}\n", ("a", "b"), None, "a: {b: , d: e}\n"),
    ("flow-lines", "a: {b: c}\n", ("a", "b"), "x\ny", 'a: {b: "x\\ny"}\n'),
    ("flow-map", "a: {b: c}\n", ("a", "b"), {"x": ["1"]}, "a: {b: {x: [1]}}\n"),
    ("flow-list", "a: [b, c]\n", ("a", 1), "d", "a: [b, d]\n"),
    ("flow-in-list", "a:\n  - {b: c}  # d\n", ("a", 0, "b"), "e", "a:\n  - {b: e}  # d\n"),
    ("item", "a:\n  - b  # c\n  - d\n", ("a", 0), "e", "a:\n  - e  # c\n  - d\n"),
    ("item-to-map", "a:\n  - b\n", ("a", 0), {"x": "1", "y": "2"}, "a:\n  - x: 1\n    y: 2\n"),
    ("item-with-block", "a:\n  - b: c\n    d: e\n", ("a", 0, "d"), "f", "a:\n  - b: c\n    d: f\n"),
    ("item-to-map-far", "a:\n  -   b\n", ("a", 0), {"x": "1", "y": "2"}, "a:\n  - x: 1\n    y: 2\n"),
    ("item-map-far", "a:\n  -   b: 1\n", ("a", 0), {"x": "1", "y": "2"}, "a:\n  - x: 1\n    y: 2\n"),
    ("map-to-text", "a:  # c\n  b: 1\n  d: 2\ne: 3\n", ("a",), "x", "a: x  # c\ne: 3\n"),
    ("map-to-nothing", "a:\n  b: 1\ne: 3\n", ("a",), None, "a:\ne: 3\n"),
    ("map-to-lines", "a:\n  b: 1\ne: 3\n", ("a",), "x\ny", "a: |-\n  x\n  y\ne: 3\n"),
    ("map-to-list", "a:\n\n  # p\n\n  b: 1\n", ("a",), ["x y"], "a:\n\n  # p\n\n  - x y\n"),
    ("item-map-to-text", "a:\n  - b: 1\n    c: 2\n  - d\n", ("a", 0), "x", "a:\n  - x\n  - d\n"),
    ("text-to-map", "a: b # c\nd: e\n", ("a",), {"x": "1"}, "a: # c\n  x: 1\nd: e\n"),
    ("text-to-flow", "a: b # c\nd: {e: f}\n", ("a",), {"x": "1"}, "a: {x: 1} # c\nd: {e: f}\n"),
    ("text-to-words", "a: b\n", ("a",), ["x", "y"], "a: [x, y]\n"),
    ("text-to-sentences", "a: b\n", ("a",), ["x y", "z"], "a:\n  - x y\n  - z\n"),
    (
        "map-in-part",
        "a:\n  # p\n  b: 1\n  c: 2\n",
        ("a",),
        {"b": "1", "c": "3"},
        "a:\n  # p\n  b: 1\n  c: 3\n",
    ),
    ("map-in-order", "a:\n  b: 1 # p\n  c: 2\n", ("a",), {"c": "2", "b": "1"}, "a:\n  c: 2\n  b: 1 # p\n"),
    ("list-in-part", "a:\n  - b # p\n  - c\n", ("a",), ["b", "d", "c"], "a:\n  - b # p\n  - d\n  - c\n"),
    ("list-in-order", "a:\n  - b # p\n  - c\n", ("a",), ["c", "b"], "a:\n  - c\n  - b # p\n"),
    ("new-key", "a:\n  b: 1 # p\n\nc: 2\n", ("a", "x"), "3", "a:\n  b: 1 # p\n  x: 3\n\nc: 2\n"),
    ("new-key-flow", "a: {b: 1} # p\n", ("a", "x"), "3", "a: {b: 1, x: 3} # p\n"),
    ("new-key-in-nothing", "a: # p\nb: 1\n", ("a", "x"), "3", "a: # p\n  x: 3\nb: 1\n"),
    ("new-key-in-braces", "a: {}\n", ("a", "x"), "3", "a:\n  x: 3\n"),
    ("new-key-in-nothing-of-item", "a:\n  -\n  - b\n", ("a", 0, "x"), "3", "a:\n  - x: 3\n  - b\n"),
    ("new-key-no-end", "a: 1", ("b",), "2", "a: 1\nb: 2"),
    ("new-key-of-all", "# h\n", ("a",), "1", "# h\na: 1\n"),
    ("crlf", "a: 1\r\nb: x\r\n", ("b",), "p\nq", "a: 1\r\nb: |-\r\n  p\r\n  q\r\n"),
    ("mark", "\ufeffa: 1\n", ("a",), "2", "\ufeffa: 2\n"),
    ("same", "a:   'b'\n", ("a",), "b", "a:   'b'\n"),
]

INSERT: list[tuple[str, str, Path, Plain, str | None, str]] = [
    ("first", "# h\n\na: 1\n", ("b",), "2", None, "# h\n\nb: 2\na: 1\n"),
    ("first-below-header", "# h\na: 1\n", ("b",), "2", None, "# h\nb: 2\na: 1\n"),
    ("after", "a: 1 # p\n# q\nc: 3\n", ("b",), "2", "a", "a: 1 # p\nb: 2\n# q\nc: 3\n"),
    ("before-comments", "z:\n  # q\n  a: 1\n", ("z", "b"), "2", None, "z:\n  b: 2\n  # q\n  a: 1\n"),
    (
        "blank",
        "a:\n  x: 1\n\nc:\n  x: 3\n",
        ("b",),
        {"x": "2"},
        "a",
        "a:\n  x: 1\n\nb:\n  x: 2\n\nc:\n  x: 3\n",
    ),
    ("blank-last", "a: 1\n\nc: 3\n", ("b",), "2", "c", "a: 1\n\nc: 3\n\nb: 2\n"),
    ("no-blank", "a: 1\nb: 2\n\nc: 3\n", ("d",), "4", "b", "a: 1\nb: 2\nd: 4\n\nc: 3\n"),
    ("inner-comment", "a:\n  x: 1\n  # p\nb: 2\n", ("c",), "3", "a", "a:\n  x: 1\n  # p\nc: 3\nb: 2\n"),
    ("flow-first", "a: {b: 1}\n", ("a", "c"), "2", None, "a: {c: 2, b: 1}\n"),
    ("flow-after", "a: {b: 1, d: 3,}\n", ("a", "c"), "2", "b", "a: {b: 1, c: 2, d: 3,}\n"),
    ("flow-lines", "a: {\n  b: 1,\n  d: 3\n}\n", ("a", "c"), "2", "d", "a: {\n  b: 1,\n  d: 3,\n  c: 2\n}\n"),
    ("flow-sibling", "a: {x: 1}\n", ("b",), {"x": "2"}, "a", "a: {x: 1}\nb: {x: 2}\n"),
    ("block-sibling", "a:\n  x: 1\n", ("b",), {"x": "2"}, "a", "a:\n  x: 1\nb:\n  x: 2\n"),
    ("in-item", "a:\n  - b: 1\n    c: 2\n", ("a", 0, "d"), "3", None, "a:\n  - d: 3\n    b: 1\n    c: 2\n"),
    ("crlf", "a: 1\r\nb: 2", ("c",), {"d": "3"}, "b", "a: 1\r\nb: 2\r\nc:\r\n  d: 3"),
    ("odd-key", "a: 1\n", ("b: c",), "2", "a", 'a: 1\n"b: c": 2\n'),
    ("after-block", "a: |\n  x\n\nb: 1\n", ("c",), "2", "a", "a: |\n  x\n\nc: 2\n\nb: 1\n"),
    ("before-heading", "a: 1\n\n# --- X\nb: 1\n", ("c",), "2", "a", "a: 1\n\nc: 2\n\n# --- X\nb: 1\n"),
]

REMOVE: list[tuple[str, str, Path, str]] = [
    ("first", "# h\n\n# p\na: 1  # q\nb: 2\n", ("a",), "# h\n\nb: 2\n"),
    ("header-stays", "# h\na: 1\nb: 2\n", ("a",), "# h\nb: 2\n"),
    ("last", "a: 1\n# p\nb: 2", ("b",), "a: 1"),
    ("middle", "a: 1\n\nb: 2\n\nc: 3\n", ("b",), "a: 1\n\nc: 3\n"),
    ("other-comment", "a: 1\n\n# p\n\nb: 2\nc: 3\n", ("b",), "a: 1\n\n# p\n\nc: 3\n"),
    ("other-comment-last", "a: 1\n\n# p\n\nb: 2\n", ("b",), "a: 1\n\n# p\n"),
    ("other-indent", "z:\n  a: 1\n# p\n  b: 2\n  c: 3\n", ("z", "b"), "z:\n  a: 1\n# p\n  c: 3\n"),
    ("heading-stays", "z: 1\n# --- X\n# p\na: 1\nb: 2\n", ("a",), "z: 1\n# --- X\nb: 2\n"),
    ("rule-goes", "z: 1\n# -----\na: 1\nb: 2\n", ("a",), "z: 1\nb: 2\n"),
    ("inner", "a:\n  x: 1\n  # p\n\nb: 2\n", ("a",), "b: 2\n"),
    ("block", "a: |\n  # no comment\n\nb: 2\n", ("a",), "b: 2\n"),
    ("only", "a:  # p\n  b: 1\nc: 2\n", ("a", "b"), "a: {}  # p\nc: 2\n"),
    ("only-item", "a:\n  - b  # p\nc: 2\n", ("a", 0), "a: []\nc: 2\n"),
    ("only-of-item", "a:\n  - b: 1\n  - c\n", ("a", 0, "b"), "a:\n  - {}\n  - c\n"),
    ("item", "a:\n  # p\n  - b\n  # q\n  - c\n", ("a", 0), "a:\n  # q\n  - c\n"),
    ("item-block", "a:\n- b: 1\n  c: 2\n- d\n", ("a", 0), "a:\n- d\n"),
    ("in-item", "a:\n  - b: 1\n    # q\n    c: 2\n", ("a", 0, "b"), "a:\n  # q\n  - c: 2\n"),
    ("in-list-of-lists", "a:\n  - - b\n    - c\n", ("a", 0, 0), "a:\n  - - c\n"),
    ("flow-first", "a: {b: 1, c: 2}  # p\n", ("a", "b"), "a: {c: 2}  # p\n"),
    ("flow-last", "a: {b: 1, c: 2, }\n", ("a", "c"), "a: {b: 1, }\n"),
    ("flow-only", "a: {b: 1}\n", ("a", "b"), "a: {}\n"),
    ("flow-item", "a: [b,\n    c, d]\n", ("a", 1), "a: [b,\n    d]\n"),
    ("crlf", "a: 1\r\n# p\r\nb: 2\r\nc: 3\r\n", ("b",), "a: 1\r\nc: 3\r\n"),
    ("all", "# h\n\na: 1\n", ("a",), "# h\n\n{}\n"),
]

MOVE: list[tuple[str, str, Path, str | None, str]] = [
    ("first", "a: 1 # p\n# q\nb: 2\nc: 3\n", ("b",), None, "# q\nb: 2\na: 1 # p\nc: 3\n"),
    ("down", "# h\n\n# q\na: 1\nb:\n  - x\n", ("a",), "b", "# h\n\nb:\n  - x\n# q\na: 1\n"),
    ("no-end", "a: 1\nb: 2", ("a",), "b", "b: 2\na: 1"),
    ("blank", "a: 1\n\nb: 2\n\nc: 3\n", ("c",), "a", "a: 1\n\nc: 3\n\nb: 2\n"),
    ("stay", "a: 1\n\nb: 2\n", ("b",), "a", "a: 1\n\nb: 2\n"),
    ("block", "a: |\n  x\n\nb: 2\n", ("a",), "b", "b: 2\n\na: |\n  x\n"),
    ("block-no-end", "a: |\n  x\nb: 2", ("a",), "b", "b: 2\na: |\n  x\n"),
    ("flow", "a: {b: 1,  c: 2, d: 3}\n", ("a", "d"), None, "a: {d: 3,  b: 1, c: 2}\n"),
    ("in-item", "z:\n  - a: 1\n    b: 2\n", ("z", 0, "b"), None, "z:\n  - b: 2\n    a: 1\n"),
    ("in-item-down", "z:\n  - a: 1 # p\n    b: 2\n", ("z", 0, "a"), "b", "z:\n  - b: 2\n    a: 1 # p\n"),
    (
        "comment-into-item",
        "z:\n  - a: 1\n    # p\n    b: 2\n",
        ("z", 0, "b"),
        None,
        "z:\n  # p\n  - b: 2\n    a: 1\n",
    ),
]

MOVE_ITEM = [
    (
        "down",
        "a:\n  # p\n  - b # q\n  - c: 1\n    d: 2\n",
        0,
        1,
        "a:\n  - c: 1\n    d: 2\n  # p\n  - b # q\n",
    ),
    ("up", "a:\n- b\n- c\n- d\n", 2, 0, "a:\n- d\n- b\n- c\n"),
    ("flow", "a: [b, c, d]\n", 0, 2, "a: [c, d, b]\n"),
]

INSERT_ITEM: list[tuple[str, str, Plain, int, str]] = [
    ("first", "a:\n  - b\n", "x", 0, "a:\n  - x\n  - b\n"),
    ("last", "a:\n  - b # p\nc: 1\n", "x", 1, "a:\n  - b # p\n  - x\nc: 1\n"),
    ("flow", "a: [b, c]\n", "x", 1, "a: [b, x, c]\n"),
    ("flow-sibling", "a:\n  - {b: 1}\n", {"b": "2"}, 1, "a:\n  - {b: 1}\n  - {b: 2}\n"),
    ("block-sibling", "a:\n  - b: 1\n", {"b": "2", "c": "3"}, 1, "a:\n  - b: 1\n  - b: 2\n    c: 3\n"),
    ("list", "a:\n  - b: 1\n", ["x y"], 1, "a:\n  - b: 1\n  - - x y\n"),
    ("nothing", "a:\n", "x", 0, "a: [x]\n"),
    ("empty", "a: []\n", "x y", 0, "a:\n  - x y\n"),
    ("empty-item", "a:\n  - b\n", None, 1, "a:\n  - b\n  -\n"),
]

RENAME = [
    ("block", "a:  # p\n  b: 1\n", ("a",), "c", "c:  # p\n  b: 1\n"),
    ("flow", "a: {b: 1}\n", ("a", "b"), "c", "a: {c: 1}\n"),
    ("quoted", '"a": 1\n', ("a",), "c", '"c": 1\n'),
    ("needs-quotes", "a: 1\n", ("a",), "# c", '"# c": 1\n'),
]

REFUSED: list[tuple[str, str, Callable[[], str]]] = [
    ("broken", "patch-unreadable", lambda: remove("a: [1\n", ("a",))),
    ("twice", "patch-unreadable", lambda: remove("a: 1\na: 2\n", ("a",))),
    ("no-path", "patch-path-missing", lambda: remove("a: 1\n", ("b",))),
    ("no-parent", "patch-path-missing", lambda: set_value("a: 1\n", ("b", "c"), "x")),
    ("parent-is-text", "patch-path-missing", lambda: set_value("a: 1\n", ("a", "c"), "x")),
    ("parent-is-empty-text", "patch-path-missing", lambda: insert_item('a: ""\n', ("a",), "x", at=0)),
    ("no-neighbour", "patch-path-missing", lambda: insert("a: 1\n", ("b",), "x", after="c")),
    ("no-place", "patch-path-missing", lambda: insert_item("a: [b]\n", ("a",), "x", at=2)),
    ("no-place-to-move", "patch-path-missing", lambda: move_item("a: [b]\n", ("a", 0), to=1)),
    ("itself", "patch-path-missing", lambda: move("a: 1\nb: 2\n", ("a",), after="a")),
    ("key-there", "patch-key-exists", lambda: insert("a: 1\n", ("a",), "x")),
    ("name-there", "patch-key-exists", lambda: rename("a: 1\nb: 2\n", ("a",), "b")),
    ("surrogate", "patch-unwritable", lambda: set_value("a: 1\n", ("a",), "\ud800")),
    ("surrogate-key", "patch-unwritable", lambda: rename("a: 1\n", ("a",), "\ud800")),
    ("nothing-in-flow", "patch-unwritable", lambda: insert_item("a: [b]\n", ("a",), None, at=1)),
    ("question", "patch-form", lambda: remove("? a\n: 1\n? b\n: 2\n", ("a",))),
    ("whose-comment", "patch-comment-inside", lambda: remove("a: [b, # p\n  c]\n", ("a", 0))),
    ("pair", "patch-result-differs", lambda: insert("a: [b: c]\n", ("a", 0, "d"), "x", after="b")),
    ("root", "patch-path-missing", lambda: remove("a: 1\n", ())),
]


@pytest.mark.parametrize(("text", "path", "value", "after"), [c[1:] for c in SET], ids=[c[0] for c in SET])
def test_value_is_set(text: str, path: Path, value: Plain, after: str) -> None:
    assert set_value(text, path, value) == after


@pytest.mark.parametrize(
    ("text", "path", "value", "behind", "after"), [c[1:] for c in INSERT], ids=[c[0] for c in INSERT]
)
def test_entry_is_inserted(text: str, path: Path, value: Plain, behind: str | None, after: str) -> None:
    assert insert(text, path, value, after=behind) == after
    assert remove(after, path) == text


@pytest.mark.parametrize(("text", "path", "after"), [c[1:] for c in REMOVE], ids=[c[0] for c in REMOVE])
def test_entry_is_removed_with_its_comments(text: str, path: Path, after: str) -> None:
    assert remove(text, path) == after


@pytest.mark.parametrize(("text", "path", "behind", "after"), [c[1:] for c in MOVE], ids=[c[0] for c in MOVE])
def test_entry_is_moved_with_its_comments(text: str, path: Path, behind: str | None, after: str) -> None:
    assert move(text, path, after=behind) == after


@pytest.mark.parametrize(
    ("text", "start", "to", "after"), [c[1:] for c in MOVE_ITEM], ids=[c[0] for c in MOVE_ITEM]
)
def test_item_is_moved(text: str, start: int, to: int, after: str) -> None:
    assert move_item(text, ("a", start), to=to) == after


@pytest.mark.parametrize(
    ("text", "value", "place", "after"), [c[1:] for c in INSERT_ITEM], ids=[c[0] for c in INSERT_ITEM]
)
def test_item_is_inserted(text: str, value: Plain, place: int, after: str) -> None:
    assert insert_item(text, ("a",), value, at=place) == after


@pytest.mark.parametrize(
    ("text", "path", "key", "after"), [c[1:] for c in RENAME], ids=[c[0] for c in RENAME]
)
def test_key_is_renamed(text: str, path: Path, key: str, after: str) -> None:
    assert rename(text, path, key) == after


@pytest.mark.parametrize(("code", "change"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_change_is_refused_with_a_reason(code: str, change: Callable[[], str]) -> None:
    with pytest.raises(PatchRefused) as refused:
        change()
    assert refused.value.code == code
    assert say(code, **refused.value.values)


def test_every_reason_is_tested() -> None:
    told = {slug for slug in LANGUAGES["id"] if slug.startswith("patch-")}
    assert {code for _, code, _ in REFUSED} == told


def test_long_text_becomes_a_folded_block_and_long_maps_become_blocks() -> None:
    text = insert("a: {x: 1}\n", ("b",), {"label": "kata " * 19 + "akhir", "x": "1"}, after="a")
    assert text == f"a: {{x: 1}}\nb:\n  label: {'kata ' * 19}akhir\n  x: 1\n"
    folded = set_value(text, ("b", "y"), "kata " * 40 + "akhir")
    assert folded.removeprefix(text) == f"  y: >-\n    {'kata ' * 20}kata\n    {'kata ' * 18}kata akhir\n"


def test_rewritten_block_keeps_the_lines_before_the_change() -> None:
    text = f"a: >-\n  {'kata ' * 15}kata\n  {'kata ' * 15}satu\n"
    assert set_value(text, ("a",), "kata " * 31 + "dua") == text.replace("satu", "dua")


def test_long_flow_map_is_broken_below_its_first_key() -> None:
    text = f"abc: {{label: {'kata ' * 18}kata}}\n"
    assert set_value(text, ("abc", "x"), "teks") == text.replace("}", ",\n      x: teks}")


def test_new_block_follows_the_same_key_elsewhere() -> None:
    text = "s:\n  a:\n    docs:\n      k: {r: 1}\n  b:\n    label: B\n"
    assert set_value(text, ("s", "b", "docs"), {"k": {"r": "2"}}) == f"{text}    docs:\n      k: {{r: 2}}\n"
