"""The one way by which a Release reaches users: plan, backup, rehearsal, transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from portal import keys
from portal.access import Actor
from portal.backup import Backup, backup
from portal.migrate import Applied, Refused, Stale, apply, planned
from portal.plan import Plan
from portal.rehearsal import Rehearsed, rehearse
from portal.schema import Schema
from portal.scratch import scratch


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A checked state of the files, to be the next Release."""

    schema: Schema
    sources: Mapping[str, str]
    """The files of the YAML folder, by name."""
    templates: Mapping[str, str]
    """The letter files, by name."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """What publishing left behind."""

    applied: Applied
    backup: Backup | None
    """None when there was nothing to change, or nothing to lose yet."""
    rehearsed: Rehearsed | None
    """None when there was nothing to change."""


def publish(
    engine: Engine,
    draft: Draft,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    expected_digest: str | None = None,
    language: str = "id",
    note: Callable[[str], None] = lambda _: None,
) -> Published:
    """Applies a draft as the next Release, or does nothing at all.

    Args:
        expected_digest: the digest of the plan that was reviewed.
        language: the portal's, for its pages.
        note: is told what is being tried.

    Raises:
        NotApplied: a subclass says why; the database is as it was.
        KeyMissing: nothing says where the secret of the database stands.
    """
    keys.need(engine)
    plan = planned(engine, draft.schema, draft.templates)
    _judge(plan, expected_digest)
    kept, rehearsed = None, None
    if not plan.empty:
        kept = backup(engine, now)
        with scratch(engine, kept.file if kept else None) as copy:
            rehearsed = rehearse(
                copy,
                draft.schema,
                draft.sources,
                draft.templates,
                actor=actor,
                now=now,
                language=language,
                note=note,
            )
    applied = apply(
        engine,
        draft.schema,
        draft.sources,
        draft.templates,
        actor=actor,
        now=now,
        reason=reason,
        backup=kept.place if kept else "",
        # Also when nobody gave a digest: what is applied is what was planned, backed up and rehearsed.
        expected_digest=plan.digest,
    )
    return Published(applied=applied, backup=kept, rehearsed=rehearsed)


def _judge(plan: Plan, expected_digest: str | None) -> None:
    if expected_digest is not None and plan.digest != expected_digest:
        raise Stale(plan)
    if plan.refused:
        raise Refused(plan)
