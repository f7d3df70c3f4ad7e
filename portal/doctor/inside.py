"""A database as a program, and what it holds -> facts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import accounts, events
from portal.access import Actor, Granted
from portal.accounts import factor
from portal.database import reading
from portal.demo import ACCOUNTS, PASSWORD
from portal.doctor.base import Office, Store
from portal.drift import drift
from portal.migrate import Newer, is_prepared
from portal.press import STYLE
from portal.releases import UnknownFormat, latest_id, schema_of
from portal.schema import Schema
from portal.tables import Account, Clock, Event, Grant, Release, SecondFactor, WebSession
from portal.timetable import declared_years

IDLE = timedelta(days=90)
_ROLE = """SELECT rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_class c JOIN pg_namespace n
ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = current_schema()
AND pg_has_role(r.oid, c.relowner, 'USAGE'))
FROM pg_roles r WHERE rolname = current_user"""
_MOVED = """SELECT datcollversion IS DISTINCT FROM pg_database_collation_actual_version(oid)
FROM pg_database WHERE datname = current_database()"""
_TRIGRAMS = """SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') OR
EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')"""
_CIPHER = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


def store(engine: Engine) -> Store:
    """Returns the facts of a database as a program, as the portal has opened it."""
    with engine.connect() as connection:
        return _sqlite(connection) if engine.dialect.name == "sqlite" else _postgres(connection)


def _sqlite(connection: Connection) -> Store:
    def pragma(name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    return Store(
        kind="sqlite",
        version=sqlite3.sqlite_version_info,
        trigrams=_fts(),
        journal=str(pragma("journal_mode")),
        synchronous=int(str(pragma("synchronous"))),
        foreign_keys=bool(pragma("foreign_keys")),
        secure_delete=bool(pragma("secure_delete")),
    )


def _fts() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return True


def _postgres(connection: Connection) -> Store:
    def shown(name: str) -> str:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar())

    superuser, bypasses, owner = connection.execute(text(_ROLE)).one()
    number = int(shown("server_version_num"))
    host = str(connection.engine.url.query.get("host") or connection.engine.url.host or "")
    return Store(
        kind="postgresql",
        version=(number // 10000, number % 10000),
        trigrams=bool(connection.scalar(text(_TRIGRAMS))),
        superuser=superuser,
        bypasses=bypasses,
        owner=owner,
        encoding=shown("server_encoding"),
        collation_moved=number >= 150000 and bool(connection.scalar(text(_MOVED))),
        fsync=shown("fsync") == "on",
        full_pages=shown("full_page_writes") == "on",
        synchronous_commit=shown("synchronous_commit") != "off",
        remote=bool(host) and not host.startswith("/") and host not in ("localhost", "127.0.0.1", "::1"),
        encrypted=bool(connection.scalar(text(_CIPHER))),
    )


@dataclass(frozen=True, kw_only=True)
class _People:
    """The accounts that are in use, and who holds which role."""

    accounts: Mapping[int, Account]
    roles: Mapping[int, frozenset[str]]


def office(engine: Engine, now: datetime, *, thorough: bool) -> Office:
    """Returns the facts of what a database holds.

    Args:
        thorough: whether to compare every table and walk the whole chain, which takes its time.
    """
    with reading(engine) as session:
        connection = session.connection()
        try:
            prepared = is_prepared(connection)
        except Newer:
            return Office(newer=True)
        number = latest_id(session) if inspect(connection).has_table(Release.__tablename__) else None
        if not number:
            return Office(release=0, pending=not prepared)
        if not prepared:
            return Office(release=number, pending=True, holidays=(now.year, now.year + 1))
        release = session.get_one(Release, number)
        try:
            schema = schema_of(release.format, release.definition)
        except UnknownFormat:
            return Office(release=number, newer=True)
        people = _people(session)
        found = Office(
            release=number,
            broken_at=events.broken(session) if thorough else None,
            ahead=_ahead(session, now),
            holidays=tuple(sorted(declared_years(schema.office))),
            unrung=_waiting(session, now),
            unswept=_unswept(session),
            style=not schema.letters or STYLE in release.templates,
            signing=tuple(sorted({each.signing for each in schema.letters.values()} - {"pen"})),
            demo=_demo(people),
            idle=_idle(session, people, now),
            managers=_count(schema, people, ("accounts",)),
            empty_roles=tuple(
                key for key in schema.roles if not any(key in held for held in people.roles.values())
            ),
            single_factor=_single_factor(session, schema, people),
        )
    return Office(**{**vars(found), "drift": _drift(engine) if thorough else 0})


def _drift(engine: Engine) -> int:
    try:
        return len(drift(engine))
    except DBAPIError:
        return 0  # the role may not make the scratch place that it takes


def _waiting(session: Session, now: datetime) -> float:
    """For how many hours something has waited to be rung: as long as nobody swept."""
    oldest = session.scalar(select(func.min(Clock.next_at)))
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds() / 3600)


def _unswept(session: Session) -> int:
    """How many cases have a clock that the last sweep could not ring."""
    failed = select(func.count(Clock.case_id.distinct())).where(Clock.failure.is_not(None))
    return session.scalar(failed) or 0


def _people(session: Session) -> _People:
    found = {each.id: each for each in session.scalars(select(Account).where(Account.active))}
    roles: dict[int, set[str]] = {key: set() for key in found}
    for grant in session.scalars(select(Grant)):
        if grant.account_id in roles:
            roles[grant.account_id].add(grant.role)
    return _People(accounts=found, roles={key: frozenset(held) for key, held in roles.items()})


def _ahead(session: Session, now: datetime) -> float:
    newest = session.scalar(select(func.max(Event.at)))
    return 0.0 if newest is None else (newest - now).total_seconds()


def _demo(people: _People) -> tuple[str, ...]:
    """Only the names of the demonstration are tried: each try is as slow as a log-in."""
    logins = {login for login, _, _ in ACCOUNTS}
    known = [each for each in people.accounts.values() if each.login in logins]
    return tuple(each.login for each in known if accounts.matches(each, PASSWORD))


def _idle(session: Session, people: _People, now: datetime) -> int:
    query = select(WebSession.account_id, func.max(WebSession.seen_at)).group_by(WebSession.account_id)
    seen = dict(session.execute(query).all())
    return sum(
        now - max(each.created_at, seen.get(key) or each.created_at) > IDLE
        for key, each in people.accounts.items()
    )


def _count(schema: Schema, people: _People, acts: tuple[str, ...]) -> int:
    return sum(_may(schema, held, acts) for held in people.roles.values())


def _may(schema: Schema, held: frozenset[str], acts: tuple[str, ...]) -> bool:
    return any(act in schema.roles[role].may for role in held if role in schema.roles for act in acts)


def _single_factor(session: Session, schema: Schema, people: _People) -> tuple[str, ...]:
    """The accounts whose roles need a second factor and whose app has not proved itself yet."""
    proved = select(SecondFactor.account_id).where(SecondFactor.since.is_not(None))
    having = set(session.scalars(proved))
    return tuple(
        each.login
        for key, each in people.accounts.items()
        if key not in having and factor.needed(schema, _actor(each, people.roles[key]))
    )


def _actor(account: Account, held: frozenset[str]) -> Actor:
    grants = tuple(Granted(role=role) for role in sorted(held))
    return Actor(account_id=account.id, label=account.label, grants=grants)
