"""What the YAML parser could not read, said as the kind of mistake a writer makes."""

from __future__ import annotations

import re

from yaml.error import MarkedYAMLError

from portal.diagnostics import Diagnostic, Mark

_BY_PROBLEM = (
    ("could not find expected ':'", "syntax-colon-missing"),
    ("did not find expected ',' or", "syntax-bracket-open"),
    ("found unexpected end of stream", "syntax-quote-open"),
    ("found unexpected document indicator", "syntax-quote-open"),
    ("tab character", "tab-indentation"),
    ("unknown escape character", "syntax-escape"),
    ("expected hexdecimal number", "syntax-escape"),
    ("invalid Unicode character escape", "syntax-escape"),
    ("block sequence entries are not allowed", "syntax-list-inline"),
    ("did not find expected '-' indicator", "syntax-list-mixed"),
    ("did not find expected node content", "syntax-bracket-stray"),
    ("did not find expected comment or line break", "syntax-block-header"),
    ("indentation indicator", "syntax-block-header"),
    ("tag handle", "tag-refused"),
    ("mapping keys are not allowed", "syntax-character"),
    ("cannot start any token", "syntax-character"),
)
_BY_CONTEXT = (
    ("anchor", "anchor-refused"),
    ("alias", "alias-refused"),
    ("tag", "tag-refused"),
    ("directive", "directive-refused"),
)
_AT_OPENING = (
    "syntax-bracket-open",
    "syntax-quote-open",
    "syntax-colon-missing",
    "anchor-refused",
    "alias-refused",
    "tag-refused",
)
_WHOLE_LINE = ("syntax-indent", "directive-refused")


def syntax_diagnostic(file: str, lines: tuple[str, ...], error: MarkedYAMLError) -> Diagnostic:
    """Returns the one diagnostic of a file that cannot be read further."""
    problem, context = error.problem or "", error.context or ""
    row, column = _place(lines, error)
    code = _code(lines, row, column, problem, context)
    opening = error.context_mark
    character = ""
    if code in _AT_OPENING and opening is not None:
        character = lines[opening.line][opening.column : opening.column + 1]
        if code != "syntax-bracket-open" or not _same_line(error):
            row, column = opening.line, opening.column
    elif code == "syntax-colon-missing":
        row, column = _line_above(lines, row)
    quoted = lines[row]
    if code in _WHOLE_LINE:
        column = len(quoted) - len(quoted.lstrip())
    return Diagnostic(
        code=code,
        mark=Mark(
            file=file, line=row + 1, column=column + 1, length=_length(code, quoted, column), quoted=quoted
        ),
        values=_values(code, quoted, column, character),
    )


def _place(lines: tuple[str, ...], error: MarkedYAMLError) -> tuple[int, int]:
    """Returns the 0-based row and column of the problem, moved back from an end of file without text."""
    mark = error.problem_mark or error.context_mark
    row, column = (mark.line, mark.column) if mark is not None else (0, 0)
    while row > 0 and (row >= len(lines) or not lines[row].strip()):
        row -= 1
        column = max(len(lines[row].rstrip()) - 1, 0)
    return row, column


def _code(lines: tuple[str, ...], row: int, column: int, problem: str, context: str) -> str:
    for words, code in _BY_CONTEXT:
        if words in context:
            return code
    line = lines[row]
    if "mapping values are not allowed" in problem:
        return _second_colon(lines, row, column)
    if "incompatible YAML document" in problem or line.startswith("%"):
        return "directive-refused"
    if "<document start>" in problem:
        return "file-several-documents" if "..." in lines[:row] else "syntax-after-value"
    if "did not find expected key" in problem:
        return _expected_key(line, column)
    return next((code for words, code in _BY_PROBLEM if words in problem), "syntax")


def _same_line(error: MarkedYAMLError) -> bool:
    opening, problem = error.context_mark, error.problem_mark
    return opening is not None and problem is not None and opening.line == problem.line


def _second_colon(lines: tuple[str, ...], row: int, column: int) -> str:
    """Returns why a colon is one too many: two on a line, none on the line above, or deeper than that."""
    if ": " in lines[row][:column]:
        return "syntax-colon-extra"
    above, start = _line_above(lines, row)
    if ":" not in lines[above] and start == len(lines[row]) - len(lines[row].lstrip()):
        return "syntax-colon-missing"
    return "syntax-indent"


def _line_above(lines: tuple[str, ...], row: int) -> tuple[int, int]:
    """Returns the row of the line with text above a line, and the column where its text starts."""
    above = max(row - 1, 0)
    while above > 0 and not lines[above].strip():
        above -= 1
    return above, len(lines[above]) - len(lines[above].lstrip())


def _expected_key(line: str, column: int) -> str:
    if line[:column].strip():
        return "syntax-after-value"
    if line[column : column + 1] == ":":
        return "key-not-text"
    if line[column : column + 2] in ("-", "- "):
        return "syntax-list-mixed"
    return "syntax-indent"


def _length(code: str, quoted: str, column: int) -> int:
    if code in ("syntax-colon-missing", "syntax-after-value", "syntax-quote-open", *_WHOLE_LINE):
        return max(len(quoted.rstrip()) - column, 1)
    return 1


def _values(code: str, quoted: str, column: int, opening: str) -> dict[str, str]:
    if code in ("syntax-character", "syntax-bracket-stray", "syntax-bracket-open", "syntax-quote-open"):
        return {"character": opening or quoted[column : column + 1]}
    if code in ("syntax-colon-missing", "syntax-after-value"):
        return {"text": quoted[column:].strip()}
    if code in ("anchor-refused", "alias-refused", "tag-refused"):
        return {"name": re.split(r"[\s,\[\]{}]", quoted[column:])[0]}
    return {}
