"""Two records become one and two again: nothing is lost, nothing is moved that was not, by who may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from casework import PEOPLE, TEMPLATES, furnish
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pairing import (
    BORN,
    BOTH,
    HERE,
    JUDGE,
    NEXT,
    Office,
    added,
    count,
    merged,
    paired,
    pairs,
    snapshot,
    versions_of,
    wanted,
)
from small import NOW
from sqlalchemy import Engine, insert, select, update

from portal import wall
from portal.access import SYSTEM, Forbidden
from portal.database import reading, writing
from portal.duties.emptying import Emptying, empty_record, forget_emptied
from portal.migrate import apply
from portal.releases import Live
from portal.tables import Case, Consent, Event, IssuedLetter, MatchKey, Merge, MergeKept
from portal.twins import Impossible, NotThere, Stale, family, stays, table_of, undo


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return paired(tmp_path)


@pytest.fixture
def live(office: Office) -> Live:
    return office.live


def undone(office: Office, live: Live, key: int, actor: Any = BOTH) -> None:
    with writing(office.engine) as session, wall.acting(actor, live):
        undo(session, live, actor=actor, now=NOW, key=key)


def person_of(office: Office, case: int) -> int | None:
    with reading(office.engine) as session:
        return session.get_one(Case, case).resident_id


def value(office: Office, live: Live, key: int, column: str) -> Any:
    with reading(office.engine) as session:
        return session.scalar(select(table_of(live).c[column]).where(table_of(live).c.id == key))


def visit(office: Office, live: Live, resident: int) -> int:
    stamps = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    table = live.models.records["visit"].__table__
    with writing(office.engine) as session:
        made = insert(table).values(resident=resident, area=HERE, findings="Rumah", **stamps)
        return int(session.execute(made.returning(table.c.id)).scalar_one())


def consent(office: Office, resident: int) -> None:
    with writing(office.engine) as session:
        said = {"purpose": "share", "how": "signed", "given_at": NOW, "taken_by": 1}
        session.add(Consent(resident_id=resident, **said))


def test_everything_of_who_goes_is_under_who_stays(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup")
    case = office.open(resident_id=other)
    seen = visit(office, live, other)
    consent(office, other)
    merged(office, live, one, other)
    assert person_of(office, case) == one
    with reading(office.engine) as session:
        visits = live.models.records["visit"].__table__
        assert session.scalar(select(visits.c.resident).where(visits.c.id == seen)) == one
        assert session.scalars(select(Consent.resident_id)).all() == [one]
        assert family(session, one) == (one, other)
        assert stays(session, other) == one
    assert pairs(office) == []


def test_who_went_is_met_nowhere_but_stays_in_the_database(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup")
    merged(office, live, one, other)
    table = table_of(live)
    with reading(office.engine) as session, wall.acting(BOTH, live):
        found = session.scalars(select(table.c.id).where(table.c.id.in_((one, other)))).all()
        assert found == [one]
        told = session.scalars(
            select(Event.kind).where(Event.subject == "resident", Event.subject_id == other)
        )
        assert "record-merged-away" in told.all()
    assert value(office, live, other, "name") == "Muhammad Yusup"


def test_chosen_values_come_over_and_a_number_is_held_once(office: Office, live: Live) -> None:
    one = added(office, live, nik="1810033004759901", phone="0811")
    other = added(office, live, name="Muhammad Yusup", nik="1810033004759902", phone="0812")
    key = merged(office, live, one, other, taken=("nik", "name"))
    assert value(office, live, one, "nik") == "1810033004759902"
    assert value(office, live, one, "phone") == "0811"
    assert value(office, live, other, "nik") is None
    undone(office, live, key)
    assert (value(office, live, one, "nik"), value(office, live, one, "name")) == (
        "1810033004759901",
        "Moh. Yusuf",
    )
    assert value(office, live, other, "nik") == "1810033004759902"


def test_what_came_after_a_merge_stays_where_it_was_put(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup")
    before = office.open(resident_id=other)
    key = merged(office, live, one, other, taken=("name",))
    after = office.open(resident_id=one)
    with writing(office.engine) as session:
        session.execute(
            update(table_of(live)).where(table_of(live).c.id == one).values(name="M. Yusuf Contoh")
        )
    undone(office, live, key)
    assert (person_of(office, before), person_of(office, after)) == (other, one)
    assert value(office, live, one, "name") == "M. Yusuf Contoh"
    assert pairs(office) == [(one, other, "open")] or pairs(office) == []


def test_letters_stay_as_they_were_printed(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup")
    case = office.to_referral(resident_id=other)
    office.do(case, "officer", {"destination": "dinsos", "request": "Kepesertaan"})
    with reading(office.engine) as session:
        frozen = [(each.id, each.data, each.number) for each in session.scalars(select(IssuedLetter))]
    assert frozen
    merged(office, live, one, other, taken=("name",))
    with reading(office.engine) as session:
        assert [(each.id, each.data, each.number) for each in session.scalars(select(IssuedLetter))] == frozen


def test_open_cases_of_both_for_one_programme_are_kept(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup")
    cases = [office.open(resident_id=one), office.open(resident_id=other)]
    merged(office, live, one, other)
    assert [person_of(office, each) for each in cases] == [one, one]
    assert office.kinds(cases[1])[-1] == "case-person-merged"
    assert "case-person-merged" not in office.kinds(cases[0])


def test_second_of_two_mergers_is_told_that_it_is_done(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup")
    with reading(office.engine) as session:
        versions = versions_of(session, live, (one, other))
    merged(office, live, one, other, versions=versions)
    for stays_, gone in ((one, other), (other, one)):
        with pytest.raises(NotThere):
            merged(office, live, stays_, gone, versions=versions)


def test_merge_of_what_was_edited_meanwhile_is_stale(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup")
    with pytest.raises(Stale):
        merged(office, live, one, other, versions={one: 1, other: 7})


def test_merge_across_villages_needs_the_right_in_both(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, area=NEXT)
    with pytest.raises(NotThere):
        merged(office, live, one, other, JUDGE)
    key = merged(office, live, one, other)
    with pytest.raises(NotThere):
        undone(office, live, key, JUDGE)
    undone(office, live, key)


def test_merge_needs_its_right(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live)
    with pytest.raises(Forbidden):
        merged(office, live, one, other, PEOPLE["officer"])


def test_merged_one_is_merged_on_and_taken_apart_in_reverse(office: Office, live: Live) -> None:
    first, second, third = added(office, live), added(office, live), added(office, live)
    case = office.open(resident_id=third)
    inner = merged(office, live, second, third)
    outer = merged(office, live, first, second)
    with reading(office.engine) as session:
        assert (stays(session, third), family(session, first)) == (first, (first, second, third))
    assert person_of(office, case) == first
    with pytest.raises(Impossible, match="twin-undo-later-first"):
        undone(office, live, inner)
    undone(office, live, outer)
    undone(office, live, inner)
    assert person_of(office, case) == third
    with pytest.raises(Impossible, match="twin-undone-already"):
        undone(office, live, inner)


def test_erasing_who_stays_erases_who_went_and_what_a_merge_kept(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live, name="Muhammad Yusup", nik="1810033004759902")
    key = merged(office, live, one, other, taken=("name",))
    with writing(office.engine) as session:
        emptying = Emptying(session=session, live=live, actor=BOTH, now=NOW, erasure_id=None)
        empty_record(emptying, "resident", one)
        forget_emptied(emptying)
    assert value(office, live, other, "nik") is None
    assert "Yusup" not in value(office, live, other, "name")
    with reading(office.engine) as session:
        kept = session.get_one(MergeKept, key)
        assert (kept.changed, kept.reason) == ({}, "")
        assert session.scalars(select(MatchKey).where(MatchKey.resident_id.in_((one, other)))).all() == []
    with pytest.raises(NotThere):
        undone(office, live, key)
    with pytest.raises(Impossible, match="twin-undo-erased"):
        undone(office, live, key, SYSTEM)


def test_merge_and_undo_are_in_the_chain(office: Office, live: Live) -> None:
    one, other = added(office, live), added(office, live)
    undone(office, live, merged(office, live, one, other))
    with reading(office.engine) as session:
        about = Event.subject == "resident", Event.subject_id.in_((one, other))
        kinds = session.scalars(select(Event.kind).where(*about).order_by(Event.id)).all()
        assert kinds[2:] == ["record-merged", "record-merged-away", "record-unmerged", "record-unmerged-away"]
        assert session.scalar(select(Merge.hidden_id)) is None


PERSON = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Moh. Yusuf", "Muhammad Yusup", "Kasno"]),
        "nik": st.none() | st.just("nik"),
        "birth_date": st.none() | st.just(BORN),
        "phone": st.none() | st.sampled_from(["0811", "0812"]),
        "rooms": st.none() | st.integers(1, 9),
        "area": st.sampled_from([HERE, NEXT]),
    }
)
FIELDS = ["name", "nik", "birth_date", "phone", "rooms", "area", "sex"]


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=st.lists(PERSON, min_size=3, max_size=3),
    taken=st.lists(st.sets(st.sampled_from(FIELDS)), min_size=2, max_size=2),
    rows=st.lists(st.sampled_from(["case", "visit", "consent"]), max_size=4),
)
def test_merge_and_undo_is_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[dict[str, Any]],
    taken: list[set[str]],
    rows: list[str],
) -> None:
    """Two merges, one on top of the other, and both undone: every row is what it was, but for events."""
    office = paired(tmp_path_factory.mktemp("identity"))
    live = office.live
    keys = [
        added(office, live, **{**said, "nik": f"181003300475990{n}" if said["nik"] else None})
        for n, said in enumerate(people, start=1)
    ]
    for number, kind in enumerate(rows):
        owner = keys[number % 3]
        {"case": lambda key: office.open(resident_id=key), "visit": lambda key: visit(office, live, key)}.get(
            kind, lambda key: consent(office, key)
        )(owner)
    before = snapshot(office, live)
    inner = merged(office, live, keys[1], keys[2], taken=tuple(taken[0]))
    outer = merged(office, live, keys[0], keys[1], taken=tuple(taken[1]))
    assert [each for each in pairs(office) if keys[1] in each[:2] or keys[2] in each[:2]] == []
    undone(office, live, outer)
    undone(office, live, inner)
    assert snapshot(office, live) == before
    office.engine.dispose()


@pytest.fixture
def postgres(postgres_engine: Engine) -> Office:
    office = furnish(postgres_engine)
    apply(postgres_engine, wanted(), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return office


def test_merge_and_undo_on_postgresql(postgres: Office) -> None:
    live = postgres.live
    one = added(postgres, live, nik="1810033004759901")
    other = added(postgres, live, name="Muhammad Yusup", nik="1810033004759902", rooms=3)
    assert pairs(postgres) == [(one, other, "open")]
    case = postgres.open(resident_id=other)
    before = snapshot(postgres, live)
    key = merged(postgres, live, one, other, taken=("nik", "name", "rooms"))
    assert (person_of(postgres, case), value(postgres, live, one, "nik")) == (one, "1810033004759902")
    undone(postgres, live, key)
    assert snapshot(postgres, live) == before


def test_of_two_mergers_at_once_one_is_told_on_postgresql(postgres: Office) -> None:
    live = postgres.live
    one, other = added(postgres, live), added(postgres, live, name="Muhammad Yusup")
    with reading(postgres.engine) as session:
        versions = versions_of(session, live, (one, other))

    def run(pair: tuple[int, int]) -> str:
        try:
            with wall.acting(SYSTEM):
                merged(postgres, live, *pair, versions=versions)
        except (NotThere, Stale) as refused:
            return type(refused).__name__
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(run, ((one, other), (other, one))))
    assert ended[-1] == "merged"
    assert ended[0] in ("NotThere", "Stale")
    assert count(postgres, Merge.__table__) == 1  # type: ignore[arg-type]
