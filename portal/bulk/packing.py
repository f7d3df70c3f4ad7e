"""Printed letters -> one file: a PDF to print in one go, or a zip of files that name nobody.

pikepdf merges here and nowhere else. What is merged is for the printer; the archive is each letter's bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO

import pikepdf
from sqlalchemy import Engine, select

from portal.access import SYSTEM
from portal.cases.signing import sealed_file
from portal.database import reading
from portal.tables import IssuedLetter
from portal.wall import acting

MADE = (1980, 1, 1, 0, 0, 0)
"""The date of every entry of a zip: the letters bear their own."""


def packed(engine: Engine, packing: str, letters: Sequence[int]) -> bytes:
    """Returns the letters in their order as one file: `merged` or `zip`."""
    parts = _read(engine, letters)
    return zipped(parts) if packing == "zip" else merged(data for _, data in parts)


def _read(engine: Engine, letters: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Yields the letters one at a time with kind and key; what has an electronic signature, with it."""
    for key in letters:
        with acting(SYSTEM), reading(engine) as session:
            query = select(IssuedLetter.letter, IssuedLetter.pdf).where(IssuedLetter.id == key)
            letter, data = session.execute(query).one()
            signed = sealed_file(session, key)
            data = signed.data if signed is not None else data
        if data is not None:
            yield f"{letter}-{key}", data


def merged(parts: Iterator[bytes]) -> bytes:
    """Returns the pages of PDFs one after another."""
    whole, made = pikepdf.Pdf.new(), BytesIO()
    for data in parts:
        with pikepdf.open(BytesIO(data)) as part:
            whole.pages.extend(part.pages)
    whole.save(made, deterministic_id=True)
    return made.getvalue()


def zipped(parts: Iterator[tuple[str, bytes]]) -> bytes:
    """Returns PDFs in a zip, each by its place, kind and key; they are compressed already."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for place, (name, data) in enumerate(parts, start=1):
            archive.writestr(zipfile.ZipInfo(f"{place:04}-{name}.pdf", MADE), data)
    return made.getvalue()
