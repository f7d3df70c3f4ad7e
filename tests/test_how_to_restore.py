"""The how-to of backups, command by command: keys, backup, drill, a new machine, and one put aside."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from casework import furnish

from portal.archive import identity_of
from portal.cli import main
from portal.database import engine_of

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "back-up-and-restore.md"


def commands() -> list[list[str]]:
    """Returns what the guide types at the portal, in its order."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("portal ")]


def test_the_how_to_restores_an_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    address = "sqlite:///var/portal.db"
    engine = engine_of(address)
    furnish(engine)
    engine.dispose()
    for name, value in {"PORTAL_DATABASE_URL": address, "PORTAL_LANGUAGE": "id"}.items():
        monkeypatch.setenv(name, value)
    keygen, backup, *restores = commands()
    assert main(keygen) == 0
    recipient = str(identity_of(Path("kunci-cadangan.txt")).to_public())
    assert recipient in capsys.readouterr().out
    monkeypatch.setenv("PORTAL_BACKUP_RECIPIENT", recipient)
    assert main(backup) == 0
    (made,) = Path("cadangan").glob("*.age")
    assert len(restores) == 3
    for words in restores:
        assert main([made.as_posix() if word.endswith(".age") else word for word in words]) == 0
        said = capsys.readouterr().out
    assert "disisihkan sebagai" in said
    assert len(list(Path("baru").glob("portal.db.before-*"))) == 1
