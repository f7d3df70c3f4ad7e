"""Rows as CSV or XLSX for Indonesian spreadsheets: every cell is text and stays the text that it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

import xlsxwriter

Rows = Iterable[Sequence[str]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONG_NUMBER = 12
"""Spreadsheets turn longer numbers into powers of ten and lose digits of a NIK."""
LONGEST_CELL = 32_767
"""So many characters a cell of a spreadsheet holds."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One format of file."""

    media: str
    write: Callable[[IO[bytes], Sequence[str], Rows], int]
    whole: bool = False
    """Whether all rows are read before it is made: what takes long holds no database connection."""


def safe(text: str) -> str:
    """Returns a cell of a CSV that no spreadsheet computes or shortens: such a cell gets an apostrophe."""
    number = text.isdigit() and (len(text) >= _LONG_NUMBER or (len(text) > 1 and text[0] == "0"))
    return f"'{text}" if number or text.startswith(_FORMULA) else text


def write_csv(file: IO[bytes], header: Sequence[str], rows: Rows) -> int:
    """Writes a CSV with semicolons and a byte order mark, and returns the number of rows."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in header])
    count = 0
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        count += 1
    text.detach()
    return count


def write_xlsx(file: IO[bytes], header: Sequence[str], rows: Rows) -> int:
    """Writes a workbook whose cells are all text, a row at a time, and returns the number of rows."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    quoted = book.add_format({"num_format": "@", "quote_prefix": True})
    sheet.freeze_panes(1, 0)
    for column, cell in enumerate(header):
        sheet.write_string(0, column, cell[:LONGEST_CELL], bold)
    count = 0
    for row in rows:
        count += 1
        for column, cell in enumerate(row):
            # An empty cell is left out; a quoted one stays text also when somebody edits it.
            if cell:
                how = quoted if safe(cell) != cell else plain
                sheet.write_string(count, column, cell[:LONGEST_CELL], how)
    book.close()
    return count


KINDS: Mapping[str, Kind] = {
    "csv": Kind(media="text/csv; charset=utf-8", write=write_csv),
    "xlsx": Kind(media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write=write_xlsx),
}
"""The formats of an export by the ending of their file names."""
