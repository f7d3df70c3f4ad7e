"""The how-to page for going back, followed word by word: its commands and what they answer."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from test_bad import GOOD, lay_out
from test_tutorial import CONSOLE, Command, commands

from portal.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "go-back.md"


def answered(command: Command, capsys: pytest.CaptureFixture[str]) -> str:
    """Runs one line of the page and returns what it prints."""
    words = shlex.split(command.typed)
    if words[0] == "portal":
        main(words[1:])
        return capsys.readouterr().out
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def test_page_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(GOOD, tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("PORTAL_SCHEMA", "PORTAL_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAL_LANGUAGE", "en")
    steps = [each for console in CONSOLE.findall(PAGE.read_text("utf-8")) for each in commands(console)]
    assert len(steps) > 8
    for step in steps:
        said = answered(step, capsys)
        assert step.means(said), f"{step.typed}\n{said}"
