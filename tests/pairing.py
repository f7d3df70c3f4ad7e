"""An office whose residents look like each other, and what tests ask of it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from casework import HERE, NEXT, PEOPLE, SCHEMA, TEMPLATES, Office, copied, person
from small import NOW
from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import SYSTEM, Actor
from portal.database import engine_of, reading, writing
from portal.events import record
from portal.migrate import apply
from portal.releases import Live
from portal.schema import Schema
from portal.tables import Base, Twin
from portal.twins import merge, table_of

CLAUSES = [
    {"same": "nik"},
    {"same": "household", "similar": "name"},
    {"similar": "name", "same": ["birth_date", "area"]},
    {"similar": "name", "same": "birth_date"},
]
BORN = date(1975, 4, 30)
JUDGE = person(2, "Ratna Contoh", ("judge", HERE))
BOTH = person(4, "Laras Contoh", ("judge", "18.10"))
CLERK = PEOPLE["clerk"]


def wanted() -> Schema:
    """Returns the small office with clauses, and with a role that decides."""
    said = SCHEMA.model_dump(mode="json")
    said["records"]["resident"]["duplicates"] = CLAUSES
    role = dict(said["roles"]["back-office"])
    role["may"] = [*role["may"], "merge"]
    said["roles"]["judge"] = {**role, "label": "Penilai"}
    return Schema.model_validate(said)


@cache
def _published() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="portal-twins-"))
    atexit.register(shutil.rmtree, folder)
    office = copied(folder)
    apply(office.engine, wanted(), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.engine.dispose()
    return folder / "office.db"


def paired(folder: Path) -> Office:
    """Returns an office of one's own with clauses in force."""
    file = shutil.copyfile(_published(), folder / "office.db")
    return Office(engine=engine_of(f"sqlite:///{file}"))


def add(session: Session, live: Live, **said: Any) -> int:
    """Adds a resident with the event that goes with it, as the pages do."""
    values = {"name": "Moh. Yusuf", "birth_date": BORN, "area": HERE, "sex": "male", **said}
    stamps = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    table = table_of(live)
    key = int(session.execute(insert(table).values(**values, **stamps).returning(table.c.id)).scalar_one())
    told(session, live, key, "record-created")
    return key


def told(session: Session, live: Live, key: int, kind: str = "record-changed") -> None:
    """Writes the event of a change of a resident."""
    now = wall.standing()
    record(session, actor=now.actor, now=NOW, kind=kind, subject="resident", subject_id=key)


def added(office: Office, live: Live, **said: Any) -> int:
    """Adds a resident in a transaction of its own."""
    with writing(office.engine) as session, wall.acting(BOTH, live):
        return add(session, live, **said)


def pairs(office: Office) -> list[tuple[int, int, str]]:
    """Returns every pair that is written down."""
    with reading(office.engine) as session:
        found = session.scalars(select(Twin).order_by(Twin.resident_id, Twin.other_id))
        return [(each.resident_id, each.other_id, each.status) for each in found]


def merged(office: Office, live: Live, stays: int, gone: int, actor: Actor = BOTH, **more: Any) -> int:
    """Merges two residents as somebody who may."""
    with writing(office.engine) as session, wall.acting(actor, live):
        versions = more.pop("versions", None) or versions_of(session, live, (stays, gone))
        said = {"taken": (), "reason": "Orang yang sama", **more}
        made = merge(session, live, actor=actor, now=NOW, stays=stays, gone=gone, versions=versions, **said)
        return made.id


def versions_of(session: Session, live: Live, keys: Iterable[int]) -> Mapping[int, int]:
    """Returns the versions of some residents."""
    table = table_of(live)
    with wall.unscoped("a test"):
        found = session.execute(select(table.c.id, table.c.version).where(table.c.id.in_(list(keys))))
        return {int(row[0]): int(row[1]) for row in found}


COUNTED = {"version", "changed_at", "changed_by"}
"""What goes on counting: a form that was opened before must not be taken for one of today."""
OWN = {"event", "event_value", "chain_head", "merge", "merge_kept", "submission", "counter", "access_log"}


def snapshot(office: Office, live: Live) -> dict[str, list[tuple[Any, ...]]]:
    """Returns every row of every table but those of events and of merges themselves."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    tables: list[Table] = [*Base.metadata.sorted_tables, *live.models.metadata.sorted_tables]
    with reading(office.engine) as session:
        for table in tables:
            if table.name in OWN:
                continue
            skip = (
                {"id"}
                if table.name in ("match_key", "twin")
                else COUNTED
                if "record_" in table.name
                else set()
            )
            columns = [each for each in table.c if each.name not in skip | {"found_at"}]
            found = session.execute(select(*columns)).all()
            rows[table.name] = sorted(map(tuple, found), key=repr)
    return rows


def count(office: Office, table: Table) -> int:
    """Returns how many rows a table has."""
    with reading(office.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


__all__ = ["BORN", "BOTH", "CLERK", "HERE", "JUDGE", "NEXT", "Office"]
