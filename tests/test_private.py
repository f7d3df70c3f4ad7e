"""Only the owner reads the database and what stands beside it, whatever the umask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from schemas import small_schema
from small import NOW

from portal import private
from portal.access import SYSTEM
from portal.backup import backup
from portal.database import engine_of, reading
from portal.migrate import apply
from portal.releases import latest_id


@pytest.fixture(params=[0o000, 0o022, 0o177], ids=oct, autouse=True)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_database_is_private_with_all_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "portal.db"
    engine = engine_of(f"sqlite:///{file}")
    apply(engine, small_schema(), {}, {}, actor=SYSTEM, now=NOW)
    with reading(engine) as session:
        assert latest_id(session) == 1
        beside = sorted(path.name for path in file.parent.iterdir())
        assert beside == ["portal.db", "portal.db-shm", "portal.db-wal"]
        assert {mode(path) for path in file.parent.iterdir()} == {0o600}
    assert [mode(folder) for folder in (file.parent, file.parent.parent)] == [0o700, 0o700]
    kept = backup(engine, NOW)
    assert kept is not None
    assert kept.file is not None
    assert [mode(kept.file), mode(kept.file.parent)] == [0o600, 0o700]
    engine.dispose()


def test_an_open_database_is_closed_when_it_is_used(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    for name in ("portal.db", "portal.db.key", "portal.db.lock"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    engine = engine_of(f"sqlite:///{file}")
    with engine.connect():
        assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
    engine.dispose()


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def write(text: str, fails: bool) -> None:
        with private.whole(tmp_path / "it") as part:
            assert mode(part) == 0o600
            part.write_text(text)
            if fails:
                raise OSError("full")

    write("first", False)
    with pytest.raises(OSError, match="full"):
        write("second", True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("it", "first")]
