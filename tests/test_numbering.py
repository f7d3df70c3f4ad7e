from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect

from portal.database import engine_of, reading, writing
from portal.numbering import (
    PLACEHOLDERS,
    Pattern,
    PatternError,
    Placeholder,
    Reset,
    counter_period,
    date_values,
    draw,
    period_of,
    render,
)
from portal.tables import Base, Counter
from portal.words import LANGUAGES

VALUES: dict[str, str | int] = {
    "classification": "400.9.11",
    "sequence": 7,
    "unit": "PKS-MDN",
    "area": "18.10.03.2007",
    **date_values(date(2026, 11, 2)),
}


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{classification}/{sequence}/{unit}/{year}", "400.9.11/7/PKS-MDN/2026"),
        ("{classification}/{sequence:03}/{unit}/{roman_month}/{year}", "400.9.11/007/PKS-MDN/XI/2026"),
        ("ADU-{year}{month:02}-{sequence:05}", "ADU-202611-00007"),
        ("460 / {sequence} / {day:02}{month} / {area}", "460 / 7 / 0211 / 18.10.03.2007"),
        (" {sequence} ", "7"),
    ],
)
def test_pattern_renders(pattern: str, number: str) -> None:
    assert render(Pattern.parse(pattern), VALUES) == number


def test_width_never_cuts_a_number() -> None:
    assert render(Pattern.parse("{sequence:03}"), {"sequence": 12345}) == "12345"


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("", "pattern-sequence"),
        ("{unit}/{year}", "pattern-sequence"),
        ("{sequence", "pattern-brace"),
        ("{sequence}}", "pattern-brace"),
        ("{{sequence}}", "pattern-brace"),
        ("{sequence}/{}", "pattern-placeholder"),
        ("{sequence}/{Year}", "pattern-placeholder"),
        ("{sequence.__class__}", "pattern-placeholder"),
        ("{sequence:3}", "pattern-width"),
        ("{sequence:}", "pattern-width"),
        ("{sequence}/{year:02}", "pattern-width"),
    ],
)
def test_pattern_is_refused(pattern: str, code: str) -> None:
    with pytest.raises(PatternError) as caught:
        Pattern.parse(pattern)
    assert caught.value.code == code
    for words in LANGUAGES.values():
        assert words[code].format(**caught.value.values)
        assert words[f"{code}-hint"].format(**caught.value.values)


def test_number_is_refused_while_a_value_is_missing() -> None:
    with pytest.raises(PatternError) as caught:
        render(Pattern.parse("{classification}/{sequence}"), {"sequence": 1, "classification": " "})
    assert (caught.value.code, caught.value.values) == ("pattern-value", {"value": "classification"})


@pytest.mark.parametrize(
    ("pattern", "reset"),
    [
        ("{sequence}/{year}", "year"),
        ("{sequence}/{roman_month}/{year}", "year"),
        ("{sequence}/{roman_month}/{year}", "month"),
        ("{sequence}/{month:02}/{year}", "month"),
        ("{sequence}", "never"),
    ],
)
def test_counter_starts_again_as_told(pattern: str, reset: Reset) -> None:
    assert counter_period(Pattern.parse(pattern), reset) == reset


@pytest.mark.parametrize(
    ("pattern", "reset"),
    [
        ("{sequence}", "year"),
        ("{sequence}/{month}", "year"),
        ("{sequence}/{year}", "month"),
        ("{sequence}/{month}", "month"),
    ],
)
def test_counter_is_refused_where_numbers_would_repeat(pattern: str, reset: Reset) -> None:
    with pytest.raises(PatternError) as caught:
        counter_period(Pattern.parse(pattern), reset)
    assert caught.value.code == "pattern-repeats"


@pytest.mark.parametrize(("reset", "period"), [("year", "2026"), ("month", "2026-11"), ("never", "all")])
def test_period_is_that_of_the_date(reset: Reset, period: str) -> None:
    assert period_of(reset, date(2026, 11, 2)) == period


TOKENS = st.one_of(
    st.text(alphabet="ABC/-. 0", min_size=1, max_size=4),
    st.sampled_from(PLACEHOLDERS).map(lambda name: str(Placeholder(name=name))),
    st.just("{sequence:04}"),
)


@given(st.lists(TOKENS, max_size=8))
def test_pattern_keeps_its_text(tokens: list[str]) -> None:
    text = "".join((*tokens, "{sequence}")).strip()
    assert str(Pattern.parse(text)) == text


@given(st.text(alphabet="{}:0s3sequncyar/", max_size=20))
def test_pattern_of_junk_is_only_refused(text: str) -> None:
    with suppress(PatternError):
        assert render(Pattern.parse(text), VALUES)


POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql" and not POSTGRES:
        pytest.skip("PORTAL_TEST_POSTGRES is not set")
    engine = engine_of(POSTGRES if request.param == "postgresql" else f"sqlite:///{tmp_path / 'numbers.db'}")
    with writing(engine) as session:
        ours = not inspect(session.connection()).has_table(Counter.__tablename__)
        Base.metadata.create_all(session.connection(), tables=[Base.metadata.tables[Counter.__tablename__]])
        session.query(Counter).filter(Counter.series.startswith("test-")).delete()
    yield engine
    with writing(engine) as session:
        session.query(Counter).filter(Counter.series.startswith("test-")).delete()
        if ours:
            Base.metadata.drop_all(session.connection(), tables=[Base.metadata.tables[Counter.__tablename__]])
    engine.dispose()


def drawn(engine: Engine, series: str = "test-referral", period: str = "2026") -> int:
    with writing(engine) as session:
        return draw(session, series=series, period=period)


def test_draw_counts_each_series_and_period(engine: Engine) -> None:
    assert [drawn(engine), drawn(engine), drawn(engine, period="2027")] == [1, 2, 1]
    assert drawn(engine, series="test-statement") == 1


def test_draw_gives_a_number_back_on_rollback(engine: Engine) -> None:
    assert drawn(engine) == 1
    with suppress(RuntimeError), writing(engine) as session:
        assert draw(session, series="test-referral", period="2026") == 2
        raise RuntimeError
    assert drawn(engine) == 2


def test_draw_continues_within_one_transaction(engine: Engine) -> None:
    with writing(engine) as session:
        assert [draw(session, series="test-referral", period="2026") for _ in range(3)] == [1, 2, 3]
    with reading(engine) as session:
        assert session.get_one(Counter, ("test-referral", "2026")).value == 3


def test_draw_has_neither_duplicate_nor_gap_with_many_clerks(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as clerks:
        numbers = list(clerks.map(lambda _: drawn(engine), range(120)))
    assert sorted(numbers) == list(range(1, 121))


def test_draw_leaves_no_gap_when_some_clerks_fail(engine: Engine) -> None:
    def issue(attempt: int) -> int | None:
        try:
            with writing(engine) as session:
                number = draw(session, series="test-referral", period="2026")
                if attempt % 3 == 0:
                    raise RuntimeError
                return number
        except RuntimeError:
            return None

    with ThreadPoolExecutor(8) as clerks:
        numbers = [number for number in clerks.map(issue, range(90)) if number is not None]
    assert sorted(numbers) == list(range(1, 61))
