"""Whether there is someone for everything: a role that may work each step, and eyes for each kind of case."""

from __future__ import annotations

from collections.abc import Iterator

from portal.access import SEEING
from portal.checks.base import Checked, Family
from portal.diagnostics import Diagnostic
from portal.schema import Role, Schema


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields steps that nobody may carry out, cases that nobody sees and roles without any task."""
    schema = checked.schema
    for sop_id, sop in schema.sops.items():
        first = sop.steps[sop.first()]
        if first.role is None and not first.automatic:
            yield checked.wrong_key(
                "step-without-role", ("sops", sop_id, "steps", sop.first()), step=sop.first(), sop=sop_id
            )
        for step_id, step in sop.steps.items():
            if step.role in schema.roles and not _can_work(schema, step.role):
                path = ("sops", sop_id, "steps", step_id, "role")
                yield checked.wrong("role-may-not-work", path, role=step.role, step=step_id)
    for key, role in schema.roles.items():
        for index, name in enumerate(role.acts_as):
            if name == key:
                yield checked.wrong("role-acts-as-itself", ("roles", key, "acts_as", index), role=key)
    if checked.whole:
        yield from _unseen(checked)
        yield from _idle(checked)


def _can_work(schema: Schema, name: str) -> bool:
    """Tells whether people of a role, or of one that acts for it, may work on cases."""
    return any(
        "work" in role.may and (key == name or name in role.acts_as) for key, role in schema.roles.items()
    )


def _unseen(checked: Checked) -> Iterator[Diagnostic]:
    roles = checked.schema.roles.values()
    for key, complaint in checked.schema.complaints.items():
        if all(getattr(role.cases, complaint.access) not in SEEING for role in roles):
            yield checked.wrong(
                "complaint-unseen", ("complaints", key, "access"), complaint=key, access=complaint.access
            )


def _idle(checked: Checked) -> Iterator[Diagnostic]:
    schema = checked.schema
    steps = [step for sop in schema.sops.values() for step in sop.steps.values()]
    named = {step.role for step in steps} | {role for step in steps for role in getattr(step, "escalate", ())}
    for key, role in schema.roles.items():
        if key not in named and not _has_rights(role):
            yield checked.warn_key("role-idle", ("roles", key), role=key)


def _has_rights(role: Role) -> bool:
    return bool(role.may or role.records or role.acts_as or "cases" in role.model_fields_set)


FAMILY = Family(
    run=check,
    codes=("complaint-unseen", "role-acts-as-itself", "role-idle", "role-may-not-work", "step-without-role"),
)
