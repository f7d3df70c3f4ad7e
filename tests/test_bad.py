"""Every diagnostic has a folder that shows it: `bad/<code>/`, laid over the good office `bad/_good/`.

A folder holds what differs from the good office. `_without` names files of it to leave out (`*` is all), and
`big.yaml.x9` stands for its own text nine times. `expected.txt` is what `portal check` says about the folder,
reviewed like prose; `PORTAL_REGOLD=1` writes it anew.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from portal import checks, document, load
from portal.diagnostics import Diagnostic, in_order, render_text
from portal.words import LANGUAGES

BAD = Path(__file__).parent / "bad"
GOOD = BAD / "_good"
CODES = sorted({*document.CODES, *load.CODES, *checks.CODES})
FOLDERS = sorted(path.name for path in BAD.iterdir() if path.name != "_good")


def lay_out(folder: Path, into: Path) -> None:
    without = (folder / "_without").read_text().split() if (folder / "_without").exists() else []
    for source in (GOOD, folder):
        for path in source.iterdir():
            left_out = source == GOOD and ("*" in without or path.name in without)
            if not left_out and path.name not in ("_without", "expected.txt"):
                put(path, into)


def put(path: Path, into: Path) -> None:
    target = (
        into / ("templates/letters" if path.suffix in (".html", ".css", ".svg") else "schema") / path.name
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    times = re.fullmatch(r"(.*)\.x(\d+)", path.name)
    if times:
        target.with_name(times[1]).write_text(path.read_text() * int(times[2]))
    elif path.is_dir():
        shutil.copytree(path, target)
    else:
        shutil.copyfile(path, target)


def found_in(folder: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    lay_out(folder, here)
    monkeypatch.chdir(here)
    loaded = load.load(Path("schema"))
    return in_order([*loaded.diagnostics, *checks.check(loaded)])


def test_good_office_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render_text(found_in(GOOD, tmp_path, monkeypatch)) == ""


@pytest.mark.parametrize("code", FOLDERS)
def test_bad_folder_is_told_as_expected(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_in(BAD / code, tmp_path, monkeypatch)
    text = render_text(found, "id")
    if os.environ.get("PORTAL_REGOLD") == "1":
        (BAD / code / "expected.txt").write_text(text, encoding="utf-8")
    assert code in {diagnostic.code for diagnostic in found}
    assert {diagnostic.code for diagnostic in found} <= set(CODES)
    assert text == (BAD / code / "expected.txt").read_text(encoding="utf-8")
    assert render_text(found, "en")


def test_every_code_has_a_folder() -> None:
    assert FOLDERS == CODES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    assert [code for code in CODES if code not in LANGUAGES[language]] == []


@pytest.mark.parametrize("code", FOLDERS)
def test_every_mistake_has_a_way_out(code: str) -> None:
    assert f"{code}-hint" in LANGUAGES["id"]
