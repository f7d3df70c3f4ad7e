"""Rows as a CSV file for Indonesian spreadsheets: semicolons, a byte order mark, and text that stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from starlette.responses import StreamingResponse

BATCH = 1_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONG_NUMBER = 12
"""Spreadsheets turn longer numbers into powers of ten and lose digits of a NIK."""


def safe(text: str) -> str:
    """Returns a cell that no spreadsheet computes or shortens: formulas, long numbers get an apostrophe."""
    if text.startswith(_FORMULA) or (text.isdigit() and len(text) >= _LONG_NUMBER):
        return f"'{text}"
    return text


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> StreamingResponse:
    """Returns a file that is sent while it is read."""
    return StreamingResponse(
        _lines(header, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    yield "\ufeff" + _taken(buffer)
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe(cell) for cell in row])
        if number % BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
