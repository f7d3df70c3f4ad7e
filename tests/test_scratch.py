"""A copy to rehearse on: the same tables and rows, and nothing of it is left or felt outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from casework import SCHEMA, TEMPLATES, furnish
from shapes import rows, shape
from small import NOW
from sqlalchemy import Engine, delete, insert, inspect, select, text

from portal.access import SYSTEM
from portal.database import engine_of, reading, writing
from portal.migrate import Busy, apply, prepare
from portal.scratch import NoScratch, scratch
from portal.tables import Event, EventValue, Grant, IssuedLetter


def everything(engine: Engine) -> object:
    """Returns shape and rows; the word searches are asked of all schemas at once and are left out."""
    return {key: each for key, each in shape(engine).items() if key != "words"}, rows(engine)


def test_copy_is_the_same_and_goes(any_engine: Engine, tmp_path: Path) -> None:
    office = furnish(any_engine)
    office.to_referral()
    before = everything(any_engine)
    with scratch(any_engine) as copy:
        assert everything(copy) == before
        with writing(copy) as session:
            session.execute(delete(EventValue))
            session.execute(delete(Event))
            session.execute(text("DROP TABLE chain_head"))
    assert everything(any_engine) == before
    assert not list(tmp_path.rglob("rehearsal*"))


def test_copy_gives_keys_without_taking_any(any_engine: Engine) -> None:
    furnish(any_engine)
    grant = {"account_id": 1, "role": "front-office", "area": "18.99"}
    with scratch(any_engine) as copy, writing(copy) as session:
        (tried,) = session.execute(insert(Grant).values(grant).returning(Grant.id)).one()
    with writing(any_engine) as session:
        (given,) = session.execute(insert(Grant).values(grant).returning(Grant.id)).one()
    assert given == tried


def test_copy_can_be_applied_to(any_engine: Engine) -> None:
    furnish(any_engine)
    with scratch(any_engine) as copy:
        assert apply(copy, SCHEMA, {}, {**TEMPLATES, "more.css": ""}, actor=SYSTEM, now=NOW).release_id == 2
    with scratch(any_engine) as copy, reading(copy) as session:
        assert session.scalar(text("SELECT max(id) FROM release")) == 1


def test_copy_of_an_empty_database_is_empty(any_engine: Engine) -> None:
    with scratch(any_engine) as copy:
        assert inspect(copy).get_table_names() == []
        prepare(copy)
    assert inspect(any_engine).get_table_names() == []


def test_what_a_kill_left_goes_in_time(engine: Engine, tmp_path: Path) -> None:
    prepare(engine)
    left = tmp_path / "backups" / "rehearsal-old"
    left.mkdir(parents=True)
    with scratch(engine):
        assert left.exists()
    os.utime(left, (0, 0))
    with scratch(engine):
        assert not left.exists()


@pytest.mark.postgres
def test_one_copy_at_a_time_removes_what_is_left(postgres_engine: Engine) -> None:
    with writing(postgres_engine) as session:
        session.execute(text("CREATE SCHEMA rehearsal_left"))
        session.execute(text("CREATE SCHEMA rehearsalmine"))
    with scratch(postgres_engine):
        with pytest.raises(Busy), scratch(postgres_engine):
            pass
        assert "rehearsal_left" not in inspect(postgres_engine).get_schema_names()
    assert [each for each in inspect(postgres_engine).get_schema_names() if "rehearsal" in each] == [
        "rehearsalmine"
    ]


@pytest.mark.postgres
def test_letters_are_copied_without_their_bytes(postgres_engine: Engine) -> None:
    office = furnish(postgres_engine)
    office.do(office.to_referral(), "officer", {"destination": "dinsos", "request": "Kepesertaan"})
    with writing(postgres_engine) as session:
        session.execute(text("UPDATE issued_letter SET pdf = 'x'"))
    with scratch(postgres_engine) as copy, reading(copy) as session:
        assert session.scalars(select(IssuedLetter.pdf)).all() == [None]


@pytest.mark.postgres
def test_without_the_right_to_make_one_it_says_so(postgres_engine: Engine) -> None:
    furnish(postgres_engine)
    with writing(postgres_engine) as session:
        session.execute(text("DROP ROLE IF EXISTS scratch_clerk"))
        session.execute(text("CREATE ROLE scratch_clerk LOGIN"))
    clerk = engine_of(postgres_engine.url.set(username="scratch_clerk").render_as_string())
    with pytest.raises(NoScratch, match="permission denied"), scratch(clerk):
        pass
    clerk.dispose()
    with writing(postgres_engine) as session:
        session.execute(text("DROP ROLE scratch_clerk"))


def test_without_a_place_it_says_so(engine: Engine, tmp_path: Path) -> None:
    prepare(engine)
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(NoScratch), scratch(engine):
        pass
