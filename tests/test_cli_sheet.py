"""`portal sheet`: the sheets of the newest Release as files, and what is turned down."""

from __future__ import annotations

from pathlib import Path

import pytest
from worked import demo_copy

from portal.cli import exits, main


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Gives the address of a demonstration."""
    return f"sqlite:///{demo_copy(tmp_path_factory.mktemp('sheet'))}"


@pytest.mark.parametrize(
    "words", ["pbi-new form", "pbi-new standard", "pbi-new aid --role facilitator"], ids=lambda each: each
)
def test_sheet_is_written(
    words: str, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sheet.pdf"
    assert main(["sheet", *words.split(), "--out", str(file), "--database", database]) == exits.OK
    assert file.read_bytes().startswith(b"%PDF-")
    assert file.as_posix() in capsys.readouterr().out


def test_sheet_goes_to_standard_output(database: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["sheet", "violence", "standard", "--out", "-", "--database", database]) == exits.OK
    assert capfdbinary.readouterr().out.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pbi-nev form", 'SOP "pbi-nev" tidak ada; mungkin maksudnya "pbi-new"'),
        ("pbi-new poster", '"poster" bukan jenis lembar'),
        ("pbi-new aid", "memerlukan --role"),
        ("pbi-new aid --role auditor", 'peran "auditor" tidak mengerjakan SOP ini'),
    ],
)
def test_what_is_not_there_is_told(
    words: str, said: str, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = main(["sheet", *words.split(), "--out", "-", "--database", database])
    assert ended == exits.USAGE
    assert said in capsys.readouterr().err
