"""What is renamed with `was` keeps rows and values; everything that named the old id names the new one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from schemas import small_schema
from shapes import create, emptied, shape
from small import account, case, task
from sqlalchemy import Engine, text
from test_migrate import add_residents, applied, hits

from portal.database import reading, writing
from portal.migrate import planned
from portal.releases import live, sop_version
from portal.schema import Schema
from portal.tables import Counter, Grant

FIELDS = "records/resident/fields"


def renamed(path: str, key: str, *, of: Schema | None = None, **more: Any) -> Schema:
    """Returns the small office with one entry under another id, which says what it `was`."""
    way, _, was = path.rpartition("/")
    data = json.loads((of or small_schema()).canonical())
    place = data
    for step in way.split("/"):
        place = place[step]
    entry = {**place[was], "was": was, **more}
    items = [(key, entry) if old == was else (old, each) for old, each in place.items()]
    place.clear()
    place.update(items)
    return Schema.model_validate(data)


def told(engine: Engine, schema: Schema) -> list[str]:
    plan = planned(engine, schema, {})
    return [f"{change.sign}{type(change).__name__}" for change in (*plan.changes, *plan.refused)]


def with_name(key: str) -> Schema:
    """Returns the office whose residents' `name` is called otherwise, wherever the record type names it."""
    resident = json.loads(small_schema().canonical())["records"]["resident"]
    fields = {key if old == "name" else old: f for old, f in resident["fields"].items()}
    fields[key] = {**fields[key], "was": "name"}
    more = {"title": f"{{{key}}}", "list": [key, "nik", "area"], "search": ["nik", key], "sort": [key]}
    return small_schema({"records/resident": {**resident, **more, "fields": fields}})


def same_shape(engine: Engine, folder: Path, schema: Schema) -> None:
    made = shape(engine)
    fresh = emptied(engine, folder)
    create(fresh, schema)
    assert made == shape(fresh)


def test_a_renamed_field_keeps_its_values(any_engine: Engine) -> None:
    applied(any_engine, small_schema(), templates={})
    add_residents(any_engine, small_schema(), "Siti Contoh")
    assert told(any_engine, with_name("full-name")) == [">FieldRenamed"]
    applied(any_engine, with_name("full-name"), templates={})
    assert planned(any_engine, with_name("full-name"), {}).empty
    with reading(any_engine) as session:
        assert session.scalar(text("SELECT full_name FROM record_resident")) == "Siti Contoh"
    assert hits(any_engine, with_name("full-name"), "siti") == [1]


def test_a_renamed_field_has_the_shape_of_a_new_one(any_engine: Engine, tmp_path: Path) -> None:
    applied(any_engine, small_schema(), templates={})
    applied(any_engine, with_name("full-name"), templates={})
    same_shape(any_engine, tmp_path, with_name("full-name"))


def test_a_renamed_link_keeps_its_key(any_engine: Engine, tmp_path: Path) -> None:
    applied(any_engine, small_schema(), templates={})
    applied(any_engine, renamed(f"{FIELDS}/household", "family"), templates={})
    same_shape(any_engine, tmp_path, renamed(f"{FIELDS}/household", "family"))


def household_called(key: str) -> Schema:
    data = json.loads(renamed("records/household", key).canonical())
    data["records"][key]["was"] = "household"
    data["records"]["resident"]["fields"]["household"]["to"] = key
    data["roles"]["manager"]["records"] = {"resident": ["read"], key: ["read"]}
    return Schema.model_validate(data)


def test_a_renamed_record_type_keeps_its_rows(any_engine: Engine, tmp_path: Path) -> None:
    applied(any_engine, small_schema(), templates={})
    insert = "INSERT INTO record_household (head, created_at, created_by, changed_at, changed_by) VALUES "
    with writing(any_engine) as session:
        session.execute(text(f"{insert} ('Siti', '2026-11-02', 1, '2026-11-02', 1)"))
    applied(any_engine, household_called("family"), templates={})
    with reading(any_engine) as session:
        assert session.scalar(text("SELECT head FROM record_family")) == "Siti"
        assert live(session, 2).schema.past.renamed == {"records": {"household": "family"}}
    same_shape(any_engine, tmp_path, household_called("family"))


def running(engine: Engine) -> None:
    """Opens a case of the small office, with a task of the facilitator."""
    applied(engine, small_schema(), templates={})
    with writing(engine) as session:
        session.add(account(1))
        session.flush()
        session.add(Grant(account_id=1, role="facilitator", area=""))
        session.add(opened := case(1))
        session.flush()
        session.add(task(1, opened))


def test_a_renamed_role_keeps_accounts_and_tasks(any_engine: Engine) -> None:
    running(any_engine)
    data = json.loads(renamed("roles/facilitator", "visitor").canonical())
    data["roles"]["visitor"]["was"] = "facilitator"
    data["roles"]["manager"]["acts_as"] = ["front-office", "visitor"]
    data["sops"]["pbi"]["steps"]["visit"]["role"] = "visitor"
    after = Schema.model_validate(data)
    assert told(any_engine, after) == [">EntryRenamed"]
    applied(any_engine, after, templates={})
    with reading(any_engine) as session:
        held = session.execute(text("SELECT role FROM account_grant UNION SELECT role FROM task")).all()
        assert (held, sop_version(session, 1).steps["visit"].role) == ([("visitor",)], "visitor")


def test_a_renamed_sop_keeps_cases_versions_and_answers(any_engine: Engine, tmp_path: Path) -> None:
    running(any_engine)
    data = json.loads(renamed("sops/pbi", "pbi-jk").canonical())
    data["sops"]["pbi-jk"]["was"] = "pbi"
    data["programs"]["pbi-jk"]["sop"] = "pbi-jk"
    after = Schema.model_validate(data)
    assert told(any_engine, after) == [">EntryRenamed"]
    applied(any_engine, after, templates={})
    with reading(any_engine) as session:
        assert session.execute(text('SELECT sop FROM "case"')).all() == [("pbi-jk",)]
        assert session.execute(text("SELECT sop, number FROM sop_version")).all() == [("pbi-jk", 1)]
        assert live(session, 2).sop_versions == {"pbi-jk": 1}
    same_shape(any_engine, tmp_path, after)


def test_a_renamed_programme_keeps_its_cases(any_engine: Engine) -> None:
    running(any_engine)
    applied(any_engine, renamed("programs/pbi-jk", "pbi"), templates={})
    with reading(any_engine) as session:
        assert session.scalar(text('SELECT program FROM "case"')) == "pbi"
        known = live(session, 2).schema.known.programs
        assert known["pbi-jk"] is known["pbi"]


def test_a_renamed_letter_goes_on_counting(any_engine: Engine) -> None:
    letter = {"label": "Surat", "form": "slip", "template": "a.html"}
    first = small_schema({"letters": {"note": letter}})
    applied(any_engine, first, templates={})
    with writing(any_engine) as session:
        session.add(Counter(series="madani/note", period="2026", value=7))
    applied(any_engine, renamed("letters/note", "slip", of=first), templates={})
    with reading(any_engine) as session:
        assert session.execute(text("SELECT series, value FROM counter WHERE series <> 'twins'")).all() == [
            ("madani/slip", 7)
        ]


def test_a_renamed_step_leaves_earlier_answers(any_engine: Engine) -> None:
    running(any_engine)
    with writing(any_engine) as session:
        session.execute(text("INSERT INTO answers_pbi (case_id, visit__met) VALUES (1, 'Siti')"))
    after = renamed("sops/pbi/steps/visit", "home-visit")
    assert told(any_engine, after) == ["=SopChanged", ">StepRenamed"]
    applied(any_engine, after, templates={})
    with reading(any_engine) as session:
        assert session.execute(text("SELECT visit__met, home_visit__met FROM answers_pbi")).all() == [
            ("Siti", None)
        ]
        assert list(sop_version(session, 1).steps) == ["register", "visit", "close"]


def test_a_renamed_field_of_a_resident_is_found_by_older_versions(any_engine: Engine) -> None:
    rule = {"when": {"resident.income": "<= 600000"}, "go": "close"}
    route = {"label": "Arah", "type": "decision", "choose": [rule], "otherwise": "visit"}
    steps = json.loads(small_schema().canonical())["sops"]["pbi"]["steps"]
    first = small_schema({"sops/pbi/steps": {"register": steps["register"], "route": route, **steps}})
    applied(any_engine, first, templates={})
    data = json.loads(renamed(f"{FIELDS}/income", "earnings", of=first).canonical())
    data["records"]["resident"]["fields"]["earnings"]["was"] = "income"
    rule["when"] = {"resident.earnings": "<= 600000"}
    data["sops"]["pbi"]["steps"]["route"]["choose"] = [rule]
    after = Schema.model_validate(data)
    assert told(any_engine, after) == [">FieldRenamed"]
    applied(any_engine, after, templates={})
    with reading(any_engine) as session:
        step = sop_version(session, 1).steps["route"]
        assert "resident.earnings" in json.dumps(step.model_dump(mode="json"))


def test_a_rename_back_is_a_rename(any_engine: Engine) -> None:
    applied(any_engine, small_schema(), templates={})
    there = renamed(f"{FIELDS}/rooms", "bedrooms")
    applied(any_engine, there, templates={})
    back = renamed(f"{FIELDS}/bedrooms", "rooms", of=there)
    applied(any_engine, back, templates={})
    with reading(any_engine) as session:
        assert live(session, 3).schema.past.renamed == {"fields.resident": {"bedrooms": "rooms"}}


@pytest.mark.parametrize("line", ["was", "new"])
def test_the_line_may_be_dropped_once_applied(engine: Engine, line: str) -> None:
    applied(engine, small_schema(), templates={})
    more: dict[str, Any] = {"new": "true"} if line == "new" else {}
    applied(engine, renamed(f"{FIELDS}/rooms", "bedrooms", **more), templates={})
    data = json.loads(renamed(f"{FIELDS}/rooms", "bedrooms").canonical())
    assert planned(engine, Schema.model_validate(data), {}).empty
