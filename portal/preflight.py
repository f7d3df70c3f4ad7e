"""A plan and the database -> the same plan, with what the rows there are forbid refused and their keys.

Nothing is tried and rolled back: each change that depends on data is asked of the data first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import changes
from portal.changes import Change
from portal.plan import Plan
from portal.releases import sop_version
from portal.steps import StepType
from portal.tables import Case, Task


def examine(session: Session, plan: Plan) -> Plan:
    """Returns a plan with its objections from the data."""
    found = [tuple(_judged(session, change)) or (change,) for change in plan.changes]
    told = [change for judged in found for change in judged]
    return replace(
        plan,
        changes=tuple(change for change in told if not change.refused),
        refused=(*plan.refused, *(change for change in told if change.refused)),
    )


def _judged(session: Session, change: Change) -> Iterator[Change]:
    """Yields what stands in the place of a change, nothing where it stays."""
    if isinstance(change, changes.EntryRemoved) and (cases := _held(session, change)):
        yield changes.EntryInUse(section=change.section, key=change.key, label=change.label, cases=cases)


def _held(session: Session, change: changes.EntryRemoved) -> int:
    """Returns how many running cases could not go on without an entry."""
    if change.section == "centres":
        query = select(func.count(Case.id)).where(Case.centre == change.key, Case.status == "open")
        return session.scalar(query) or 0
    if change.section not in ("roles", "records"):
        return 0
    waiting = select(Task.case_id).where(Task.status == "open", Task.role == change.key)
    held = set(session.scalars(waiting)) if change.section == "roles" else set()
    running = select(Case.sop_version_id, Case.id).where(Case.status == "open")
    for version, case in session.execute(running):
        if any(_needs(step, change) for step in sop_version(session, version).steps.values()):
            held.add(case)
    return len(held)


def _needs(step: StepType, change: changes.EntryRemoved) -> bool:
    named = step.role if change.section == "roles" else getattr(step, "record", None)
    return named == change.key
