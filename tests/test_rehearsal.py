"""The rehearsal: a poison Release is named by place and reason and reaches nobody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from casework import EDITS, REFER, SCHEMA, TEMPLATES, furnish
from schemas import TEXT, small_schema
from shapes import rows, shape
from small import NOW
from sqlalchemy import Engine, text
from test_bad import GOOD, lay_out

from portal.access import SYSTEM
from portal.cli import main
from portal.database import writing
from portal.migrate import NotApplied, Refused, Stale, planned
from portal.publish import Draft, Published, publish
from portal.rehearsal import MOST, Poison
from portal.schema import Schema
from portal.words import LANGUAGES, speaking

FIELDS = "records/resident/fields"
SHORT = {"channels/walk-in/label": "Loket"}


def changed(edits: Mapping[str, Any] = SHORT) -> Schema:
    return small_schema(edits, of=SCHEMA)


def published(
    engine: Engine, schema: Schema | None = None, templates: Mapping[str, str] = TEMPLATES, **more: Any
) -> Published:
    draft = Draft(schema=schema or changed(), sources={}, templates=templates)
    return publish(engine, draft, actor=SYSTEM, now=NOW, reason="uji", **more)


def refused(
    engine: Engine, schema: Schema | None = None, templates: Mapping[str, str] = TEMPLATES
) -> list[str]:
    """Returns what a rehearsal says, once it is sure that the database is as it was."""
    before = shape(engine), rows(engine)
    with speaking("en"):
        with pytest.raises(Poison) as poison:
            published(engine, schema, templates)
        said = [each.sentence() for each in poison.value.faults]
    assert (shape(engine), rows(engine)) == before
    return said


def letter(body: str) -> dict[str, str]:
    return {**TEMPLATES, "letter.html": TEMPLATES["letter.html"] + body}


def test_a_release_that_holds_is_tried_and_applied(any_engine: Engine) -> None:
    office = furnish(any_engine)
    office.do(office.to_referral(), "officer", REFER)
    done = published(any_engine, changed({**SHORT, f"{FIELDS}/note": TEXT}))
    assert done.applied.release_id == 2
    assert done.rehearsed is not None
    assert (done.rehearsed.letters, done.rehearsed.pages > 25) == (6, True)
    assert done.backup is not None


def test_the_first_release_is_tried_too(any_engine: Engine) -> None:
    done = published(any_engine)
    assert (done.applied.release_id, done.backup) == (1, None)
    assert done.rehearsed is not None


def test_nothing_to_change_is_not_tried(engine: Engine) -> None:
    furnish(engine)
    done = published(engine, SCHEMA)
    assert (done.applied.release_id, done.backup, done.rehearsed) == (1, None, None)


def test_a_letter_that_asks_for_what_is_not_there_is_refused(engine: Engine) -> None:
    furnish(engine)
    said = refused(engine, templates=letter("<img src='hilang.svg'>"))
    assert said[0].startswith("letter referral, example: pressroom/__init__.py:")
    assert said[0].endswith("PrintRefused: hilang.svg")
    assert len(said) == 3


def test_a_letter_that_fails_for_a_real_case_alone_is_refused(engine: Engine) -> None:
    furnish(engine).to_referral()
    said = refused(engine, templates=letter("<p>{{ 1 if resident.phone else resident.none_such }}</p>"))
    assert said[0] == (
        "letter referral, case ADU-202611-00001: letter.html:1: UndefinedError: "
        "'dict object' has no attribute 'none_such'"
    )


def test_a_page_that_the_database_cannot_give_is_refused(any_engine: Engine) -> None:
    furnish(any_engine)
    with writing(any_engine) as session:
        session.execute(text("ALTER TABLE record_resident RENAME COLUMN rooms TO kamar"))
    said = refused(any_engine)
    pages = [line.partition(": ")[0] for line in said]
    assert {"/data/resident/details/1", "/data/resident/edit/1"} <= {*pages}
    assert all("rooms" in line for line in said)


def test_a_plan_that_fails_in_the_middle_is_refused(any_engine: Engine) -> None:
    furnish(any_engine)
    with writing(any_engine) as session:
        session.execute(text("ALTER TABLE record_resident ADD COLUMN note INTEGER"))
    said = refused(any_engine, changed({f"{FIELDS}/note": TEXT}))
    assert len(said) == 1
    assert said[0].startswith("applying: ")
    assert "note" in said[0]


def test_a_thousand_failures_are_told_as_a_few(engine: Engine) -> None:
    furnish(engine)
    with writing(engine) as session:
        session.execute(text("ALTER TABLE event RENAME COLUMN data TO gone"))
        session.execute(text("UPDATE release SET templates = '{}'"))
    more = {f"letters/copy{n}": EDITS["letters"]["referral"] for n in range(MOST + 5)}
    assert len(refused(engine, changed(more), letter("{% include 'none.html' %}"))) <= MOST


def test_what_was_reviewed_is_published_or_nothing(engine: Engine) -> None:
    furnish(engine)
    digest = planned(engine, changed(), TEMPLATES).digest
    with pytest.raises(Stale):
        published(engine, changed({"channels/walk-in/label": "Meja"}), expected_digest=digest)
    assert published(engine, expected_digest=digest).applied.release_id == 2


def test_a_refused_plan_is_neither_backed_up_nor_tried(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    looks_renamed = {f"{FIELDS}/rooms": None, f"{FIELDS}/kamar": {"label": "Kamar", "type": "number"}}
    with pytest.raises(Refused):
        published(engine, changed(looks_renamed))
    assert not (tmp_path / "backups").exists()


def test_every_refusal_has_words() -> None:
    slugs = {kind.slug for kind in NotApplied.__subclasses__()}
    assert {"apply-poison", "apply-no-backup", "apply-no-scratch"} <= slugs
    assert all({slug, f"{slug}-hint"} <= set(words) for slug in slugs for words in LANGUAGES.values())


def test_the_command_names_place_and_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(GOOD, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["apply", "--language", "en"]) == 0
    assert "Rehearsed on a copy" in capsys.readouterr().out
    file = tmp_path / "templates" / "letters" / "referral.html"
    file.write_text(file.read_text("utf-8") + "<img src='hilang.svg'>", "utf-8")
    assert main(["apply", "--language", "en"]) == 3
    said = capsys.readouterr().err
    assert "! letter referral, example: " in said
    assert "failed its rehearsal on a copy, at 1 places" in said
