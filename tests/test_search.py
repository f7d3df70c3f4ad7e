from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, delete, insert, select, text, update

from portal.database import engine_of, reading, writing
from portal.fields.base import code_type
from portal.search import build, can_find, contains, drop, starts_with

POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "")
PEOPLE = Table(
    "search_people",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("code", code_type(16)),
    Column("name", String(200)),
    Column("place", String(200)),
)
COLUMNS = ("name", "place")
ROWS = (
    (1, "Siti Ma'ruf", "Margodadi"),
    (2, "SUMARNI", "Dusun I"),
    (3, 'Kasdi "Pak Lurah"', None),
    (4, "Diskon 100% per_orang", "C:\\arsip"),
    (5, None, "Benda"),
    (6, "Wa Ode Contoh", "Lamangga"),
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql" and not POSTGRES:
        pytest.skip("PORTAL_TEST_POSTGRES is not set")
    engine = engine_of(POSTGRES if request.param == "postgresql" else f"sqlite:///{tmp_path / 'people.db'}")
    with writing(engine) as session:
        PEOPLE.drop(session.connection(), checkfirst=True)
        PEOPLE.create(session.connection())
        rows = [{"id": key, "code": f"18{key}", "name": n, "place": p} for key, n, p in ROWS]
        session.execute(insert(PEOPLE), rows)
        build(session.connection(), PEOPLE, COLUMNS)
    yield engine
    with writing(engine) as session:
        drop(session.connection(), PEOPLE)
        PEOPLE.drop(session.connection())
    engine.dispose()


def found(engine: Engine, words: str) -> set[int]:
    with reading(engine) as session:
        condition = contains(PEOPLE, COLUMNS, words, engine.dialect.name)
        return set(session.scalars(select(PEOPLE.c.id).where(condition)))


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("ma'ruf", {1}),
        ("a'r", {1}),
        ("sumar", {2}),
        ("MARNI", {2}),
        ('"pak', {3}),
        ('lurah"', {3}),
        ("100%", {4}),
        ("%%%", set()),
        ("per_orang", {4}),
        ("___", set()),
        ("c:\\arsip", {4}),
        ("\\\\\\", set()),
        ("benda", {5}),
        ("margodadi siti", {1}),
        ("ode contoh wa", {6}),
        ("siti benda", set()),
        ("Siti\0\u200e", {1}),
        ("name:siti", set()),
        ("NOT siti", set()),
        ("sit*", set()),
        ("--; DROP TABLE search_people", set()),
    ],
)
def test_any_part_of_a_name_is_found(engine: Engine, words: str, rows: set[int]) -> None:
    assert found(engine, words) == rows


def test_index_follows_the_rows(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(update(PEOPLE).where(PEOPLE.c.id == 1).values(name="Halimah"))
        session.execute(update(PEOPLE).where(PEOPLE.c.id == 2).values(code="99"))
        session.execute(delete(PEOPLE).where(PEOPLE.c.id == 6))
        session.execute(insert(PEOPLE).values(id=7, name="Nurhayati", place=None))
    assert [found(engine, words) for words in ("ma'ruf", "margodadi", "halimah", "sumarni")] == [
        set(), {1}, {1}, {2},
    ]  # fmt: skip
    assert [found(engine, words) for words in ("lamangga", "contoh", "nurhayati")] == [set(), set(), {7}]


def test_index_rolls_back_with_its_rows(engine: Engine) -> None:
    with reading(engine) as session:
        session.execute(update(PEOPLE).where(PEOPLE.c.id == 1).values(name="Halimah"))
    assert (found(engine, "halimah"), found(engine, "ma'ruf")) == (set(), {1})


def test_index_can_be_built_anew_over_other_columns(engine: Engine) -> None:
    with writing(engine) as session:
        build(session.connection(), PEOPLE, ("name",))
    assert found(engine, "sumarni") == {2}
    with writing(engine) as session:
        build(session.connection(), PEOPLE, ())
        session.execute(update(PEOPLE).values(name="x"))


def test_words_too_short_to_look_up_are_left_out(engine: Engine) -> None:
    assert (can_find("wa"), can_find("wa ode"), can_find("  "), can_find("\0\0\0")) == (
        False, True, False, False,
    )  # fmt: skip
    assert found(engine, "zz ode") == {6}
    assert found(engine, "wa") == {key for key, _, _ in ROWS}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text())
def test_no_text_breaks_the_search(engine: Engine, words: str) -> None:
    assert found(engine, words) <= {key for key, _, _ in ROWS}


@pytest.mark.parametrize(
    ("begins", "rows"),
    [("18", {1, 2, 3, 4, 5, 6}), ("181", {1}), ("19", set()), ("中", set()), ("\ud7ff", set()), ("", None)],
)
def test_codes_are_found_by_their_beginning(engine: Engine, begins: str, rows: set[int] | None) -> None:
    with reading(engine) as session:
        keys = set(session.scalars(select(PEOPLE.c.id).where(starts_with(PEOPLE.c.code, begins))))
    assert keys == ({key for key, _, _ in ROWS} if rows is None else rows)


def test_search_reads_its_index(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    with reading(engine) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        words = contains(PEOPLE, COLUMNS, "sumarni", "postgresql")
        query = select(PEOPLE.c.id).where(words).compile(engine, compile_kwargs={"literal_binds": True})
        plan = session.connection().exec_driver_sql(f"EXPLAIN {query}").scalars().all()
    assert any("search_people_words" in line for line in plan)
