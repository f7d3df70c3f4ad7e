"""Random changes of every shipped file: outside of the touched entry nothing moves, and no comment is lost.

PORTAL_PATCHES says how many examples, shared among the tests: 2000 for the long run of a release, else 60.
Each is done in a file with the line ends of Linux or of Windows, with or without the last of them.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path as Folder

from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from portal.diagnostics import Mark
from portal.document import ListNode, MapNode, Node, Path, Plain, plain, read
from portal.patches import (
    PatchRefused,
    insert,
    insert_item,
    merge,
    move,
    move_item,
    remove,
    rename,
    set_value,
)

COUNT = int(os.environ.get("PORTAL_PATCHES", "60")) // 6
HOME = Folder(__file__).resolve().parents[1] / "schema"
FILES = sorted(file.name for file in HOME.glob("*.yaml"))
# Without shrinking: each example reads a whole file several times.
SETTINGS = settings(
    deadline=None,
    max_examples=max(COUNT, 1),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
COMMENT = re.compile(r"(?:^|\s)(#.*)$")
QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")

texts = st.one_of(
    st.sampled_from(
        ["ya", "3 working days", "RT #3", "a: b", "- x", '"', "", " tepi ", "dua\nbaris\n", "kata " * 40]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30),
)
keys = st.from_regex(r"[a-z][a-z0-9-]{0,20}baru", fullmatch=True)
values: st.SearchStrategy[Plain] = st.recursive(
    texts | st.none(),
    lambda inner: (
        st.lists(inner.filter(lambda value: value is not None), max_size=3)
        | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=6,
)


def tree(text: str) -> Plain:
    document = read("", text)
    assert document.diagnostics == ()
    return plain(document.root) if document.root else {}


def paths(node: Node, above: Path = ()) -> list[tuple[Path, Mark]]:
    """Returns every path of a file in order, with the mark of its key or item."""
    found: list[tuple[Path, Mark]] = []
    if isinstance(node, MapNode):
        for entry in node.entries:
            here = (*above, entry.key.text)
            found += [(here, entry.key.mark), *paths(entry.value, here)]
    elif isinstance(node, ListNode):
        for place, item in enumerate(node.items):
            found += [((*above, place), item.mark), *paths(item, (*above, place))]
    return found


def comments(lines: list[str]) -> Counter[str]:
    """Counts comments as a person sees them: the shipped files have no `#` in a block of text."""
    found = (COMMENT.search(QUOTED.sub("", line)) for line in lines)
    return Counter(match[1] for match in found if match)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One place of one file."""

    file: str
    windows: bool
    """Its lines end as those of Windows do."""
    ended: bool
    """So does the last."""
    path: Path
    first: int
    """The first line that may change: comments and blank lines above the entry are its own."""
    last: int
    """The line behind the last that may change."""

    @property
    def text(self) -> str:
        return written(self.file, self.windows, self.ended)

    @property
    def value(self) -> Plain:
        return at(tree(self.text), self.path)

    @property
    def parent(self) -> Plain:
        return at(tree(self.text), self.path[:-1])


def at(found: Plain, path: Path) -> Plain:
    for part in path:
        assert isinstance(found, (dict, list))
        found = found[part]  # type: ignore[index]
    return found


@cache
def written(file: str, windows: bool, ended: bool) -> str:
    text = (HOME / file).read_text("utf-8")
    text = text if ended else text.rstrip("\n")
    return text.replace("\n", "\r\n") if windows else text


@cache
def known_paths(text: str) -> list[tuple[Path, Mark]]:
    root = read("", text).root
    assert root is not None
    return paths(root)


@st.composite
def spots(draw: st.DrawFn) -> Spot:
    file, windows, ended = draw(st.sampled_from(FILES)), draw(st.booleans()), draw(st.booleans())
    text = written(file, windows, ended)
    known = known_paths(text)
    path, lines = draw(st.sampled_from(known))[0], text.splitlines()
    place = [each for each, _ in known].index(path)
    first = known[place][1].line - 1
    inside = [mark.line for each, mark in known[place:] if each[: len(path)] == path]
    behind = [mark.line - 1 for _, mark in known if mark.line > inside[-1]]
    while first and (not lines[first - 1].strip() or lines[first - 1].strip().startswith("#")):
        first -= 1
    last = behind[0] if behind else len(lines)
    return Spot(file=file, windows=windows, ended=ended, path=path, first=first, last=last)


def stays(before: str, after: str, first: int, last: int) -> None:
    """Demands the same bytes above and below some lines."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    below = old[last:]
    if not below:  # the last line may be another one now, and have an end or none as before
        old[first - 1], new[first - 1] = (lines[first - 1].rstrip("\r\n") for lines in (old, new))
    assert new[:first] == old[:first]
    assert new[len(new) - len(below) :] == below
    assert ("\r\n" in after) == ("\r\n" in before)
    assert after.endswith("\n") == before.endswith("\n") or not below


@SETTINGS
@given(spots(), values)
def test_setting_a_value_touches_its_entry_alone(where: Spot, value: Plain) -> None:
    try:
        after = set_value(where.text, where.path, value)
    except PatchRefused as refused:
        assume(refused.code != "patch-unwritable")  # nothing can stand for an empty item in brackets
        raise
    assert at(tree(after), where.path) == value
    stays(where.text, after, where.first, where.last)
    lost = comments(where.text.splitlines()) - comments(after.splitlines())
    assert not lost - comments(where.text.splitlines()[where.first : where.last])
    if isinstance(where.value, str):
        assert not lost
        assert tree(set_value(after, where.path, where.value)) == tree(where.text)


@SETTINGS
@given(spots(), keys, values, st.integers(0, 40))
def test_what_is_inserted_and_removed_leaves_the_bytes_as_they_were(
    where: Spot, key: str, value: Plain, place: int
) -> None:
    parent, above = where.parent, where.path[:-1]
    if isinstance(parent, list):
        place %= len(parent) + 1
        value = value or "x"  # nothing cannot stand in brackets
        new, meant = (*above, place), [*parent[:place], value, *parent[place:]]
        after = insert_item(where.text, above, value, at=place)
        assert at(tree(after), above) == meant
    else:
        assert isinstance(parent, dict)
        known = list(parent)
        behind = [None, *known][place % (len(known) + 1)]
        new = (*above, key)
        after = insert(where.text, new, value, after=behind)
        order = list(at(tree(after), above) or ())
        assert order.index(key) == (order.index(behind) + 1 if behind else 0)
        assert at(tree(after), new) == value
    assert comments(after.splitlines()) == comments(where.text.splitlines())
    assert remove(after, new) == where.text


@SETTINGS
@given(spots())
def test_removing_takes_only_the_entry_and_its_comments(where: Spot) -> None:
    after = remove(where.text, where.path)
    parent = where.parent
    assert isinstance(parent, (dict, list))
    rest = (
        {key: value for key, value in parent.items() if key != where.path[-1]}
        if isinstance(parent, dict)
        else [value for place, value in enumerate(parent) if place != where.path[-1]]
    )
    assert at(tree(after), where.path[:-1]) == rest
    if len(parent) > 1:
        stays(where.text, after, where.first, where.last)
    lost = comments(where.text.splitlines()) - comments(after.splitlines())
    assert not lost - comments(where.text.splitlines()[where.first : where.last])


@SETTINGS
@given(spots(), st.integers(0, 40))
def test_what_is_moved_there_and_back_is_the_same_word_for_word(where: Spot, place: int) -> None:
    parent, path = where.parent, where.path
    if isinstance(parent, list):
        assert isinstance(path[-1], int)
        to = place % len(parent)
        after = move_item(where.text, path, to=to)
        back = move_item(after, (*path[:-1], to), to=path[-1])
    else:
        assert isinstance(parent, dict)
        known = list(parent)
        others = [None, *(key for key in known if key != path[-1])]
        behind, was = others[place % len(others)], others[known.index(str(path[-1]))]
        after = move(where.text, path, after=behind)
        order = list(at(tree(after), path[:-1]) or ())
        assert order.index(str(path[-1])) == (order.index(behind) + 1 if behind else 0)
        back = move(after, path, after=was)
    assert comments(after.splitlines()) == comments(where.text.splitlines())
    assert tree(back) == tree(where.text)
    assert back.split() == where.text.split()


@SETTINGS
@given(spots(), keys)
def test_a_key_renamed_there_and_back_is_the_same_bytes(where: Spot, key: str) -> None:
    if not isinstance(where.path[-1], str):
        return
    after = rename(where.text, where.path, key)
    old, new = list(at(tree(where.text), where.path[:-1]) or ()), list(at(tree(after), where.path[:-1]) or ())
    assert new == [key if each == where.path[-1] else each for each in old]
    changed = [
        line for line in zip(where.text.splitlines(), after.splitlines(), strict=True) if line[0] != line[1]
    ]
    assert len(changed) == 1
    assert rename(after, (*where.path[:-1], key), where.path[-1]) == where.text


@SETTINGS
@given(st.data())
def test_changes_of_two_people_are_both_in_the_merged_text(data: st.DataObject) -> None:
    where = data.draw(spots())
    base = where.text
    mine, theirs = changed(data, base), changed(data, base)
    merged, other_way = merge(base, mine, theirs), merge(base, theirs, mine)
    assert merge(base, mine, base).text.split() == mine.split()
    assert merge(base, base, theirs).text == theirs
    assert merge(base, mine, mine).text == mine
    paths_of_conflicts = {conflict.path for conflict in merged.conflicts}
    assert {conflict.path for conflict in other_way.conflicts} == paths_of_conflicts
    if paths_of_conflicts:
        event("conflict")
        chosen = merge(base, mine, theirs, chosen=dict.fromkeys(paths_of_conflicts, "mine"))
        assert not chosen.conflicts
    else:
        assert tree(merged.text) == tree(other_way.text)


def changed(data: st.DataObject, text: str) -> str:
    """Returns a file after three changes of one person."""
    for _ in range(3):
        path = data.draw(st.sampled_from([path for path, _ in known_paths(text) if len(path) > 1]))
        parent = at(tree(text), path[:-1])
        kind = data.draw(st.sampled_from(("set", "remove", "add", "move")))
        if kind == "set":
            text = set_value(text, path, "teks baru")
        elif kind == "remove":
            text = remove(text, path)
        elif isinstance(parent, dict):
            new = (*path[:-1], data.draw(keys))
            text = (
                insert(text, new, "x", after=str(path[-1])) if kind == "add" else move(text, path, after=None)
            )
    return text
