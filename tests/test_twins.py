"""Who may be one person: found by the clauses, kept with every change, told to who may know, decided once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pairing import BORN, BOTH, CLERK, HERE, JUDGE, NEXT, Office, add, added, paired, pairs, told
from small import NOW
from sqlalchemy import delete, select, update

from portal import wall
from portal.access import Forbidden
from portal.database import reading, writing
from portal.releases import Live
from portal.tables import Counter, Event, MatchKey, Twin
from portal.twins import (
    DIFFERENT,
    RELATED,
    NotThere,
    Over,
    Stale,
    count_open,
    decide,
    find,
    open_pairs,
    pairs_of,
    rebuild,
    sounds_like,
    table_of,
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return paired(tmp_path)


@pytest.fixture
def live(office: Office) -> Live:
    return office.live


def asked(
    office: Office, live: Live, who: object = CLERK, **values: object
) -> tuple[list[tuple[int, int]], int]:
    said = {"name": "Muhammad Yusup", "birth_date": BORN, "area": HERE, **values}
    with reading(office.engine) as session, wall.acting(who, live):  # type: ignore[arg-type]
        found = find(session, live, who, said)  # type: ignore[arg-type]
    return [(each.id, each.likeness.score) for each in found.seen], len(found.elsewhere)


def test_similar_name_of_the_same_day_is_found_and_scored(office: Office, live: Live) -> None:
    key = added(office, live)
    [(found, score)], elsewhere = asked(office, live)
    assert (found, elsewhere) == (key, 0)
    assert 90 <= score < 100


def test_same_number_is_certain_whatever_the_name(office: Office, live: Live) -> None:
    key = added(office, live, nik="1810033004759901")
    assert asked(office, live, name="Kasno", birth_date=None, nik="1810033004759901")[0] == [(key, 100)]


def test_other_name_or_day_is_nobody(office: Office, live: Live) -> None:
    added(office, live)
    assert asked(office, live, name="Muhammad Yasin")[0] == []
    assert asked(office, live, birth_date=BORN.replace(year=1976))[0] == []
    assert asked(office, live, name="")[0] == []


def test_who_is_out_of_sight_is_only_known_to_be(office: Office, live: Live) -> None:
    added(office, live, area=NEXT)
    assert asked(office, live) == ([], 1)
    assert asked(office, live, BOTH, area=NEXT)[0] != []


def test_pair_is_written_down_with_the_second_and_follows_its_changes(office: Office, live: Live) -> None:
    first = added(office, live)
    assert pairs(office) == []
    second = added(office, live, name="Muhammad Yusup")
    assert pairs(office) == [(first, second, "open")]
    changed(office, live, second, name="Kasno")
    assert pairs(office) == []


def changed(office: Office, live: Live, key: int, **values: object) -> None:
    with writing(office.engine) as session, wall.acting(BOTH, live):
        session.execute(update(table_of(live)).where(table_of(live).c.id == key).values(**values))
        told(session, live, key)


def test_list_and_count_are_of_who_sees_both(office: Office, live: Live) -> None:
    added(office, live), added(office, live, area=NEXT, name="Muhammad Yusup")
    for who, many in ((BOTH, 1), (JUDGE, 0), (CLERK, 0)):
        with reading(office.engine) as session, wall.acting(who, live):
            assert count_open(session, live, who) == len(open_pairs(session, live, who, 50)) == many


def decided(office: Office, live: Live, status: str, actor: object = BOTH, mark: str = "") -> None:
    with writing(office.engine) as session, wall.acting(actor, live):  # type: ignore[arg-type]
        [twin] = open_pairs(session, live, actor, 5) or [None]  # type: ignore[arg-type, list-item]
        said = {"twin": twin.id if twin else 1, "mark": mark or (twin.mark if twin else "")}
        decide(session, live, actor=actor, now=NOW, status=status, reason="Kembar", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [DIFFERENT, RELATED])
def test_what_was_decided_is_asked_again_only_when_data_change(
    office: Office, live: Live, status: str
) -> None:
    first, second = added(office, live), added(office, live, name="Muhammad Yusup")
    decided(office, live, status)
    assert pairs(office) == [(first, second, status)]
    changed(office, live, second, rooms=3)
    assert pairs(office) == [(first, second, status)]
    changed(office, live, second, name="M. Yusuf")
    assert pairs(office) == [(first, second, "open")]


def test_decision_is_told_in_the_history_of_both(office: Office, live: Live) -> None:
    first, second = added(office, live), added(office, live, name="Muhammad Yusup")
    decided(office, live, DIFFERENT)
    with reading(office.engine) as session:
        found = select(Event.subject_id, Event.data).where(Event.kind == "twin-different").order_by(Event.id)
        assert [(key, data["other"]) for key, data in session.execute(found)] == [
            (first, second),
            (second, first),
        ]


def test_only_who_may_decide_in_both_villages_decides(office: Office, live: Live) -> None:
    added(office, live), added(office, live, area=NEXT, name="Muhammad Yusup")
    with pytest.raises(NotThere):
        decided(office, live, DIFFERENT, JUDGE)
    added(office, live, name="Moch. Yusuf")
    with pytest.raises(Forbidden):
        decided(office, live, DIFFERENT, CLERK)


def test_decision_on_what_has_changed_meanwhile_is_stale(office: Office, live: Live) -> None:
    added(office, live), added(office, live, name="Muhammad Yusup")
    with pytest.raises(Stale):
        decided(office, live, DIFFERENT, mark="x" * 32)


def test_rebuilding_comes_to_what_following_came_to(office: Office, live: Live) -> None:
    for name in ("Moh. Yusuf", "Muhammad Yusup", "Siti Aminah", "St. Aminah", "Aminah"):
        added(office, live, name=name)
    before, keys = pairs(office), signs(office)
    with writing(office.engine) as session, wall.acting(BOTH, live):
        session.execute(delete(Counter).where(Counter.series == "twins"))
        assert rebuild(session, Over(schema=live.schema, models=live.models), NOW)
        assert not rebuild(session, Over(schema=live.schema, models=live.models), NOW)
    assert pairs(office) == before
    assert signs(office) == keys


def signs(office: Office) -> list[tuple[int, str]]:
    with reading(office.engine) as session:
        found = session.execute(select(MatchKey.resident_id, MatchKey.key)).all()
        return sorted((key, sign) for key, sign in found)


def test_many_of_one_birthday_are_narrowed_by_the_name(office: Office, live: Live) -> None:
    with writing(office.engine) as session, wall.acting(BOTH, live):
        for number in range(320):
            add(session, live, name=f"Kasno Ke{chr(97 + number % 26)}{chr(97 + number // 26)}")
        key = add(session, live)
    assert [found for found, _ in asked(office, live)[0]] == [key]


def test_names_are_found_as_they_sound(office: Office, live: Live) -> None:
    key = added(office, live, name="Mochamad Jusuf")
    with reading(office.engine) as session, wall.acting(BOTH, live):
        assert sounds_like(session, "Muhammad Yusup", 5) == (key,)
        assert sounds_like(session, "Kasno", 5) == ()
        assert sounds_like(session, "", 5) == ()
        assert pairs_of(session, live, BOTH, key) == []
        assert session.scalar(select(Twin.id)) is None
