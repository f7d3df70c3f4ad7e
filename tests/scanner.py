"""Reads the QR codes of a printed page as a scanner does: finds the three corners, samples the modules.

What comes out is the pattern of modules. Whoever knows the text compares it with the pattern of that text:
two texts never share one, so equal patterns mean that a scanner reads this text.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import segno
from PIL import Image

DOTS = 300
"""Per inch: what an office scanner does."""
Pattern = tuple[tuple[int, ...], ...]
_RUNS = re.compile(rb"(\x00+)(\xff+)(\x00+)(\xff+)(\x00+)")
_SIDES = frozenset(range(21, 178, 4))


@dataclass(frozen=True)
class Corner:
    """The middle of a corner's square, and how many dots a module has."""

    x: float
    y: float
    module: float


def scanned(pdf: bytes, dots: int = DOTS) -> list[Pattern]:
    """Returns the pattern of every QR code on every page, printed at so many dots an inch."""
    with TemporaryDirectory() as folder:
        Path(folder, "paper.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", str(dots), "-gray", "-png", f"{folder}/paper.pdf", f"{folder}/page"]
        subprocess.run(command, check=True)
        return [each for page in sorted(Path(folder).glob("page*.png")) for each in _codes(Image.open(page))]


def pattern_of(text: str) -> Pattern:
    """Returns the pattern of a text."""
    return tuple(tuple(int(each) for each in row) for row in segno.make_qr(text, error="m").matrix)


def _codes(page: Image.Image) -> Iterator[Pattern]:
    sharp = page.convert("L").point(lambda value: 255 if value > 127 else 0)
    corners = _corners(sharp)
    for first, right, below in permutations(corners, 3):
        across, down, module = right.x - first.x, below.y - first.y, first.module
        straight = max(abs(right.y - first.y), abs(below.x - first.x), abs(across - down)) < module
        side = round(across / module) + 7
        alike = max(abs(each.module - module) for each in (right, below)) < module / 4
        if straight and alike and across > 0 and side in _SIDES:
            yield _sampled(sharp, first, across / (side - 7), side)


def _sampled(page: Image.Image, first: Corner, step: float, side: int) -> Pattern:
    def dark(column: int, row: int) -> int:
        at = (int(first.x + (column - 3) * step), int(first.y + (row - 3) * step))
        return int(page.getpixel(at) == 0)

    return tuple(tuple(dark(column, row) for column in range(side)) for row in range(side))


def _corners(page: Image.Image) -> Sequence[Corner]:
    """Returns the squares of 1 dark, 1 light, 3 dark, 1 light, 1 dark, across and down."""
    found: list[Corner] = []
    turned = page.transpose(Image.Transpose.TRANSPOSE)
    for y in range(0, page.height, 2):
        for x, module in _squares(_line(page, y)):
            downward = [each for each in _squares(_line(turned, int(x))) if abs(each[0] - y) < 2 * module]
            if downward and not any(abs(c.x - x) + abs(c.y - y) < 6 * module for c in found):
                found.append(Corner(x, downward[0][0], module))
    return found


def _line(page: Image.Image, y: int) -> bytes:
    return page.crop((0, y, page.width, y + 1)).tobytes()


def _squares(line: bytes) -> Iterator[tuple[float, float]]:
    """Yields the middles of what looks like a corner in a line of dots, with the width of a module."""
    place = 0
    while match := _RUNS.search(line, place):
        widths = [match.end(part) - match.start(part) for part in range(1, 6)]
        module = sum(widths) / 7
        wanted = (1, 1, 3, 1, 1)
        if module >= 2 and all(
            abs(w - n * module) < 0.6 * module for w, n in zip(widths, wanted, strict=True)
        ):
            yield (match.start(3) + match.end(3)) / 2, module
        place = match.end(1)
