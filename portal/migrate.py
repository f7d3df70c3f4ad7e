"""YAML -> Release: carries out a plan in one transaction, tables and rows and event together or nothing.

Our own tables come by Alembic versions (`migrations/`), those that an office declares by Alembic operations
from the difference of two Schemas. Only one process applies at a time: SQLite queues writers by itself, on
PostgreSQL an advisory lock does, and no lock is waited for so long that readers behind it would notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.orm import Session

from portal import events, following, keys, twins
from portal.access import Actor
from portal.alone import Busy as Busy
from portal.alone import NotApplied as NotApplied
from portal.alone import alone
from portal.database import reading
from portal.document import excerpts
from portal.impact import weigh
from portal.models import build
from portal.plan import Plan, as_json, carried, diff, fingerprint, kept_templates
from portal.preflight import Ground, examine
from portal.relabel import relabel
from portal.releases import NEWEST, UnknownFormat, latest_id, schema_of
from portal.renames import declared, renamed
from portal.reshape import reshape, write_references
from portal.scalars import Definition
from portal.schema import FORMAT, Schema, canonical, digest
from portal.tables import Release, SopVersion
from portal.wall.policies import loosen, protect

VERSION = version("satu-pintu")
"""The version of the program; a plan made by another one is stale."""

_FOLDER = Path(__file__).parent / "migrations"
# Alembic's command interface works through module-level proxies: one upgrade at a time in a process.
_upgrading = Lock()


class Refused(NotApplied):
    """The plan holds changes that cannot be applied yet."""

    slug = "apply-refused"

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.refused)} refused")
        self.plan = plan


class Stale(NotApplied):
    """The YAML, the letter files or the database moved since the plan was reviewed; `plan` is that of now."""

    slug = "apply-stale"

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.digest)
        self.plan = plan


class Newer(NotApplied):
    """A newer portal has changed our own tables or wrote the last Release."""

    slug = "apply-newer"

    def __init__(self, format: str) -> None:
        super().__init__(format)
        self.format = format


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What an apply left behind; without changes it is the Release that was there."""

    release_id: int
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class _State:
    """What was applied last: nothing, or a Release."""

    release_id: int = 0
    schema: Schema | None = None
    templates: Mapping[str, str]
    digest: str = ""

    @property
    def bound(self) -> tuple[str, ...]:
        """What a plan's digest is bound to beside both states: the last Release and the program."""
        return (str(self.release_id), self.digest, VERSION)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What is to be applied, by whom and why."""

    schema: Schema
    sources: Mapping[str, str]
    templates: Mapping[str, str]
    actor: Actor
    now: datetime
    reason: str
    backup: str = ""


def prepare(engine: Engine) -> None:
    """Brings our own tables to the newest version; does nothing where they are.

    Raises:
        Newer: a newer portal has changed them.
        Busy: another process holds a lock.
        KeyMissing: the tables are new and nothing says where the secret is to stand.
    """
    with reading(engine) as session:
        if is_prepared(session.connection()):
            return
    alone(engine, lambda session: _prepare(session.connection()))


def planned(engine: Engine, schema: Schema, templates: Mapping[str, str]) -> Plan:
    """Returns the plan from the last Release to a Schema, weighed; the database stays as it is.

    Raises:
        Newer: a newer portal wrote the last Release.
    """
    with reading(engine) as session:
        known = inspect(session.connection()).has_table(Release.__tablename__)
        last = _last(session) if known else _State(templates={})
        return _weighed(session, last, schema, _plan(last, schema, templates))


def apply(
    engine: Engine,
    schema: Schema,
    sources: Mapping[str, str],
    templates: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    backup: str = "",
    expected_digest: str | None = None,
) -> Applied:
    """Applies a checked Schema as the next Release, in one transaction; nothing to change makes no Release.

    Args:
        sources: the YAML files as written, by name.
        templates: the letter files, by name.
        backup: what the state before it can be restored from, to be kept with the Release.
        expected_digest: the digest of the plan that was reviewed.

    Raises:
        Stale: the plan of now is not the one that was reviewed.
        Refused: the plan holds changes that cannot be applied yet.
        Busy: another process holds a lock; try again.
        Newer: a newer portal has changed the database.
        KeyMissing: the database is new and nothing says where its secret is to stand.
    """

    wanted = _Wanted(
        schema=schema,
        sources=sources,
        templates=templates,
        actor=actor,
        now=now,
        reason=reason,
        backup=backup,
    )
    return alone(engine, lambda session: _carry_out(session, wanted, expected_digest))


def _carry_out(session: Session, wanted: _Wanted, expected_digest: str | None) -> Applied:
    _prepare(session.connection())
    last = _last(session)
    plan = _weighed(session, last, wanted.schema, _plan(last, wanted.schema, wanted.templates))
    if expected_digest is not None and plan.digest != expected_digest:
        raise Stale(plan)
    if plan.refused:
        raise Refused(plan)
    if plan.empty:
        return Applied(release_id=last.release_id, plan=plan)
    wanted = replace(wanted, schema=carried(last.schema, wanted.schema))
    wanted = replace(wanted, templates=kept_templates(wanted.schema, last.templates, wanted.templates))
    followers = following.hold(session, wanted.schema)
    models = build(wanted.schema)
    if last.schema:
        relabel(session, declared(last.schema, wanted.schema), models)
    loosen(session.connection(), wanted.schema, models)
    reshape(session.connection(), last.schema, wanted.schema, models)
    protect(session.connection(), wanted.schema, models)
    twins.rebuild(session, twins.Over(schema=wanted.schema, models=models), wanted.now)
    write_references(session, wanted.schema, models)
    release = _release(session, last, wanted, plan)
    versions = _versions(session, release.id, last.schema, wanted)
    following.follow(session, followers, versions, actor=wanted.actor, now=wanted.now)
    _note(session, wanted, release, plan)
    return Applied(release_id=release.id, plan=plan)


def _note(session: Session, wanted: _Wanted, release: Release, plan: Plan) -> None:
    events.record(
        session,
        actor=wanted.actor,
        now=wanted.now,
        kind="release-applied",
        subject="release",
        subject_id=release.id,
        data={"plan": plan.digest, "changes": len(plan.changes)},
        reason=wanted.reason,
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def is_prepared(connection: Connection) -> bool:
    """Tells whether our own tables are of the newest version.

    Raises:
        Newer: they are of one that this program does not know.
    """
    script = ScriptDirectory.from_config(_config())
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {each.revision for each in script.walk_revisions()}:
        raise Newer(found)
    return found == script.get_current_head()


def _prepare(connection: Connection) -> None:
    if is_prepared(connection):
        return
    if MigrationContext.configure(connection).get_current_revision() is None:
        keys.make(connection.engine)
    config = _config()
    config.attributes["connection"] = connection
    with _upgrading:
        command.upgrade(config, "head")


def newest(session: Session) -> Schema | None:
    """Returns the Schema of the last Release with what it keeps, None where nothing was ever applied.

    Raises:
        Newer: a newer portal wrote it.
    """
    return _last(session).schema if inspect(session.connection()).has_table(Release.__tablename__) else None


def republish(
    engine: Engine,
    work: Callable[[Session, Schema], tuple[Schema, Plan]],
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    backup: str = "",
) -> Applied:
    """Publishes the last Release once more after work on what it keeps of the past, in one transaction.

    Args:
        work: gets the last Schema, and returns the one to keep with what changed.
        backup: what the state before it can be restored from.

    Raises:
        NotApplied: nothing was ever applied, or the work refuses.
    """

    def publish(session: Session) -> Applied:
        last = _last(session)
        if last.schema is None:
            raise Stale(Plan(changes=(), refused=(), digest=""))
        sources = session.get_one(Release, last.release_id).sources
        schema, plan = work(session, last.schema)
        wanted = _Wanted(
            schema=schema,
            sources=sources,
            templates=last.templates,
            actor=actor,
            now=now,
            reason=reason,
            backup=backup,
        )
        release = _release(session, last, wanted, plan)
        _note(session, wanted, release, plan)
        return Applied(release_id=release.id, plan=plan)

    return alone(engine, publish)


def fresh_bound() -> tuple[str, ...]:
    """Returns what a plan's digest is bound to where there is no database yet."""
    return _State(templates={}).bound


def _last(session: Session) -> _State:
    release = session.get(Release, latest_id(session) or 0)
    if release is None:
        return _State(templates={})
    try:
        schema = schema_of(release.format, release.definition)
    except UnknownFormat as error:
        raise Newer(str(release.format)) from error
    return _State(release_id=release.id, schema=schema, templates=release.templates, digest=release.digest)


def _weighed(session: Session, last: _State, schema: Schema, plan: Plan) -> Plan:
    """Returns a plan with what the database says to it: objections first, then figures."""
    if last.schema is None:
        return plan
    renames = declared(last.schema, schema)
    ground = Ground(before=last.schema, after=carried(last.schema, schema), renames=renames)
    return weigh(session, examine(session, plan, ground), last.schema, renames)


def _plan(last: _State, schema: Schema, templates: Mapping[str, str]) -> Plan:
    kept = kept_templates(carried(last.schema, schema), last.templates, templates)
    return diff(last.schema, schema, templates_before=last.templates, templates_after=kept, bound=last.bound)


def _release(session: Session, last: _State, wanted: _Wanted, plan: Plan) -> Release:
    release = Release(
        id=last.release_id + 1,
        format=FORMAT,
        definition=wanted.schema.canonical(),
        sources=dict(wanted.sources),
        templates=dict(wanted.templates),
        digest=fingerprint(wanted.schema, wanted.templates),
        changes=as_json(plan),
        reason=wanted.reason,
        applied_at=wanted.now,
        applied_by=wanted.actor.label[:80],
        backup=wanted.backup,
    )
    session.add(release)
    session.flush()
    session.info.pop(NEWEST, None)
    return release


def _versions(
    session: Session, release_id: int, before: Schema | None, wanted: _Wanted
) -> tuple[SopVersion, ...]:
    """Adds a version of every SOP that is new or differs, and returns them."""
    renames = declared(before, wanted.schema) if before else ()
    known: Mapping[str, Definition] = renamed(before, renames).kept.sops if before else {}
    counted = select(SopVersion.sop, func.max(SopVersion.number)).group_by(SopVersion.sop)
    numbers: dict[str, int] = dict(session.execute(counted).all())
    written = excerpts(wanted.sources, "sops")
    added = []
    for key, sop in wanted.schema.sops.items():
        definition = canonical(sop)
        if key in known and canonical(known[key]) == definition:
            continue
        version = SopVersion(
            sop=key,
            number=numbers.get(key, 0) + 1,
            release_id=release_id,
            format=FORMAT,
            definition=definition,
            source=written.get(key, ""),
            renamed={
                new: each.was for new, each in sop.steps.items() if each.was and each.was not in sop.steps
            },
            digest=digest(definition),
        )
        session.add(version)
        added.append(version)
    session.flush()
    return tuple(added)
