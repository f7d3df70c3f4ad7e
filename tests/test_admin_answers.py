"""The answers of an SOP as rows: whose cases they are, what is masked, what is taken along."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sites import HERE, NEXT, Office, office
from small import case, release
from sqlalchemy import Engine, insert

from portal.database import writing
from portal.models import answer_fields

LIST = "/data/answers.pbi/list"


@pytest.fixture
def here(any_engine: Engine) -> Iterator[Office]:
    with office(any_engine) as opened:
        with writing(opened.engine) as session:
            for row in release():
                session.add(row)
                session.flush()
            cases = [case(1, HERE), case(2, NEXT), case(3, HERE, access="sensitive", opened_by=2)]
            session.add_all(cases)
            session.flush()
            table = opened.live.models.answers["pbi"].__table__
            column = table.c[f"close__{outcome(opened)}"]
            for each in cases:
                session.execute(insert(table).values({"case_id": each.id, column.name: "met"}))
        yield opened


def outcome(of: Office) -> str:
    """The field in which the last step keeps how the case ended."""
    schema = of.live.schema
    return next(name for step, name, _ in answer_fields(schema, schema.sops["pbi"]) if step == "close")


def test_list_holds_the_cases_that_the_person_sees(here: Office) -> None:
    clerk, manager = (here.as_(name).get(LIST).text for name in ("clerk", "manager"))
    assert "ADU-1" in clerk
    assert "ADU-2" not in clerk
    assert "ADU-3" not in clerk
    assert all(number in manager for number in ("ADU-1", "ADU-2", "ADU-3"))


def test_list_shows_who_opened_a_sensitive_case_its_own(here: Office) -> None:
    assert "ADU-3" in here.as_("colleague").get(LIST).text


def test_page_shows_the_answers_by_step(here: Office) -> None:
    text = here.as_("clerk").get("/data/answers.pbi/details/1").text
    assert "Terpenuhi" in text
    assert "/kasus/1" in text


def test_foreign_and_missing_answers_answer_alike(here: Office) -> None:
    client = here.as_("clerk")
    assert {client.get(f"/data/answers.pbi/details/{key}").status_code for key in (2, 3, 99)} == {404}


def test_answers_are_never_edited(here: Office) -> None:
    client = here.as_("manager")
    for path in ("create", "edit/1"):
        assert client.get(f"/data/answers.pbi/{path}").status_code == 403
        assert client.post(f"/data/answers.pbi/{path}").status_code == 403


def test_export_holds_all_answers_of_the_scope(here: Office) -> None:
    assert here.as_("clerk").post("/data/answers.pbi/export/csv").status_code == 403
    page = here.as_("manager").post("/data/answers.pbi/export/tanya").text
    data = {"alasan": "Laporan bulanan", "kolom": re.findall(r'name="kolom" value="([^"]*)"', page)}
    lines = here.as_("manager").post("/data/answers.pbi/export/csv", data=data).text.splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["ADU-3", "ADU-2", "ADU-1"]
    assert "Terpenuhi" in lines[1]
    assert [each.data["rows"] for each in here.events() if each.kind == "exported"] == [3]


def test_answers_are_forbidden_without_cases(here: Office) -> None:
    assert here.as_("nobody").get(LIST).status_code == 403
