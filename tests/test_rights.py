"""What roles say of single fields, letters, steps and pages, for people with one role or several."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from schemas import small_schema
from small import SCHEMA

from portal import changes, plan
from portal.access import Actor, Granted, may_work, sees
from portal.rights import asked, asked_changes, case_text, may_letter, opens, reads_step
from portal.schema import Schema
from portal.words import speaking

VILLAGE, NEIGHBOUR, SUBDISTRICT = "18.10.03.2007", "18.10.03.2008", "18.10.03"


def schema(role: str = "front-office", **said: Any) -> Schema:
    """Returns the small office with something else said of a role."""
    edits: Mapping[str, Any] = {f"roles/{role}/{name}": value for name, value in said.items()}
    return small_schema(edits)


def person(*grants: tuple[str, str]) -> Actor:
    held = tuple(Granted(role=role, area=area) for role, area in grants)
    return Actor(account_id=7, label="Ratna Contoh", grants=held)


CLERK = person(("front-office", VILLAGE))
FIELDS = SCHEMA.records["resident"].fields


@pytest.mark.parametrize(
    ("right", "sight", "assigned"),
    [
        ("edit", "plain", "plain"),
        ("plain", "plain", "plain"),
        ("assigned", "masked", "plain"),
        ("masked", "masked", "masked"),
        ("hidden", "hidden", "hidden"),
    ],
)
def test_a_role_says_how_it_sees_a_field(right: str, sight: str, assigned: str) -> None:
    made = schema(fields={"resident": {"name": right}})
    assert sees(made, CLERK, FIELDS["name"], "resident", "name", VILLAGE) == sight
    assert sees(made, CLERK, FIELDS["name"], "resident", "name", VILLAGE, assigned=True) == assigned
    assert sees(made, CLERK, FIELDS["nik"], "resident", "nik", VILLAGE) == "plain"


def test_a_field_is_seen_as_the_roles_over_its_row_allow() -> None:
    who = person(("front-office", VILLAGE), ("supervisor", SUBDISTRICT))
    assert sees(SCHEMA, who, FIELDS["nik"], "resident", "nik", VILLAGE) == "plain"
    assert sees(SCHEMA, who, FIELDS["nik"], "resident", "nik", NEIGHBOUR) == "masked"
    assert sees(SCHEMA, who, FIELDS["nik"], "resident", "nik", "32.02.16.2004") == "hidden"


def test_many_rows_are_seen_as_the_least_of_their_areas_allows() -> None:
    who = person(("front-office", VILLAGE), ("supervisor", SUBDISTRICT))
    assert sees(SCHEMA, who, FIELDS["nik"], "resident", "nik") == "masked"


def test_a_role_that_does_not_read_a_record_lifts_no_mask() -> None:
    made = schema(fields={"resident": {"name": "hidden"}})
    who = person(("front-office", VILLAGE), ("auditor", ""))
    made = made.model_copy(
        update={"roles": {**made.roles, "auditor": made.roles["manager"].model_copy(update={"records": {}})}}
    )
    assert sees(made, who, FIELDS["name"], "resident", "name", VILLAGE) == "hidden"


def test_a_field_that_is_only_seen_is_neither_changed_nor_asked() -> None:
    made = schema(fields={"resident": {"name": "plain", "phone": "hidden", "nik": "masked"}})
    changes = asked_changes(made, CLERK, "resident", VILLAGE)
    assert not changes & {"name", "phone", "nik"}
    assert "sex" in changes
    assert "nik" in asked(made, CLERK, "resident")
    assert not asked(made, CLERK, "resident").keys() & {"name", "phone"}


def test_what_a_complaint_says_is_hidden_from_a_role() -> None:
    made = schema(fields={"case": {"description": "hidden", "reporter_name": "masked"}})
    assert case_text(made, CLERK, "description", "Uraian", VILLAGE) == ""
    assert case_text(made, CLERK, "reporter_name", "Sumarni", VILLAGE) == "••••••"
    assert case_text(SCHEMA, CLERK, "description", "Uraian", VILLAGE) == "Uraian"


def test_a_letter_is_for_whom_the_role_says() -> None:
    made = schema(letters={"referral": ["print"]}, may=["work"])
    said = [act for act in ("see", "print", "issue", "sign") if _may(made, "referral", act)]
    other = [act for act in ("see", "print", "issue", "sign") if _may(made, "receipt", act)]
    assert (said, other) == (["see", "print"], ["see", "issue"])
    assert not may_letter(made, CLERK, "referral", "print", NEIGHBOUR)


def _may(made: Schema, letter: str, act: Any) -> bool:
    return may_letter(made, CLERK, letter, act, VILLAGE)


def test_a_role_is_kept_from_a_step_of_the_role_it_acts_as() -> None:
    made = schema("manager", steps={"pbi": {"visit": "see", "close": "hidden"}})
    who = person(("manager", "18.10"))
    works = [step for step in ("register", "visit", "close") if _works(made, who, step)]
    reads = [step for step in ("register", "visit", "close") if reads_step(made, who, "pbi", step, VILLAGE)]
    assert (works, reads) == (["register"], ["register", "visit"])


def _works(made: Schema, who: Actor, step: str) -> bool:
    role = made.sops["pbi"].role_of(step) or ""
    return may_work(made, who, role, VILLAGE, None, sop="pbi", step=step)


def test_an_approval_needs_its_right_even_when_it_is_given_to_somebody() -> None:
    for assigned in (None, 7):
        assert not may_work(SCHEMA, CLERK, "front-office", VILLAGE, assigned, approval=True)
    made = schema(may=["work", "approve"])
    assert may_work(made, CLERK, "front-office", VILLAGE, 7, approval=True)


def test_a_role_opens_the_pages_it_names() -> None:
    made = schema(screens=["tasks"])
    assert opens(made, CLERK, "tasks")
    assert not opens(made, CLERK, "search")
    assert opens(made, person(("front-office", VILLAGE), ("supervisor", VILLAGE)), "search")
    assert not opens(made, person(), "search")


def test_a_plan_says_changed_rights_in_sentences() -> None:
    edits = {
        "roles/front-office/may": ["work", "approve"],
        "roles/front-office/cases": {"normal": "assigned", "sensitive": "created"},
        "roles/front-office/fields": {"resident": {"phone": "hidden"}},
        "roles/front-office/letters": {"referral": ["print"]},
        "roles/front-office/screens": ["tasks"],
    }
    made = tuple(plan.diff(SCHEMA, small_schema(edits), templates_before={}, templates_after={}).changes)
    with speaking("en"):
        said = [each.sentence() for each in made]
    assert said == [
        'role "Front office" (front-office), powers: may now approve; may no longer take complaints',
        'role "Front office" (front-office), normal cases: from all in its area to only where assigned',
        'role "Front office" (front-office), field resident.phone: from like the others to hidden',
        'role "Front office" (front-office), letter referral: from like the others to open letters',
        'role "Front office" (front-office), pages: only tasks',
    ]
    assert [changes.from_json(json.loads(json.dumps(changes.as_json(each)))) for each in made] == list(made)
