"""More than ninety ways to break out of a letter: each is refused with its line before it is applied."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from letters.example import KNOWN, LETTERS, example_context
from pypdf import PdfReader

from portal import press
from portal.templating import drawn_problems, environment, problems, render

JINJA = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ resident.__class__ }}",
    "{{ resident['__class__'] }}",
    "{{ resident|attr('__class__') }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].system('id') }}",
    "{{ lipsum(n=1000000) }}",
    "{{ range(99999) }}",
    "{% for a in range(99999) %}x{% endfor %}",
    "{% for a in 'x' * 100000000 %}x{% endfor %}",
    "{{ 'x' * 100000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 1 + 1 }}",
    "{{ 10 - 1 }}",
    "{{ 10 // 3 }}",
    "{{ -5 }}",
    "{{ '%0*d' % (1000000000, 1) }}",
    "{{ '{0.__class__}'.format(resident) }}",
    "{{ '{0.__class__}'.format_map(resident) }}",
    "{{ resident.name.format(resident) }}",
    "{{ resident.name|format('a') }}",
    "{{ resident.name|slice(1000000000) }}",
    "{{ resident.name|batch(1000000000) }}",
    "{{ resident.name|center(1000000000) }}",
    "{{ resident.name|indent(1000000000) }}",
    "{{ resident.name|replace('a', 'b' * 100000000) }}",
    "{{ resident.name|urlize }}",
    "{{ resident.name|safe }}",
    "{{ resident.name|xmlattr }}",
    "{{ resident.name|pprint }}",
    "{{ resident.name|map('upper') }}",
    "{{ family|groupby('name') }}",
    "{{ family|sort }}",
    "{{ family|tojson }}",
    "{{ resident.name.upper() }}",
    "{{ family.append(1) }}",
    "{{ resident.clear() }}",
    "{{ resident.pop('name') }}",
    "{{ letter.copies.sort() }}",
    "{{ caller() }}",
    "{{ super() }}",
    "{{ loop.cycle('a', 'b') }}",
    "{{ config }}",
    "{{ request.application }}",
    "{{ session }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ [].append }}",
    "{{ {}.update }}",
    "{{ {'a': 1} }}",
    "{{ resident[letter.number] }}",
    "{{ letter.copies[0:5] }}",
    "{{ resident.name if resident.__class__ else '' }}",
    "{% set a = 1 %}",
    "{% set a %}x{% endset %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% call(a) resident.name() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% import 'base.html' as b %}",
    "{% from 'base.html' import a %}",
    "{% include letter.number %}",
    "{% extends letter.number %}",
    "{% include '../../../etc/passwd' %}",
    "{% include '/etc/passwd' %}",
    "{% include 'hilang.html' %}",
    "{% autoescape false %}{{ resident.name }}{% endautoescape %}",
    "{% do resident.clear() %}",
    "{% debug %}",
    "{% for a in family recursive %}{{ loop(family) }}{% endfor %}",
    "{% for a in family %}{% for b in family %}{% for c in family %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in family|sort %}x{% endfor %}",
    "{% for a in (1, 2, 3) %}x{% endfor %}",
    "{{ resident.name is callable }}",
    "{{ resident.name is sameas(resident) }}",
    "{{ tidak_ada }}",
    "{{ resident.tidak_ada }}",
    "{{ resident.name",
    "{% if resident.name %}",
]
MARKUP = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://contoh.example/a.js></SCRIPT>",
    "<iframe src='http://contoh.example'></iframe>",
    "<object data='file:///etc/passwd'></object>",
    "<embed src='file:///etc/passwd'>",
    "<link rel='stylesheet' href='http://contoh.example/a.css'>",
    "<link rel='attachment' href='file:///etc/passwd'>",
    "<base href='http://contoh.example/'>",
    "<a rel='attachment' href='file:///etc/passwd'>x</a>",
    "<a href='javascript:alert(1)'>x</a>",
    "<form action='http://contoh.example'></form>",
    "<input value='x'>",
    "<meta http-equiv='refresh' content='0;url=http://contoh.example'>",
    "<style>@import url(http://contoh.example/a.css);</style>",
    "<p style='background: url(http://contoh.example/a.png)'>x</p>",
    "<p onclick='alert(1)'>x</p>",
    "<img src='http://contoh.example/a.png' alt='x'>",
    "<img src='file:///etc/passwd' alt='x'>",
    "<img src='../../../etc/passwd.png' alt='x'>",
    "<img src='/etc/emblem.svg' alt='x'>",
    "<img src='data:image/svg+xml,x' alt='x'>",
    "<img src='x.svg' onerror='alert(1)' alt='x'>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><image href='http://contoh.example/a.png'/></svg>",
    "<svg><foreignObject><p>x</p></foreignObject></svg>",
    "<svg><use href='http://contoh.example/a.svg#a'/></svg>",
    "<table><tr><td colspan='1000000'>x</td></tr></table>",
    "<table><tr><td rowspan='99999999999999999999'>x</td></tr></table>",
    "<table><tr><td colspan='-1'>x</td></tr></table>",
    "<video src='http://contoh.example/a.mp4'></video>",
    "<math><mtext>x</mtext></math>",
    "<?xml-stylesheet href='http://contoh.example/a.css'?>",
    "{% if resident.name %}<script>alert(1)</script>{% endif %}",
]
DRAWINGS = {
    "a.svg": [
        "<svg onload='alert(1)'/>",
        "<svg><a href='http://contoh.example'><path d=''/></a></svg>",
        "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg>&a;</svg>",
        "<svg><rect fill='url(http://contoh.example/a#b)'/></svg>",
        "<svg><image xlink:href='file:///etc/passwd'/></svg>",
    ],
    "a.css": [
        "@font-face { font-family: a; src: local('Arial') }",
        "p { background: url(//contoh.example/a.png) }",
        "p { content: url('file:///etc/passwd') }",
        "@IMPORT 'http://contoh.example/a.css';",
    ],
}


def found(source: str, folder: Path) -> list[tuple[str, int]]:
    (folder / "surat.html").write_text(f"<p>Halo</p>\n{source}\n", "utf-8")
    return [(each.code, each.line) for each in problems(environment(folder), "surat.html", KNOWN)]


@pytest.mark.parametrize("source", [*JINJA, *MARKUP])
def test_it_is_refused_with_its_line(source: str, tmp_path: Path) -> None:
    told = found(source, tmp_path)
    assert told, source
    assert all(line in (2, 3) for _, line in told), told


@pytest.mark.parametrize(
    ("name", "source"), [(name, each) for name, some in DRAWINGS.items() for each in some]
)
def test_what_the_press_opens_besides_is_refused_too(name: str, source: str) -> None:
    assert [each.line for each in drawn_problems(name, f"\n{source}")][:1] == [2]


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}{% for a in family %}x{% endfor %}",
        "</td></tr></table><h1>Lain",
        "<img src=file:///etc/passwd>",
        "&lt;b&gt; & 'Abdul' \"Contoh\"",
        "Siti\u202econtoh\u202c",
        "Siti\u200bContoh",
    ],
)
def test_what_a_person_is_called_is_text(name: str) -> None:
    said = example_context("referral")
    said["resident"] = {**said["resident"], "name": name}
    html = render(environment(LETTERS), "referral.html", said)
    made = press.pdf(html, assets=LETTERS)
    text = "".join(PdfReader(BytesIO(made.data)).pages[0].extract_text().split())
    plain = "".join(each for each in "".join(name.split()) if each.isprintable())
    assert plain[:12] in text or any(ord(each) > 0x2000 for each in name)
    assert "49" not in text[text.find("Nama") : text.find("NIK")]
    assert (
        made.pages
        == press.pdf(
            render(environment(LETTERS), "referral.html", example_context("referral")), assets=LETTERS
        ).pages
    )


def test_there_are_more_than_ninety() -> None:
    assert len([*JINJA, *MARKUP]) + sum(map(len, DRAWINGS.values())) > 90
