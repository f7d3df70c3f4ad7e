"""Whether every case gets through its SOP: each step is reached, and from each a way leads to an outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from portal.checks.base import Checked, Family, choice
from portal.conditions import dump
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.schema import Sop
from portal.steps import ApprovalStep, DecisionStep, ParallelStep


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields what would hold up a case in each SOP."""
    for key, sop in checked.schema.sops.items():
        unknown = tuple(_unknown_targets(checked, key, sop))
        yield from unknown
        yield from _branches(checked, key, sop)
        if not any(step.final for step in sop.steps.values()):
            yield checked.wrong_key("sop-without-outcome", ("sops", key), name=key)
        elif not unknown:
            yield from _ways(checked, key, sop)


def ways(sop: Sop) -> Mapping[str, tuple[str, ...]]:
    """Returns the steps to which each step may lead, those that exist."""
    return {step: tuple(way for way in sop.ways(step) if way in sop.steps) for step in sop.steps}


def reached(ways: Mapping[str, Iterable[str]], start: Iterable[str]) -> frozenset[str]:
    """Returns every step that can come after the given ones, with these."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting.extend(ways[step])
    return frozenset(found)


def targets(path: Path, sop: Sop) -> Iterator[tuple[Path, str, str]]:
    """Yields the place, the step and the target of every way that an SOP names."""
    for key, step in sop.steps.items():
        here = (*path, "steps", key)
        if isinstance(step, DecisionStep):
            for index, branch in enumerate(step.choose):
                yield (*here, "choose", index, "go"), key, branch.go
            yield (*here, "otherwise"), key, step.otherwise
        if isinstance(step, ApprovalStep):
            yield (*here, "returned"), key, step.returned
        for index, first in enumerate(step.branches if isinstance(step, ParallelStep) else ()):
            yield (*here, "branches", index), key, first
        for index, earlier in enumerate(step.may_return):
            yield (*here, "may_return", index), key, earlier
        if step.go is not None:
            yield (*here, "go"), key, step.go


def _unknown_targets(checked: Checked, key: str, sop: Sop) -> Iterator[Diagnostic]:
    for path, step, target in targets(("sops", key), sop):
        if target not in sop.steps:
            values = choice(target, sop.steps)
            yield checked.wrong("step-unknown", path, owner_word="thing-step", owner=step, sop=key, **values)
        elif target == step:
            yield checked.wrong("step-to-itself", path, step=step)


def _branches(checked: Checked, key: str, sop: Sop) -> Iterator[Diagnostic]:
    for step_id, step in sop.steps.items():
        if not isinstance(step, DecisionStep):
            continue
        path: Path = ("sops", key, "steps", step_id)
        seen: list[object] = []
        for index, branch in enumerate(step.choose):
            when = dump(branch.when)
            if when in seen:
                place = (*path, "choose", index, "when")
                yield checked.wrong("branch-repeated", place, step=step_id, first=str(seen.index(when) + 1))
            seen.append(when)
        if {branch.go for branch in step.choose} == {step.otherwise}:
            yield checked.warn_key("decision-without-choice", path, step=step_id, target=step.otherwise)


def _ways(checked: Checked, key: str, sop: Sop) -> Iterator[Diagnostic]:
    forward = ways(sop)
    backward = {step: tuple(s for s in sop.steps if step in forward[s]) for step in sop.steps}
    from_start = reached(forward, (sop.first(),))
    last_open = {key for key, step in sop.steps.items() if step.falls_through() and sop.after(key) is None}
    ends = {key for key, step in sop.steps.items() if step.final}
    to_end = reached(backward, ends | last_open)
    for step_id in sop.steps:
        path = ("sops", key, "steps", step_id)
        if step_id not in from_start:
            yield checked.wrong_key("step-unreachable", path, step=step_id, sop=key)
        elif step_id in last_open:
            yield checked.wrong_key("step-last-open", path, step=step_id, sop=key)
        elif step_id not in to_end:
            yield checked.wrong_key("step-without-end", path, step=step_id, sop=key)


FAMILY = Family(
    run=check,
    codes=(
        "branch-repeated",
        "decision-without-choice",
        "sop-without-outcome",
        "step-last-open",
        "step-to-itself",
        "step-unknown",
        "step-unreachable",
        "step-without-end",
    ),
)
