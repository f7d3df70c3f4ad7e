"""A withdrawn column is dropped by its typed name, for good, and never while a running case uses it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from guard import watched
from schemas import small_schema
from shapes import rows, shape
from small import account, case, task
from sqlalchemy import Engine, select, text
from test_cli_tellers import LOGIN
from test_migrate import FIELDS, add_residents, applied

from portal.access import SYSTEM
from portal.cli import main
from portal.database import engine_of, reading, writing
from portal.history import entry
from portal.migrate import planned
from portal.prune import NotPrunable, prunable, prune
from portal.releases import live
from portal.tables import Event, Release

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GONE = {f"{FIELDS}/rooms": None, f"{FIELDS}/household": None, "sops/pbi/steps/visit": None}


def withdrawn(engine: Engine) -> None:
    """Withdraws a number that one resident holds, a link, and a step that a running case is at."""
    applied(engine, small_schema(), templates={})
    add_residents(engine, small_schema(), "Siti Contoh", "Budi Contoh")
    with writing(engine) as session:
        session.execute(text("UPDATE record_resident SET rooms = 3 WHERE id = 1"))
        session.add(account(1))
        session.flush()
        session.add(opened := case(1))
        session.flush()
        session.add(task(1, opened))
    applied(engine, small_schema(GONE), templates={})


def test_the_list_says_rows_bytes_and_users(any_engine: Engine) -> None:
    withdrawn(any_engine)
    before = rows(any_engine)
    found = {each.name: each for each in prunable(any_engine)}
    assert set(found) == {
        "resident.rooms",
        "resident.household",
        *(f"pbi.visit.{field}" for field in ("visited_on", "met", "findings")),
    }
    assert (found["resident.rooms"].rows, found["resident.rooms"].cases) == (1, 0)
    assert found["resident.rooms"].size > 0
    assert found["pbi.visit.met"].cases == 1
    assert rows(any_engine) == before


def test_a_column_is_dropped_for_good(any_engine: Engine) -> None:
    withdrawn(any_engine)
    done = prune(any_engine, "resident.rooms", actor=SYSTEM, now=NOW, reason="uji")
    assert done.applied.release_id == 3
    assert "rooms" not in shape(any_engine)["record_resident"]["columns"]
    with reading(any_engine) as session:
        assert list(live(session, 3).schema.past.fields["resident"]) == ["household"]
    assert planned(any_engine, small_schema(GONE), {}).empty


def test_a_dropped_field_may_come_back_empty(any_engine: Engine) -> None:
    withdrawn(any_engine)
    prune(any_engine, "resident.rooms", actor=SYSTEM, now=NOW)
    applied(any_engine, small_schema(), templates={})
    with reading(any_engine) as session:
        assert session.scalars(text("SELECT rooms FROM record_resident")).all() == [None, None]


@pytest.mark.parametrize("name", ["resident.name", "pbi.visit.met", "nothing"])
def test_what_must_stay_is_not_dropped(any_engine: Engine, name: str) -> None:
    withdrawn(any_engine)
    before = shape(any_engine), rows(any_engine)
    with pytest.raises(NotPrunable):
        prune(any_engine, name, actor=SYSTEM, now=NOW)
    assert (shape(any_engine), rows(any_engine)) == before


def test_answers_go_once_their_case_is_closed(any_engine: Engine) -> None:
    withdrawn(any_engine)
    with writing(any_engine) as session:
        session.execute(text("UPDATE \"case\" SET status = 'closed'"))
    prune(any_engine, "pbi.visit.met", actor=SYSTEM, now=NOW)
    assert "visit__met" not in shape(any_engine)["answers_pbi"]["columns"]


def test_the_values_stay_in_a_backup_that_the_release_names(any_engine: Engine) -> None:
    withdrawn(any_engine)
    done = prune(any_engine, "resident.rooms", actor=SYSTEM, now=NOW)
    assert done.backup
    with reading(any_engine) as session:
        assert entry(session, 3).backup == done.backup.place
    if done.backup.file:
        with reading(engine_of(f"sqlite:///{done.backup.file}")) as session:
            assert session.scalars(text("SELECT rooms FROM record_resident")).all() == [3, None]
    else:
        assert done.backup.point


def test_the_command_tells_what_it_dropped_and_who_typed_it(engine: Engine) -> None:
    withdrawn(engine)
    url = engine.url.render_as_string(hide_password=False)
    words = ["--confirm", "resident.rooms", "--reason", "uji", "--by", "Sekar Contoh"]
    with watched(url) as silent:
        assert main(["prune", *words, "--database", url]) == 0
    with reading(engine) as session:
        release = session.get_one(Release, 3)
        told_by = session.scalars(select(Event.actor).order_by(Event.id.desc())).first()
    assert silent == []
    assert release.applied_by == told_by == f"portal: {LOGIN} (Sekar Contoh)"
