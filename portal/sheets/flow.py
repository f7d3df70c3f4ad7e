"""The flow of an SOP as a table draws it: a symbol in its executor's column, lines from row to row.

A line is made of halves of cells, so that it meets whatever heights the rows turn out to have. What does not
lead to the next row leaves by a number in a circle and comes in by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from portal.schema import Sop
from portal.sheets.base import executors
from portal.sheets.spoken import numbers
from portal.steps import ApprovalStep, DecisionStep

Shape = Literal["oval", "box", "diamond"]
MOST_NUMBERS = 3
"""So many numbers have room in a circle; more are told in the remarks only."""


@dataclass(kw_only=True)
class _Cell:
    """One executor's cell of one row while it is drawn."""

    shape: str = ""
    lines: set[str] = field(default_factory=set)
    arrow: bool = False
    into: str = ""
    out: str = ""

    def drawn(self) -> dict[str, Any]:
        """Returns it as the template reads it."""
        return {
            "shape": self.shape,
            "lines": " ".join(sorted(self.lines)),
            "arrow": self.arrow or bool(self.into),
            "into": self.into,
            "out": self.out,
        }


def shape_of(sop: Sop, key: str) -> Shape:
    """Returns the symbol of a step: where the work begins and ends, where it parts, what is done."""
    step = sop.steps[key]
    if key == sop.first() or step.final:
        return "oval"
    return "diamond" if isinstance(step, DecisionStep | ApprovalStep) else "box"


def drawn(sop: Sop) -> list[list[dict[str, Any]]]:
    """Returns the cells of every row, one for each executor."""
    order, columns = list(sop.steps), executors(sop)
    place = [columns.index(role) if (role := sop.role_of(key)) else 0 for key in order]
    rows = [[_Cell() for _ in columns or ("",)] for _ in order]
    for row, key in enumerate(order):
        cell = rows[row][place[row]]
        cell.shape = shape_of(sop, key)
        follows = sop.after(key)
        if follows in sop.ways(key):
            _join(rows, row, place[row], place[row + 1])
        cell.out = _circle(sop, [way for way in sop.ways(key) if way != follows], key)
        cell.into = _into(sop, key)
    return [[cell.drawn() for cell in row] for row in rows]


def _join(rows: list[list[_Cell]], row: int, start: int, end: int) -> None:
    """Draws the line from a symbol to that of the next row: aside to its column, then down."""
    step = 1 if end > start else -1
    for column in range(start, end, step):
        rows[row][column].lines.add("right" if step > 0 else "left")
        rows[row][column + step].lines.add("left" if step > 0 else "right")
    rows[row][end].lines.add("down")
    rows[row + 1][end].lines.add("up")
    rows[row + 1][end].arrow = True


def _circle(sop: Sop, steps: list[str], key: str) -> str:
    """Returns the numbers of the steps to which a step leads elsewhere; those of decisions are remarks."""
    if isinstance(sop.steps[key], DecisionStep) and len(steps) > MOST_NUMBERS:
        return ""
    return _said(sop, steps)


def _into(sop: Sop, key: str) -> str:
    """Returns the numbers of the steps that lead here, where the row above does not."""
    order = list(sop.steps)
    here = order.index(key)
    if here == 0 or key in sop.ways(order[here - 1]):
        return ""
    return _said(sop, [each for each in order if key in sop.ways(each)])


def _said(sop: Sop, steps: list[str]) -> str:
    at = numbers(sop)
    shown = [str(number) for number in sorted(at[each] for each in steps)]
    return ", ".join(shown[:MOST_NUMBERS]) + (", …" if len(shown) > MOST_NUMBERS else "")
