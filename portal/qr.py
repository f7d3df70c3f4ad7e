"""A text becomes the drawing of a QR code that a letter's template prints like any other value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby

import segno

QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks."""


def drawn(text: str) -> tuple[str, int]:
    """Returns a QR code as the path of an SVG, one unit a module, and the side with its quiet zone.

    The path is made of lines to be drawn with a stroke of one unit: that takes the press half as long as
    rectangles to be filled.
    The path goes through the template like any other value: nothing has to be marked as safe.
    """
    rows = segno.make_qr(text, error="m").matrix
    path = "".join(
        f"M{start + QUIET} {y + QUIET}.5h{length}"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return path, len(rows) + 2 * QUIET


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yields where dark modules that touch begin in a row, and how many they are: a small file on paper."""
    place = 0
    for dark, some in groupby(row):
        length = len(list(some))
        if dark:
            yield place, length
        place += length


def picture(text: str) -> bytes:
    """Returns a QR code as PNG, for programs that take no drawing."""
    out = BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=8, border=QUIET)
    return out.getvalue()
