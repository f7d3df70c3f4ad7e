"""The backup before a Release: whole, private, verified, the last ten; or nothing is applied."""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from schemas import small_schema
from shapes import rows, shape
from small import NOW
from sqlalchemy import Engine, text

from portal.access import SYSTEM
from portal.backup import KEPT, NotBackedUp, backup
from portal.database import engine_of, writing
from portal.migrate import apply
from portal.words import speaking


def applied(engine: Engine) -> Engine:
    apply(engine, small_schema(), {}, {}, actor=SYSTEM, now=NOW)
    return engine


def made(engine: Engine, minutes: int = 0) -> Path:
    kept = backup(engine, NOW + timedelta(minutes=minutes))
    assert kept is not None
    assert kept.file is not None
    return kept.file


def test_backup_holds_everything_and_is_private(engine: Engine) -> None:
    applied(engine)
    file = made(engine)
    assert file.name == "portal-release-1-20261102T021200Z.db"
    assert [mode(path) for path in (file, file.parent)] == [0o600, 0o700]
    copy = engine_of(f"sqlite:///{file}")
    assert (shape(copy), rows(copy)) == (shape(engine), rows(engine))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_backup_of_a_database_in_use_is_the_committed_state(engine: Engine) -> None:
    before = rows(applied(engine))
    with writing(engine) as session:
        session.execute(text("INSERT INTO counter VALUES ('not yet', '2026', 1)"))
        file = made(engine)
    assert rows(engine_of(f"sqlite:///{file}")) == before


def test_an_empty_database_needs_no_backup(any_engine: Engine) -> None:
    assert backup(any_engine, NOW) is None


def test_the_last_backups_stay(engine: Engine) -> None:
    applied(engine)
    files = [made(engine, minutes) for minutes in range(KEPT + 2)]
    mine = files[0].with_name("mine.db")
    mine.touch()
    again = made(engine, KEPT + 1)
    assert sorted(file.name for file in mine.parent.iterdir()) == sorted(
        [mine.name, *(file.name for file in (*files[3:], again))]
    )


def test_what_a_kill_left_behind_goes_in_time(engine: Engine) -> None:
    left = made(applied(engine)).with_name("portal-release-1-20261101T000000Z.db.part")
    for age, there in ((0, True), (7200, False)):
        left.touch()
        os.utime(left, (left.stat().st_mtime - age,) * 2)
        made(engine)
        assert left.exists() is there


def test_a_copy_that_does_not_hold_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    applied(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    file = Path(str(engine.url.database))
    data = bytearray(file.read_bytes())
    with sqlite3.connect(file) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_event_subject'"
        ).fetchone()[0]
    data[(page - 1) * 4096 : (page - 1) * 4096 + 200] = os.urandom(200)
    file.write_bytes(data)
    with pytest.raises(NotBackedUp):
        backup(engine, NOW)
    assert list((file.parent / "backups").iterdir()) == []


def test_without_a_place_nothing_is_applied(engine: Engine) -> None:
    applied(engine)
    (Path(str(engine.url.database)).parent / "backups").write_text("in the way")
    with pytest.raises(NotBackedUp):
        backup(engine, NOW)


@pytest.mark.postgres
def test_on_postgresql_the_restore_point_is_noted(postgres_engine: Engine) -> None:
    kept = backup(applied(postgres_engine), NOW)
    assert kept is not None
    with speaking("en"):
        assert "portal-before-release-2 (" in kept.sentence()
    with writing(postgres_engine) as session:
        session.execute(text("DROP ROLE IF EXISTS backup_clerk"))
        session.execute(text("CREATE ROLE backup_clerk LOGIN"))
        session.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO backup_clerk"))
    clerk = engine_of(postgres_engine.url.set(username="backup_clerk").render_as_string())
    plain = backup(clerk, NOW)
    clerk.dispose()
    assert plain is not None
    assert "/" in plain.point
    with writing(postgres_engine) as session:
        session.execute(text("DROP OWNED BY backup_clerk"))
        session.execute(text("DROP ROLE backup_clerk"))
