"""The commands of the audit as they are typed: what they print, where they end."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework import copied
from sqlalchemy import text

from portal.cli import main


@pytest.fixture
def database(tmp_path: Path) -> str:
    office = copied(tmp_path)
    office.open()
    office.engine.dispose()
    return f"sqlite:///{tmp_path / 'office.db'}"


def run(database: str, *words: str) -> int:
    return main(["audit", *words, "--database", database, "--language", "en"])


def test_anchor_is_printed_and_kept_outside(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(database, "anchor") == 0
    code = capsys.readouterr().out.split("agenda book: ")[1].split()[0]
    assert code in (tmp_path / "office.db.anchor").read_text()
    assert run(database, "verify", "--anchor", code.lower().replace("-", " ")) == 0
    assert "The evidence holds" in capsys.readouterr().out


def test_wrong_code_is_no_anchor(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(database, "verify", "--anchor", "agenda") == 2
    assert '"agenda" is no code' in capsys.readouterr().err


def test_edit_is_named_with_its_number(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    from portal.database import engine_of

    engine = engine_of(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE event SET actor = 'x' WHERE id = 2"))
    engine.dispose()
    assert run(database, "verify") == 1
    assert "! event 2 (" in capsys.readouterr().out


def test_missing_secret_says_where_it_was(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_SECRET_FILE", str(tmp_path / "gone"))
    assert run(database, "verify") == 5
    assert "gone" in capsys.readouterr().err
