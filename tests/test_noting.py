"""Every page that shows people is written down before it is sent; where it cannot be, it is not sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sites import NEXT, NIKS, Office, office, people
from sqlalchemy import Engine, event, select

from portal import database
from portal.chain import READS, START, key_of, rows, walk
from portal.database import engine_of, reading
from portal.tables import AccessLog


@pytest.fixture
def here(any_engine: Engine) -> Iterator[Office]:
    with office(any_engine) as made:
        yield made


def log(of: Office) -> list[AccessLog]:
    with reading(of.engine) as session:
        return list(session.scalars(select(AccessLog).order_by(AccessLog.id)))


def test_list_is_one_row_with_the_keys_and_fields(here: Office) -> None:
    people(here, 3)
    assert here.as_("masked").get("/data/resident/list?filter-sex=male").status_code == 200
    (row,) = log(here)
    assert (row.actor_id, row.page) == (6, "GET /data/resident/list")
    assert row.shown == "|resident 2 |"
    assert {"nik*", "name"} <= set(row.fields.split())


def test_page_of_a_record_names_every_field_but_hidden_ones(here: Office) -> None:
    key = people(here, 1)[0]
    here.as_("hidden").get(f"/data/resident/details/{key}")
    (row,) = log(here)
    assert (row.page, row.shown.split("|")[1]) == ("GET /data/resident/details/{id}", f"resident {key} ")
    assert "nik" not in row.fields.replace("*", "").split()


def test_search_and_export_leave_no_words(here: Office) -> None:
    people(here, 3)
    browser = here.as_("manager")
    found = browser.post("/data/resident/list", data={"words": NIKS[1]})
    browser.get(found.headers["location"])
    browser.post("/data/resident/export/csv", data={"alasan": "Laporan bulanan", "kolom": "name"})
    assert [(row.page, row.shown) for row in log(here)] == [
        ("GET /data/resident/list", "|resident 2 |"),
        ("POST /data/resident/export/csv", "|resident 1 2 3 |"),
    ]


def test_what_shows_nobody_leaves_no_row(here: Office) -> None:
    key = people(here, 1, NEXT)[0]
    for path in ("/data/resident/list", f"/data/resident/details/{key}", "/data/resident/details/x"):
        here.as_("clerk").get(path)
    assert log(here) == []


def test_log_is_a_chain(here: Office) -> None:
    people(here, 2)
    for name in ("clerk", "manager", "clerk"):
        here.as_(name).get("/data/resident/list")
    with reading(here.engine) as session:
        found = rows(session, READS, key_of(session))
        assert list(walk(session, READS, found, (0, START))) == []
    assert len(log(here)) == 3


def _read_only(engine: Engine) -> None:
    event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA query_only=ON"))
    engine.dispose()


def _full(engine: Engine) -> None:
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(engine, "connect", lambda driver, _: driver.execute(f"PRAGMA max_page_count={pages}"))
    engine.dispose()


def _locked(engine: Engine) -> None:
    other = engine_of(engine.url.render_as_string(hide_password=False))
    event.listen(engine, "close", lambda *_: other.dispose())
    held = other.connect().execution_options(writes=True)
    held.begin()
    _holding.append(held)


_holding: list[object] = []


@pytest.mark.parametrize("trouble", [_read_only, _full, _locked])
def test_page_is_refused_when_the_log_cannot_be_written(
    trouble: Callable[[Engine], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 100)
    engine = engine_of(f"sqlite:///{tmp_path / 'x.db'}")
    with office(engine) as here:
        people(here, 3)
        trouble(engine)
        answers = [here.as_("clerk").get("/data/resident/list") for _ in range(40)]
    refused = [each for each in answers if each.status_code == 503]
    assert refused
    assert "wajib dicatat" in refused[-1].text
    assert not any("Warga 001" in each.text for each in refused)
    if trouble is not _full:  # the last page of the file has room for some rows
        assert len(refused) == len(answers)
    engine.dispose()


def test_page_is_refused_without_the_secret(
    here: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(here, 1)
    monkeypatch.setenv("PORTAL_SECRET_FILE", str(tmp_path / "gone"))
    assert here.as_("clerk").get("/data/resident/list").status_code == 503
    assert log(here) == []
