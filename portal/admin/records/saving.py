"""Writing a record: one transaction with its event, its submission key and the version that was edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from portal import wall
from portal.admin.once import Stamp, once
from portal.admin.records.lens import Lens
from portal.events import record
from portal.fields import Value
from portal.models import column_name


class Stale(Exception):
    """Somebody else changed the record since the form was opened."""


class Taken(Exception):
    """Another record holds a value that only one may hold."""

    def __init__(self, *, field: str, key: int) -> None:
        super().__init__(field)
        self.field = field
        self.key = key


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be written, by whom, and what the form is known by."""

    lens: Lens
    values: Mapping[str, Value]
    stamp: Stamp
    now: datetime

    @property
    def columns(self) -> dict[str, object]:
        """The values by column, with who changes them and when."""
        by_column: dict[str, object] = {
            column_name(name): _stored(value) for name, value in self.values.items()
        }
        return by_column | {"changed_at": self.now, "changed_by": self.lens.actor.account_id or 0}


def _stored(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value


def create(engine: Engine, change: Change) -> str:
    """Adds a record and returns the address it led to, the same address when the form comes twice.

    Raises:
        Taken: another record holds a unique value.
        Reused: the form was carried out already, with other content.
    """
    made = {"created_at": change.now, "created_by": change.lens.actor.account_id or 0, "version": 1}

    def act(session: Session) -> str:
        _refuse_taken(session, change, None)
        table = change.lens.table
        key = session.execute(insert(table).values(change.columns | made).returning(table.c.id)).scalar_one()
        return _finish(session, change, int(key), "record-created", {})

    return once(engine, change.stamp, change.now, act)


def edit(engine: Engine, change: Change, key: int, version: int) -> str:
    """Changes a record and returns the address it led to.

    Raises:
        Stale: the record has another version by now.
        Taken: another record holds a unique value.
        Reused: the form was carried out already, with other content.
    """
    table = change.lens.table

    def act(session: Session) -> str:
        _refuse_taken(session, change, key)
        before = _before(session, change, key)
        same = (table.c.id == key, table.c.version == version, change.lens.scope)
        done = session.execute(
            update(table).where(*same).values(change.columns | {"version": version + 1}).returning(table.c.id)
        )
        if done.first() is None:
            raise Stale
        return _finish(session, change, key, "record-changed", before)

    return once(engine, change.stamp, change.now, act)


def _before(session: Session, change: Change, key: int) -> Mapping[str, Value]:
    """Returns what stands in the fields that are about to change."""
    lens = change.lens
    columns = [lens.column(name) for name in change.values]
    row = session.execute(select(*columns).where(lens.table.c.id == key).with_for_update()).one_or_none()
    fields = lens.record.fields
    return (
        {}
        if row is None
        else {name: fields[name].stored(row._mapping[lens.column(name)]) for name in change.values}
    )


def _finish(session: Session, change: Change, key: int, kind: str, before: Mapping[str, Value]) -> str:
    lens, fields = change.lens, change.lens.record.fields
    record(
        session,
        actor=lens.actor,
        now=change.now,
        kind=kind,
        subject=lens.key,
        subject_id=key,
        data={"fields": sorted(change.values)},
        values={
            name: (fields[name].plain(before.get(name)), fields[name].plain(value))
            for name, value in change.values.items()
        },
    )
    notice = "created" if kind == "record-created" else "saved"
    return f"/data/{lens.key}/details/{key}?notice={notice}"


def _refuse_taken(session: Session, change: Change, key: int | None) -> None:
    for name, value in change.values.items():
        if value is None or not change.lens.record.fields[name].unique:
            continue
        table = change.lens.table
        with wall.unscoped("a number that only one may hold is unique in every village"):
            other = session.scalar(
                select(table.c.id).where(change.lens.column(name) == value, table.c.id != (key or 0))
            )
        if other is not None:
            raise Taken(field=name, key=other)
