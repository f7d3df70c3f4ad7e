"""Backup and restore: one encrypted file holds everything, and with its key it is everything again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from casework import copied, furnish
from pyrage.x25519 import Identity
from shapes import rows, shape
from small import NOW
from sqlalchemy import Engine, make_url, text
from test_erasure import NAME, NIK, PHONE, TOLD, erase, everything, referred

from portal import events, private
from portal.access import SYSTEM
from portal.archive import (
    Made,
    NotArchived,
    Since,
    archives,
    folder_of,
    generate,
    identity_of,
    make,
    restore,
    surplus,
    verify,
)
from portal.archive import postgres as tools
from portal.cli import main
from portal.database import engine_of, reading, writing
from portal.drill import drill, last, note
from portal.duties.replay import lines, read_list, write_list
from portal.duties.sweeping import count_traces, files_of
from portal.settings import Backups, from_environment
from portal.tables import Case
from portal.wall import acting

SECRET = Identity.generate()
KEEP = Backups(recipient=str(SECRET.to_public()))


@pytest.fixture
def office(any_engine: Engine) -> Engine:
    """An office with its rules, accounts and a resident."""
    furnish(any_engine)
    return any_engine


def made(engine: Engine, folder: Path, minutes: int = 0) -> Made:
    return make(engine, KEEP, NOW + timedelta(minutes=minutes), folder=folder)


def elsewhere(engine: Engine, tmp_path: Path) -> Any:
    """Returns the address of a new machine's database, and empties the one of a PostgreSQL test."""
    if engine.dialect.name == "sqlite":
        return make_url(f"sqlite:///{tmp_path / 'new' / 'portal.db'}")
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return engine.url


def test_a_new_machine_has_everything_from_file_and_key(office: Engine, tmp_path: Path) -> None:
    before = (shape(office), rows(office))
    done = made(office, tmp_path / "backups")
    address = elsewhere(office, tmp_path)
    restored = restore(done.file, SECRET, address, NOW)
    engine = engine_of(address.render_as_string(hide_password=False))
    assert (shape(engine), rows(engine)) == before
    with reading(engine) as session:
        assert events.broken(session) is None
    assert (restored.manifest.release, restored.aside) == (1, "")
    engine.dispose()


def test_a_backup_is_private_and_tells_nothing(office: Engine, tmp_path: Path) -> None:
    done = made(office, tmp_path / "backups")
    assert [path.stat().st_mode & 0o777 for path in (done.file, done.file.parent)] == [0o600, 0o700]
    assert done.file.name.endswith("-20261102T021200Z.age")
    content = done.file.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"Siti Contoh" not in content
    assert sorted(path.name for path in done.file.parent.iterdir()) == [done.file.name]


def test_a_backup_is_one_state_while_others_write(office: Engine, tmp_path: Path) -> None:
    stop = Signal()

    def write() -> None:
        count = 0
        while not stop.is_set():
            count += 1
            with acting(SYSTEM), writing(office) as session:
                events.record(session, actor=SYSTEM, now=NOW, kind="x", subject="x", subject_id=count)

    thread = Thread(target=write)
    thread.start()
    try:
        files = [made(office, tmp_path, turn).file for turn in range(3)]
    finally:
        stop.set()
        thread.join()
    counts = [verify(file, SECRET).counts["event"] for file in files]
    assert counts == sorted(counts)
    assert all(verify(file, SECRET).broken_at is None for file in files)


def test_another_key_or_a_damaged_file_restores_nothing(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    file = made(engine, tmp_path / "backups").file
    with pytest.raises(NotArchived, match="archive-other-key"):
        verify(file, Identity.generate())
    data = bytearray(file.read_bytes())
    for place in (0, 300, len(data) // 2, len(data) - 5):
        broken = bytearray(data)
        broken[place] ^= 0x40
        file.write_bytes(broken)
        with pytest.raises(NotArchived, match="archive-"):
            verify(file, SECRET)
    file.write_bytes(data[:-70_000])
    with pytest.raises(NotArchived, match="archive-damaged"):
        restore(file, SECRET, make_url(f"sqlite:///{tmp_path / 'new.db'}"), NOW)
    assert not (tmp_path / "new.db").exists()


def test_the_tools_age_and_tar_are_enough(engine: Engine, tmp_path: Path) -> None:
    import pyrage

    furnish(engine)
    content = pyrage.decrypt(made(engine, tmp_path / "b").file.read_bytes(), [SECRET])
    subprocess.run(["tar", "-x", "-C", str(tmp_path)], input=content, check=True)
    with sqlite3.connect(tmp_path / "database") as connection:
        assert connection.execute("SELECT name FROM record_resident").fetchall() == [("Siti Contoh",)]
    connection.close()


def test_a_database_that_is_there_is_put_aside_by_its_typed_name(office: Engine, tmp_path: Path) -> None:
    file = made(office, tmp_path / "backups").file
    with writing(office) as session:
        session.execute(text("UPDATE record_resident SET name = 'Sesudahnya'"))
    office.dispose()
    with pytest.raises(NotArchived, match="archive-exists") as refused:
        restore(file, SECRET, office.url, NOW)
    done = restore(file, SECRET, office.url, NOW, confirmed=str(refused.value.values["name"]))
    assert names(office) == ["Siti Contoh"]
    if office.dialect.name == "sqlite":
        assert names(engine_of(f"sqlite:///{done.aside}")) == ["Sesudahnya"]
    else:
        assert names(office, f"{done.aside}.") == ["Sesudahnya"]


def names(engine: Engine, schema: str = "") -> list[str]:
    with engine.connect() as connection:
        found = list(connection.scalars(text(f"SELECT name FROM {schema}record_resident")))
    engine.dispose()
    return found


def test_a_database_in_use_is_not_replaced(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    file = made(engine, tmp_path / "backups").file
    with engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM event"))
        with pytest.raises(NotArchived, match="archive-in-use"):
            restore(file, SECRET, engine.url, NOW, confirmed="portal.db")
    assert names(engine) == ["Siti Contoh"]


def test_erasures_are_done_again_before_anybody_sees_it(office: Engine, tmp_path: Path) -> None:
    listed = folder_of(office, Backups()) / "erasures.json"
    file = made(office, tmp_path / "elsewhere").file
    private.file(tmp_path / "elsewhere" / "erasures.json").write_text("[]")
    assert not listed.exists()

    def erase(engine: Engine, since: Since) -> int:
        assert (since.backups / "erasures.json").read_text() == "[]"
        with writing(engine) as session:
            session.execute(text("UPDATE record_resident SET name = '-'"))
        return 1

    address = elsewhere(office, tmp_path)
    assert restore(file, SECRET, address, NOW, replays=(erase,)).replayed == 1
    assert names(engine_of(address.render_as_string(hide_password=False))) == ["-"]


def test_a_backup_from_before_an_erasure_comes_back_without_the_person(tmp_path: Path) -> None:
    office = copied(tmp_path)
    case = referred(office)
    file = made(office.engine, tmp_path / "backups").file
    erase(office, everything(office, case))
    assert write_list(office.engine) == tmp_path / "backups" / "erasures.json"
    (tmp_path / "kunci.txt").write_text(f"{SECRET}\n")
    new = tmp_path / "new" / "portal.db"
    words = ["restore", str(file), "--key", str(tmp_path / "kunci.txt"), "--database", f"sqlite:///{new}"]
    assert main(words) == 0
    assert count_traces(files_of(new), (NIK, NAME, PHONE, TOLD)) == 0
    with reading(engine_of(f"sqlite:///{new}")) as session:
        assert events.broken(session) is None
        assert session.get_one(Case, case).number


def test_a_new_machine_gets_the_secret_where_it_is_named(
    office: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made(office, tmp_path / "backups").file
    place = tmp_path / "etc" / "secret"
    monkeypatch.setenv("PORTAL_SECRET_FILE", str(place))
    address = elsewhere(office, tmp_path)
    done = restore(file, SECRET, address, NOW, secret=place, others=tmp_path)
    assert [each for _, each in done.beside] == [place]
    engine = engine_of(address.render_as_string(hide_password=False))
    with reading(engine) as session:
        assert events.broken(session) is None
    engine.dispose()


def test_the_list_of_erasures_is_in_the_folder_of_the_backups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = copied(tmp_path)
    monkeypatch.setenv("PORTAL_BACKUP_FOLDER", str(private.folder(tmp_path / "usb")))
    erase(office, everything(office, referred(office)))
    write_list(office.engine)
    assert read_list((tmp_path / "usb" / "erasures.json").read_text()) == lines(office.engine)


def test_the_list_of_erasures_goes_with_the_backups(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    private.file(tmp_path / "backups" / "erasures.json").write_text("[1]")
    made(engine, tmp_path / "usb")
    made(engine, tmp_path / "backups")
    assert (tmp_path / "usb" / "erasures.json").read_text() == "[1]"


def test_the_secret_key_beside_the_database_comes_along(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORTAL_SECRET_FILE")
    furnish(engine)
    secret = (tmp_path / "portal.db.key").read_text()
    (tmp_path / "Caddyfile").write_text("portal.example")
    keep = Backups(recipient=KEEP.recipient, extra=(tmp_path / "Caddyfile",))
    file = make(engine, keep, NOW, folder=tmp_path / "backups").file
    done = restore(file, SECRET, make_url(f"sqlite:///{tmp_path / 'new' / 'baru.db'}"), NOW)
    assert [place.name for _, place in done.beside] == ["baru.db.key", "Caddyfile"]
    assert (tmp_path / "new" / "baru.db.key").read_text() == secret
    assert {place.stat().st_mode & 0o777 for _, place in done.beside} == {0o600}


def test_the_newest_of_each_day_week_and_month_stay() -> None:
    start = datetime(2026, 1, 1, 2, tzinfo=UTC)
    moments = [start + timedelta(hours=12 * step) for step in range(2 * 320)]
    gone = set(surplus(moments, Backups()))
    stay = [at for at in moments if at not in gone and at != moments[-2]]
    assert moments[-2] not in gone
    assert stay[-7:] == [moments[-1] - timedelta(days=days) for days in range(6, -1, -1)]
    assert [at.month for at in stay[:-7] if at.hour == 14][:9] == list(range(1, 10))
    assert len(stay) == 7 + 3 + 9
    assert surplus(moments[:1], Backups(daily=0, weekly=0, monthly=0)) == ()


def test_backups_beyond_that_are_removed(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    keep = Backups(recipient=KEEP.recipient, daily=2, weekly=1, monthly=1)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "other-20200101T000000Z.age").touch()
    for day in range(4):
        done = make(engine, keep, NOW + timedelta(days=day), folder=tmp_path / "b")
    assert len(done.removed) == 1
    assert len(archives(tmp_path / "b", "portal")) == 2
    assert (tmp_path / "b" / "other-20200101T000000Z.age").exists()


def test_without_a_key_there_is_no_backup(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    with pytest.raises(NotArchived, match="archive-no-recipient"):
        make(engine, Backups(), NOW)
    with pytest.raises(NotArchived, match="archive-recipient-malformed"):
        make(engine, Backups(recipient="age1salah"), NOW)


def test_keygen_writes_a_private_file_once(tmp_path: Path) -> None:
    file = tmp_path / "kunci.txt"
    keys = generate(file, NOW)
    assert str(identity_of(file).to_public()) == keys.recipient
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotArchived, match="archive-key-exists"):
        generate(file, NOW)
    file.write_text("AGE-SECRET-KEY-1SALAH\n")
    with pytest.raises(NotArchived, match="archive-key-malformed"):
        identity_of(file)


def test_a_drill_restores_and_opens_pages_and_leaves_nothing(office: Engine, tmp_path: Path) -> None:
    file = made(office, tmp_path / "backups").file
    done = drill(file, SECRET, office.url, NOW)
    assert done.faults == ()
    assert done.pages > 10
    note(file.parent, file, done, NOW)
    assert last(file.parent) == NOW
    if office.dialect.name == "postgresql":
        with office.connect() as connection:
            left = connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'"))
            assert left.all() == []


def test_a_drill_tells_what_was_changed_by_hand(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    with writing(engine) as session:
        session.execute(text("UPDATE event SET actor = 'Orang lain' WHERE id = 1"))
        session.execute(text('DROP INDEX "ix_case_due_at_id"'))
    file = made(engine, tmp_path / "backups").file
    assert len(drill(file, SECRET, engine.url, NOW).faults) == 2


def test_a_missing_tool_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "INSTALLED", tmp_path)
    with pytest.raises(NotArchived, match="archive-no-tool"):
        tools.tool("pg_dump")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o700)
    with pytest.raises(NotArchived, match="archive-old-tool"):
        tools.tool("pg_dump", 15)


def test_settings_of_backups_come_from_the_environment() -> None:
    said = {"PORTAL_BACKUP_KEEP": "3 2 1", "PORTAL_BACKUP_FOLDER": "/b", "PORTAL_BACKUP_EXTRA": "/a:/c"}
    backups = from_environment(said).backups
    assert (backups.daily, backups.weekly, backups.monthly) == (3, 2, 1)
    assert (backups.folder, backups.extra) == (Path("/b"), (Path("/a"), Path("/c")))
    assert from_environment({"PORTAL_BACKUP_KEEP": "banyak"}).backups == Backups()


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PORTAL_BACKUP")]:
        monkeypatch.delenv(name)
