"""A sensitive field of a condition, a list and letters gets another id in the shipped office."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from small import NOW, account
from sqlalchemy import Engine, insert, select
from test_migrate import STAMPS
from test_tutorial import CHECKOUT

from portal.access import SYSTEM, Actor, Granted, sees
from portal.cases import At, Intake, open_case
from portal.checks import check
from portal.database import reading, writing
from portal.letters import html
from portal.letters.draft import draft
from portal.letters.files import letter_files
from portal.load import load
from portal.migrate import apply, planned
from portal.models import column_name
from portal.releases import Live, latest_id, live
from portal.schema import Schema
from portal.tables import Case

HERE = "18.10.03.2007"
CLERK = Actor(account_id=1, label="Ratna Contoh", grants=(Granted(role="front-office", area=HERE),))


def edit(folder: Path, was: str, now: str, *, pattern: str = "*") -> None:
    """Replaces a text in every file of the schema and of the letters."""
    for file in sorted([*(folder / "schema").glob(pattern), *(folder / "templates/letters").glob(pattern)]):
        if file.is_file() and re.search(was, text := file.read_text("utf-8"), re.MULTILINE):
            file.write_text(re.sub(was, now, text, flags=re.MULTILINE), "utf-8")


def read(folder: Path) -> Schema:
    """Returns the Schema of a folder in which `portal check` finds nothing."""
    loaded = load(folder / "schema")
    assert [each.code for each in check(loaded)] == []
    assert loaded.schema is not None
    return loaded.schema


def publish(engine: Engine, folder: Path) -> Live:
    letters = letter_files(folder / "templates/letters")
    apply(engine, read(folder), {}, letters, actor=SYSTEM, now=NOW)
    with reading(engine) as session:
        return live(session, latest_id(session) or 0)


def opened(engine: Engine, now: Live) -> int:
    """Opens a case of a resident with a telephone and returns its key."""
    resident = {"name": "Siti Contoh", "phone": "+6281200009901", "area": HERE, "sex": "female"}
    said: dict[str, Any] = {
        "channel": "walk-in",
        "program": "pbi-jk",
        "priority": "normal",
        "description": "Contoh",
    }
    complaint = now.schema.programs["pbi-jk"].complaints[0]
    with writing(engine) as session:
        session.add(account(1))
        session.execute(insert(now.models.records["resident"].__table__).values(**resident, **STAMPS))
        session.flush()
        at = At(session=session, live=now, actor=replace(SYSTEM, account_id=1), now=NOW)
        return open_case(at, Intake(area=HERE, resident_id=1, complaint=complaint, **said)).id


def printed(engine: Engine, now: Live, case: int) -> str:
    with reading(engine) as session:
        data = draft(session, now, session.get_one(Case, case), "introduction", now=NOW)
    return html(now.templates, now.schema.letters["introduction"].template, data)


def furnished(folder: Path) -> None:
    """Copies the shipped office and lets a list and a programme name the telephone as well."""
    for name in ("schema", "templates"):
        shutil.copytree(CHECKOUT / name, folder / name)
    edit(folder, r"list: \[name, nik, birth_date, area\]", "list: [name, nik, phone, area]")
    edit(folder, r"when: \{resident.age: 17\.\.65\}", "when: {resident.phone: present}")


def rename(folder: Path) -> None:
    edit(folder, r"^      phone:$", "      mobile:\n        was: phone")
    edit(folder, r"list: \[name, nik, phone, area\]", "list: [name, nik, mobile, area]")
    edit(folder, r"resident\.phone\b", "resident.mobile")


def test_renaming_keeps_values_rules_masks_lists_and_letters(any_engine: Engine, tmp_path: Path) -> None:
    furnished(tmp_path)
    before = publish(any_engine, tmp_path)
    case = opened(any_engine, before)
    letter = printed(any_engine, before, case)
    rename(tmp_path)
    plan = planned(any_engine, read(tmp_path), letter_files(tmp_path / "templates/letters"))
    assert {type(each).__name__ for each in plan.changes} == {"FieldRenamed", "TemplateChanged"}
    after = publish(any_engine, tmp_path)
    assert "+6281200009901".replace("+62", "0")[-4:] in letter
    assert printed(any_engine, after, case) == letter
    table = after.models.records["resident"].__table__
    with reading(any_engine) as session:
        assert session.scalars(select(table.c[column_name("mobile")])).all() == ["+6281200009901"]


def test_renaming_leaves_what_roles_see(engine: Engine, tmp_path: Path) -> None:
    furnished(tmp_path)
    before = publish(engine, tmp_path)
    rename(tmp_path)
    after = publish(engine, tmp_path)
    old = before.schema.records["resident"].fields["phone"]
    new = after.schema.records["resident"].fields["mobile"]
    people = [replace(CLERK, grants=(Granted(role=role, area=HERE),)) for role in after.schema.roles]
    seen = [sees(after.schema, person, new) for person in people]
    assert seen == [sees(before.schema, person, old) for person in people]
    assert (new.sensitive, "masked" in seen) == (True, True)
