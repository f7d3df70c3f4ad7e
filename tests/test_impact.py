from __future__ import annotations

from typing import Any

from schemas import small_schema
from shapes import rows
from small import account, case, task
from sqlalchemy import Engine
from test_migrate import add_residents, applied

from portal.database import writing
from portal.migrate import planned
from portal.plan import Plan
from portal.tables import Grant

RESIDENT = "records/resident/fields"


def office(engine: Engine) -> None:
    """Gives the database one account with a role, a running case with its task, and two residents."""
    applied(engine, small_schema(), templates={})
    add_residents(engine, small_schema(), "Siti Contoh", "Budi Contoh")
    with writing(engine) as session:
        session.add(account(1))
        session.flush()
        session.add(Grant(account_id=1, role="facilitator", area=""))
        session.add(opened := case(1))
        session.flush()
        session.add(task(1, opened))


def weighed(engine: Engine, edits: dict[str, Any]) -> dict[str, int]:
    plan = planned(engine, small_schema(edits), {})
    return {each.what: each.number for change in told(plan) for each in change.counts}


def told(plan: Plan) -> tuple[Any, ...]:
    return (*plan.changes, *plan.refused)


def test_a_field_is_weighed_by_its_rows(any_engine: Engine) -> None:
    office(any_engine)
    assert weighed(any_engine, {f"{RESIDENT}/name/unique": True})["filled"] == 2
    assert weighed(any_engine, {f"{RESIDENT}/phone": None}) == {"rows": 2, "filled": 0}
    assert weighed(any_engine, {f"{RESIDENT}/note": {"label": "N", "type": "text"}}) == {"rows": 2}


def test_an_entry_is_weighed_by_what_names_it(any_engine: Engine) -> None:
    office(any_engine)
    assert weighed(any_engine, {"sops/pbi/label": "PBI"}) == {"cases": 1}
    assert weighed(any_engine, {"roles/facilitator/label": "F"}) == {"accounts": 1, "tasks": 1}
    assert weighed(any_engine, {"programs/pbi-jk/label": "P"}) == {"cases": 1}
    assert weighed(any_engine, {"records/resident/label": "W"}) == {"rows": 2}


def test_weighing_changes_neither_digest_nor_database(engine: Engine) -> None:
    office(engine)
    before = rows(engine)
    first = planned(engine, small_schema({"sops/pbi/label": "PBI"}), {})
    with writing(engine) as session:
        session.add(case(2))
    assert planned(engine, small_schema({"sops/pbi/label": "PBI"}), {}).digest == first.digest
    added = {"case", "event", "event_value", "chain_head"}
    assert {name: found for name, found in rows(engine).items() if name not in added} == {
        name: found for name, found in before.items() if name not in added
    }


def test_a_plan_says_what_is_touched(engine: Engine) -> None:
    from portal.plan import text

    office(engine)
    said = text(planned(engine, small_schema({"sops/pbi/label": "PBI"}), {}))
    assert "    ! kasus berjalan tetap pada versinya; 1 kasus" in said.splitlines()


def test_a_plan_is_stale_in_another_program(engine: Engine, monkeypatch: Any) -> None:
    first = planned(engine, small_schema(), {}).digest
    monkeypatch.setattr("portal.migrate.VERSION", "9")
    assert planned(engine, small_schema(), {}).digest != first
