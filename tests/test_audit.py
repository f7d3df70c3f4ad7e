"""Twenty-odd ways to tamper with the evidence by raw SQL: each is found, at its place and by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from portal import accesslog, audit
from portal.access import Actor
from portal.audit import Verdict, anchor, kept, verify
from portal.database import engine_of, reading, writing
from portal.events import record, redact
from portal.migrate import prepare

NOW = datetime(2026, 11, 2, 2, 12, tzinfo=UTC)
CLERK = Actor(account_id=3, label="Ratna Contoh")
EVENTS = 12


def fill(engine: Engine, first: int, count: int = EVENTS) -> None:
    """Writes events with values, and a row of the access log after each."""
    for number in range(first, first + count):
        with writing(engine) as session:
            at = NOW + timedelta(minutes=number)
            said = {"name": ("Siti", f"Siti {number}"), "nik": (None, "1810035708890002")}
            record(
                session,
                actor=CLERK,
                now=at,
                kind="record-changed",
                subject="resident",
                subject_id=1,
                values=said,
            )
            shown = {"resident": (number, number + 1)}
            accesslog.note(
                session,
                actor=CLERK,
                now=at,
                page="GET /x",
                shown=shown,
                fields={"resident": {"name": "plain"}},
            )


@pytest.fixture
def office(any_engine: Engine) -> Engine:
    prepare(any_engine)
    fill(any_engine, 1)
    return any_engine


def found(engine: Engine, code: str = "") -> list[tuple[str, str, int]]:
    return [(each.chain, each.kind, each.number) for each in verdict(engine, code).findings]


def verdict(engine: Engine, code: str = "") -> Verdict:
    with reading(engine) as session:
        return verify(session, code_typed=code)


@dataclass(frozen=True, kw_only=True)
class Tampering:
    """Something done by raw SQL, and what an audit must say first."""

    name: str
    sql: tuple[str, ...]
    finds: tuple[str, str, int]


def edit(column: str, value: str, number: int = 5, table: str = "event") -> tuple[str, ...]:
    return (f"UPDATE {table} SET {column} = {value} WHERE id = {number}",)


COPY = (
    "INSERT INTO event (id, at, actor_id, actor, kind, subject, subject_id, data, seal, hash) "
    "SELECT {id}, at, actor_id, actor, kind, subject, subject_id, data, {seal}, {hash} FROM event "
    "WHERE id = 4"
)
SHIFT = tuple(f"UPDATE event SET id = {number + 1} WHERE id = {number}" for number in range(EVENTS, 5, -1))
PULL = tuple(f"UPDATE event SET id = {number - 1} WHERE id = {number}" for number in range(6, EVENTS + 1))
SWAP = tuple(f"UPDATE event SET id = {new} WHERE id = {old}" for old, new in ((5, 90), (6, 5), (90, 6)))
LOG_SWAP = tuple(each.replace("UPDATE event", "UPDATE access_log") for each in SWAP)
NOUGHT = "'" + "0" * 64 + "'"
TAMPERINGS = (
    Tampering(name="another actor", sql=edit("actor", "'Orang lain'"), finds=("events", "edited", 5)),
    Tampering(name="another account", sql=edit("actor_id", "9"), finds=("events", "edited", 5)),
    Tampering(name="another kind", sql=edit("kind", "'record-created'"), finds=("events", "edited", 5)),
    Tampering(name="another subject", sql=edit("subject_id", "7"), finds=("events", "edited", 5)),
    Tampering(name="another day", sql=edit("at", "'2026-01-01 00:00:00'"), finds=("events", "edited", 5)),
    Tampering(name="other data", sql=edit("data", "'{}'"), finds=("events", "edited", 5)),
    Tampering(name="another seal", sql=edit("seal", NOUGHT), finds=("events", "edited", 5)),
    Tampering(name="another hash", sql=edit("hash", NOUGHT), finds=("events", "edited", 5)),
    Tampering(
        name="newest event and its hash",
        sql=(f"UPDATE event SET actor = 'x', hash = {NOUGHT} WHERE id = {EVENTS}",),
        finds=("events", "edited", EVENTS),
    ),
    Tampering(name="first deleted", sql=("DELETE FROM event WHERE id = 1",), finds=("events", "deleted", 1)),
    Tampering(
        name="some deleted", sql=("DELETE FROM event WHERE id IN (5, 6)",), finds=("events", "deleted", 5)
    ),
    Tampering(
        name="deleted and closed up",
        sql=("DELETE FROM event WHERE id = 5", *PULL),
        finds=("events", "deleted", 5),
    ),
    Tampering(name="two swapped", sql=SWAP, finds=("events", "reordered", 5)),
    Tampering(name="end cut", sql=("DELETE FROM event WHERE id > 9",), finds=("events", "cut", 10)),
    Tampering(name="all deleted", sql=("DELETE FROM event",), finds=("events", "cut", 1)),
    Tampering(
        name="forged at the end",
        sql=(COPY.format(id=EVENTS + 1, seal=NOUGHT, hash=NOUGHT),),
        finds=("events", "forged", EVENTS + 1),
    ),
    Tampering(
        name="forged in between",
        sql=(*SHIFT, COPY.format(id=6, seal=NOUGHT, hash=NOUGHT)),
        finds=("events", "forged", 6),
    ),
    Tampering(
        name="a genuine one repeated",
        sql=(COPY.format(id=EVENTS + 1, seal="seal", hash="hash"),),
        finds=("events", "forged", EVENTS + 1),
    ),
    Tampering(
        name="forged with the head moved",
        sql=(
            COPY.format(id=EVENTS + 1, seal=NOUGHT, hash=NOUGHT),
            f"UPDATE chain_head SET number = {EVENTS + 1}, hash = {NOUGHT} WHERE id = 1",
        ),
        finds=("events", "forged", EVENTS + 1),
    ),
    Tampering(
        name="end cut with the head moved",
        sql=(
            "DELETE FROM event WHERE id > 9",
            "UPDATE chain_head SET number = 9, hash = (SELECT hash FROM event WHERE id = 9) WHERE id = 1",
        ),
        finds=("events", "head", 9),
    ),
    Tampering(
        name="head deleted", sql=("DELETE FROM chain_head WHERE id = 1",), finds=("events", "head", EVENTS)
    ),
    Tampering(
        name="a value edited",
        sql=('UPDATE event_value SET said = \'{"name": ["0", null, "x"]}\' WHERE event_id = 5',),
        finds=("values", "edited", 5),
    ),
    Tampering(
        name="a value erased without an event",
        sql=("DELETE FROM event_value WHERE event_id = 5",),
        finds=("values", "erased", 5),
    ),
    Tampering(
        name="access edited",
        sql=edit("shown", "'|resident 9 |'", 5, "access_log"),
        finds=("reads", "edited", 5),
    ),
    Tampering(
        name="access by another", sql=edit("actor_id", "4", 5, "access_log"), finds=("reads", "edited", 5)
    ),
    Tampering(
        name="access deleted", sql=("DELETE FROM access_log WHERE id = 5",), finds=("reads", "deleted", 5)
    ),
    Tampering(name="access cut", sql=("DELETE FROM access_log WHERE id > 9",), finds=("reads", "cut", 10)),
    Tampering(name="access swapped", sql=LOG_SWAP, finds=("reads", "reordered", 5)),
)


def _run(statements: tuple[str, ...], connection: Connection) -> None:
    for sql in statements:
        connection.execute(text(sql.replace(":", "\\:")))


def tamper(engine: Engine, act: Callable[[Connection], None]) -> None:
    """Does something behind the portal's back, without the database's own checks."""
    lite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if lite:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        act(connection)
        connection.commit()
    engine.dispose()


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda each: each.name)
def test_tampering_is_found_at_its_place(office: Engine, tampering: Tampering) -> None:
    tamper(office, partial(_run, tampering.sql))
    assert found(office)[:1] == [tampering.finds]


def test_untouched_evidence_holds(office: Engine) -> None:
    seen = verdict(office)
    assert (seen.events, seen.reads, seen.findings) == (EVENTS, EVENTS, ())


def test_older_copy_is_found_by_the_typed_code(office: Engine) -> None:
    tables = ("event", "event_value", "access_log", "chain_head")
    copy = {table: _all(office, table) for table in tables}
    fill(office, EVENTS + 1, 3)
    with reading(office) as session:
        made = anchor(session)
    assert made is not None
    tamper(office, lambda connection: _restore(connection, copy))
    assert found(office) == []
    assert found(office, made.code.lower()) == [("anchors", "older", EVENTS + 1)]
    fill(office, EVENTS + 1, 5)
    assert found(office, made.code) == [("anchors", "older", 1)]


def test_older_copy_is_found_by_the_file_of_anchors(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'x.db'}")
    prepare(engine)
    fill(engine, 1, 3)
    tables = ("event", "event_value", "access_log", "chain_head")
    copy = {table: _all(engine, table) for table in tables}
    _keep(engine)
    fill(engine, 4, 2)
    _keep(engine)
    tamper(engine, lambda connection: _restore(connection, copy))
    assert found(engine) == [("anchors", "older", 4)]
    fill(engine, 4, 4)
    assert found(engine) == [("anchors", "older", 4)]
    assert [number for number, _ in kept(engine)] == [3, 5]
    engine.dispose()


def _keep(engine: Engine) -> None:
    with reading(engine) as session:
        made = anchor(session)
    assert made is not None
    audit.keep(engine, made)


def _all(engine: Engine, table: str) -> list[dict[str, object]]:
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table}"))]


def _restore(connection: Connection, copy: dict[str, list[dict[str, object]]]) -> None:
    for table in ("event_value", "event", "access_log", "chain_head"):
        connection.execute(text(f"DELETE FROM {table}"))
    for table, rows in copy.items():
        for row in rows:
            said = {name: json.dumps(each) if isinstance(each, dict) else each for name, each in row.items()}
            marks = ", ".join(f":{name}" for name in said)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(said)}) VALUES ({marks})"), said)


def test_erased_values_leave_the_chain_whole(office: Engine) -> None:
    def erase(fields: tuple[str, ...] | None = None) -> bool:
        with writing(office) as session:
            about = partial(redact, session, actor=CLERK, now=NOW, subject="resident", subject_id=1)
            return about(fields=fields) is not None

    assert [erase(("nik",)), erase(), erase()] == [True, True, False]
    assert found(office) == []
    with office.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM event_value")) == 0


def test_pruned_access_log_starts_where_the_event_says(office: Engine) -> None:
    with writing(office) as session:
        assert accesslog.prune(session, NOW + timedelta(minutes=7), actor=CLERK, now=NOW) == 6
    assert found(office) == []
    assert verdict(office).reads == EVENTS - 6
    tamper(office, partial(_run, ("DELETE FROM access_log WHERE id = 7",)))
    assert found(office) == [("reads", "deleted", 7)]


def test_another_key_is_named_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").write_text("11" * 32)
    (tmp_path / "two").write_text("22" * 32)
    for secret, expected in (("one", []), ("two", [("events", "key", 1)])):
        monkeypatch.setenv("PORTAL_SECRET_FILE", str(tmp_path / secret))
        engine = engine_of(f"sqlite:///{tmp_path / 'x.db'}")
        prepare(engine)
        if secret == "one":
            fill(engine, 1, 2)
        assert found(engine) == expected
        engine.dispose()
