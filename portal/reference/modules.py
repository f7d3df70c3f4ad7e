"""The page of modules: every file of the portal with the first sentence of its docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.reference.page import NOTE, cell

_INTRODUCTION = """\
# Modules

What each file of `portal/` yields, in its own words.
Which may import which is the list in `tests/test_architecture.py`.

| module | what it yields |
|---|---|
"""


def modules(package: Path) -> str:
    """Returns the page of every module of a package."""
    return NOTE + _INTRODUCTION + "".join(f"{row}\n" for row in _rows(package, package))


def _rows(folder: Path, package: Path) -> Iterator[str]:
    files = [path for path in folder.glob("*.py") if not path.stem.startswith("__")]
    drawers = [path.parent for path in folder.glob("*/__init__.py")]
    for path in sorted([*files, *drawers], key=lambda path: path.stem):
        name = path.relative_to(package).as_posix()
        if path.is_dir():
            yield f"| **`{name}/`** | {_first_sentence(path / '__init__.py')} |"
            yield from _rows(path, package)
        else:
            yield f"| `{name}` | {_first_sentence(path)} |"


def _first_sentence(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return cell(" ".join(text.partition("\n\n")[0].split()))
