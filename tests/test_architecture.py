"""The order of layers and the owners of libraries, as design and docs/explanation describe them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import portal

HOME = Path(portal.__file__).parent
TESTS = Path(__file__).parent

LAYERS = """
words settings memory private turns queue
keys reads codes standards drawings
diagnostics indonesian spelling database press pictures qr seals certificates bsre keystore
document templating worktime pressroom
scalars patches
fields
conditions search conversions
steps
schema tables
load models access places numbering
wall
renames rights timetable
chain
changes variables events releases moving alone
checks plan facts accounts following whocan accesslog audit twins
editor
impact preflight reshape relabel
migrate letters reports eligibility history drift sheets
backup
archive
prune duties screening
referrals
cases seeding
bulk
simulate sweep
studio
demo scratch
admin
app
rehearsal
drill
doctor
publish
releasing
cli
reference
__main__
"""
"""A module imports only what stands on a line above; those on one line are siblings."""

OWNERS = {
    "alembic": "migrate migrations reshape",
    "anyio": "admin app",
    "asn1crypto": "keystore",
    "argon2": "accounts",
    "cryptography": "accounts seals",
    "authlib": "accounts",
    "babel": "worktime admin",
    "httpx": "accounts bsre",
    "jinja2": "templating",
    "pyotp": "accounts",
    "joserfc": "accounts",
    "pydantic": "scalars fields conditions steps schema load",
    "pydantic_core": "scalars conditions schema load",
    "segno": "accounts qr",
    "sqladmin": "admin",
    "sqlalchemy": "keys seals fields search tables models renames alone access numbering wall database chain "
    "events accesslog audit releases facts accounts following impact preflight reshape relabel history drift "
    "prune duties screening referrals backup scratch rehearsal publish migrate migrations letters reports "
    "cases seeding simulate sheets demo admin app cli studio releasing whocan archive drill doctor sweep "
    "twins bulk",
    "pikepdf": "bulk",
    "procrastinate": "queue",
    "psycopg": "queue",
    "PIL": "pictures",
    "pyhanko": "certificates",
    "pyhanko_certvalidator": "certificates",
    "pypdf": "certificates cli",
    "pyrage": "archive drill",
    "starlette": "admin app",
    "h11": "cli",
    "uvicorn": "cli",
    "weasyprint": "press standards drawings",
    "wtforms": "admin",
    "xlsxwriter": "admin",
    "yaml": "document",
}
"""Who may import which library; psycopg is otherwise named in the database's URL only."""

RANK = {name: rank for rank, line in enumerate(LAYERS.split("\n")) for name in line.split()}
FILES = sorted(HOME.rglob("*.py"))
LONGEST = 400


def module_of(file: Path) -> str:
    """Returns the layer's module that a file belongs to: a drawer is one module."""
    return file.relative_to(HOME).with_suffix("").parts[0]


def imported(file: Path) -> Iterator[str]:
    """Yields the dotted names that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "portal":
            yield from (f"portal.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{file}: a relative import"
            yield node.module


def ours(file: Path) -> set[str]:
    """Returns the modules of the portal that a file imports from outside its own."""
    names = {name.split(".")[1] for name in imported(file) if name.startswith("portal.")}
    return names - {module_of(file)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HOME)))
def test_module_imports_only_what_stands_above(file: Path) -> None:
    module = module_of(file)
    if module in ("__init__", "migrations"):
        return
    assert module in RANK, f"{module} has no place in the order of layers"
    assert [name for name in sorted(ours(file)) if RANK.get(name, 99) >= RANK[module]] == []


def test_migrations_know_only_our_own_tables() -> None:
    files = [file for file in FILES if module_of(file) == "migrations"]
    assert set().union(*(ours(file) for file in files)) <= {"tables"}


def test_every_library_has_its_owners() -> None:
    wrong = [
        f"{file.relative_to(HOME)} imports {library}"
        for file in FILES
        for library in sorted({name.split(".")[0] for name in imported(file)})
        if library != "portal"
        and library not in sys.stdlib_module_names
        and module_of(file) not in OWNERS.get(library, "").split()
    ]
    assert wrong == []


def test_checking_needs_neither_printer_nor_server() -> None:
    heavy = {"weasyprint", "starlette", "sqladmin", "psycopg", "alembic", "uvicorn", "argon2", "wtforms"}
    code = "import sys, portal.load, portal.checks; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy.intersection(loaded.stdout.split()) == set()


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{file.relative_to(HOME)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert [place for place in printing if not place.startswith("cli")] == []


def test_files_can_be_read_in_one_go() -> None:
    files = [each for each in (*FILES, *TESTS.rglob("*.py")) if "versions" not in each.parts]  # generated
    lengths = {str(file): len(file.read_text("utf-8").splitlines()) for file in files}
    assert {file: length for file, length in lengths.items() if length >= LONGEST} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [file for file in FILES if not ast.get_docstring(ast.parse(file.read_text("utf-8")))]
    assert [str(file.relative_to(HOME)) for file in silent] == []
