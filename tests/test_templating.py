"""What a template may do, what it uses, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from letters.example import KNOWN, LETTERS, TITLES

from portal.templating import Use, environment, problems, render, shown, uses
from portal.words import LANGUAGES

NAMES = [
    "resident.name",
    "resident.nik",
    "family[].name",
    "letter.copies[]",
    "registry.decile",
    "letter.date",
]


def written(folder: Path, source: str, name: str = "a.html") -> Path:
    (folder / name).write_text(source, "utf-8")
    return folder


def found(folder: Path, source: str) -> list[tuple[str, int]]:
    env = environment(written(folder, source))
    return [(problem.code, problem.line) for problem in problems(env, "a.html", NAMES)]


def names(source: str) -> list[str]:
    return [use.name for use in uses(source)]


def test_render_escapes_and_writes_hyphens_and_dates(tmp_path: Path) -> None:
    env = environment(written(tmp_path, "{{ a }} {{ b }} {{ c }} {{ c|hari }}"))
    text = render(env, "a.html", {"a": "<b>&'", "b": None, "c": date(2026, 11, 3)})
    assert text == "&lt;b&gt;&amp;&#39; - 3 November 2026 Selasa"


def test_render_fails_on_a_name_the_context_lacks(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError, match="nama"):
        render(environment(written(tmp_path, "{{ resident.nama }}")), "a.html", {"resident": {}})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ resident.name }}", ["resident.name"]),
        ('{{ answers["home-visit"].floor }}', ["answers.home-visit.floor"]),
        ("{% for m in family %}{{ m.name }}{{ loop.index }}{% endfor %}",
         ["family", "family[].name", "loop.index"]),
        ("{% for s in signers if s.role == 'main' %}{{ s.nip }}{% endfor %}",
         ["signers", "signers[].nip", "signers[].role"]),
        ("{% for c in letter.copies %}{{ c }}{% endfor %}", ["letter.copies", "letter.copies[]"]),
        ("{% set r = resident %}{{ r.name }}", ["resident", "resident.name"]),
        ("{{ signers[0].name }} {{ (family|first).nik }}", ["signers[].name", "family[].nik"]),
        ("{% for m in family %}{% else %}{{ m }}{% endfor %}", ["family", "m"]),
        ("{% macro f(x) %}{{ x.y }}{% endmacro %}{{ f(resident) }}", ["resident"]),
    ],
)  # fmt: skip
def test_uses_follows_names_to_their_source(source: str, expected: list[str]) -> None:
    assert sorted(names(source)) == sorted(expected)


def test_uses_gives_the_line() -> None:
    assert uses("a\n{{ b }}\n\n{{ c.d }}")[1] == Use(name="c.d", line=4, text="c.d")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ resident.name }}", []),
        ("{% if registry %}{{ registry.decile }}{% endif %}", []),
        ("{% for m in family %}{{ loop.index }}{{ m.name|kapital }}{% endfor %}{{ family|length }}", []),
        ("\n{{ resident.nama }}", [("letter-unknown-variable", 2)]),
        ("{% for m in family %}\n{{ m.nik }}{% endfor %}", [("letter-unknown-variable", 2)]),
        ("{{ resident }}", [("letter-variable-has-parts", 1)]),
        ("\n{{ resident.name|safe }}", [("letter-unknown-filter", 2)]),
        ("{% if resident.name is divisibleby 2 %}{% endif %}", [("letter-unknown-test", 1)]),
        ("\n\n{% if resident.name %}", [("letter-template-syntax", 3)]),
        ('{% include "b.html" %}', [("letter-unknown-file", 1)]),
        ('{% extends "a.html" %}', [("letter-circular", 1)]),
        ("{{ " + "(" * 5000, [("letter-template-unreadable", 1)]),
    ],
)
def test_problems_name_code_and_line(tmp_path: Path, source: str, expected: list[tuple[str, int]]) -> None:
    assert found(tmp_path, source) == expected


FORBIDDEN = [
    "{{ range(9) }}",
    "{{ resident.name.upper() }}",
    "{{ 'x' * 9 }}",
    "{{ 1 + 1 }}",
    '{{ "%0*d" % 9 }}',
    "{{ -1 }}",
    "{{ resident.__class__ }}",
    "{{ resident.name[0:2] }}",
    "{{ resident.name|default(resident.nik) }}",
    "{{ {'a': 1} }}",
    "{% set a = 1 %}",
    "{% set a %}b{% endset %}",
    "{% macro a() %}{% endmacro %}",
    '{% import "a.html" as b %}',
    '{% from "a.html" import b %}',
    "{% include resident.name %}",
    "{% extends resident.name %}",
    "{% filter upper %}a{% endfilter %}",
    "{% with a = 1 %}{% endwith %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% for a in [1, 2] %}{% endfor %}",
    "{% for a in family recursive %}{% endfor %}",
    "{% for a in family %}{% for b in family %}{% for c in family %}{% endfor %}{% endfor %}{% endfor %}",
]


@pytest.mark.parametrize("source", FORBIDDEN)
def test_forbidden_construct_is_reported_and_never_compiled(tmp_path: Path, source: str) -> None:
    env = environment(written(tmp_path, f"\n{source}"))
    codes = {(problem.code, problem.line) for problem in problems(env, "a.html", NAMES)}
    assert ("letter-forbidden-construct", 2) in codes
    with pytest.raises((TemplateSyntaxError, SecurityError)):
        render(env, "a.html", {"resident": {"name": "x", "nik": "y"}, "family": []})


def test_problem_points_at_the_word_and_the_nearest_name(tmp_path: Path) -> None:
    env = environment(written(tmp_path, "<p>Nama: {{ resident.nmae }}</p>"))
    (problem,) = problems(env, "a.html", NAMES)
    assert (problem.column, problem.length) == (13, len("resident.nmae"))
    assert problem.values["near"] == "resident.name"
    assert problem.quoted.startswith("<p>Nama")


def test_problems_look_into_layouts_and_parts(tmp_path: Path) -> None:
    written(tmp_path, "{{ office.nama }}{% block body %}{% endblock %}", "base.html")
    env = environment(written(tmp_path, '{% extends "base.html" %}'))
    (problem,) = problems(env, "a.html", NAMES)
    assert (problem.template, problem.code) == ("base.html", "letter-unknown-variable")


def test_missing_template_is_a_problem(tmp_path: Path) -> None:
    (problem,) = problems(environment(written(tmp_path, "", "rujukan.html")), "rujukn.html", NAMES)
    assert (problem.code, problem.values["near"]) == ("letter-unknown-file", "rujukan.html")


def test_bytes_that_are_not_text_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"\xff\xfe\x00")
    assert [p.code for p in problems(environment(tmp_path), "a.html", NAMES)] == [
        "letter-template-unreadable"
    ]


def test_problem_codes_have_words_in_each_language(tmp_path: Path) -> None:
    bad = "{{ a }}{{ resident }}{{ b|c }}{% if d is e %}{% endif %}{% include 'f' %}{% set g = 1 %}"
    env = environment(written(tmp_path, bad))
    for problem in problems(env, "a.html", NAMES):
        for words in LANGUAGES.values():
            assert words[problem.code].format(maybe="", **problem.values)
            assert words[f"{problem.code}-hint"].format(maybe="", **problem.values)


@pytest.mark.parametrize("letter", TITLES)
def test_shipped_letter_has_no_problem(letter: str) -> None:
    assert problems(environment(LETTERS), f"{letter}.html", KNOWN) == ()


@pytest.mark.parametrize(
    "text",
    [
        '{{ resident.nik or "belum ada" }}',
        '{{ "NIK " ~ resident.nik }}',
        '{% set said = resident.nik or "belum ada" %}{{ said }}',
    ],
)
def test_what_is_printed_in_a_choice_or_joined_counts_as_shown(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_text(text, "utf-8")
    assert "resident.nik" in shown(environment(tmp_path), "a.html")
