"""The names of areas by their code, from a CSV file of two columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.diagnostics import Diagnostic, Mark
from portal.scalars import AREA_PATTERN

HEADER = ["code", "name"]


@dataclass(frozen=True, kw_only=True)
class Areas:
    """Names by area code, and the rows that are none."""

    names: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()


def areas_of(file: str, data: bytes) -> Areas:
    """Returns the areas of a CSV text in UTF-8: a header `code,name`, then one area on each line."""
    names: dict[str, str] = {}
    found: list[Diagnostic] = []
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), start=1):
        mark = Mark(file=file, line=number, column=1, length=max(len(line), 1), quoted=line)
        row = [cell.strip() for cell in next(csv.reader([line]), [])]
        if not row or (number == 1 and row == HEADER):
            continue
        code = row[0]
        if len(row) != 2 or not re.match(AREA_PATTERN, code) or not row[1] or "\ufffd" in line:
            found.append(Diagnostic(code="area-row-malformed", mark=mark, values={"row": line}))
        elif code in names:
            found.append(
                Diagnostic(code="area-duplicate", mark=mark, values={"area": code, "name": names[code]})
            )
        else:
            names[code] = row[1]
    return Areas(names=names, diagnostics=tuple(found))
