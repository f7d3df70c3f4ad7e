"""What is gone from the YAML is withdrawn: no longer shown or offered, while rows keep values and labels."""

from __future__ import annotations

from typing import Any

import pytest
from schemas import small_schema
from shapes import shape
from small import account, case, task
from sqlalchemy import Engine, select, text
from test_migrate import add_residents, applied

from portal.admin.forms import Form
from portal.database import reading, writing
from portal.fields import ChoiceField
from portal.migrate import Refused, planned
from portal.plan import carried
from portal.releases import Live, live
from portal.schema import Schema
from portal.tables import Grant

RESIDENT = "records/resident/fields"


def served(engine: Engine) -> Live:
    with reading(engine) as session:
        number = session.scalar(text("SELECT max(id) FROM release"))
        return live(session, number or 0)


def after(engine: Engine, *edits: dict[str, Any]) -> Live:
    """Applies the small office, then each edit of it in turn."""
    applied(engine, small_schema(), templates={})
    add_residents(engine, small_schema(), "Siti Contoh")
    for each in edits:
        applied(engine, small_schema(each), templates={})
    return served(engine)


def test_a_withdrawn_field_keeps_column_and_values(any_engine: Engine) -> None:
    applied(any_engine, small_schema(), templates={})
    add_residents(any_engine, small_schema(), "Siti Contoh")
    with writing(any_engine) as session:
        session.execute(text("UPDATE record_resident SET rooms = 3"))
    applied(any_engine, small_schema({f"{RESIDENT}/rooms": None}), templates={})
    now = served(any_engine)
    assert "rooms" not in now.schema.records["resident"].fields
    table = now.models.records["resident"].__table__
    with reading(any_engine) as session:
        assert session.scalars(select(table.c.rooms)).all() == [3]


def test_a_withdrawn_field_comes_back_with_its_values(any_engine: Engine) -> None:
    after(any_engine, {f"{RESIDENT}/rooms": None})
    with writing(any_engine) as session:
        session.execute(text("UPDATE record_resident SET rooms = 4"))
    plan = planned(any_engine, small_schema(), {})
    assert [type(change).__name__ for change in plan.changes] == ["FieldRestored"]
    applied(any_engine, small_schema(), templates={})
    assert served(any_engine).schema == small_schema()
    with reading(any_engine) as session:
        assert session.scalar(text("SELECT rooms FROM record_resident")) == 4


def test_what_was_withdrawn_stays_so_over_releases(any_engine: Engine) -> None:
    gone = {f"{RESIDENT}/rooms": None}
    now = after(any_engine, gone, {**gone, "channels/sms": {"label": "SMS"}})
    assert list(now.schema.past.fields["resident"]) == ["rooms"]
    assert planned(any_engine, small_schema({**gone, "channels/sms": {"label": "SMS"}}), {}).empty


def test_a_withdrawn_choice_keeps_its_label(any_engine: Engine) -> None:
    now = after(any_engine, {f"{RESIDENT}/sex/choices": {"male": "L"}})
    field = now.schema.records["resident"].fields["sex"]
    assert isinstance(field, ChoiceField)
    assert (field.show("female"), list(field.choices)) == ("P", ["male"])


def test_a_withdrawn_choice_is_offered_only_where_it_stands() -> None:
    kept = {"type": "choice", "label": "JK", "choices": {"male": "L"}, "withdrawn": {"female": "P"}}
    field = ChoiceField.model_validate(kept)
    fields = {"sex": field}
    offered = [
        [o.value for o in Form.filled(fields, {"sex": v}).entries["sex"].options] for v in (None, "female")
    ]
    assert offered == [["male"], ["male", "female"]]
    assert field.read(["female"]) == "female"


def test_withdrawn_entries_keep_their_labels(any_engine: Engine) -> None:
    other = {"label": "KIS", "sector": "health", "owner": "BPJS", "status": "active"}
    first = small_schema({"programs/kis": other, "channels/sms": {"label": "SMS"}})
    applied(any_engine, first, templates={})
    applied(any_engine, small_schema(), templates={})
    schema = served(any_engine).schema
    assert "kis" not in schema.programs
    assert (schema.known.programs["kis"].label, schema.known.channels["sms"].label) == ("KIS", "SMS")
    with reading(any_engine) as session:
        status = session.scalar(text("SELECT status FROM reference_program WHERE id = 'kis'"))
    assert status == "ended"


def test_a_withdrawn_sop_keeps_its_answers(any_engine: Engine) -> None:
    steps = {"end": {"label": "Hasil", "type": "outcome"}}
    applied(any_engine, small_schema({"sops/other": {"label": "Lain", "steps": steps}}), templates={})
    applied(any_engine, small_schema(), templates={})
    now = served(any_engine)
    assert set(now.sop_versions) == {"pbi"}
    assert "other" in now.models.answers
    assert "answers_other" in shape(any_engine)


def test_a_removed_step_keeps_its_answers(any_engine: Engine) -> None:
    now = after(any_engine, {"sops/pbi/steps/visit": None})
    assert "visit__findings" in now.models.answers["pbi"].__table__.c
    assert "visit.findings" in now.schema.past.answers["pbi"]


@pytest.mark.parametrize(
    ("edits", "section"),
    [
        ({"roles/facilitator": None, "sops/pbi/steps/visit/role": "front-office"}, "roles"),
        ({"office/centres": {"new": small_schema().office.centres["madani"].model_dump()}}, "centres"),
    ],
)
def test_what_a_running_case_needs_is_not_withdrawn(
    engine: Engine, edits: dict[str, Any], section: str
) -> None:
    after(engine)
    with writing(engine) as session:
        session.add(account(1))
        session.flush()
        session.add(Grant(account_id=1, role="facilitator", area=""))
        session.add(opened := case(1))
        session.flush()
        session.add(task(1, opened))
    with pytest.raises(Refused) as refused:
        applied(engine, small_schema(edits), templates={})
    (told,) = refused.value.plan.refused
    assert (getattr(told, "section", ""), getattr(told, "cases", 0)) == (section, 1)


def test_what_is_kept_does_not_depend_on_who_asked_before() -> None:
    after = small_schema({"records/household": None, f"{RESIDENT}/household": None})
    assert "household" not in after.known.records
    assert "household" in carried(small_schema(), after).kept.records


def test_staff_cannot_type_what_was_withdrawn() -> None:
    from portal.load import SECTIONS

    assert "past" not in SECTIONS
    assert Schema.model_fields["past"].default == small_schema().past
