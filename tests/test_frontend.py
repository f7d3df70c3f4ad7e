"""The built editor is what its manifest says: bytes, size, licences, and nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from portal.editor import PHRASES
from portal.words import LANGUAGES

ROOT = Path(__file__).parent.parent
STATIC, FRONTEND = ROOT / "portal" / "admin" / "static", ROOT / "frontend"
MANIFEST = json.loads((FRONTEND / "manifest.json").read_text("utf-8"))
LARGEST = 150_000
"""Bytes of the editor as it goes over the line; script/frontend has the same figure."""
UNFETCHED = 3
"""How script/frontend ends when it cannot have the packages."""
SAID = re.compile(r"""\.phrase\("([^"]+)"|\.phrase\([\w.]+\?"([^"]+)":"([^"]+)"\)""")


@pytest.mark.parametrize("file", MANIFEST["files"], ids=lambda file: str(file["name"]))
def test_file_has_the_bytes_of_the_manifest(file: dict[str, object]) -> None:
    data = (STATIC / str(file["name"])).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])


def test_editor_is_small_on_the_line() -> None:
    (script,) = (file for file in MANIFEST["files"] if file["name"] == "editor.js")
    size = len(gzip.compress((STATIC / "editor.js").read_bytes(), 9))
    assert size <= LARGEST
    assert script["gzip"] == pytest.approx(size, rel=0.01)


@pytest.mark.parametrize("name", ["editor.js", "editor.css"])
def test_nothing_comes_from_elsewhere(name: str) -> None:
    text = (STATIC / name).read_text("utf-8")
    assert re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'`)]+", text) == []
    assert re.search(r"@import|\beval\(|new Function\b|sourceMappingURL", text) is None


def test_versions_are_exact_and_locked() -> None:
    wanted = json.loads((FRONTEND / "package.json").read_text("utf-8"))["devDependencies"]
    lock = (FRONTEND / "package-lock.json").read_text("utf-8")
    locked = json.loads(lock)["packages"]
    assert {name for name in wanted if not re.fullmatch(r"\d+\.\d+\.\d+", wanted[name])} == set()
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert "codemirror" not in wanted
    assert re.findall(r'"resolved": "(?!https://registry\.npmjs\.org/)', lock) == []
    assert [path for path, each in locked.items() if path and not each.get("integrity")] == []


def test_every_package_has_its_licence() -> None:
    texts = (FRONTEND / "THIRD_PARTY.txt").read_text("utf-8")
    for each in MANIFEST["packages"]:
        assert each["license"] in ("MIT", "Apache-2.0", "BSD-3-Clause"), each
        assert f"{each['name']} {each['version']} ({each['license']})" in texts
    assert texts.count("Permission is hereby granted") == len(MANIFEST["packages"])


def test_every_phrase_of_the_editor_has_words() -> None:
    text = (STATIC / "editor.js").read_text("utf-8")
    said = {phrase for found in SAID.findall(text) for phrase in found if phrase}
    said |= set(re.findall(r'\b\w+\(\w+,"([a-zA-Z][a-z ]+)"\)', _search_panel(text)))
    told = {LANGUAGES["en"][f"editor-phrase-{each}"] for each in PHRASES}
    assert len(said) > 20
    assert sorted(said - told) == []
    assert sorted(told - said) == []


def _search_panel(text: str) -> str:
    """Returns the part of the script that makes the panel for searching, which says words by a function."""
    start = text.index('name:"search"')
    return text[start - 200 : start + 2500]


def test_a_rebuild_gives_the_same_bytes() -> None:
    wanted = os.environ.get("PORTAL_FRONTEND")
    if not wanted:
        pytest.skip("PORTAL_FRONTEND=1 builds the editor anew; script/test tries where Node is")
    command = [str(ROOT / "script" / "frontend"), "--check"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode == UNFETCHED and wanted == "try":
        pytest.skip(made.stderr.splitlines()[-1])
    assert made.returncode == 0, made.stdout + made.stderr
