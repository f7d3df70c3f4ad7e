"""Keys derived from a secret that lies outside the database."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal import keys
from portal.keys import KeyMissing
from portal.settings import Settings


def settings(folder: Path) -> Settings:
    return Settings(database=f"sqlite:///{folder / 'portal.db'}")


def test_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = keys.ensure(settings(tmp_path))
    assert file == tmp_path / "portal.secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    keys.ensure(settings(tmp_path))
    assert file.read_bytes() == before


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys.ensure(settings(tmp_path))
    made = [keys.key(settings(tmp_path), purpose) for purpose in ("one", "other", "one")]
    assert made[0] == made[2] != made[1]
    assert {len(each) for each in made} == {keys.LENGTH}


def test_derivation_is_that_of_rfc_5869() -> None:
    theirs = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"purpose")
    assert keys.derived(b"m" * 64, "purpose") == theirs.derive(b"m" * 64)


def test_missing_or_short_secret_is_named(tmp_path: Path) -> None:
    for content in (None, "short"):
        if content is not None:
            (tmp_path / "portal.secret").write_text(content)
        with pytest.raises(KeyMissing) as caught:
            keys.key(settings(tmp_path), "one")
        assert caught.value.file == tmp_path / "portal.secret"


def test_settings_name_another_file(tmp_path: Path) -> None:
    named = Settings(database="postgresql://db/portal", secret_file=tmp_path / "elsewhere")
    assert keys.ensure(named) == tmp_path / "elsewhere"
    assert keys.secret_file(Settings(database="postgresql://db/portal")) == Path("var/portal.secret")
