"""What stands beside a case: its notes, who lives with the resident, and their other cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import may_record_in, sees
from portal.admin.desk.base import Here
from portal.admin.desk.casefile import CaseFile
from portal.admin.desk.caselist import COLUMNS, CaseLine, lines
from portal.admin.desk.duties.persons import consent_lines
from portal.admin.desk.notes import Notes, notes_of
from portal.admin.desk.screenedcard import prints_receipt, screened_card, taken_facts
from portal.duties.emptying import is_emptied
from portal.fields import LinkField
from portal.models import column_name
from portal.releases import SessionNames
from portal.tables import Case

MOST = 12
"""So many people of a household, and so many cases, a page names."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the same household."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What helps while one works on a case, as far as the person may see it."""

    notes: Notes
    household: Sequence[Member]
    cases: Sequence[CaseLine]
    """Other cases of the resident and of who lives with them, the newest first."""


def beside(session: Session, here: Here, file: CaseFile) -> Beside:
    """Returns what stands beside a case."""
    people = _household(session, here, file.resident) if file.resident is not None else ()
    names = SessionNames(session, here.live, here.actor)
    subject = here.live.schema.subject()
    names.preload(subject, people)
    return Beside(
        notes=notes_of(session, here, file.case),
        household=tuple(Member(id=key, name=names.record(subject, key)) for key in people),
        cases=_cases(session, here, file.case, people) if file.resident is not None else (),
    )


def _household(session: Session, here: Here, resident: Any) -> tuple[int, ...]:
    """The keys of who lives with somebody: who points to the same record as they, and may be read."""
    schema, subject = here.live.schema, here.live.schema.subject()
    record, table = schema.records[subject], here.live.models.records[subject].__table__
    area = getattr(resident, column_name(record.area), None) if record.area else None
    if not may_record_in(schema, here.actor, subject, "read", area or "" if record.area else None):
        return ()
    shared = [
        table.c[column_name(name)] == getattr(resident, column_name(name))
        for name, field in record.fields.items()
        if isinstance(field, LinkField)
        and field.to != subject
        and getattr(resident, column_name(name), None) is not None
        and sees(schema, here.actor, field, subject, name, area) == "plain"
    ]
    if not shared:
        return ()
    place = table.c[column_name(record.area)] if record.area else None
    seen = wall.rows(schema, here.actor, subject, place)
    others = select(table.c.id).where(or_(*shared), table.c.id != resident.id, seen)
    return tuple(session.scalars(others.order_by(table.c.id).limit(MOST)))


def _cases(session: Session, here: Here, case: Case, people: Sequence[int]) -> tuple[CaseLine, ...]:
    table: Any = Case.__table__
    whose = table.c.resident_id.in_([case.resident_id, *people])
    scope = wall.cases(here.live.schema, here.actor)
    found = select(*COLUMNS).where(whose, table.c.id != case.id, scope).order_by(table.c.id.desc())
    return lines(session, here, session.execute(found.limit(MOST)).all())


def owed(session: Session, here: Here, file: CaseFile) -> dict[str, Any]:
    """Returns what the resident agreed to, and whether the case was erased."""
    seen = file.case.resident_id if file.resident else None
    return {
        "erased": is_emptied(session, "case", file.case.id),
        "consents": consent_lines(session, here, seen) if seen else (),
        "screened": screened_card(session, here, file.case),
        "receipt": prints_receipt(here, file.case),
        "taken": taken_facts(here, file.case),
    }
