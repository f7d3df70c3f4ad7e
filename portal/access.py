"""Who may do and see what: three questions in one place, answered from roles.yaml and a person's grants.

`may`: may this person do that? `scope`: which rows may they see? `sees`: how do they see a field?
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.fields import FieldType
from portal.schema import CaseAccess, CaseAct, RecordAct, Role, Schema, Sight
from portal.search import starts_with
from portal.tables import Case, Task


@dataclass(frozen=True, kw_only=True)
class Granted:
    """One role over one area; the empty area is everywhere."""

    role: str
    area: str = ""
    acting: str = ""
    """`plt` or `plh` of a deputy's role, which holds for some days."""

    def covers(self, area: str) -> bool:
        """Tells whether an area lies in this one."""
        return self.area in ("", area) or area.startswith(f"{self.area}.")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person who acts: an account with its grants, or the command line."""

    account_id: int | None
    label: str
    grants: tuple[Granted, ...] = ()
    emergency: tuple[int, ...] = ()
    """Cases opened for some hours in an emergency."""
    everything: bool = False
    """True for the command line on the server, which stands for the operator of the machine."""


SYSTEM = Actor(account_id=None, label="portal", everything=True)


class Forbidden(Exception):
    """The actor may not do this; told to people as a page without details."""


def _roles(schema: Schema, actor: Actor) -> Iterable[tuple[Granted, Role]]:
    for granted in actor.grants:
        if granted.role in schema.roles:
            yield granted, schema.roles[granted.role]


def may(schema: Schema, actor: Actor, act: CaseAct) -> bool:
    """Tells whether a person may do something in at least one area."""
    return actor.everything or any(act in role.may for _, role in _roles(schema, actor))


def may_in(schema: Schema, actor: Actor, act: CaseAct, area: str) -> bool:
    """Tells whether a person may do something in an area."""
    return actor.everything or any(
        act in role.may and granted.covers(area) for granted, role in _roles(schema, actor)
    )


def may_record(schema: Schema, actor: Actor, record: str, act: RecordAct) -> bool:
    """Tells whether a person may do something with a record type."""
    return actor.everything or any(act in role.records.get(record, ()) for _, role in _roles(schema, actor))


def may_record_in(schema: Schema, actor: Actor, record: str, act: RecordAct, area: str | None) -> bool:
    """Tells whether a person may do something with a record of an area; None is a record without one."""
    return actor.everything or any(
        act in role.records.get(record, ()) and (area is None or granted.covers(area))
        for granted, role in _roles(schema, actor)
    )


def sees(schema: Schema, actor: Actor, field: FieldType) -> Sight:
    """Tells how a person sees a field: the best that any of their roles allows."""
    if actor.everything or not field.sensitive:
        return "plain"
    sights = {role.sensitive_fields for _, role in _roles(schema, actor)}
    return "plain" if "plain" in sights else "masked" if "masked" in sights else "hidden"


def works_as(schema: Schema, actor: Actor) -> tuple[Granted, ...]:
    """Returns the roles whose steps a person may carry out, with their areas."""
    found = []
    for granted, role in _roles(schema, actor):
        if "work" in role.may:
            found += [Granted(role=each, area=granted.area) for each in (granted.role, *role.acts_as)]
    return tuple(dict.fromkeys(found))


def within(
    column: InstrumentedAttribute[str] | ColumnElement[str], areas: Iterable[str]
) -> ColumnElement[bool]:
    """Returns the condition that an area column lies in one of some areas; none of them is false."""
    parts: list[ColumnElement[bool]] = []
    for area in sorted(set(areas)):
        if not area:
            return true()
        whole_village = area.count(".") == 3
        parts.append(column == area)
        if not whole_village:
            parts.append(starts_with(column, f"{area}."))
    return or_(*parts) if parts else false()


def record_scope(
    schema: Schema, actor: Actor, record: str, area: ColumnElement[str] | None
) -> ColumnElement[bool]:
    """Returns the condition on the rows of a record type that a person may see.

    Args:
        area: the area column, None for a record type that belongs to no area.
    """
    if actor.everything:
        return true()
    reading = [g.area for g, role in _roles(schema, actor) if "read" in role.records.get(record, ())]
    if area is None:
        return true() if reading else false()
    return within(area, reading)


def case_scope(schema: Schema, actor: Actor) -> ColumnElement[bool]:
    """Returns the condition on the cases that a person may see."""
    if actor.everything:
        return true()
    parts = [
        and_(Case.access == access, within(Case.area, [granted.area]), _reach(schema, actor, role, access))
        for granted, role in _roles(schema, actor)
        for access in ("normal", "sensitive", "protected")
        if getattr(role.cases, access) != "none"
    ]
    parts += [Case.id.in_(actor.emergency)] if actor.emergency else []
    return or_(*parts) if parts else false()


def _reach(schema: Schema, actor: Actor, role: Role, access: CaseAccess) -> ColumnElement[bool]:
    """A task of one's own, done or to be done, lets one see a case; so does one that waits for one's role."""
    reach = getattr(role.cases, access)
    if reach == "area":
        return true()
    created = Case.opened_by == actor.account_id
    if reach == "created":
        return created
    task = aliased(Task)
    mine = or_(task.assigned_to == actor.account_id, task.completed_by == actor.account_id)
    if access == "normal":
        roles = {granted.role for granted in works_as(schema, actor)}
        mine = or_(mine, and_(task.status == "open", task.assigned_to.is_(None), task.role.in_(roles)))
    return or_(created, exists().where(task.case_id == Case.id, mine))


def task_scopes(schema: Schema, actor: Actor) -> tuple[tuple[ColumnElement[bool], str | None], ...]:
    """Returns the conditions on the tasks that a person may carry out: theirs, and each role's in its area.

    They are apart, each with its area (None for the person's own), so that each can be read by its index.
    """
    if actor.everything:
        return ((true(), ""),)
    scopes: list[tuple[ColumnElement[bool], str | None]] = [(Task.assigned_to == actor.account_id, None)]
    for granted, role in _roles(schema, actor):
        if "work" in role.may:
            free, inside = Task.access.in_(_free_for_all(role)), within(Task.area, [granted.area])
            for name in (granted.role, *role.acts_as):
                waiting = and_(Task.role == name, Task.assigned_to.is_(None), inside, free)
                scopes.append((waiting, granted.area))
    return tuple(scopes)


def _free_for_all(role: Role) -> tuple[CaseAccess, ...]:
    """Returns the access classes whose unassigned tasks anyone of a role may take.

    Of a sensitive case even the list of tasks tells something: it shows to whom the case itself is shown.
    """
    normal: tuple[CaseAccess, ...] = ("normal",) if role.cases.normal in ("area", "assigned") else ()
    guarded: tuple[CaseAccess, ...] = ("sensitive", "protected")
    return (*normal, *(access for access in guarded if getattr(role.cases, access) == "area"))


def may_work(schema: Schema, actor: Actor, role: str, area: str, assigned_to: int | None) -> bool:
    """Tells whether a person may complete a task of a role in an area."""
    if actor.everything or (assigned_to is not None and assigned_to == actor.account_id):
        return True
    return any(granted.role == role and granted.covers(area) for granted in works_as(schema, actor))
