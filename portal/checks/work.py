"""Whether steps can be carried out as they stand beside each other, and who approves the printed form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.checks.base import Checked, Family, choice
from portal.checks.flow import reached, ways
from portal.diagnostics import Diagnostic, listed
from portal.document import Path
from portal.fields import FieldType
from portal.models import lists_of
from portal.schema import Sop
from portal.steps import (
    AnyStep,
    ApprovalStep,
    DecisionStep,
    LetterStep,
    OutcomeStep,
    ReferralStep,
    VisitStep,
    WaitStep,
)
from portal.worktime import in_words

ROOTS = ("case", "documents", "registry", "resident")
"""What conditions know beside the steps of an SOP; `registry` is the newest check, whatever its id."""


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields steps that somebody will stumble over."""
    for key, sop in checked.schema.sops.items():
        forward = ways(sop)
        yield from _approver(checked, key, sop)
        yield from _circles(checked, key, sop, forward)
        for step_id, step in sop.steps.items():
            path: Path = ("sops", key, "steps", step_id)
            yield from _named(checked, path, step_id, step)
            yield from _role(checked, path, sop, step_id)
            yield from _document_rules(checked, path, step)
            if isinstance(step, ReferralStep):
                yield from _referral(checked, path, key, sop, step_id)
            if isinstance(step, WaitStep) and step.waits_for == "agency":
                yield from _wait(checked, path, sop, step_id, forward)
            if isinstance(step, VisitStep) and step.record in checked.schema.records:
                yield from _record(checked, path, step, str(step.record))
            if isinstance(step, ApprovalStep) and step_id == sop.first():
                yield checked.wrong_key("approval-first", path, step=step_id, sop=key)
            if isinstance(step, OutcomeStep) and step.go is not None:
                yield checked.wrong("outcome-goes-on", (*path, "go"), step=step_id)


def _approver(checked: Checked, key: str, sop: Sop) -> Iterator[Diagnostic]:
    if checked.office is None or sop.sheet is None or sop.sheet.approved_by is None:
        return
    officers = sorted({name for centre in checked.office.centres.values() for name in centre.officers})
    if sop.sheet.approved_by not in officers:
        path: Path = ("sops", key, "sheet", "approved_by")
        yield checked.wrong("sop-approver-unknown", path, sop=key, **choice(sop.sheet.approved_by, officers))


def _named(checked: Checked, path: Path, step_id: str, step: AnyStep) -> Iterator[Diagnostic]:
    if step_id in ROOTS and not (step_id == "registry" and step.type == "check"):
        yield checked.wrong_key("step-name-ambiguous", path, step=step_id)


def _role(checked: Checked, path: Path, sop: Sop, step_id: str) -> Iterator[Diagnostic]:
    """A step may leave its role to the one before, as long as it is the same kind of work."""
    step, order = sop.steps[step_id], list(sop.steps)
    manual = [key for key in order[: order.index(step_id)] if not sop.steps[key].automatic]
    if step.role is None and not step.automatic and manual and sop.steps[manual[-1]].type != step.type:
        role = sop.role_of(step_id) or "-"
        yield checked.warn_key("step-role-inherited", path, step=step_id, role=role, before=manual[-1])


def _document_rules(checked: Checked, path: Path, step: AnyStep) -> Iterator[Diagnostic]:
    for key, rule in step.documents.items():
        if rule.may_follow and not rule.required and rule.required_when is None:
            yield checked.warn("document-follows-nothing", (*path, "documents", key, "may_follow"), name=key)


def _circles(
    checked: Checked, key: str, sop: Sop, forward: Mapping[str, tuple[str, ...]]
) -> Iterator[Diagnostic]:
    """Yields decisions that lead back to themselves without anybody's work between."""
    automatic = {step for step, each in sop.steps.items() if isinstance(each, DecisionStep)}
    passed = {step: tuple(way for way in forward[step] if way in automatic) for step in automatic}
    for step in sop.steps:
        if step in automatic and step in reached(passed, passed[step]) and step not in passed[step]:
            yield checked.wrong_key("decision-circle", ("sops", key, "steps", step), step=step, sop=key)


def _referral(checked: Checked, path: Path, key: str, sop: Sop, step_id: str) -> Iterator[Diagnostic]:
    step = sop.steps[step_id]
    if getattr(step, "destination", None) is not None:
        return
    without = [
        name
        for name, program in checked.schema.programs.items()
        if program.sop == key and program.destination is None and program.status == "active"
    ]
    if without:
        programs = listed(without)
        yield checked.warn_key("referral-without-destination", path, step=step_id, programs=programs)


def _wait(
    checked: Checked, path: Path, sop: Sop, step_id: str, forward: Mapping[str, tuple[str, ...]]
) -> Iterator[Diagnostic]:
    """Yields a wait for an agency that nobody asked, or that ends before the agency has to answer."""
    step = sop.steps[step_id]
    asking = [key for key, each in sop.steps.items() if isinstance(each, ReferralStep | LetterStep)]
    if not any(step_id in reached(forward, (key,)) for key in asking):
        yield checked.warn_key("wait-without-referral", path, step=step_id)
    for key in asking:
        reply = getattr(sop.steps[key], "reply_within", None)
        if reply is None or step.within is None or step_id not in forward[key]:
            continue
        if reply.unit == step.within.unit and reply.amount > step.within.amount:
            yield checked.warn(
                "wait-shorter-than-reply",
                (*path, "within"),
                step=step_id,
                within=in_words(step.within),
                referral=key,
                reply=in_words(reply),
            )


def _record(checked: Checked, path: Path, step: VisitStep, record: str) -> Iterator[Diagnostic]:
    """Yields answers that the record which a visit writes cannot hold."""
    kept = checked.schema.records[record].fields
    for key, field in step.answer_fields(lists_of(checked.schema)).items():
        if key not in kept or key not in step.fields:
            continue
        place = (*path, "fields", key)
        if kept[key].type != field.type:  # type: ignore[attr-defined]
            values = {"field": key, "record": record, "type": kept[key].type}
            yield checked.wrong("visit-field-differs", (*place, "type"), **values)
            continue
        for option in _values(field):
            if option not in _values(kept[key]):
                values = {"field": key, "record": record, "name": option}
                yield checked.wrong_key("visit-choice-foreign", (*place, "choices", option), **values)


def _values(field: FieldType) -> tuple[str, ...]:
    return tuple(option.value for option in field.options())


FAMILY = Family(
    run=check,
    codes=(
        "approval-first",
        "decision-circle",
        "document-follows-nothing",
        "outcome-goes-on",
        "referral-without-destination",
        "sop-approver-unknown",
        "step-name-ambiguous",
        "step-role-inherited",
        "visit-choice-foreign",
        "visit-field-differs",
        "wait-shorter-than-reply",
        "wait-without-referral",
    ),
)
