"""What is about to be written -> nothing, or a refusal: rows and links stay within the actor's reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import BindParameter, Column, Insert, Select, Table, Update, inspect, literal, select
from sqlalchemy.orm import Session

from portal.access import may_in, may_record_in
from portal.models import record_table
from portal.schema import CaseAct, RecordAct
from portal.tables import Case, Event, EventValue
from portal.wall.known import area_column, kind_of, record_of
from portal.wall.scope import CASES, SEEN, Held, scope
from portal.wall.standing import NoScope, Standing, Walled

LET_THROUGH = "portal_wall"
"""The execution option of a statement that the wall has let pass."""
ACCOUNT = "account"


class Foreign(Walled):
    """A row, or a row that it links to, lies outside what the actor may reach."""

    def __init__(self, table: str, column: str = "") -> None:
        super().__init__(f"{table}.{column}" if column else table)
        self.table = table
        self.column = column


def check_flush(session: Session, now: Standing | None, held: Held) -> None:
    """Checks everything that a flush is about to write.

    Raises:
        NoScope: people's rows are written and nobody is known to act.
        Foreign: a row or a link lies outside the actor's reach.
    """
    for row in (*session.new, *session.dirty, *session.deleted):
        table: Any = inspect(row).mapper.local_table
        if kind_of(table.name) == "free" or (row in session.dirty and not session.is_modified(row)):
            continue
        if isinstance(row, Event) and row in session.new and row.subject == ACCOUNT:
            continue  # who logs in is written down before anybody is known
        if isinstance(row, EventValue) and row in session.new:
            continue  # its event was looked at when it was written
        if now is None:
            raise NoScope(f"{table.name}: nobody is known to act")
        if not now.everything:
            _check_row(session, now, held, row, table)


def _check_row(session: Session, now: Standing, held: Held, row: Any, table: Table) -> None:
    state = inspect(row)
    if state.persistent or state.detached:
        own = _key(table).name
        _reach(session, now, held, table, getattr(row, own), own)
    changed = {
        column.name: getattr(row, column.name)
        for column in table.columns
        if column.name in state.attrs and (not state.persistent or state.attrs[column.name].history.added)
    }
    check_values(session, now, held, table, changed, new=not state.persistent)


def check_values(
    session: Session, now: Standing, held: Held, table: Table, values: Mapping[str, Any], *, new: bool
) -> None:
    """Checks the area and the links among values that are about to be written to a table.

    Raises:
        Foreign: one of them lies outside the actor's reach.
    """
    if not _may_lie(now, table, values, new=new):
        raise Foreign(table.name, "area")
    for name, target in _links(now, table, values):
        value = values.get(name)
        if value is not None:
            _reach(session, now, held, target, value, name)


def _may_lie(now: Standing, table: Table, values: Mapping[str, Any], *, new: bool) -> bool:
    """Tells whether a row may lie where it is put."""
    assert now.ground is not None
    schema, kind = now.ground.schema, kind_of(table.name)
    if kind == "case" and ("area" in values or new):
        act: CaseAct = "register" if new else "work"
        return may_in(schema, now.actor, act, str(values.get("area") or ""))
    if kind == "paper" and values.get("case_id") is None and "area" in values:
        return may_in(schema, now.actor, "work", str(values["area"]))
    record = record_of(schema, table.name) if kind == "record" else None
    if record is None:
        return kind != "record"
    area = area_column(schema, record)
    doing: RecordAct = "create" if new else "edit"
    if area is None or (not new and area not in values):
        return may_record_in(schema, now.actor, record, doing, None)
    return may_record_in(schema, now.actor, record, doing, values.get(area) or "")


def _links(now: Standing, table: Table, values: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    """Yields the columns that point to rows about people, with the tables they point to."""
    assert now.ground is not None
    for name in values:
        for key in table.columns[name].foreign_keys:
            if kind_of(key.column.table.name) != "free":
                yield name, key.column.table
    subject: Any = now.ground.models.records[now.ground.schema.subject()].__table__
    if table.name == CASES.name and "resident_id" in values:
        yield "resident_id", subject
    if kind_of(table.name) == "person" and "resident_id" in values and not values.get("case_id"):
        yield "resident_id", subject
    if kind_of(table.name) == "event" and values.get("subject") == "case":
        yield "subject_id", CASES


def _reach(session: Session, now: Standing, held: Held, table: Table, key: object, column: str) -> None:
    """Refuses a row that the actor does not see.

    Raises:
        Foreign: always then; a missing row is foreign too.
    """
    if key in held.get(table.name, ()) or key in _about_to_be(session, table):
        return
    own: Any = _key(table)
    query: Select[Any] = select(literal(1)).select_from(table).where(own == key, scope(now, table, held))
    if session.connection().execute(query, execution_options={LET_THROUGH: True}).first() is None:
        raise Foreign(table.name, column)


def _key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key.columns))


def _about_to_be(session: Session, table: Table) -> set[object]:
    """Returns the keys of rows that the same flush writes, which the flush checks as rows of their own."""
    own = _key(table).name
    return {getattr(row, own) for row in session.new if inspect(row).mapper.local_table is table} - {None}


def check_statement(
    session: Session, statement: Insert | Update, now: Standing, held: Held, *, many: bool
) -> None:
    """Checks the values of one row that a statement writes.

    Raises:
        Walled: it writes many rows at once, or values that the database computes.
        Foreign: a value lies outside the actor's reach.
    """
    table: Any = statement.table
    new = isinstance(statement, Insert)
    if kind_of(table.name) == "free":
        return
    if many or (new and (kind_of(table.name) != "record" or statement.select is not None)):
        raise Walled(f"{'insert' if new else 'update'} of many rows or by a query: {table.name}")
    values = _values(statement)
    if values is None:
        raise Walled(f"values of {table.name} that the database computes")
    links = {name for name, _ in _links(now, table, values)}
    area = area_column(now.ground.schema, record) if now.ground and (record := _record(now, table)) else None
    told = {name: value for name, value in values.items() if name in links or name in (area, "area")}
    check_values(session, now, held, table, told if not new else values, new=new)


def _record(now: Standing, table: Table) -> str | None:
    assert now.ground is not None
    return record_of(now.ground.schema, table.name) if kind_of(table.name) == "record" else None


def _values(statement: Insert | Update) -> dict[str, object] | None:
    """Returns the plain values that a statement writes by column, None when there are others."""
    if (
        getattr(statement, "_ordered_values", None)
        or getattr(statement, "_post_values_clause", None) is not None
    ):
        return None
    said = dict(statement._values or {})
    if not all(isinstance(value, BindParameter) for value in said.values()):
        return None
    return {str(getattr(key, "name", key)): value.effective_value for key, value in said.items()}


def hold(held: dict[str, set[int]], row: object, *, writes: bool) -> None:
    """Notes a row that a session has read, and that its transaction has taken hold of when it writes."""
    if isinstance(row, Case):
        held.setdefault(SEEN, set()).add(row.id)
    if not writes:
        return
    table: Any = inspect(row).mapper.local_table
    if isinstance(row, Case) or table.name.startswith(record_table("")):
        held.setdefault(table.name, set()).add(int(getattr(row, "id")))  # noqa: B009 - of any class
