"""Whether what roles say of single fields, letters and steps can be meant: names exist, work is possible."""

from __future__ import annotations

from collections.abc import Iterator

from portal.access import does, right_of
from portal.checks.base import Checked, Family, choice
from portal.diagnostics import Diagnostic
from portal.fields import FieldType
from portal.rights import CASE_FIELDS, letter_acts
from portal.schema import CASE, Role, Schema
from portal.steps import ApprovalStep, VisitStep


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields rights over what does not exist, and roles that contradict themselves or their steps."""
    for key, role in checked.schema.roles.items():
        yield from _unknown(checked, key, role)
        yield from _records(checked, key, role)
        if "unmask" in role.may and not _masks(checked.schema, role):
            yield checked.warn("role-unmasks-nothing", ("roles", key, "may"), role=key)
    yield from _steps(checked)
    if checked.whole:
        yield from _letters(checked)


def _unknown(checked: Checked, key: str, role: Role) -> Iterator[Diagnostic]:
    schema = checked.schema
    for record, rights in role.fields.items():
        if record != CASE and record not in schema.records:
            continue  # the name itself is said to be unknown
        known = tuple(CASE_FIELDS) if record == CASE else tuple(schema.records[record].fields)
        for name in rights:
            if name not in known:
                path = ("roles", key, "fields", record, name)
                yield checked.wrong_key(
                    "role-field-unknown", path, role=key, record=record, **choice(name, known)
                )
    for sop, steps in role.steps.items():
        for step in steps:
            if sop in schema.sops and step not in schema.sops[sop].steps:
                path = ("roles", key, "steps", sop, step)
                names = choice(step, schema.sops[sop].steps)
                yield checked.wrong_key("role-step-unknown", path, role=key, sop=sop, **names)


def _records(checked: Checked, key: str, role: Role) -> Iterator[Diagnostic]:
    for record, acts in role.records.items():
        if record not in checked.schema.records:
            continue
        rights = {
            name: right_of(role, field, record, name)
            for name, field in checked.schema.records[record].fields.items()
        }
        path = ("roles", key, "records", record)
        if "export" in acts and set(rights.values()) <= {"hidden", "masked", "assigned"}:
            yield checked.warn("role-exports-nothing", path, role=key, record=record)
        for name, field in checked.schema.records[record].fields.items():
            if "create" in acts and field.required and rights[name] in ("hidden", "plain"):
                yield checked.wrong("role-field-required", path, role=key, record=record, name=name)


def _masks(schema: Schema, role: Role) -> bool:
    return any(
        right_of(role, field, record, name) in ("masked", "assigned")
        for record in role.records
        if record in schema.records
        for name, field in schema.records[record].fields.items()
    )


def _steps(checked: Checked) -> Iterator[Diagnostic]:
    schema = checked.schema
    for sop_id, sop in schema.sops.items():
        for step_id, step in sop.steps.items():
            name = sop.role_of(step_id)
            if step.automatic or name is None or name not in schema.roles:
                continue
            path = ("sops", sop_id, "steps", step_id)
            approval = isinstance(step, ApprovalStep)
            hands = {
                key: role
                for key, role in schema.roles.items()
                if "work" in role.may and (key == name or name in role.acts_as)
            }
            able = {key: role for key, role in hands.items() if does(role, sop_id, step_id, approval)}
            if hands and not able:
                code = "step-unworked" if not approval else "role-may-not-approve"
                yield checked.wrong_key(code, path, role=name, step=step_id, sop=sop_id)
            for field, kind in step.fields.items():
                record = step.record if isinstance(step, VisitStep) else None
                unseen = [key for key, role in able.items() if _hides(role, kind, record, field)]
                if kind.required and name in unseen:
                    yield checked.wrong_key(
                        "step-field-hidden", (*path, "fields", field), step=step_id, name=field, role=name
                    )


def _hides(role: Role, field: FieldType, record: str | None, name: str) -> bool:
    return right_of(role, field, record or CASE, name) == "hidden"


def _letters(checked: Checked) -> Iterator[Diagnostic]:
    """Yields letters that somebody signs by hand and nobody can note as signed, where others are noted."""
    schema = checked.schema
    signing = [
        key
        for key in schema.letters
        if any("sign" in letter_acts(role, key) for role in schema.roles.values())
    ]
    noted = signing or any("sign" in role.may for role in schema.roles.values())
    for key, letter in schema.letters.items():
        if noted and letter.signers and key not in signing:
            yield checked.warn_key("letter-unsignable", ("letters", key), letter=key)


FAMILY = Family(
    run=check,
    codes=(
        "letter-unsignable",
        "role-exports-nothing",
        "role-field-required",
        "role-field-unknown",
        "role-may-not-approve",
        "role-step-unknown",
        "role-unmasks-nothing",
        "step-field-hidden",
        "step-unworked",
    ),
)
