from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import portal
from portal.words import LANGUAGES, language, say, say_in, speaking

HOME = Path(portal.__file__).parent
SAYING = {"say": 0, "say_in": 1, "Unreadable": 0}
"""The calls that name a slug, and which argument it is."""


def placeholders(text: str) -> set[str]:
    return {name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name}


def said() -> Iterator[tuple[str, str, set[str] | None]]:
    """Yields place, slug and the names of the values of every call that names its slug outright."""
    for file in sorted(HOME.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
                yield from _said(f"{file.relative_to(HOME)}:{node.lineno}", node, SAYING[node.func.id])


def _said(place: str, call: ast.Call, at: int) -> Iterator[tuple[str, str, set[str] | None]]:
    if len(call.args) <= at:
        return
    values = {keyword.arg for keyword in call.keywords if keyword.arg}
    whole = None if any(keyword.arg is None for keyword in call.keywords) else values
    for slug in _slugs(call.args[at]):
        yield place, slug, whole


def _slugs(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _slugs(node.body)
        yield from _slugs(node.orelse)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_slug_that_is_said_has_words(spoken: str) -> None:
    assert [f"{place} {slug}" for place, slug, _ in said() if slug not in LANGUAGES[spoken]] == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_words_are_given_every_value_that_they_name(spoken: str) -> None:
    words = LANGUAGES[spoken]
    assert [
        f"{place} {slug} lacks {placeholders(words[slug]) - values}"
        for place, slug, values in said()
        if values is not None and slug in words and not placeholders(words[slug]) <= values
    ] == []


def test_languages_say_the_same_things() -> None:
    indonesian, english = LANGUAGES["id"], LANGUAGES["en"]
    assert sorted(indonesian) == sorted(english)
    assert [s for s in indonesian if placeholders(indonesian[s]) != placeholders(english[s])] == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_slug_stands_in_one_part(spoken: str) -> None:
    keys = [
        key.value
        for file in sorted((HOME / "words" / spoken).glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_words_are_indonesian_unless_asked_otherwise() -> None:
    assert (language(), say("field-yes")) == ("id", "Ya")
    with speaking("en"):
        assert say("field-yes") == "Yes"
        with speaking("xx"):
            assert language() == "id"
    assert say_in("en", "field-no") == "No"
