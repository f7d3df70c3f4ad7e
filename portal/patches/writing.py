"""A value as new text, in the style of what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.document import Piece, Plain
from portal.patches.base import PatchRefused
from portal.patches.scalars import WIDTH, block, key, scalar

STEP = 2
"""Columns that each level stands further inside."""


@dataclass(frozen=True, kw_only=True)
class Lines:
    """What stands behind a key or dash, and the lines below, indented and without line ends."""

    first: str = ""
    rest: tuple[str, ...] = ()

    def beside(self) -> Lines:
        """Returns a block that begins on the line of its dash."""
        return Lines(first=self.rest[0].lstrip(" "), rest=self.rest[1:]) if self.rest else self


def inline(value: Plain, *, flow: bool = True) -> str:
    """Returns a value on one line, maps and lists in flow form.

    Raises:
        PatchRefused: nothing stands for an empty item of a flow list, or a text cannot be written.
    """
    if isinstance(value, dict):
        inner = (f"{key(name, flow=True)}: {inline(below)}" for name, below in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        if None in value:
            raise PatchRefused("patch-unwritable", text="[]")
        return f"[{', '.join(map(inline, value))}]"
    return "" if value is None else scalar(value, flow=flow)


def entry(name: str, value: Plain, *, column: int, models: Sequence[Piece] = ()) -> Lines:
    """Returns an entry of a block map whose keys stand in a column."""
    head = f"{key(name)}:"
    return _joined(head, lines(value, column=column, head=len(head), models=models))


def item(value: Plain, *, column: int, models: Sequence[Piece] = ()) -> Lines:
    """Returns an item of a block list whose dashes stand in a column; a block begins beside its dash."""
    inner = lines(value, column=column, head=1, models=models)
    return _joined("-", inner if inner.first else inner.beside())


def lines(value: Plain, *, column: int, head: int, models: Sequence[Piece] = ()) -> Lines:
    """Returns what stands behind a key or dash.

    Args:
        column: where the key or dash begins.
        head: how long it is, with its colon.
        models: values whose style a map or list follows.
    """
    if value is None or isinstance(value, str):
        return text(value, column=column, head=head)
    if not value or _in_flow(value, WIDTH - column - head - 1, models):
        return Lines(first=inline(value))
    return Lines(rest=below(value, column=column + STEP, models=models))


def below(value: Plain, *, column: int, models: Sequence[Piece] = ()) -> tuple[str, ...]:
    """Returns a map or list that is not empty as a block whose keys or dashes stand in a column."""
    if isinstance(value, dict):
        each = [entry(name, v, column=column, models=_of_key(models, name)) for name, v in value.items()]
    else:
        each = [item(v, column=column, models=_all(models)) for v in value or ()]
    return tuple(line for part in each for line in (" " * column + part.first, *part.rest))


def text(value: str | None, *, column: int, head: int, style: str = "", width: int = WIDTH) -> Lines:
    """Returns a scalar; one of several lines, or one too long for its line, as a block below."""
    if value is None:
        return Lines()
    long = not style and column + head + 1 + len(value) > width
    styles = [style] if style in ("|", ">") else []
    styles += ["|"] if "\n" in value else [">"] if long else []
    for each in styles:
        found = block(value, each, indent=column + STEP, width=width)
        if found:
            return Lines(first=found[0], rest=tuple(found[1]))
    return Lines(first=scalar(value, style))


def _joined(head: str, inner: Lines) -> Lines:
    return Lines(first=f"{head} {inner.first}".rstrip(" "), rest=inner.rest)


def _in_flow(value: Plain, room: int, models: Sequence[Piece]) -> bool:
    try:
        said = inline(value)
    except PatchRefused:
        return False
    if len(said) > room or "\\n" in said:
        return False
    alike = [m for m in models if m.children and m.kind == ("map" if isinstance(value, dict) else "list")]
    if alike:
        return 2 * sum(model.style == "flow" for model in alike) >= len(alike)
    return isinstance(value, list) and all(isinstance(each, str) and " " not in each for each in value)


def _of_key(models: Iterable[Piece], name: str) -> list[Piece]:
    """The values of the same key in the models, else all their values."""
    found = [child.value for m in models for child in m.children if child.key and child.key.text == name]
    return found or [child.value for m in models if m.kind == "map" for child in m.children]


def _all(models: Iterable[Piece]) -> list[Piece]:
    return [child.value for model in models if model.kind == "list" for child in model.children]
