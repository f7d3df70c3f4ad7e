"""The pages on signatures and letters: the commands work, and the buttons of the staff guide are there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from test_certificates import PASSPHRASE, authority, keystore, letter, made, trust
from test_docs import DOCS, blocks

from portal.keystore import glimpse
from portal.words import LANGUAGES

__all__ = ["letter"]

PAGE = "how-to/sign-with-a-certificate.md"
GUIDE = ("menandatangani-surat", "mencetak-banyak-surat", "nomor-dan-arsip-surat")
NOT_WORDS = {"Mengetahui"}
"""What stands on paper and on no page."""


def command(name: str) -> list[str]:
    lines = [line.strip() for block in blocks(PAGE, "sh") for line in block.splitlines()]
    return shlex.split(next(line for line in lines if line.startswith(name)))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_the_certificate_beside_is_made_as_the_page_says(tmp_path: Path) -> None:
    keystore(tmp_path, days=40)
    asked = [*command("openssl pkcs12"), "-passin", f"pass:{PASSPHRASE}"]
    subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True)
    told = glimpse(tmp_path / "kantor.p12")
    assert told.key
    assert told.until is not None


def test_the_second_reader_of_the_page_tells_a_whole_file_from_a_changed_one(
    tmp_path: Path, letter: bytes
) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", (DOCS / PAGE).read_text("utf-8"), flags=re.DOTALL)
    (tmp_path / "periksa.py").write_text(script, "utf-8")
    (tmp_path / "root.crt").write_bytes(authority()[0].public_bytes(Encoding.PEM))
    done = bytearray(made(letter, keystore(tmp_path), trust()))
    for verdict in ("VALID", "INVALID"):
        (tmp_path / "surat.pdf").write_bytes(done)
        words = [sys.executable, *command("/opt/satu-pintu/bin/python")[1:]]
        said = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
        assert f"The signature is judged {verdict}." in said
        done[done.find(b"/Lang") + 7] ^= 1


@pytest.mark.parametrize("name", GUIDE)
def test_what_the_staff_guide_quotes_is_on_screen(name: str) -> None:
    text = (DOCS / "panduan" / f"{name}.md").read_text("utf-8")
    quoted = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text))
    shown = set(LANGUAGES["id"].values())
    starts = tuple(each.partition("{")[0].partition(",")[0] for each in shown)
    assert {each for each in quoted - shown - NOT_WORDS if each not in starts} == set()
