"""Keys derived from a secret that lies outside the database."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from portal import keys
from portal.database import engine_of
from portal.keys import KeyMissing


@pytest.fixture(autouse=True)
def _unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting names the file, so that it stands beside the database."""
    monkeypatch.delenv("PORTAL_SECRET_FILE", raising=False)


def test_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'portal.db'}")
    keys.make(engine)
    file = tmp_path / "portal.db.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    keys.make(engine)
    assert file.read_bytes() == before


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'portal.db'}")
    keys.make(engine)
    made = [keys.derive(engine, purpose) for purpose in ("one", "other", "one")]
    assert made[0] == made[2] != made[1]
    assert {len(each) for each in made} == {keys.LENGTH}


@pytest.mark.parametrize("content", [None, "short", "ab" * 31])
def test_missing_or_short_secret_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "portal.db.key"
    if content is not None:
        file.write_text(content)
    with pytest.raises(KeyMissing) as caught:
        keys.derive(engine_of(f"sqlite:///{tmp_path / 'portal.db'}"), "one")
    assert caught.value.file == file


def test_settings_name_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_FILE", str(tmp_path / "elsewhere"))
    keys.make(engine_of(f"sqlite:///{tmp_path / 'portal.db'}"))
    assert (tmp_path / "elsewhere").exists()


def test_postgresql_needs_a_named_file() -> None:
    with pytest.raises(KeyMissing):
        keys.make(engine_of("postgresql+psycopg://portal@localhost/portal"))
