"""`portal letter` with made-up data: at its worst, at its barest, and shown by the desktop's viewer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.cli import main

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("case", ["worst", "missing"])
def test_example_comes_at_its_worst_and_barest(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["-o", "a.html", "--html", "--schema", str(CHECKOUT / "schema")]
    assert main(["letter", "referral", f"--{case}", *options]) == 0
    said = Path("a.html").read_text("utf-8")
    assert ("Kartinah" in said, "belum memiliki NIK" in said) == (case == "worst", case == "missing")


@pytest.mark.parametrize("opened", [True, False])
def test_example_is_opened_with_the_viewer_of_the_desktop(opened: bool, tmp_path: Path) -> None:
    show = tmp_path / "show"
    show.write_text(f'#!/bin/sh\necho "$1" >seen\n{str(opened).lower()}\n')
    show.chmod(0o755)
    words = ["letter", "receipt", "--example", "--open", "--language", "en"]
    done = subprocess.run(
        [sys.executable, "-m", "portal", *words, "--schema", str(CHECKOUT / "schema")],
        cwd=tmp_path,
        env={**os.environ, "BROWSER": f"{show} %s", "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (tmp_path / "seen").read_text().strip() == (tmp_path / "receipt.pdf").as_uri()
    assert ("No viewer could be opened" in done.stderr) == (not opened)
