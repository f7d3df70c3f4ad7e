"""What a template's text says, read as a tree: the variables it uses, its parts, what it must not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, nodes

_OF_LISTS = ("first", "join", "last", "length")
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


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a template's text says, whatever it may say."""

    forbidden: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, str, int], ...]
    """Filters and tests: which of the two, name, line."""
    uses: tuple[Use, ...]
    parts: tuple[tuple[str, int], ...]


@lru_cache(maxsize=256)
def said_by(source: str) -> Said:
    """Returns what a text says; layouts stand under many letters and are read once.

    Raises:
        jinja2.TemplateSyntaxError: the text is not a template.
    """
    tree = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).parse(source)
    return Said(
        forbidden=tuple(forbidden(tree)),
        words=tuple(
            ("filter" if isinstance(node, nodes.Filter) else "test", node.name, node.lineno)
            for node in tree.find_all((nodes.Filter, nodes.Test))
        ),
        uses=tuple(read(tree, {}, shown=False)),
        parts=tuple(_parts(tree)),
    )


def _parts(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yields the files that a template extends and includes; a computed name is forbidden anyway."""
    parts: list[nodes.Extends | nodes.Include] = [
        *tree.find_all(nodes.Extends),
        *tree.find_all(nodes.Include),
    ]
    for part in parts:
        if isinstance(part.template, nodes.Const) and isinstance(part.template.value, str):
            yield part.template.value, part.lineno


_Scope = dict[str, str]


def read(node: nodes.Node, scope: _Scope, *, shown: bool) -> Iterator[Use]:
    """Yields the variables below a node; the scope has the path of each local name, "" for none."""
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        yield from _variable(node, scope, shown=shown)
    elif isinstance(node, nodes.For):
        yield from _loop(node, scope)
    elif isinstance(node, nodes.Assign):
        path = _path(node.node, scope)[0]
        # What is made of several values has no path of its own: each of them counts as printed at once.
        yield from read(node.node, scope, shown=path is None)
        scope.update({name.name: path or "" for name in _targets(node.target)})
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        for child in [*node.args, *node.kwargs]:
            yield from read(child, scope, shown=False)
    elif isinstance(node, nodes.Macro):
        inner = scope | {argument.name: "" for argument in node.args}
        for child in node.body:
            yield from read(child, inner, shown=False)
    elif isinstance(node, nodes.Filter | nodes.CondExpr | nodes.BinExpr | nodes.Concat | nodes.Output):
        keeps = not (isinstance(node, nodes.Filter) and node.name in _OF_LISTS)
        for child in node.iter_child_nodes():
            asked = isinstance(node, nodes.CondExpr) and child is node.test
            inside = isinstance(node, nodes.Output) or shown
            yield from read(child, scope, shown=keeps and inside and not asked)
    else:
        for child in node.iter_child_nodes():
            yield from read(child, scope, shown=False)


def _variable(
    node: nodes.Name | nodes.Getattr | nodes.Getitem, scope: _Scope, *, shown: bool
) -> Iterator[Use]:
    path, text = _path(node, scope)
    if path:
        yield Use(name=path, line=node.lineno, text=text, shown=shown)
    elif path is None:
        for child in node.iter_child_nodes():
            yield from read(child, scope, shown=False)


def _loop(node: nodes.For, scope: _Scope) -> Iterator[Use]:
    yield from read(node.iter, scope, shown=False)
    path = _path(node.iter, scope)[0]
    inner = scope | {name.name: f"{path}[]" if path else "" for name in _targets(node.target)}
    inner["loop"] = "loop"
    for child in [*node.body, *([node.test] if node.test else [])]:
        yield from read(child, inner, shown=False)
    for child in node.else_:
        yield from read(child, scope, shown=False)


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


def forbidden(node: nodes.Node, depth: int = 0) -> Iterator[tuple[str, int]]:
    """Yields each construct that a template must not have, as the template writes it, with its line."""
    if isinstance(node, nodes.Call):
        yield f"{_path(node.node, {})[1]}(...)", node.lineno
        return
    if isinstance(node, nodes.Scope):  # has no line of its own
        yield from forbidden(node.body[0], depth)
        return
    if not isinstance(node, _ALLOWED):
        yield _SIGNS.get(type(node), type(node).__name__.lower()), node.lineno
        return
    if isinstance(node, nodes.Name | nodes.Getattr):
        name = node.name if isinstance(node, nodes.Name) else node.attr
        if name.startswith("_") or _path(node, {})[0] is None:  # of a literal, not of what a letter has
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
            yield from forbidden(child, depth)


def _constant(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) or (isinstance(node, nodes.Keyword) and _constant(node.value))
