"""`portal erasure`: the list from one database to another, the files, and the backups."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework import Office, copied
from guard import watched
from sqlalchemy import select
from test_erasure import NAME, NIK, erase, everything, older_copy, referred

from portal.cli import exits, main
from portal.database import reading
from portal.duties.sweeping import count_traces, files_of
from portal.tables import Erasure


@pytest.fixture
def erased(tmp_path: Path) -> Office:
    office = copied(tmp_path)
    case = referred(office)
    older_copy(office, tmp_path).dispose()
    erase(office, everything(office, case))
    return office


def portal(*words: str, office: Office | None = None, file: Path | None = None) -> int:
    url = str(office.engine.url) if office else f"sqlite:///{file}"
    with watched(url) as silent:
        code = main(["erasure", *words, "--database", url, "--language", "en"])
    assert silent == []
    return code


def test_list_goes_from_one_database_to_a_restored_one(
    erased: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, restored = tmp_path / "list.json", tmp_path / "restored.db"
    assert portal("export", str(listed), office=erased) == 0
    assert portal("replay", str(listed), file=restored) == 0
    assert "3 rows were erased" in capsys.readouterr().out
    assert count_traces(files_of(restored), (NIK, NAME)) == 0


def test_sweep_cleans_and_notes_it(erased: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert portal("sweep", office=erased) == 0
    assert "clean" in capsys.readouterr().out
    with reading(erased.engine) as session:
        assert session.scalars(select(Erasure)).one().checked_at is not None


def test_backups_without_erased_data_are_said_so(erased: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert portal("backups", office=erased) == 0
    assert "No backup" in capsys.readouterr().out


def test_file_that_is_no_list_is_refused(erased: Office, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("[]")
    assert portal("replay", str(tmp_path / "wrong.json"), office=erased) == exits.USAGE
    assert portal("replay", str(tmp_path / "missing.json"), office=erased) == exits.USAGE
