"""Drift: everything that a database has otherwise than its Release is named, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from schemas import ASSET, TEXT, small_schema
from shapes import rows, shape
from small import NOW
from sqlalchemy import Engine, text

from portal.access import SYSTEM
from portal.cli import main
from portal.database import engine_of, writing
from portal.drift import drift
from portal.migrate import apply
from portal.schema import Schema
from portal.steps import FormStep
from portal.words import speaking

FIELDS = "records/resident/fields"
SAME = "format, sources, templates, digest, changes, reason, applied_at, applied_by, backup"
SEARCHED = {
    f"{FIELDS}/note": TEXT,
    "records/asset": ASSET,
    "records/resident/search": ["nik", "name", "note"],
}


def applied(engine: Engine, schema: Schema) -> None:
    apply(engine, schema, {}, {}, actor=SYSTEM, now=NOW)


def said(engine: Engine) -> list[str]:
    with speaking("en"):
        return [each.sentence() for each in drift(engine)]


def test_an_applied_release_has_no_drift(any_engine: Engine) -> None:
    applied(any_engine, small_schema())
    assert said(any_engine) == []
    applied(any_engine, small_schema(SEARCHED))
    before = shape(any_engine), rows(any_engine)
    assert said(any_engine) == []
    assert (shape(any_engine), rows(any_engine)) == before


@pytest.mark.parametrize(
    ("spoiled", "expected"),
    [
        ("CREATE TABLE mine (id INTEGER)", "table mine belongs to no release"),
        ("DROP TABLE submission", "table submission is missing"),
        (
            "ALTER TABLE record_resident ADD COLUMN mine INTEGER",
            "column record_resident.mine (INTEGER) belongs to no release",
        ),
        (
            "ALTER TABLE record_resident DROP COLUMN rooms",
            "column record_resident.rooms (INTEGER) is missing",
        ),
        (
            "CREATE INDEX mine ON record_resident (rooms)",
            "index mine of table record_resident belongs to no release",
        ),
        (
            "DROP INDEX uq_record_resident_nik",
            "index uq_record_resident_nik of table record_resident is missing",
        ),
        (
            "UPDATE reference_program SET definition = '{}'",
            'row "pbi-jk" of reference_program does not say what the release says',
        ),
        ("DELETE FROM reference_program", 'row "pbi-jk" of reference_program is missing'),
        (
            "INSERT INTO reference_destination VALUES ('mine', 9, 'Mine', '', 'active', '{}')",
            'row "mine" of reference_destination belongs to no release',
        ),
        ("UPDATE sop_version SET digest = 'x'", "version 1 of SOP pbi was changed after it was applied"),
        ("DELETE FROM sop_version", "the newest version of SOP pbi is not that of the release"),
    ],
)
def test_every_difference_is_named(any_engine: Engine, spoiled: str, expected: str) -> None:
    applied(any_engine, small_schema())
    with writing(any_engine) as session:
        session.execute(text(spoiled))
    found = said(any_engine)
    assert expected in found
    assert len(found) == 1


def test_a_lost_word_search_is_named(engine: Engine) -> None:
    applied(engine, small_schema())
    with writing(engine) as session:
        session.execute(text("DROP TABLE record_resident_words"))
    assert said(engine) == ["the word search of table record_resident is missing"]


@pytest.mark.postgres
def test_another_type_is_named(postgres_engine: Engine) -> None:
    applied(postgres_engine, small_schema())
    with writing(postgres_engine) as session:
        session.execute(text("ALTER TABLE record_resident ALTER COLUMN rooms TYPE text"))
        session.execute(text("ALTER TABLE record_resident ALTER COLUMN area SET NOT NULL"))
        session.execute(text("ALTER TABLE record_resident DROP CONSTRAINT fk_record_resident_household"))
    assert said(postgres_engine) == [
        "column record_resident.area must be filled, the release lets it be empty",
        "column record_resident.rooms is TEXT, the release says INTEGER",
        "the link household -> record_household of table record_resident is missing",
    ]


def test_an_answers_column_of_a_program_update_is_named(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(engine, small_schema())
    own = FormStep.answer_fields
    more = dict(small_schema({f"{FIELDS}/note": TEXT}).records["resident"].fields)["note"]
    monkeypatch.setattr(FormStep, "answer_fields", lambda step, lists: {**own(step, lists), "since": more})
    assert said(engine) == ["column answers_pbi.register__since (VARCHAR(2000)) is missing"]


def test_what_an_earlier_release_left_behind_is_no_drift(engine: Engine) -> None:
    applied(engine, small_schema({f"{FIELDS}/note": TEXT}))
    with writing(engine) as session:  # as a release that withdraws the field leaves it
        session.execute(text("UPDATE release SET id = 1"))
        definition = small_schema().canonical()
        session.execute(
            text(
                f"INSERT INTO release (id, definition, {SAME}) SELECT 2, :definition, {SAME} FROM release"
            ).bindparams(definition=definition)
        )
    assert said(engine) == []


def test_a_release_that_withdraws_has_no_drift(any_engine: Engine) -> None:
    more = {
        f"{FIELDS}/note": {**TEXT, "unique": "true"},
        "records/asset": ASSET,
        "channels/sms": {"label": "SMS"},
    }
    applied(any_engine, small_schema(more))
    applied(any_engine, small_schema())
    assert said(any_engine) == []


def test_the_command_tells_scripts_by_its_exit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    engine = engine_of(url)
    applied(engine, small_schema())
    options = ["--database", url, "--language", "en"]
    assert main(["drift", *options]) == 0
    assert "as the last release says" in capsys.readouterr().out
    with writing(engine) as session:
        session.execute(text("CREATE TABLE mine (id INTEGER)"))
    assert main(["drift", *options]) == 2
    assert "! table mine belongs to no release" in capsys.readouterr().out
    assert main(["drift", "--databse", url]) == 64
