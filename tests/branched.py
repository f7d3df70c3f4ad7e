"""The small office with branches, flags and a second village, and how its cases are carried on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from casework import (
    LISTED,
    NEXT,
    REGISTER,
    SCHEMA,
    STEPS,
    TEMPLATES,
    Office,
    copied,
)
from schemas import small_schema
from small import CENTRE, NOW
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.cases import At, Refused, complete
from portal.cases.flow import open_tasks
from portal.database import reading, writing
from portal.events import values_of
from portal.fields import Value
from portal.migrate import apply
from portal.tables import Case, Event, Task

BRANCHED: Mapping[str, Any] = {
    "register": {**STEPS["register"], "documents": {}},
    "registry": {**STEPS["registry"], "stale_after": "30 days"},
    "together": {
        "label": "Bersamaan",
        "type": "parallel",
        "branches": ["draft", "visit"],
        "join": "all",
        "go": "referral",
    },
    "draft": {**STEPS["draft"], "within": "1 working day"},
    "approve": {**STEPS["approve"], "go": "referral"},
    "visit": {**STEPS["visit"], "go": "referral"},
    "referral": STEPS["referral"],
    "reply": STEPS["reply"],
    "close": STEPS["close"],
}
EDITS: Mapping[str, Any] = {
    "sops/pbi/steps": BRANCHED,
    "flags": {"urgent-visit": {"label": "Perlu dikunjungi segera"}},
    "complaints/lost-card": {"label": "Kartu hilang", "sector": "health"},
    "outcomes/proposed": {"label": "Diusulkan", "awaits": "true"},
    "office/centres/next": {**CENTRE, "label": "Puskesos Sebelah", "area": NEXT, "unit": "PKT"},
    "roles/back-office/may": ["register", "work", "print", "reopen"],
    "roles/manager/acts_as": ["front-office", "back-office", "facilitator"],
    "roles/manager/may": ["register", "work", "assign", "approve", "print", "reopen"],
}
VISITED: Mapping[str, Value] = {"visited_on": NOW.date(), "findings": "Rumah sempit"}
APPROVED: Mapping[str, Value] = {"verdict": "approved"}


def made(folder: Path, edits: Mapping[str, Any]) -> Office:
    office = copied(folder)
    schema = small_schema(deepcopy({**EDITS, **edits}), of=SCHEMA)
    apply(office.engine, schema, {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return office


def do(
    office: Office, case: int, step: str, who: str, answers: Mapping[str, Value], hours: float = 0
) -> None:
    with writing(office.engine) as session:
        complete(office.at(session, who, hours), of(session, case, step).id, answers)


def of(session: Session, case: int, step: str) -> Task:
    query = select(Task).where(Task.case_id == case, Task.step == step).order_by(Task.id.desc()).limit(1)
    return session.scalars(query).one()


def waiting(office: Office, case: int) -> dict[str, str]:
    """Returns the steps of the open tasks, each with its branch."""
    with reading(office.engine) as session:
        return {each.step: each.branch for each in open_tasks(session, session.get_one(Case, case))}


def act(office: Office, who: str, what: Callable[[At], Any], hours: float = 0) -> Any:
    with writing(office.engine) as session:
        return what(office.at(session, who, hours))


def parted(office: Office, **said: Any) -> int:
    """Returns a case whose two branches are open."""
    case = office.open(**said)
    do(office, case, "register", "clerk", REGISTER)
    do(office, case, "registry", "officer", LISTED)
    return case


def joined(office: Office) -> int:
    """Returns a case at its referral, both branches behind it."""
    case = parted(office)
    do(office, case, "draft", "officer", {})
    do(office, case, "approve", "manager", APPROVED)
    do(office, case, "visit", "visitor", VISITED)
    return case


def refused(office: Office, who: str, what: Callable[[At], Any], hours: float = 0) -> Mapping[str, str]:
    with pytest.raises(Refused) as caught:
        act(office, who, what, hours)
    return caught.value.problems


def last(office: Office, case: int) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Returns kind, data and values of the newest event of a case."""
    with reading(office.engine) as session:
        query = select(Event).where(Event.subject == "case", Event.subject_id == case)
        event = session.scalars(query.order_by(Event.id.desc()).limit(1)).one()
        return event.kind, event.data, values_of(session, [event.id]).get(event.id, {})
