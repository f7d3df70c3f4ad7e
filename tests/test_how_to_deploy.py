"""What the pages for operators type is there: commands with their options, settings, the fatal unit."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest

from portal.cli.tree import tree

DOCS = Path(__file__).resolve().parents[1] / "docs" / "how-to"
HOME = Path(__file__).resolve().parents[1] / "portal"
PAGES = ("deploy.md", "runbook.md", "back-up-and-restore.md")
CODE = "\n".join(file.read_text("utf-8") for file in HOME.rglob("*.py"))


def typed(page: str) -> list[list[str]]:
    """Returns what a page types at the portal, by whichever name it has there."""
    text = (DOCS / page).read_text("utf-8")
    blocks = re.findall(r"```(?:sh|ini)\n(.*?)```", text, flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`((?:satu-pintu|portal) [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    found = []
    for line in [*lines, *spans]:
        if said := re.match(r"(?:sudo )?(?:ExecStart=\S*/)?(?:satu-pintu|portal) (.*)", line):
            found.append(shlex.split(said[1]))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_the_operator_exist(page: str) -> None:
    commands = typed(page)
    assert len(commands) >= 5
    for words in commands:
        known, unknown = tree().parse_known_args(words)
        assert (unknown, hasattr(known, "run")) == ([], True), words


@pytest.mark.parametrize("page", PAGES)
def test_settings_of_the_operator_are_read(page: str) -> None:
    named = set(re.findall(r"PORTAL_[A-Z_]+", (DOCS / page).read_text("utf-8")))
    assert [name for name in sorted(named) if f'"{name}"' not in CODE] == []


def test_units_are_whole() -> None:
    blocks = re.findall(r"```ini\n(\[Unit\].*?)```", (DOCS / "deploy.md").read_text("utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(block)
        assert {"Service", "Timer"} & set(unit.sections())
        if "ExecStart" in block:
            assert unit["Service"]["User"] == "satu-pintu"
            assert unit["Service"]["NoNewPrivileges"] == "yes"
