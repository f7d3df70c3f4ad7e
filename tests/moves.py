"""Moving the cases of the small office: its SOP with one more step, published and moved in one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from casework import LISTED, PAPERS, REGISTER, SCHEMA, STEPS, TEMPLATES, Office, copied, furnish
from schemas import small_schema
from small import NOW
from sqlalchemy import Engine, select

from portal.access import SYSTEM
from portal.cases.moving import Moving, Running, move_all, moving, undo
from portal.database import reading, writing
from portal.events import broken
from portal.migrate import apply
from portal.releases import sop_version
from portal.tables import Case, Counter, SopVersion, Task

VERIFY = {"label": "Verifikasi", "type": "form", "role": "back-office", "stage": "assessed"}
S = "sops/pbi/steps"
LATER = NOW + timedelta(hours=50)


def steps(**more: Any) -> dict[str, Any]:
    """Returns the steps of the office with a step without answers after the check, each edited as named."""
    made: dict[str, Any] = {}
    for key, step in STEPS.items():
        made[key] = {**step, **more.get(key, {})}
        if key == "registry":
            made["verify"] = {**VERIFY, **more.get("verify", {})}
    return made


def publish(office: Office, edited: Mapping[str, Any], **more: Any) -> None:
    schema = small_schema({S: edited, **more}, of=SCHEMA)
    apply(office.engine, schema, {}, TEMPLATES, actor=SYSTEM, now=NOW)


def without_verify(**more: Any) -> dict[str, Any]:
    return {key: step for key, step in steps(**more).items() if key != "verify"}


def at_verify(office: Office) -> int:
    case = office.open(papers=PAPERS)
    office.do(case, "clerk", REGISTER)
    office.do(case, "officer", LISTED)
    return case


def meant(office: Office, *, before: int = 2, after: int = 3, reason: str = "", **step_map: str) -> Moving:
    with reading(office.engine) as session:
        return moving(session, "pbi", before, after, step_map, reason)


def moved(office: Office, move: Moving) -> tuple[Running, ...]:
    return tuple(move_all(office.engine, office.live, SYSTEM, lambda: LATER, move))


def number_of(office: Office, case: int) -> int:
    with reading(office.engine) as session:
        return session.get_one(SopVersion, office.case(case).sop_version_id).number


def take_back(office: Office, case: int, who: str = "manager") -> int:
    with writing(office.engine) as session:
        return undo(office.at(session, who, 60), case)


def sound(office: Office) -> bool:
    """Tells whether every open case has one open task, of a step of its version, and the chain holds."""
    with reading(office.engine) as session:
        for case in session.scalars(select(Case)):
            tasks = session.scalars(select(Task).where(Task.case_id == case.id, Task.status == "open")).all()
            known = sop_version(session, case.sop_version_id).steps
            assert [task.step in known for task in tasks] == [True] * (case.status == "open")
        return broken(session) is None


def drawn(office: Office) -> list[Any]:
    with reading(office.engine) as session:
        return list(session.execute(select(Counter.series, Counter.period, Counter.value)).all())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office whose cases follow version 2, which has the step "verify"."""
    made = copied(tmp_path)
    publish(made, steps())
    return made


@pytest.fixture
def any_office(any_engine: Engine) -> Office:
    made = furnish(any_engine)
    publish(made, steps())
    return made
