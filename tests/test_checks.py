"""The drawer of checks: what is listed, and what it must agree on with the rest of the portal."""

from __future__ import annotations

from pathlib import Path

from portal import checks, facts
from portal.checks.conditions import CASE_LISTS, CASE_OTHER
from portal.load import load

ROOT = Path(__file__).parent.parent


def test_every_file_of_the_drawer_is_listed() -> None:
    drawer = Path(checks.__file__).parent
    files = {path.stem for path in drawer.glob("*.py")} - {"__init__", "base"}
    assert files == {family.run.__module__.rpartition(".")[2] for family in checks.CHECKS}


def test_each_code_belongs_to_one_family() -> None:
    assert len(checks.CODES) == len(set(checks.CODES))


def test_conditions_may_ask_what_the_engine_answers() -> None:
    assert {*CASE_LISTS, *CASE_OTHER} == set(facts.CASE_PATHS)


def test_example_office_has_no_errors() -> None:
    loaded = load(ROOT / "schema")
    found = (*loaded.diagnostics, *checks.check(loaded))
    assert [d for d in found if d.severity == "error"] == []
    assert loaded.schema is not None
