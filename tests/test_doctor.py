"""The doctor: a wrong fact trips its check and no other, and facts are gathered from real things."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from casework import furnish
from pyrage.x25519 import Identity
from sqlalchemy import Engine, text

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.archive import make
from portal.cli import exits, main
from portal.database import engine_of, writing
from portal.demo import PASSWORD
from portal.doctor import CHECKS, Facts, around, examine, gather, inside
from portal.doctor.base import Kept, Office
from portal.settings import Backups, Settings
from portal.words import LANGUAGES, speaking

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
WELL = Facts(now=NOW, office=Office(holidays=(2026, 2027)), kept=Kept(last=NOW, drill=NOW))
OPEN = {"host": "10.0.0.5", "hosts": ("pintu.example",), "proxies": ("10.0.0.1",)}
POSTGRES = {"kind": "postgresql", "version": (15, 3)}
HELD = {
    "certificate": True,
    "since": NOW - timedelta(days=300),
    "until": NOW + timedelta(days=31),
}
WRONG: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "root": ("machine", {"root": True}),
    "temporary": ("machine", {"temporary": False}),
    "open-files": ("machine", {"open_files": 256}),
    "disk-full": ("machine", {"free": 200 * 2**20}),
    "encoding": ("machine", {"encoding": "ansi_x3.4-1968"}),
    "time-zones": ("machine", {"zone": False}),
    "clock": ("office", {"ahead": 3600.0}),
    "printing": ("machine", {"printing": "cannot load library 'libpango-1.0-0'"}),
    "fonts": ("machine", {"fonts": 0}),
    "debug": ("machine", {"debug": ("PORTAL_DEBUG",)}),
    "core-dumps": ("machine", {"dumps": True}),
    "file-open": ("files", {"open": ("portal.db",)}),
    "folder-open": ("files", {"open_folders": ("/srv/portal",)}),
    "network-disk": ("files", {"network": "nfs4"}),
    "secret-missing": ("files", {"secret_there": False, "secret": "/var/lib/portal.db.key"}),
    "secret-weak": ("files", {"secret_weak": True}),
    "secret-in-checkout": ("files", {"secret_in_checkout": True}),
    "secret-with-backups": ("files", {"secret_with_backups": True}),
    "backup-key-here": ("files", {"identities": ("backups/kunci.txt",)}),
    "sqlite-old": ("store", {"version": (3, 34, 1)}),
    "sqlite-search": ("store", {"trigrams": False}),
    "sqlite-journal": ("store", {"journal": "delete"}),
    "sqlite-synchronous": ("store", {"synchronous": 1}),
    "sqlite-links": ("store", {"foreign_keys": False}),
    "sqlite-remains": ("store", {"secure_delete": False}),
    "postgres-old": ("store", {**POSTGRES, "version": (12, 9)}),
    "postgres-superuser": ("store", {**POSTGRES, "superuser": True, "owner": True, "bypasses": True}),
    "postgres-bypass": ("store", {**POSTGRES, "bypasses": True}),
    "postgres-owner": ("store", {**POSTGRES, "owner": True}),
    "postgres-encoding": ("store", {**POSTGRES, "encoding": "SQL_ASCII"}),
    "postgres-collation": ("store", {**POSTGRES, "collation_moved": True}),
    "postgres-fsync": ("store", {**POSTGRES, "fsync": False}),
    "postgres-pages": ("store", {**POSTGRES, "full_pages": False}),
    "postgres-commit": ("store", {**POSTGRES, "synchronous_commit": False}),
    "postgres-search": ("store", {**POSTGRES, "trigrams": False}),
    "postgres-plain": ("store", {**POSTGRES, "remote": True, "encrypted": False}),
    "hosts": ("serving", {**OPEN, "hosts": ()}),
    "http": ("serving", {**OPEN, "proxies": ()}),
    "proxies": ("serving", {**OPEN, "proxies": ("*",)}),
    "openapi": ("serving", {"openapi": True}),
    "trial": ("serving", {"trial": True}),
    "release-none": ("office", {"release": 0}),
    "release-newer": ("office", {"newer": True}),
    "tables-pending": ("office", {"pending": True}),
    "drift": ("office", {"drift": 2}),
    "chain": ("office", {"broken_at": 7}),
    "holidays": ("office", {"holidays": (2026,)}),
    "sweep": ("office", {"unrung": 30.0}),
    "unswept": ("office", {"unswept": 2}),
    "letters-style": ("office", {"style": False}),
    "demo-accounts": ("office", {"demo": ("manager",)}),
    "accounts-idle": ("office", {"idle": 3}),
    "no-manager": ("office", {"managers": 0}),
    "roles-empty": ("office", {"empty_roles": ("facilitator",)}),
    "single-factor": ("office", {"single_factor": ("ratna",)}),
    "backup-plain": ("kept", {"recipient": False}),
    "backup-recipient": ("kept", {"recipient_good": False}),
    "backup-old": ("kept", {"last": NOW - timedelta(days=9)}),
    "backup-same-disk": ("kept", {"same_disk": True}),
    "backup-copies": ("kept", {"plain": ("portal-release-1.db",)}),
    "backup-extra": ("kept", {"extra_missing": ("/etc/portal.key",)}),
    "drill-old": ("kept", {"drill": None}),
    "signing-unset": ("office", {"signing": ("bsre", "certificate")}),
    "signing-open": ("signatures", {"open": ("PORTAL_BSRE_PASSWORD_FILE",)}),
    "certificate-unreadable": ("signatures", {"certificate": True, "readable": False}),
    "certificate-key": ("signatures", {**HELD, "key": False}),
    "certificate-hidden": ("signatures", {"certificate": True}),
    "certificate-over": ("signatures", {**HELD, "until": NOW - timedelta(days=1)}),
    "certificate-ending": ("signatures", {**HELD, "until": NOW + timedelta(days=29)}),
    "bsre-half": ("signatures", {"bsre": True, "bsre_wrong": ("PORTAL_BSRE_USER",)}),
    "bsre-plain": ("signatures", {"bsre": True, "bsre_plain": True}),
}
"""For each check the facts that trip it, and it alone."""


@pytest.fixture(autouse=True)
def _an_office(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PORTAL_") and "TEST" not in name]:
        monkeypatch.delenv(name)


def slugs(facts: Facts) -> list[str]:
    return [found.slug for found in examine(facts)]


def test_every_check_has_a_wrong_fact() -> None:
    assert [check.slug for check in CHECKS] == list(WRONG)
    assert len(CHECKS) >= 30


@pytest.mark.parametrize("slug", WRONG)
def test_a_wrong_setting_is_found_by_its_name(slug: str) -> None:
    part, values = WRONG[slug]
    (found,) = examine(replace(WELL, **{part: replace(getattr(WELL, part), **values)}))
    assert found.slug == slug
    for language in LANGUAGES:
        with speaking(language):
            lines = found.sentence().splitlines()
        assert len(lines) == 3
        assert f"[{slug}]" in lines[0]


def test_a_sound_office_is_well() -> None:
    assert examine(WELL) == ()
    assert (
        examine(replace(WELL, now=datetime(2026, 10, 31, tzinfo=UTC), office=Office(holidays=(2026,)))) == ()
    )


def test_every_sentence_of_the_doctor_belongs_to_a_check() -> None:
    wanted = {f"doctor-{check.slug}{part}" for check in CHECKS for part in ("", "-found", "-remedy")}
    usual = {f"doctor-{name}" for name in ("fatal", "warn", "looking", "well", "sum")}
    for words in LANGUAGES.values():
        assert {slug for slug in words if slug.startswith("doctor-")} == wanted | usual


# Facts of real things


def gathered(engine: Engine, environment: Mapping[str, str] | None = None, **settings: Any) -> Facts:
    said = Settings(database=engine.url.render_as_string(hide_password=False), **settings)
    return gather(engine, said, environment or {}, NOW)


def test_an_office_as_it_is_installed_is_nearly_well(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    os.chmod(tmp_path, 0o700)
    keep = Backups(recipient=str(Identity.generate().to_public()))
    now = datetime.now(UTC)
    make(engine, keep, now)
    found = slugs(
        replace(gathered(engine, backups=keep), now=now, office=inside.office(engine, now, thorough=True))
    )
    machine = {"root", "core-dumps", "encoding", "disk-full", "open-files"}
    assert set(found) - machine == {
        "holidays",
        "backup-same-disk",
        "roles-empty",
        "single-factor",
        "drill-old",
    }


def test_files_that_others_read_are_named(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    engine.dispose()
    os.chmod(tmp_path, 0o755)
    (tmp_path / "portal.db.key").write_text("ab" * 32)
    (tmp_path / "portal.db.key").chmod(0o640)
    (tmp_path / "kunci.txt").write_text(f"{Identity.generate()}\n")
    files = around.files(engine.url, Settings(), tmp_path / "portal.db.key", True)
    assert files.open == ("portal.db.key",)
    assert files.open_folders == (str(tmp_path),)
    assert files.secret_weak
    assert files.identities == (str(tmp_path / "kunci.txt"),)


def test_a_secret_in_a_checkout_or_missing_is_noticed(engine: Engine, tmp_path: Path) -> None:
    secret = tmp_path / "it.key"
    assert not around.files(engine.url, Settings(), secret, True).secret_there
    secret.write_text("0123456789abcdef" * 2)
    keep = Settings(backups=Backups(folder=tmp_path))
    (tmp_path / ".git").mkdir()
    files = around.files(engine.url, keep, secret, True)
    assert (files.secret_weak, files.secret_with_backups, files.secret_in_checkout) == (True, True, True)


def test_sqlite_opened_otherwise_is_noticed(engine: Engine, tmp_path: Path) -> None:
    assert set(slugs(replace(WELL, store=inside.store(engine)))) == set()
    from sqlalchemy import create_engine

    plain = create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    found = slugs(replace(WELL, store=inside.store(plain)))
    plain.dispose()
    assert {"sqlite-journal", "sqlite-links"} <= set(found)


@pytest.mark.postgres
def test_a_superuser_and_careless_settings_are_noticed(postgres_engine: Engine) -> None:
    with postgres_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = postgres_engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    postgres_engine.dispose()
    found = inside.store(postgres_engine)
    assert (found.superuser, found.synchronous_commit, found.encoding) == (True, False, "UTF8")
    assert {"postgres-superuser", "postgres-commit"} <= set(slugs(replace(WELL, store=found)))


def test_people_are_looked_at(engine: Engine) -> None:
    furnish(engine)
    with writing(engine) as session:
        for login, password in (("manager", PASSWORD), ("secretariat", "bukan-sandi-umum-2026")):
            granted = (Granted(role="manager", area=""),)
            long_ago = NOW - timedelta(days=100)
            accounts.create(
                session,
                login=login,
                label="Laras Contoh",
                password=password,
                grants=granted,
                actor=SYSTEM,
                now=long_ago,
            )
    office = inside.office(engine, NOW, thorough=True)
    assert office.demo == ("manager",)
    assert (office.idle, office.managers, office.drift, office.broken_at) == (2, 3, 0, None)


def test_what_was_changed_by_hand_is_found(engine: Engine) -> None:
    furnish(engine)
    with writing(engine) as session:
        session.execute(
            text("UPDATE event SET actor = 'Orang lain', at = '2027-01-01 00:00:00' WHERE id = 1")
        )
        session.execute(text('DROP INDEX "ix_case_due_at_id"'))
        session.execute(text("UPDATE release SET templates = '{}'"))
    office = inside.office(engine, NOW, thorough=True)
    assert (office.broken_at, office.drift, office.style) == (1, 1, False)
    assert office.ahead > 3600


def test_a_newer_program_and_an_empty_database_are_noticed(engine: Engine) -> None:
    assert inside.office(engine, NOW, thorough=False).release == 0
    furnish(engine)
    with writing(engine) as session:
        session.execute(text("UPDATE release SET format = 99"))
    assert inside.office(engine, NOW, thorough=False).newer
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert inside.office(engine, NOW, thorough=False).newer


# At the command line


def test_the_doctor_speaks_of_a_missing_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", "--language", "en"]) == exits.MISTAKES
    said = capsys.readouterr().out
    assert "[release-none]" in said
    assert "0 fatal" in said
    assert not (tmp_path / "var").exists()


def test_serve_refuses_what_is_fatal(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(engine)
    with writing(engine) as session:
        granted = (Granted(role="manager", area=""),)
        accounts.create(
            session, login="manager", label="x", password=PASSWORD, grants=granted, actor=SYSTEM, now=NOW
        )
    words = ["--database", str(engine.url), "--language", "id"]
    assert main(["serve", "--port", "0", "--host", "0.0.0.0", *words]) == exits.REFUSED
    said = capsys.readouterr().err
    assert "[demo-accounts]" in said
    assert "[hosts]" in said
    assert main(["doctor", *words]) == exits.REFUSED


def test_a_database_that_opens_is_not_changed_by_looking(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    engine.dispose()
    file = tmp_path / "portal.db"
    with sqlite3.connect(file) as connection:
        before = list(connection.iterdump())
    connection.close()
    again = engine_of(f"sqlite:///{file}")
    gathered(again)
    again.dispose()
    with sqlite3.connect(file) as connection:
        assert list(connection.iterdump()) == before
    connection.close()
