"""An office with clocks, a ladder and pauses, and what the tests of all three ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from casework import EDITS, PEOPLE, TEMPLATES, Office
from schemas import small_schema
from small import NOW
from sqlalchemy import select

from portal.access import SYSTEM
from portal.cases import At
from portal.cases.pausing import pause, resume
from portal.database import reading, writing
from portal.migrate import apply
from portal.schema import Schema
from portal.sweep import Swept, sweep
from portal.tables import Clock, ClockLevel, Notice

WIB = timezone(timedelta(hours=7))
CLOCKS: dict[str, Any] = {
    "office/clocks": {
        "first_response": "1 working day",
        "escalate": [
            {"tell": ["manager"]},
            {"late": "2 working days", "tell": ["auditor"]},
        ],
    },
    "office/pauses": {
        "papers": {"label": "Menunggu berkas warga", "owner": "resident", "stops": ["step", "total"]},
        "system": {"label": "SIKS-NG gangguan", "owner": "register", "stops": ["step"], "note": "true"},
        "agency": {"label": "Menunggu instansi", "owner": "agency", "stops": ["referral", "total"]},
    },
}


def ruled(office: Office, **more: Any) -> Office:
    """Puts the office under rules with clocks, a ladder and pauses."""
    schema: Schema = small_schema({**EDITS, **CLOCKS, **more})
    apply(office.engine, schema, {}, TEMPLATES, actor=SYSTEM, now=NOW)
    return office


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def local(at: datetime | None) -> str:
    return at.astimezone(WIB).isoformat(sep=" ", timespec="minutes")[:16] if at else ""


def swept(office: Office, at: str) -> Swept:
    return sweep(office.engine, lambda: moment(at), rest=0)


def clock_of(office: Office, case: int, kind: str = "step") -> Clock:
    """Returns the newest clock of a kind."""
    with reading(office.engine) as session:
        query = select(Clock).where(Clock.case_id == case, Clock.kind == kind)
        return session.scalars(query.order_by(Clock.id.desc()).limit(1)).one()


def levels(office: Office, clock: Clock) -> list[tuple[int, str, str]]:
    with reading(office.engine) as session:
        query = select(ClockLevel).where(ClockLevel.clock_id == clock.id).order_by(ClockLevel.level)
        return [(each.level, each.kind, local(each.should_at)) for each in session.scalars(query)]


def told(office: Office, clock: Clock, *, still: bool = False) -> list[tuple[int, str]]:
    with reading(office.engine) as session:
        query = select(Notice).where(Notice.clock_id == clock.id).order_by(Notice.level, Notice.whom)
        rows: Sequence[Notice] = session.scalars(query).all()
        return [(each.level, each.whom) for each in rows if not still or each.done_at is None]


def at(office: Office, session: Any, who: str, when: str) -> At:
    return At(session=session, live=office.live, actor=PEOPLE[who], now=moment(when))


def paused(office: Office, case: int, when: str, reason: str = "papers", **more: Any) -> int:
    with writing(office.engine) as session:
        return pause(at(office, session, "officer", when), case, reason, **more).id


def resumed(office: Office, key: int, when: str) -> None:
    with writing(office.engine) as session:
        resume(at(office, session, "officer", when), key)
