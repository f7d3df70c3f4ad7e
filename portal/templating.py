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
    TemplateSyntaxError,
    nodes,
)
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS

from portal.diagnostics import listed, nearest
from portal.indonesian import FILTERS, isi

_PLAIN_FILTERS = ("default", "first", "join", "last", "length", "lower", "title", "trim", "upper")
_PLAIN_TESTS = ("defined", "eq", "equalto", "in", "ne", "none", "string", "number", "true", "false")
_OF_LISTS = ("first", "join", "last", "length")
_LOOP = frozenset(f"loop.{name}" for name in ("index", "index0", "first", "last", "length"))
_DEEPEST = 2
"""How many loops may stand inside each other: a third would let a small template make a huge letter."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const,
    nodes.Filter, nodes.If, nodes.For, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Test, nodes.CondExpr, nodes.Concat, nodes.List, nodes.Tuple, nodes.Extends, nodes.Block,
    nodes.Include,
)  # fmt: skip
_SIGNS: Mapping[type[nodes.Node], str] = {
    nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/", nodes.FloorDiv: "//", nodes.Mod: "%",
    nodes.Pow: "**", nodes.Neg: "-", nodes.Pos: "+", nodes.Assign: "set",
    nodes.AssignBlock: "set", nodes.FromImport: "import", nodes.CallBlock: "call",
    nodes.FilterBlock: "filter", nodes.ScopedEvalContextModifier: "autoescape", nodes.Slice: "[:]",
    nodes.Dict: "{...}",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Use:
    """A variable that a template reads: its path, `family[].name` for a member of a list, and where."""

    name: str
    line: int
    text: str = field(compare=False)
    """The expression as the template has it, `member.name` in a loop."""
    shown: bool = field(default=False, compare=False)
    """Whether the value itself is printed, and not only asked about or looped over."""


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
        for construct, line in _forbidden(source):
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
    found = _read(Environment(autoescape=True).parse(source), {}, shown=False)
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
        said = _said(source)
    except TemplateSyntaxError as error:
        yield place.problem("letter-template-syntax", error.lineno, "", says=str(error.message))
        return
    except (UnicodeDecodeError, RecursionError):
        yield place.problem("letter-template-unreadable", 1, "", file=name)
        return
    yield from _own(env, said, place, known)
    for wanted, line in said.parts:
        if wanted not in files:
            near = _near(wanted, _forms(files))
            yield place.problem("letter-unknown-file", line, wanted, file=wanted, near=near)
        elif wanted in (*above, name):
            yield place.problem("letter-circular", line, wanted, file=wanted)
        elif wanted not in seen:
            yield from _check(env, wanted, there, (*above, name), seen)


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What a template's text says, whatever it may say."""

    forbidden: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, str, int], ...]
    """Filters and tests: which of the two, name, line."""
    uses: tuple[Use, ...]
    parts: tuple[tuple[str, int], ...]


@lru_cache(maxsize=256)
def _said(source: str) -> _Said:
    """Returns what a text says; layouts stand under many letters and are read once.

    Raises:
        jinja2.TemplateSyntaxError: the text is not a template.
    """
    tree = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).parse(source)
    return _Said(
        forbidden=tuple(_forbidden(tree)),
        words=tuple(
            ("filter" if isinstance(node, nodes.Filter) else "test", node.name, node.lineno)
            for node in tree.find_all((nodes.Filter, nodes.Test))
        ),
        uses=tuple(_read(tree, {}, shown=False)),
        parts=tuple(_parts(tree)),
    )


def _own(env: Environment, said: _Said, place: _Place, known: Collection[str]) -> Iterator[TemplateProblem]:
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


def _parts(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yields the files that a template extends and includes; a computed name is forbidden anyway."""
    parts: list[nodes.Extends | nodes.Include] = [
        *tree.find_all(nodes.Extends),
        *tree.find_all(nodes.Include),
    ]
    for part in parts:
        if isinstance(part.template, nodes.Const) and isinstance(part.template.value, str):
            yield part.template.value, part.lineno


def _bad_words(env: Environment, said: _Said, place: _Place) -> Iterator[TemplateProblem]:
    for kind, name, line in said.words:
        of: Collection[str] = env.filters if kind == "filter" else env.tests
        if name not in of:
            values = {kind: name, "near": _near(name, of), "available": listed(of, len(of))}
            yield place.problem(f"letter-unknown-{kind}", line, name, **values)


def _bad_names(said: _Said, place: _Place, known: Collection[str]) -> Iterator[TemplateProblem]:
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


_Scope = dict[str, str]


def _read(node: nodes.Node, scope: _Scope, *, shown: bool) -> Iterator[Use]:
    """Yields the variables below a node; the scope has the path of each local name, "" for none."""
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        yield from _variable(node, scope, shown=shown)
    elif isinstance(node, nodes.For):
        yield from _loop(node, scope)
    elif isinstance(node, nodes.Assign):
        yield from _read(node.node, scope, shown=False)
        path = _path(node.node, scope)[0] or ""
        scope.update({name.name: path for name in _targets(node.target)})
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        for child in [*node.args, *node.kwargs]:
            yield from _read(child, scope, shown=False)
    elif isinstance(node, nodes.Macro):
        inner = scope | {argument.name: "" for argument in node.args}
        for child in node.body:
            yield from _read(child, inner, shown=False)
    elif isinstance(node, nodes.Filter | nodes.CondExpr | nodes.Output):
        keeps = not (isinstance(node, nodes.Filter) and node.name in _OF_LISTS)
        for child in node.iter_child_nodes():
            asked = isinstance(node, nodes.CondExpr) and child is node.test
            inside = isinstance(node, nodes.Output) or shown
            yield from _read(child, scope, shown=keeps and inside and not asked)
    else:
        for child in node.iter_child_nodes():
            yield from _read(child, scope, shown=False)


def _variable(
    node: nodes.Name | nodes.Getattr | nodes.Getitem, scope: _Scope, *, shown: bool
) -> Iterator[Use]:
    path, text = _path(node, scope)
    if path:
        yield Use(name=path, line=node.lineno, text=text, shown=shown)
    elif path is None:
        for child in node.iter_child_nodes():
            yield from _read(child, scope, shown=False)


def _loop(node: nodes.For, scope: _Scope) -> Iterator[Use]:
    yield from _read(node.iter, scope, shown=False)
    path = _path(node.iter, scope)[0]
    inner = scope | {name.name: f"{path}[]" if path else "" for name in _targets(node.target)}
    inner["loop"] = "loop"
    for child in [*node.body, *([node.test] if node.test else [])]:
        yield from _read(child, inner, shown=False)
    for child in node.else_:
        yield from _read(child, scope, shown=False)


def _path(node: nodes.Node, scope: _Scope) -> tuple[str | None, str]:
    """Returns a node's path and its text; the path is "" for a local value and None for no variable."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name), node.name
    if isinstance(node, nodes.Filter) and node.name in ("first", "last") and node.node is not None:
        path, text = _path(node.node, scope)
        return (f"{path}[]" if path else path), text
    if isinstance(node, nodes.Getattr):
        path, text = _path(node.node, scope)
        return (f"{path}.{node.attr}" if path else path), f"{text}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        path, text = _path(node.node, scope)
        part = f".{node.arg.value}" if isinstance(node.arg.value, str) else "[]"
        return (f"{path}{part}" if path else path), f"{text}[{node.arg.value!r}]"
    return None, ""


def _targets(node: nodes.Node) -> list[nodes.Name]:
    return [node] if isinstance(node, nodes.Name) else list(node.find_all(nodes.Name))


def _forbidden(node: nodes.Node, depth: int = 0) -> Iterator[tuple[str, int]]:
    """Yields each construct that a template must not have, as the template writes it, with its line."""
    if isinstance(node, nodes.Call):
        yield f"{_path(node.node, {})[1]}(...)", node.lineno
        return
    if isinstance(node, nodes.Scope):  # has no line of its own
        yield from _forbidden(node.body[0], depth)
        return
    if not isinstance(node, _ALLOWED):
        yield _SIGNS.get(type(node), type(node).__name__.lower()), node.lineno
        return
    if isinstance(node, nodes.Name | nodes.Getattr):
        name = node.name if isinstance(node, nodes.Name) else node.attr
        if name.startswith("_"):
            yield name, node.lineno
    elif isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        yield "[...]", node.lineno
    elif isinstance(node, nodes.Extends | nodes.Include) and not _constant(node.template):
        yield type(node).__name__.lower(), node.lineno
    elif isinstance(node, nodes.Filter) and not all(map(_constant, [*node.args, *node.kwargs])):
        yield f"{node.name}(...)", node.lineno
    elif isinstance(node, nodes.For):
        depth += 1
        if (
            depth > _DEEPEST
            or node.recursive
            or not isinstance(node.iter, nodes.Name | nodes.Getattr | nodes.Getitem)
        ):
            yield "for", node.lineno
    for child in node.iter_child_nodes():
        if not isinstance(child, nodes.Keyword):
            yield from _forbidden(child, depth)


def _constant(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) or (isinstance(node, nodes.Keyword) and _constant(node.value))
