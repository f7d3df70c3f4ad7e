from __future__ import annotations

import json
from pathlib import Path

import pytest
import threads
from schemas import TEXT, small_schema
from small import NOW, SCHEMA
from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import NoResultFound

from portal.access import SYSTEM, Actor, Granted
from portal.database import engine_of, reading, writing
from portal.migrate import apply
from portal.releases import (
    Live,
    SessionNames,
    UnknownFormat,
    latest_id,
    live,
    newest_version,
    schema_of,
    sop_version,
    word_columns,
)
from portal.schema import Schema

VILLAGE = "18.10.03.2007"
STAMPS = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
TITLED = small_schema({"records/resident/title": "{name} ({nik})"})


def applied(engine: Engine, schema: Schema) -> int:
    return apply(engine, schema, {}, {"a.html": "<p>"}, actor=SYSTEM, now=NOW).release_id


@pytest.fixture
def office(engine: Engine) -> Live:
    applied(engine, TITLED)
    with writing(engine) as session:
        now = live(session, 1)
        people = [
            {"name": "Siti Contoh", "nik": "1810035708890002", "area": VILLAGE},
            {"name": "Budi Contoh", "nik": "1810040101900001", "area": "18.10.04.2001"},
        ]
        session.execute(insert(now.models.records["resident"]), [{**each, **STAMPS} for each in people])
    return now


def clerk(role: str) -> Actor:
    return Actor(account_id=7, label="Ratna Contoh", grants=(Granted(role=role, area=VILLAGE),))


def test_an_empty_database_serves_nothing(engine: Engine) -> None:
    applied(engine, SCHEMA)
    with reading(engine) as session:
        assert latest_id(session) == 1
        with pytest.raises(NoResultFound):
            live(session, 2)


def test_live_is_what_was_applied(any_engine: Engine) -> None:
    applied(any_engine, SCHEMA)
    with reading(any_engine) as session:
        now = live(session, 1)
        assert (now.release_id, now.schema, now.templates) == (1, SCHEMA, {"a.html": "<p>"})
        assert sop_version(session, now.sop_versions["pbi"]) == SCHEMA.sops["pbi"]
        assert sorted(now.models.records) == ["household", "resident"]


def test_live_is_read_once_by_all_threads(engine: Engine) -> None:
    applied(engine, SCHEMA)
    statements: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cur, statement, *_: statements.append(statement)
    )

    def serve(_: int) -> Live:
        with reading(engine) as session:
            return live(session, 1)

    first = serve(0)
    statements.clear()
    with threads.pool(4) as pool:
        assert all(each is first for each in pool.map(serve, range(8)))
    assert statements == []


def test_two_databases_do_not_see_each_other(engine: Engine, tmp_path: Path) -> None:
    other = engine_of(f"sqlite:///{tmp_path / 'other.db'}")
    applied(engine, SCHEMA)
    applied(other, TITLED)
    with reading(engine) as one, reading(other) as two:
        titles = [live(session, 1).schema.records["resident"].title for session in (one, two)]
    assert titles == ["{name}", "{name} ({nik})"]
    other.dispose()


def test_a_version_stays_as_it_was_when_the_sop_changes(engine: Engine) -> None:
    applied(engine, SCHEMA)
    applied(engine, small_schema({"sops/pbi/steps/register/fields": {"note": TEXT}}))
    with reading(engine) as session:
        assert [newest_version(session, "pbi", release_id=number).number for number in (1, 2)] == [1, 2]
        assert newest_version(session, "pbi").number == 2
        assert [live(session, number).sop_versions["pbi"] for number in (1, 2)] == [1, 2]
        assert sop_version(session, 1) == SCHEMA.sops["pbi"]


def test_an_unknown_format_is_named() -> None:
    assert schema_of(1, SCHEMA.canonical()) == SCHEMA
    with pytest.raises(UnknownFormat):
        schema_of(99, json.dumps({}))


def test_word_columns_leave_out_codes() -> None:
    assert word_columns(SCHEMA.records["resident"]) == ("name",)


def test_names_say_areas_and_titles(engine: Engine, office: Live) -> None:
    with reading(engine) as session:
        names = SessionNames(session, office)
        assert names.record("resident", 1).startswith("Siti Contoh (18")
        assert names.area(VILLAGE) == "Desa Margodadi, Kec. Ambarawa, Kabupaten Pringsewu"
        assert (names.record("resident", 99), names.record("gone", 5)) == ("99", "5")


def test_names_show_a_person_what_they_may_see(engine: Engine, office: Live) -> None:
    with reading(engine) as session:
        seen = {
            role: SessionNames(session, office, clerk(role)).record("resident", 1)
            for role in ("facilitator", "supervisor", "front-office")
        }
        assert "1810035708890002" not in seen["supervisor"] + seen["facilitator"]
        assert seen["facilitator"] == "Siti Contoh ()"
        assert SessionNames(session, office, clerk("front-office")).record("resident", 2) == "2"


def test_names_are_looked_up_together(engine: Engine, office: Live) -> None:
    statements: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cur, statement, *_: statements.append(statement)
    )
    with reading(engine) as session:
        names = SessionNames(session, office)
        names.preload("resident", (1, 2, 2, 7))
        assert [names.record("resident", key)[:4] for key in (1, 2, 7)] == ["Siti", "Budi", "7"]
    assert len([each for each in statements if each.startswith("SELECT")]) == 1
