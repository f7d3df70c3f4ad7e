"""The one sandboxed Jinja environment: text from a template, and what a template uses or must not do.

A template is a form with gaps, not a program: names, `if`, `for` over a list, a few filters, the layouts it
stands on. What goes further is refused when the template is checked and again when it is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from jinja2 import (
    Environment as Environment,
)
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    nodes,
)
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS

from portal.diagnostics import listed, nearest
from portal.indonesian import FILTERS, isi
from portal.templating.markup import in_drawing, in_style, in_template
from portal.templating.tree import Said, Use, forbidden, read, said_by

_PLAIN_FILTERS = ("default", "first", "join", "last", "length", "lower", "title", "trim", "upper")
_PLAIN_TESTS = ("defined", "eq", "equalto", "in", "ne", "none", "string", "number", "true", "false")

_LOOP = frozenset(f"loop.{name}" for name in ("index", "index0", "first", "last", "length"))


@dataclass(frozen=True, kw_only=True, order=True)
class TemplateProblem:
    """What is wrong in a template: a code with its values, and the file, 1-based line and column."""

    template: str
    line: int
    column: int
    code: str
    length: int = field(default=1, compare=False)
    quoted: str = field(default="", compare=False)
    values: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)


class _Forms(ImmutableSandboxedEnvironment):
    """The sandbox that compiles nothing but the allowed constructs, checked or not."""

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        for construct, line in forbidden(source):
            raise TemplateSyntaxError(f"{construct} is not allowed here", line, name, filename)
        return super()._generate(source, name, filename, defer_init)


def environment(folder: Path) -> Environment:
    """Returns the environment of the templates in a folder: sandboxed, escaping, strict about names.

    It prints a hyphen for a missing value and the long Indonesian form of a date, with or without a filter.
    """
    made = _Forms(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters = {name: JINJA_FILTERS[name] for name in _PLAIN_FILTERS} | dict(FILTERS)
    made.tests = {name: JINJA_TESTS[name] for name in _PLAIN_TESTS}
    made.globals = {}
    return made


@lru_cache(maxsize=8)
def fixed(folder: Path) -> Environment:
    """Returns the same for a folder that nobody changes any more, and keeps its templates compiled."""
    made = environment(folder)
    made.auto_reload = False
    return made


def render(env: Environment, name: str, context: Mapping[str, object]) -> str:
    """Returns the text of a template filled with plain values.

    Raises:
        jinja2.TemplateError: the template is missing, broken, not allowed, or reads a name the context lacks.
    """
    return env.get_template(name).render(context)


def uses(source: str) -> tuple[Use, ...]:
    """Returns every variable that a template's text reads, by line, with loops and `set` followed.

    Raises:
        jinja2.TemplateSyntaxError: the text is not a template.
    """
    found = read(Environment(autoescape=True).parse(source), {}, shown=False)
    return tuple(sorted(dict.fromkeys(found), key=lambda use: use.line))


def problems(env: Environment, name: str, known: Collection[str]) -> tuple[TemplateProblem, ...]:
    """Returns everything wrong in a template and in the layouts and parts it stands on, sorted by place.

    Args:
        env: what `environment` returned.
        name: the template's file inside its folder.
        known: the paths of the values a letter has: "resident.name", "family[].name", "letter.copies[]".
    """
    files = env.list_templates()
    if name not in files:
        near = _near(name, _forms(files))
        return (_Place(name, []).problem("letter-unknown-file", 1, "", file=name, near=near),)
    return tuple(sorted(set(_check(env, name, (known, files), (), set()))))


def drawn_problems(name: str, source: str) -> tuple[TemplateProblem, ...]:
    """Returns what a style sheet or an emblem of the letters must not have."""
    place = _Place(name, source.splitlines())
    look = in_style if name.endswith(".css") else in_drawing
    return tuple(place.problem(each.code, each.line, each.text, what=each.text) for each in look(source))


def printed(env: Environment, name: str) -> frozenset[str]:
    """Returns the paths whose values a template prints, itself or by its layouts and parts; broken ones none.

    A value that is also asked about, as by `if`, may be missing and is left out.
    """
    try:
        said = said_by(_source(env, name))
        inner = [printed(env, part) for part, _ in said.parts]
    except (TemplateError, UnicodeDecodeError, RecursionError):
        return frozenset()
    asked = {use.name for use in said.uses if not use.shown}
    return frozenset(use.name for use in said.uses if use.shown and use.name not in asked).union(*inner)


def shown(env: Environment, name: str) -> frozenset[str]:
    """Returns every path whose value a template may print, itself or by its layouts and parts.

    Raises:
        TemplateError: a template cannot be read; then nobody knows what it prints.
    """
    said = said_by(_source(env, name))
    inner = [shown(env, part) for part, _ in said.parts]
    return frozenset(use.name for use in said.uses if use.shown).union(*inner)


def _printable(value: object) -> object:
    # Undefined has to pass, so that it still fails; everything else is what `isi` makes of it.
    return value if isinstance(value, StrictUndefined) or hasattr(value, "__html__") else isi(value)


def _check(
    env: Environment,
    name: str,
    there: tuple[Collection[str], Collection[str]],
    above: tuple[str, ...],
    seen: set[str],
) -> Iterator[TemplateProblem]:
    """Yields the problems of a file and of what it stands on; `above` leads to it, `seen` is done already."""
    known, files = there
    seen.add(name)
    place = _Place(name, [])
    try:
        source = _source(env, name)
        place = _Place(name, source.splitlines())
        said = said_by(source)
    except TemplateSyntaxError as error:
        yield place.problem("letter-template-syntax", error.lineno, "", says=str(error.message))
        return
    except (UnicodeDecodeError, RecursionError):
        yield place.problem("letter-template-unreadable", 1, "", file=name)
        return
    yield from _own(env, said, place, known)
    for found in in_template(source):
        yield place.problem(found.code, found.line, found.text, what=found.text)
    for wanted, line in said.parts:
        if wanted not in files:
            near = _near(wanted, _forms(files))
            yield place.problem("letter-unknown-file", line, wanted, file=wanted, near=near)
        elif wanted in (*above, name):
            yield place.problem("letter-circular", line, wanted, file=wanted)
        elif wanted not in seen:
            yield from _check(env, wanted, there, (*above, name), seen)


def _own(env: Environment, said: Said, place: _Place, known: Collection[str]) -> Iterator[TemplateProblem]:
    for construct, line in said.forbidden:
        text = construct.partition("(")[0]
        yield place.problem("letter-forbidden-construct", line, text, construct=construct)
    yield from _bad_words(env, said, place)
    yield from _bad_names(said, place, known)


def _source(env: Environment, name: str) -> str:
    assert env.loader is not None
    return env.loader.get_source(env, name)[0]


def _forms(files: Collection[str]) -> list[str]:
    return [file for file in files if file.endswith(".html")]


def _bad_words(env: Environment, said: Said, place: _Place) -> Iterator[TemplateProblem]:
    for kind, name, line in said.words:
        of: Collection[str] = env.filters if kind == "filter" else env.tests
        if name not in of:
            values = {kind: name, "near": _near(name, of), "available": listed(of, len(of))}
            yield place.problem(f"letter-unknown-{kind}", line, name, **values)


def _bad_names(said: Said, place: _Place, known: Collection[str]) -> Iterator[TemplateProblem]:
    for use in said.uses:
        if use.name in known or use.name in _LOOP:
            continue
        parts = sorted(path for path in known if path.startswith((f"{use.name}.", f"{use.name}[]")))
        if not parts:
            values = {"variable": use.text, "path": use.name, "near": _near(use.name, known)}
            yield place.problem("letter-unknown-variable", use.line, use.text, **values)
        elif use.shown:
            # What has parts may be asked about or looped over, but has no text of its own.
            values = {"variable": use.text, "path": use.name, "near": parts[0]}
            yield place.problem("letter-variable-has-parts", use.line, use.text, **values)


def _near(name: str, among: Collection[str]) -> str:
    """Returns the likeliest meant name, or ""; a right last word in the wrong place counts."""
    last = name.rpartition(".")[2]
    same = sorted(path for path in among if path.rpartition(".")[2] == last)
    return nearest(name, sorted(among)) or next(iter(same), "")


@dataclass(frozen=True)
class _Place:
    name: str
    lines: list[str]

    def problem(self, code: str, line: int, text: str, **values: str) -> TemplateProblem:
        quoted = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        found = re.search(rf"(?<![\w.]){re.escape(text)}(?!\w)", quoted) if text else None
        return TemplateProblem(
            template=self.name,
            line=line,
            column=found.start() + 1 if found else 1,
            length=len(text) if found else 1,
            quoted=quoted,
            code=code,
            values=values,
        )


__all__ = [
    "Environment",
    "TemplateProblem",
    "Use",
    "drawn_problems",
    "environment",
    "printed",
    "problems",
    "render",
    "uses",
]
