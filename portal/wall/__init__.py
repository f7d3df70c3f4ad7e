"""The wall: every read and write of what is about people, kept to what whoever acts at this moment may see.

Importing it puts it up: on every session and on every engine of the process. Who acts is set once, by
`acting` or `stand`; without it nothing about people is read or written. The rule itself is in `access`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Insert, Update, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from portal import database
from portal.wall.known import kind_of as kind_of
from portal.wall.marks import cases, counted_cases, drawn, managed_cases, own_cases, rows
from portal.wall.reading import NOTHING, mentions, scoped
from portal.wall.standing import NoScope, Standing, Walled, acting, known, nobody, stand, standing, unscoped
from portal.wall.writing import LET_THROUGH, Foreign, check_flush, check_statement, hold

__all__ = [
    "Foreign",
    "NoScope",
    "Standing",
    "Walled",
    "acting",
    "cases",
    "counted_cases",
    "drawn",
    "known",
    "managed_cases",
    "nobody",
    "own_cases",
    "rows",
    "stand",
    "standing",
    "unscoped",
]

SETTING = "portal.areas"
"""The setting of a PostgreSQL transaction that its policies read."""
_HELD = "portal_held"
_flushing: ContextVar[bool] = ContextVar("portal_flushing", default=False)
_HARMLESS = ("begin", "commit", "rollback", "savepoint", "release", "pragma", "set ", "show ")
"""How the SQL begins that the driver is given by itself and that reads no rows."""


def _held(session: Session) -> dict[str, set[int]]:
    """Returns what a session has taken hold of for whoever acts, and for nobody else."""
    now, known_to = known(), session.info.setdefault(_HELD, {})
    found: dict[str, set[int]] = known_to.setdefault(now and (now.actor, now.reason), {})
    return found


def _read(state: ORMExecuteState) -> None:
    _flushing.set(False)
    state.update_execution_options(**{LET_THROUGH: True})
    if state.is_column_load:
        return  # the row was let in when it was read first
    statement, now, held = state.statement, known(), _held(state.session)
    if now is not None and not now.everything and isinstance(statement, Insert | Update):
        check_statement(state.session, statement, now, held, many=bool(state.parameters))
        if isinstance(statement, Insert):
            return
    given = state.parameters if isinstance(state.parameters, Mapping) else NOTHING
    state.statement = scoped(statement, now, held, given)


def _write(session: Session, _context: UOWTransaction, _instances: object) -> None:
    check_flush(session, known(), _held(session))
    _flushing.set(True)


def _written(session: Session, _context: UOWTransaction) -> None:
    _flushing.set(False)
    for row in session.new:
        hold(_held(session), row, writes=True)


def _loaded(session: Session, row: object) -> None:
    hold(_held(session), row, writes=_writes(session))


def _over(session: Session, transaction: object) -> None:
    _flushing.set(False)
    if not session.in_transaction():
        session.info.pop(_HELD, None)


def _writes(session: Session) -> bool:
    bind = session.bind
    return isinstance(bind, Connection) and bool(bind.get_execution_options().get("writes"))


def _execute(
    connection: Connection, statement: Executable, _many: Any, _one: Any, options: dict[str, Any]
) -> None:
    now = known()
    _tell_postgresql(connection, now)
    if options.get(LET_THROUGH) or _flushing.get() or (now is not None and now.everything):
        return
    if mentions(statement):
        said = "people's rows are only read and written through a session"
        raise NoScope("nobody is known to act") if now is None else Walled(said)


def _drive(
    connection: Connection, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool
) -> None:
    """Looks at SQL that comes without a statement, such as by `exec_driver_sql`."""
    if context is None or context.compiled is not None or context.execution_options.get(LET_THROUGH):
        return
    now = known()
    if (now is None or not now.everything) and not sql.lower().startswith(_HARMLESS):
        raise NoScope("nobody is known to act") if now is None else Walled("SQL past the session")


def _tell_postgresql(connection: Connection, now: Standing | None) -> None:
    """Tells a transaction's policies the areas of whoever acts, when they are not what they were."""
    if connection.dialect.name != "postgresql" or not connection.in_transaction():
        return
    areas = now.areas if now is not None else ""
    if connection.info.get(SETTING, "") != areas:
        connection.info[SETTING] = areas
        connection.exec_driver_sql(
            "SELECT set_config(%s, %s, true)", (SETTING, areas), execution_options={LET_THROUGH: True}
        )


def _forget(connection: Connection) -> None:
    connection.info.pop(SETTING, None)


def _forget_part(connection: Connection, _name: str, _context: None) -> None:
    connection.info.pop(SETTING, None)


HOOKS: tuple[tuple[type[Any], str, Callable[..., None]], ...] = (
    (Session, "do_orm_execute", _read),
    (Session, "before_flush", _write),
    (Session, "after_flush", _written),
    (Session, "loaded_as_persistent", _loaded),
    (Session, "after_transaction_end", _over),
    (Engine, "before_execute", _execute),
    (Engine, "before_cursor_execute", _drive),
    (Engine, "begin", _forget),
    (Engine, "rollback", _forget),
    (Engine, "commit", _forget),
    (Engine, "rollback_savepoint", _forget_part),
)
"""Where the wall stands; only a measurement takes it down."""

for _target, _name, _hook in HOOKS:
    event.listen(_target, _name, _hook)
database.wall_stands()
