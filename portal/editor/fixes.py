"""Diagnostic -> what one click changes: the wrong word becomes the near one that its hint names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.diagnostics import Diagnostic

_WRONG = ("name", "value")
"""The values that hold the wrong word, in the order in which they are looked for."""


@dataclass(frozen=True, kw_only=True)
class Fix:
    """Words that take the place of others: 1-based line and columns in characters, the last one left out."""

    line: int
    column: int
    end_column: int
    insert: str

    def on(self, text: str) -> str:
        """Returns a text in which it is done."""
        lines = text.split("\n")
        line = lines[self.line - 1]
        lines[self.line - 1] = line[: self.column - 1] + self.insert + line[self.end_column - 1 :]
        return "\n".join(lines)


def fixes(diagnostic: Diagnostic) -> tuple[Fix, ...]:
    """Returns what would mend a mistake: nothing where no near word is known or its place does not say it."""
    near, mark = diagnostic.values.get("near", ""), diagnostic.mark
    if not near:
        return ()
    written = mark.quoted[mark.column - 1 : mark.column - 1 + mark.length]
    for wrong in _wrong(diagnostic.values):
        start = written.find(wrong)
        if start >= 0:
            column = mark.column + start
            return (Fix(line=mark.line, column=column, end_column=column + len(wrong), insert=near),)
    return ()


def _wrong(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(values[name] for name in _WRONG if values.get(name))
