"""Whether parallel branches can come together again: each for itself, and each at the same step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.checks.base import Checked, Family
from portal.checks.flow import reached, ways
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.fields import DateField
from portal.models import lists_of
from portal.schema import Sop
from portal.steps import CheckStep, ParallelStep, WaitStep


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields branches that cannot work, ways back to nowhere, and waits for a day that nobody names."""
    for key, sop in checked.schema.sops.items():
        forward = ways(sop)
        for step_id, step in sop.steps.items():
            path: Path = ("sops", key, "steps", step_id)
            known = isinstance(step, ParallelStep) and {*step.branches, step.go} <= set(sop.steps)
            if isinstance(step, ParallelStep) and known:
                yield from _branches(checked, path, sop, step_id, step)
            yield from _ways_back(checked, path, sop, step_id, forward)
            if isinstance(step, WaitStep):
                yield from _wait(checked, path, sop, step_id, step)


def _branches(
    checked: Checked, path: Path, sop: Sop, step_id: str, step: ParallelStep
) -> Iterator[Diagnostic]:
    inside: dict[str, frozenset[str]] = {}
    for index, first in enumerate(step.branches):
        place = (*path, "branches", index)
        if first == step.go or first in step.branches[:index]:
            yield checked.wrong("parallel-branch-empty", place, step=step_id, branch=first, meet=step.go)
            continue
        steps = sop.inside(step_id, first)
        if step.go not in {way for each in steps for way in sop.ways(each)}:
            yield checked.wrong("parallel-never-joins", place, step=step_id, branch=first, meet=step.go)
        for other, theirs in inside.items():
            if both := [each for each in sop.steps if each in steps & theirs]:
                values = {"step": step_id, "branch": first, "other": other, "shared": both[0]}
                yield checked.wrong("parallel-shares-step", place, **values)
        inside[first] = steps
        for each in (key for key in sop.steps if key in steps):
            if isinstance(sop.steps[each], ParallelStep):
                yield checked.wrong("parallel-nested", place, step=step_id, branch=first, inner=each)
            if sop.steps[each].final:
                yield checked.wrong("parallel-ends-inside", place, step=step_id, branch=first, inner=each)


def _ways_back(
    checked: Checked, path: Path, sop: Sop, step_id: str, forward: Mapping[str, tuple[str, ...]]
) -> Iterator[Diagnostic]:
    for index, earlier in enumerate(sop.steps[step_id].may_return):
        if earlier not in sop.steps or earlier == step_id:
            continue
        place = (*path, "may_return", index)
        if sop.steps[earlier].automatic or sop.steps[earlier].final:
            yield checked.wrong("return-not-done", place, step=step_id, name=earlier)
        elif step_id not in reached(forward, forward[earlier]):
            yield checked.wrong("return-not-earlier", place, step=step_id, name=earlier)


def _wait(checked: Checked, path: Path, sop: Sop, step_id: str, step: WaitStep) -> Iterator[Diagnostic]:
    if step.window is not None and step.until is not None:
        yield checked.wrong("wait-two-ends", (*path, "until"), step=step_id)
    if step.waits_for == "date" and step.window is None and step.until is None:
        yield checked.wrong("wait-without-day", (*path, "waits_for"), step=step_id)
    if step.until is None:
        return
    asked, _, name = step.until.partition(".")
    fields = sop.steps[asked].answer_fields(lists_of(checked.schema)) if asked in sop.steps else {}
    if not isinstance(fields.get(name), DateField):
        dates = [
            f"{key}.{field}"
            for key, each in sop.steps.items()
            for field, kind in each.answer_fields(lists_of(checked.schema)).items()
            if isinstance(kind, DateField) and not isinstance(each, CheckStep)
        ]
        values = {"step": step_id, "name": step.until, "known": ", ".join(dates) or "-"}
        yield checked.wrong("wait-until-unknown", (*path, "until"), **values)


FAMILY = Family(
    run=check,
    codes=(
        "parallel-branch-empty",
        "parallel-ends-inside",
        "parallel-nested",
        "parallel-never-joins",
        "parallel-shares-step",
        "return-not-done",
        "return-not-earlier",
        "wait-two-ends",
        "wait-until-unknown",
        "wait-without-day",
    ),
)
