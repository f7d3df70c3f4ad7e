"""The tutorial, followed word by word in a temporary folder: its files, its commands, what they answer.

`...` in an answer of the page stands for anything. `PORTAL_REGOLD=1` writes the answers that differ into the
page, to be read in review like prose.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = CHECKOUT / "docs" / "tutorial" / "first-letter.md"
FILE = re.compile(r"^`(?P<file>[^`\n]+)`:\n\n```\w*\n(?P<text>.*?)```", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(?P<console>.*?)```", re.DOTALL | re.MULTILINE)
STEP = re.compile(f"{FILE.pattern}|{CONSOLE.pattern}", re.DOTALL | re.MULTILINE)
HERE = ("script/setup demo", "source .venv/bin/activate")
"""What the reader does to get the environment that this test already has."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One line that the reader types, and what the page says it answers."""

    typed: str
    answers: str

    def means(self, said: str) -> bool:
        """Tells whether a real answer is the one on the page."""
        pattern = ".*".join(map(re.escape, self.answers.split("...")))
        return re.fullmatch(pattern, said, re.DOTALL) is not None


def commands(console: str) -> list[Command]:
    parts = re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]
    return [Command(typed=typed, answers=said) for typed, _, said in (part.partition("\n") for part in parts)]


def followed(page: str, checkout: Path) -> str:
    """Follows a page and returns it with what its commands really answered."""
    reader = Reader(checkout)
    return STEP.sub(lambda step: reader.step(step), page)


class Reader:
    """Someone who follows the page: knows the folder they are in and what they exported."""

    def __init__(self, checkout: Path) -> None:
        self.folder = checkout
        programs = str(Path(sys.executable).parent)
        self.environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(checkout)}

    def step(self, step: re.Match[str]) -> str:
        if step["file"]:
            (self.folder / step["file"]).write_text(step["text"], "utf-8")
            return step[0]
        answered = [(each, self.run(each.typed)) for each in commands(step["console"])]
        done = (f"$ {each.typed}\n{each.answers if each.means(said) else said}" for each, said in answered)
        return f"```console\n{''.join(done)}```"

    def run(self, typed: str) -> str:
        """Runs one line and returns what it answers."""
        if typed in HERE:
            return ""
        if typed.startswith("cd "):
            self.folder /= typed.removeprefix("cd ")
            return ""
        if typed.startswith("export "):
            name, _, value = typed.removeprefix("export ").partition("=")
            self.environment[name] = value
            return ""
        return self._answer(typed)

    def _answer(self, typed: str) -> str:
        done = subprocess.run(
            ["bash", "-c", typed],
            cwd=self.folder,
            env=self.environment,
            check=False,
            capture_output=True,
            timeout=120,
        )
        # Progress goes to standard error and comes only when it takes long.
        return (done.stdout or (done.stderr if done.returncode else b"")).decode()


def test_tutorial_can_be_followed(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "templates", tmp_path / "templates")
    page = PAGE.read_text("utf-8")
    really = followed(page, tmp_path)
    if os.environ.get("PORTAL_REGOLD") == "1":
        PAGE.write_text(really, "utf-8")
    assert really == page
    assert (tmp_path / "my-office" / "example.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "my-office" / "var" / "portal.db").exists()
