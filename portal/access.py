"""Who may do and see what: three questions in one place, answered from roles.yaml and a person's grants.

`may`: may this person do that? `scope`: which rows may they see? `sees`: how do they see a field? What a role
says of single fields, letters, steps and pages is answered by `rights`, which stands on this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.fields import FieldType
from portal.schema import CASE, CaseAccess, CaseAct, FieldRight, Reach, RecordAct, Role, Schema, Sight
from portal.search import starts_with
from portal.steps import ApprovalStep
from portal.tables import Case, Task

CLASSES: tuple[CaseAccess, ...] = ("normal", "sensitive", "protected")
SEEING: tuple[Reach, ...] = ("area", "assigned", "created")
"""The reaches that let one see a case; the others tell at most how many there are."""
_BEST: tuple[Sight, ...] = ("plain", "masked", "hidden")


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


def roles_of(schema: Schema, actor: Actor, area: str | None = None) -> tuple[tuple[Granted, Role], ...]:
    """Returns what a person holds, with what it means; only over an area, where one is given."""
    return tuple(
        (granted, schema.roles[granted.role])
        for granted in actor.grants
        if granted.role in schema.roles and (area is None or granted.covers(area))
    )


def may(schema: Schema, actor: Actor, act: CaseAct) -> bool:
    """Tells whether a person may do something in at least one area."""
    return actor.everything or any(act in role.may for _, role in roles_of(schema, actor))


def may_in(schema: Schema, actor: Actor, act: CaseAct, area: str) -> bool:
    """Tells whether a person may do something in an area."""
    return actor.everything or any(act in role.may for _, role in roles_of(schema, actor, area))


def may_record(schema: Schema, actor: Actor, record: str, act: RecordAct) -> bool:
    """Tells whether a person may do something with a record type."""
    return may_record_in(schema, actor, record, act, None)


def may_record_in(schema: Schema, actor: Actor, record: str, act: RecordAct, area: str | None) -> bool:
    """Tells whether a person may do something with a record of an area; None is a record without one."""
    held = roles_of(schema, actor, area)
    return actor.everything or any(act in role.records.get(record, ()) for _, role in held)


def sees(
    schema: Schema,
    actor: Actor,
    field: FieldType,
    record: str = "",
    name: str = "",
    area: str | None = None,
    *,
    assigned: bool = False,
) -> Sight:
    """Tells how a person sees a field: the best that any of their roles over its row allows.

    Args:
        record: the record type of the field, `case` for what a complaint says, empty for an answer.
        name: the id of the field in it.
        area: where the row is. None is not known: then the least that any of the person's areas allows.
        assigned: whether the row belongs to a case in which the person has or had a task.
    """
    if actor.everything:
        return "plain"
    held = tuple((granted, role) for granted, role in roles_of(schema, actor) if reads(role, record))
    if not held:
        return "hidden" if field.sensitive or area is not None else "plain"
    places = {granted.area for granted, _ in held} if area is None else {area}
    return max((_best(held, field, record, name, each, assigned) for each in places), key=_BEST.index)


def _best(
    held: tuple[tuple[Granted, Role], ...],
    field: FieldType,
    record: str,
    name: str,
    area: str,
    assigned: bool,
) -> Sight:
    rights = (right_of(role, field, record, name) for granted, role in held if granted.covers(area))
    return min((_sight(each, assigned) for each in rights), key=_BEST.index, default="hidden")


def reads(role: Role, record: str) -> bool:
    """Tells whether a role sees any row of a record type, or any case."""
    if record and record != CASE:
        return "read" in role.records.get(record, ())
    return record != CASE or any(getattr(role.cases, access) in SEEING for access in CLASSES)


def right_of(role: Role, field: FieldType, record: str, name: str) -> FieldRight:
    """Returns how one role sees a field, `edit` where nothing holds it back."""
    named = role.fields.get(record, {}).get(name)
    if named is not None:
        return named
    return "edit" if not field.sensitive or role.sensitive_fields == "plain" else role.sensitive_fields


def _sight(right: FieldRight, assigned: bool) -> Sight:
    if right == "assigned":
        return "plain" if assigned else "masked"
    return "plain" if right == "edit" else right


def works_as(schema: Schema, actor: Actor) -> tuple[Granted, ...]:
    """Returns the roles whose steps a person may carry out, with their areas."""
    found = []
    for granted, role in roles_of(schema, actor):
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
    reading = [g.area for g, role in roles_of(schema, actor) if "read" in role.records.get(record, ())]
    if area is None:
        return true() if reading else false()
    return within(area, reading)


def case_scope(schema: Schema, actor: Actor) -> ColumnElement[bool]:
    """Returns the condition on the cases that a person may see."""
    if actor.everything:
        return true()
    parts = [
        and_(Case.access == access, within(Case.area, [granted.area]), _seen(schema, actor, role, access))
        for granted, role in roles_of(schema, actor)
        for access in CLASSES
        if getattr(role.cases, access) in SEEING
    ]
    parts += [Case.id.in_(actor.emergency)] if actor.emergency else []
    return or_(*parts) if parts else false()


def counted_scope(schema: Schema, actor: Actor) -> ColumnElement[bool]:
    """Returns the condition on the cases of which a person may know how many there are, and nothing else."""
    counted = [
        and_(Case.access == access, within(Case.area, [granted.area]))
        for granted, role in roles_of(schema, actor)
        for access in CLASSES
        if getattr(role.cases, access) == "count"
    ]
    return and_(or_(*counted), not_(case_scope(schema, actor))) if counted else false()


def _seen(schema: Schema, actor: Actor, role: Role, access: CaseAccess) -> ColumnElement[bool]:
    """The reach of an access class; of a closed case also what the role says of closed ones."""
    seen = _reach(schema, actor, getattr(role.cases, access), access)
    if role.cases.closed is None:
        return seen
    still_open = Case.status == "open"
    if role.cases.closed not in SEEING:
        return and_(seen, still_open)
    return and_(seen, or_(still_open, _reach(schema, actor, role.cases.closed, access)))


def _reach(schema: Schema, actor: Actor, reach: Reach, access: CaseAccess) -> ColumnElement[bool]:
    """A task of one's own, done or to be done, lets one see a case; so does one that waits for one's role."""
    if reach == "area":
        return true()
    created = Case.opened_by == actor.account_id
    if reach == "created":
        return created
    task = aliased(Task)
    mine = or_(task.assigned_to == actor.account_id, task.completed_by == actor.account_id)
    if access == "normal":
        mine = or_(
            mine, and_(task.status == "open", task.assigned_to.is_(None), _for_roles(schema, actor, task))
        )
    return or_(created, exists().where(task.case_id == Case.id, mine))


def _for_roles(schema: Schema, actor: Actor, task: type[Task]) -> ColumnElement[bool]:
    """A task waits for somebody whose role over its area carries it out, not for the same role elsewhere."""
    areas: dict[str, set[str]] = {}
    for granted in works_as(schema, actor):
        areas.setdefault(granted.area, set()).add(granted.role)
    if len(areas) == 1:
        # The case lies in that area, as the rest of the condition says.
        return task.role.in_(*areas.values())
    parts = [and_(task.role.in_(roles), within(task.area, [area])) for area, roles in areas.items()]
    return or_(*parts) if parts else false()


def task_scopes(schema: Schema, actor: Actor) -> tuple[tuple[ColumnElement[bool], str | None], ...]:
    """Returns the conditions on the tasks that a person may carry out: theirs, and each role's in its area.

    They are apart, each with its area (None for the person's own), so that each can be read by its index.
    """
    if actor.everything:
        return ((true(), ""),)
    scopes: list[tuple[ColumnElement[bool], str | None]] = [(Task.assigned_to == actor.account_id, None)]
    for granted, role in roles_of(schema, actor):
        if "work" in role.may:
            free, inside = Task.access.in_(_free_for_all(role)), within(Task.area, [granted.area])
            for name in (granted.role, *role.acts_as):
                waiting = and_(Task.role == name, Task.assigned_to.is_(None), inside, free)
                scopes.append((_without_denied(schema, role, name, waiting), granted.area))
    return tuple(scopes)


def _without_denied(
    schema: Schema, role: Role, name: str, waiting: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Leaves out the steps of one role that another, which acts as it, does not carry out."""
    denied = {
        (sop_id, step_id)
        for sop_id, sop in schema.sops.items()
        for step_id, step in sop.steps.items()
        if (isinstance(step, ApprovalStep) or step_id in role.steps.get(sop_id, ()))
        and not does(role, sop_id, step_id, isinstance(step, ApprovalStep))
        and sop.role_of(step_id) == name
    }
    case = aliased(Case)
    kept = [
        not_(exists().where(case.id == Task.case_id, case.sop == sop, Task.step == step))
        for sop, step in sorted(denied)
    ]
    return and_(waiting, *kept)


def _free_for_all(role: Role) -> tuple[CaseAccess, ...]:
    """Returns the access classes whose unassigned tasks anyone of a role may take.

    Of a sensitive case even the list of tasks tells something: it shows to whom the case itself is shown.
    """
    normal: tuple[CaseAccess, ...] = ("normal",) if role.cases.normal in ("area", "assigned") else ()
    guarded: tuple[CaseAccess, ...] = ("sensitive", "protected")
    return (*normal, *(access for access in guarded if getattr(role.cases, access) == "area"))


def does(role: Role, sop: str, step: str, approval: bool = False) -> bool:
    """Tells whether a role that may work carries out a step of the roles that it is or acts as."""
    return role.steps.get(sop, {}).get(step, "work") == "work" and (not approval or "approve" in role.may)


def may_work(
    schema: Schema,
    actor: Actor,
    role: str,
    area: str,
    assigned_to: int | None,
    *,
    sop: str = "",
    step: str = "",
    approval: bool = False,
) -> bool:
    """Tells whether a person may complete a task of a role in an area.

    Args:
        sop: the SOP and, in `step`, the step of the task: a role may be kept from single ones.
        approval: whether the step is an approval, which asks for that right.
    """
    if actor.everything:
        return True
    held = [each for _, each in roles_of(schema, actor, area)]
    if assigned_to is not None and assigned_to == actor.account_id:
        allowed = [does(each, sop, step, approval) for each in held if "work" in each.may]
        return any(allowed) if allowed else not approval
    return any(
        granted.role == role or role in each.acts_as
        for granted, each in roles_of(schema, actor, area)
        if "work" in each.may and does(each, sop, step, approval)
    )


def mine(schema: Schema, actor: Actor) -> ColumnElement[bool]:
    """Returns the condition on the running cases in which a person has, had or may take a task."""
    return and_(Case.status == "open", case_scope(schema, actor), _reach(schema, actor, "assigned", "normal"))
