from __future__ import annotations

import logging
from pathlib import Path
from threading import Barrier, Timer
from typing import Any

import pytest
import threads
from schemas import ASSET, TEXT, small_schema
from shapes import create, emptied, rows, shape
from small import NOW
from sqlalchemy import Engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

import portal
from portal import events, search
from portal.access import SYSTEM
from portal.database import reading, writing
from portal.load import load
from portal.migrate import Applied, Newer, NotApplied, Refused, Stale, apply, planned, prepare
from portal.models import build
from portal.plan import from_json
from portal.releases import live, word_columns
from portal.schema import Schema, canonical
from portal.tables import Base, ChainHead, Event, Release, SopVersion
from portal.words import LANGUAGES

FIELDS = "records/resident/fields"
STAMPS = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}


def applied(engine: Engine, schema: Schema, **more: Any) -> Applied:
    sources, templates = {"records.yaml": "records:"}, more.pop("templates", {"a.html": "<p>"})
    return apply(engine, schema, sources, templates, actor=SYSTEM, now=NOW, reason="uji", **more)


def add_residents(engine: Engine, schema: Schema, *names: str) -> None:
    table = build(schema).records["resident"].__table__
    with writing(engine) as session:
        session.execute(insert(table), [{"name": name, "area": "18.10.03.2007", **STAMPS} for name in names])


def hits(engine: Engine, schema: Schema, words: str) -> list[int]:
    table = build(schema).records["resident"].__table__
    columns = word_columns(schema.records["resident"])
    with reading(engine) as session:
        where = search.contains(table, columns, words, engine.dialect.name)
        return sorted(session.scalars(select(table.c.id).where(where)))


def test_prepare_gives_the_tables_that_the_classes_say(any_engine: Engine, tmp_path: Path) -> None:
    prepare(any_engine)
    made = shape(any_engine)
    fresh = emptied(any_engine, tmp_path)
    with writing(fresh) as session:
        Base.metadata.create_all(session.connection())
    assert made == shape(fresh)


def test_prepare_a_second_time_changes_nothing(any_engine: Engine) -> None:
    prepare(any_engine)
    before = rows(any_engine)
    prepare(any_engine)
    assert rows(any_engine) == before


def test_prepare_leaves_a_chain_that_has_begun(engine: Engine) -> None:
    prepare(engine)
    with reading(engine) as session:
        assert session.scalars(select(ChainHead.hash)).all() == [events.START]
        assert events.broken(session) is None


def test_prepare_refuses_tables_of_a_newer_portal(any_engine: Engine) -> None:
    prepare(any_engine)
    with writing(any_engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Newer):
        prepare(any_engine)


def test_first_apply_makes_everything(any_engine: Engine) -> None:
    done = applied(any_engine, small_schema())
    assert done.release_id == 1
    with reading(any_engine) as session:
        release = session.get_one(Release, 1)
        assert (release.templates, release.reason) == ({"a.html": "<p>"}, "uji")
        assert from_json(release.changes) == done.plan
        assert session.scalars(select(Event.kind)).all() == ["release-applied"]
        assert session.execute(text("SELECT id, position, sectors, status FROM reference_program")).all() == [
            ("pbi-jk", 1, "health", "active")
        ]


def test_apply_again_makes_no_release(any_engine: Engine) -> None:
    applied(any_engine, small_schema())
    before = rows(any_engine)
    assert (applied(any_engine, small_schema()).release_id, rows(any_engine)) == (1, before)


def test_planned_leaves_the_database_as_it_is(engine: Engine) -> None:
    assert len(planned(engine, small_schema(), {}).changes) > 10
    assert inspect(engine).get_table_names() == []


def test_apply_does_what_was_reviewed(any_engine: Engine) -> None:
    digest = planned(any_engine, small_schema(), {}).digest
    assert applied(any_engine, small_schema(), templates={}, expected_digest=digest).release_id == 1


def test_apply_refuses_a_plan_that_moved(any_engine: Engine) -> None:
    applied(any_engine, small_schema())
    reviewed = planned(any_engine, small_schema({"records/asset": ASSET}), {}).digest
    before = rows(any_engine)
    with pytest.raises(Stale):
        applied(any_engine, small_schema({"channels/sms": {"label": "SMS"}}), expected_digest=reviewed)
    assert rows(any_engine) == before


def test_apply_refuses_what_would_lose_data(any_engine: Engine) -> None:
    applied(any_engine, small_schema())
    before = shape(any_engine), rows(any_engine)
    with pytest.raises(Refused) as refused:
        applied(any_engine, small_schema({"records/asset": ASSET, f"{FIELDS}/phone/type": "date"}))
    assert len(refused.value.plan.refused) == 1
    assert (shape(any_engine), rows(any_engine)) == before


def test_apply_refuses_a_release_of_a_newer_portal(any_engine: Engine) -> None:
    applied(any_engine, small_schema())
    with writing(any_engine) as session:
        session.execute(text("UPDATE release SET format = 99"))
    with pytest.raises(Newer):
        applied(any_engine, small_schema({"records/asset": ASSET}))


@pytest.mark.parametrize(
    "spoiled", ["CREATE TABLE record_asset (id INTEGER)", "ALTER TABLE chain_head RENAME TO chain_tail"]
)
def test_a_failure_in_the_middle_leaves_the_database_as_it_was(any_engine: Engine, spoiled: str) -> None:
    applied(any_engine, small_schema())
    add_residents(any_engine, small_schema(), "Siti Contoh")
    with writing(any_engine) as session:
        session.execute(text(spoiled))
    before = shape(any_engine), rows(any_engine)
    edits = {f"{FIELDS}/note": TEXT, "records/asset": ASSET, "records/resident/search": ["note", "name"]}
    with pytest.raises(DBAPIError):
        applied(any_engine, small_schema(edits))
    assert (shape(any_engine), rows(any_engine)) == before


def test_a_failure_at_the_first_apply_leaves_an_empty_database(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        session.execute(text("CREATE TABLE record_resident (id INTEGER)"))
    with pytest.raises(DBAPIError):
        applied(any_engine, small_schema())
    assert inspect(any_engine).get_table_names() == ["record_resident"]


def test_an_added_field_keeps_the_rows(any_engine: Engine) -> None:
    before, after = small_schema(), small_schema({f"{FIELDS}/note": TEXT})
    applied(any_engine, before)
    add_residents(any_engine, before, "Siti Contoh", "Budi Contoh")
    assert applied(any_engine, after).release_id == 2
    with reading(any_engine) as session:
        kept = session.execute(text("SELECT name, area, note FROM record_resident ORDER BY id")).all()
    assert kept == [("Siti Contoh", "18.10.03.2007", None), ("Budi Contoh", "18.10.03.2007", None)]


def test_word_search_follows_the_declared_fields(any_engine: Engine) -> None:
    before = small_schema({"records/resident/search": []})
    after = small_schema({"records/resident/search": ["name"]})
    applied(any_engine, before)
    add_residents(any_engine, before, "Siti Contoh", "Budi Contoh")
    applied(any_engine, after)
    add_residents(any_engine, after, "Sitorus Contoh")
    assert hits(any_engine, after, "SITO") == [3]
    assert hits(any_engine, after, "sit cont") == [1, 3]


def test_records_that_point_at_each_other_are_made_at_once(any_engine: Engine, tmp_path: Path) -> None:
    link = {"label": "Anggota", "type": "link"}
    left = {**ASSET, "fields": {**ASSET["fields"], "other": {**link, "to": "right"}}}
    right = {**ASSET, "fields": {**ASSET["fields"], "other": {**link, "to": "left"}}}
    after = small_schema(
        {"records/left": left, "records/right": right, f"{FIELDS}/asset": {**link, "to": "left"}}
    )
    applied(any_engine, small_schema())
    applied(any_engine, after)
    made = shape(any_engine)
    fresh = emptied(any_engine, tmp_path)
    create(fresh, after)
    assert made == shape(fresh)


def test_only_a_changed_sop_gets_a_version(any_engine: Engine) -> None:
    other = {"sops/other": {"label": "Lain", "steps": {"end": {"label": "Hasil", "type": "outcome"}}}}
    first, second = small_schema(other), small_schema({**other, "sops/pbi/label": "PBI"})
    applied(any_engine, first)
    applied(any_engine, second)
    with reading(any_engine) as session:
        versions = session.scalars(select(SopVersion).order_by(SopVersion.sop, SopVersion.number)).all()
        found = [(each.sop, each.number, each.release_id) for each in versions]
        kept = [each.definition for each in versions[1:]]
    assert found == [("other", 1, 1), ("pbi", 1, 1), ("pbi", 2, 2)]
    assert kept == [canonical(schema.sops["pbi"]) for schema in (first, second)]


def test_reference_rows_follow_the_definitions(any_engine: Engine) -> None:
    applied(any_engine, small_schema())
    new = {"label": "KIS", "sector": "health", "owner": "BPJS", "status": "ended"}
    applied(any_engine, small_schema({"programs/kis": new, "programs/pbi-jk/label": "PBI"}))
    with reading(any_engine) as session:
        stored = session.execute(text("SELECT id, position, label, status FROM reference_program ORDER BY 2"))
        assert stored.all() == [("pbi-jk", 1, "PBI", "active"), ("kis", 2, "KIS", "ended")]


def test_two_at_once_give_one_release(any_engine: Engine) -> None:
    applied(any_engine, small_schema(), templates={})
    states = [small_schema({f"records/{key}": ASSET}) for key in ("asset", "loan")]
    digests = [planned(any_engine, state, {}).digest for state in states]
    start = Barrier(2)

    def race(turn: int) -> int | type[Exception]:
        start.wait()
        try:
            more = {"templates": {}, "expected_digest": digests[turn]}
            return applied(any_engine, states[turn], **more).release_id
        except NotApplied as error:
            return type(error)

    with threads.pool(2) as pool:
        results = list(pool.map(race, (0, 1)))
    assert sorted(results, key=str) == [2, Stale]
    with reading(any_engine) as session:
        assert session.scalars(select(Release.id).order_by(Release.id)).all() == [1, 2]


def test_two_first_applies_at_once_agree(any_engine: Engine) -> None:
    with threads.pool(2) as pool:
        ids = list(pool.map(lambda _: applied(any_engine, small_schema()).release_id, (0, 1)))
    assert ids == [1, 1]


@pytest.mark.postgres
def test_apply_waits_in_short_turns_for_a_long_report(postgres_engine: Engine) -> None:
    applied(postgres_engine, small_schema())
    report = postgres_engine.connect()
    report.execute(text("SELECT count(*) FROM record_resident"))
    reader = Timer(2.5, report.close)
    reader.start()
    assert applied(postgres_engine, small_schema({f"{FIELDS}/note": TEXT})).release_id == 2
    reader.join()


def test_release_numbers_have_no_gap_after_failures(any_engine: Engine) -> None:
    applied(any_engine, small_schema())
    with pytest.raises(Refused):
        applied(any_engine, small_schema({f"{FIELDS}/phone/type": "date"}))
    assert applied(any_engine, small_schema({"channels/sms": {"label": "SMS"}})).release_id == 2


def test_every_refusal_has_words_and_advice() -> None:
    for kind in NotApplied.__subclasses__():
        assert all({kind.slug, f"{kind.slug}-hint"} <= set(words) for words in LANGUAGES.values())


def test_upgrade_is_quiet(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        prepare(engine)
    assert caplog.records == []


def shipped() -> Schema:
    schema = load(Path(portal.__file__).parent.parent / "schema").schema
    assert schema is not None
    return schema


def test_the_shipped_office_is_applied_and_served(any_engine: Engine) -> None:
    office = shipped()
    assert planned(any_engine, office, {}).refused == ()
    assert applied(any_engine, office, templates={}).release_id == 1
    assert planned(any_engine, shipped(), {}).empty
    with reading(any_engine) as session:
        now = live(session, 1)
        assert now.schema.canonical() == office.canonical()
        assert set(now.sop_versions) == set(office.sops)


def test_a_field_added_to_the_shipped_office_is_one_change(engine: Engine) -> None:
    applied(engine, shipped(), templates={})
    changed = small_schema({f"{FIELDS}/nickname": TEXT}, of=shipped())
    done = applied(engine, changed, templates={})
    assert [change.sign for change in done.plan.changes] == ["+"]
