"""Three texts merged by path: what one changed is done again in the other, and what both changed is shown."""

from __future__ import annotations

import pytest

from portal.document import Path, Plain
from portal.patches import MISSING, Conflict, Missing, PatchRefused, merge

BASE = """\
# header

steps:
  a: {label: A, within: 1 day}  # of a

  # above b
  b:
    label: B
    docs: [x, y]
  c: {label: C}
note: >-
  some words
  of a text
"""

MERGED: list[tuple[str, dict[str, str], dict[str, str], dict[str, str]]] = [
    ("nothing", {}, {"label: B": "label: B2"}, {"label: B": "label: B2"}),
    ("mine", {"label: B": "label: B2"}, {}, {"label: B": "label: B2"}),
    (
        "disjoint",
        {"label: A": "label: A2"},
        {"1 day": "2 days", "# of a": "# of a!"},
        {"label: A": "label: A2", "1 day": "2 days", "# of a": "# of a!"},
    ),
    ("same", {"label: B": "label: X"}, {"label: B": "label: X"}, {"label: B": "label: X"}),
    (
        "same-but-comments",
        {"# above b\n": "# mine\n"},
        {"# above b\n": "# theirs\n"},
        {"# above b\n": "# theirs\n"},
    ),
    (
        "removed",
        {"  c: {label: C}\n": ""},
        {"label: B": "label: X"},
        {"  c: {label: C}\n": "", "label: B": "label: X"},
    ),
    ("both-removed", {"  c: {label: C}\n": ""}, {"  c: {label: C}\n": ""}, {"  c: {label: C}\n": ""}),
    (
        "inserted-with-comments",
        {"  c: {label: C}\n": "  # why d\n  d:\n    label: D  # d\n    # end of d\n  c: {label: C}\n"},
        {"label: B": "label: X"},
        {
            "label: B": "label: X",
            "  c: {label: C}\n": "  # why d\n  d:\n    label: D  # d\n    # end of d\n  c: {label: C}\n",
        },
    ),
    (
        "inserted-by-both-at-one-place",
        {"  c: {label: C}\n": "  d: {label: D}\n  c: {label: C}\n"},
        {"  c: {label: C}\n": "  e: {label: E}\n  c: {label: C}\n"},
        {"  c: {label: C}\n": "  d: {label: D}\n  e: {label: E}\n  c: {label: C}\n"},
    ),
    (
        "inserted-the-same",
        {"  c: {label: C}\n": "  d: {label: D}\n  c: {label: C}\n"},
        {"  c: {label: C}\n": "  d: {label: D}\n  c: {label: C}\n"},
        {"  c: {label: C}\n": "  d: {label: D}\n  c: {label: C}\n"},
    ),
    (
        "inserted-behind-what-is-gone",
        {"  c: {label: C}\n": "  c: {label: C}\n  d: {label: D}\n"},
        {"  c: {label: C}\n": ""},
        {"  c: {label: C}\n": "\n  d: {label: D}\n"},
    ),
    (
        "moved",
        {"  c: {label: C}\n": "", "  a: {": "  c: {label: C}\n  a: {"},
        {"label: B": "label: X"},
        {"  c: {label: C}\n": "", "  a: {": "  c: {label: C}\n  a: {", "label: B": "label: X"},
    ),
    (
        "list-of-one",
        {"[x, y]": "[x, z]"},
        {"label: B": "label: X"},
        {"[x, y]": "[x, z]", "label: B": "label: X"},
    ),
    (
        "folded",
        {"some words": "many words"},
        {"1 day": "2 days"},
        {"some words\n  of a text": "many words of a text", "1 day": "2 days"},
    ),
]

CONFLICTS: list[
    tuple[str, dict[str, str], dict[str, str], Path, Plain | Missing, Plain | Missing, Plain | Missing]
] = [
    ("value", {"label: B": "label: M"}, {"label: B": "label: T"}, ("steps", "b", "label"), "B", "M", "T"),
    ("list", {"[x, y]": "[x]"}, {"[x, y]": "[y]"}, ("steps", "b", "docs"), ["x", "y"], ["x"], ["y"]),
    (
        "removed",
        {"  c: {label: C}\n": ""},
        {"label: C": "label: T"},
        ("steps", "c"),
        {"label": "C"},
        MISSING,
        {"label": "T"},
    ),
    (
        "changed",
        {"label: C": "label: M"},
        {"  c: {label: C}\n": ""},
        ("steps", "c"),
        {"label": "C"},
        {"label": "M"},
        MISSING,
    ),
    (
        "new",
        {"{label: C}": "{label: C, x: 1}"},
        {"{label: C}": "{label: C, x: 2}"},
        ("steps", "c", "x"),
        MISSING,
        "1",
        "2",
    ),
    ("kind", {"[x, y]": "{x: 1}"}, {"[x, y]": "x"}, ("steps", "b", "docs"), ["x", "y"], {"x": "1"}, "x"),
]


def changed(edits: dict[str, str]) -> str:
    text = BASE
    for before, after in edits.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize(("mine", "theirs", "merged"), [c[1:] for c in MERGED], ids=[c[0] for c in MERGED])
def test_changes_of_both_are_taken(
    mine: dict[str, str], theirs: dict[str, str], merged: dict[str, str]
) -> None:
    found = merge(BASE, changed(mine), changed(theirs))
    assert found.conflicts == ()
    assert found.text == changed(merged)


@pytest.mark.parametrize(
    ("mine", "theirs", "path", "was", "one", "other"),
    [c[1:] for c in CONFLICTS],
    ids=[c[0] for c in CONFLICTS],
)
def test_what_both_changed_is_a_conflict_until_somebody_chooses(
    mine: dict[str, str],
    theirs: dict[str, str],
    path: Path,
    was: Plain | Missing,
    one: Plain | Missing,
    other: Plain | Missing,
) -> None:
    texts = (BASE, changed(mine), changed(theirs))
    found = merge(*texts)
    assert found.conflicts == (Conflict(path=path, base=was, mine=one, theirs=other),)
    assert found.text == texts[2]
    assert merge(*texts, chosen={path: "theirs"}).text == texts[2]
    taken = merge(*texts, chosen={path: "mine"})
    assert taken.conflicts == ()
    assert taken.text.split() == texts[1].split()


def test_a_conflict_does_not_hold_up_other_changes() -> None:
    mine = changed({"label: B": "label: M", "1 day": "2 days"})
    found = merge(BASE, mine, changed({"label: B": "label: T"}))
    assert [conflict.path for conflict in found.conflicts] == [("steps", "b", "label")]
    assert found.text == changed({"label: B": "label: T", "1 day": "2 days"})


def test_two_new_orders_are_a_conflict_of_order() -> None:
    texts = ("a: 1\nb: 2\nc: 3\n", "b: 2\na: 1\nc: 3\n", "a: 1\nc: 3\nb: 2\nd: 4\n")
    found = merge(*texts)
    assert found.text == texts[2]
    assert found.conflicts == (
        Conflict(path=(), base=["a", "b", "c"], mine=["b", "a", "c"], theirs=["a", "c", "b"], about="order"),
    )
    assert merge(*texts, chosen={(): "mine"}).text == "b: 2\na: 1\nc: 3\nd: 4\n"


def test_inserted_block_is_indented_as_its_new_neighbours_and_ends_its_lines_so() -> None:
    mine = "s:\n  a: 1\n  # why\n  b:\n    x: |\n      one\n\n      two\n"
    found = merge("s:\n  a: 1\n", mine, "s:\r\n    a: 1 # p\r\n")
    assert found.text == (
        "s:\r\n    a: 1 # p\r\n    # why\r\n    b:\r\n      x: |\r\n        one\r\n\r\n        two\r\n"
    )


def test_inserted_block_goes_into_braces_where_the_others_are() -> None:
    found = merge("s:\n  a: 1\n", "s:\n  a: 1\n  b:\n    x: 1\n", "s: {a: 1}\n")
    assert found.text == "s: {a: 1, b: {x: 1}}\n"


def test_item_comes_with_its_comment() -> None:
    found = merge(
        "s:\n  - a\nt: 1\n", "s:\n  - a\n  # why\n  - b: 1 # p\n    c: 2\nt: 1\n", "s:\n  - a\nt: 2\n"
    )
    assert found.text == "s:\n  - a\n  # why\n  - b: 1 # p\n    c: 2\nt: 2\n"


def test_both_fill_what_was_empty() -> None:
    assert merge("s:\n", "s:\n  a: 1\n", "s:\n  b: 2\n").text == "s:\n  a: 1\n  b: 2\n"
    assert (
        merge("s: 1\n", "s: 1\nt: {a: 1, b: 2}\n", "s: 1\nt: {a: 1, c: 3}\n").text
        == "s: 1\nt: {a: 1, b: 2, c: 3}\n"
    )


def test_a_text_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(PatchRefused) as refused:
        merge("a: 1\n", "a: [\n", "a: 1\n")
    assert refused.value.code == "patch-unreadable"
