"""The job aid of one role: what to do at each of its steps, by when, with which papers, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.schema import Sop
from portal.sheets.base import Facts, head, role_label
from portal.sheets.spoken import limit, needed, numbers
from portal.steps import ApprovalStep, ParallelStep
from portal.words import say

MOST_NEXT = 3
"""So many next steps are named; of more only the numbers stand there."""


def aid_values(facts: Facts, role: str) -> dict[str, Any]:
    """Returns what the template of the job aid prints for a role."""
    sop = facts.sop
    mine = [key for key, step in sop.steps.items() if not step.automatic and sop.role_of(key) == role]
    return {
        **head(facts),
        "role": role_label(facts.schema, role),
        "steps": [_step(facts, key) for key in mine],
    }


def _step(facts: Facts, key: str) -> dict[str, Any]:
    step = facts.sop.steps[key]
    return {
        "number": numbers(facts.sop)[key],
        "label": step.label,
        "do": step.instruction or say(f"sheet-do-{step.type}"),
        "within": limit(step),
        "needed": list(needed(facts.schema, step)),
        "next": list(_next(facts, key)),
    }


def _next(facts: Facts, key: str) -> Iterator[str]:
    sop, step = facts.sop, facts.sop.steps[key]
    if step.final:
        yield say("sheet-ends")
        return
    on = step.go or sop.after(key)
    ahead = people_next(sop, on) if on else ()
    if len(ahead) > MOST_NEXT:
        many = ", ".join(str(numbers(sop)[each]) for each in ahead)
        yield say("sheet-next-chosen", steps=many)
    else:
        if on and isinstance(sop.steps[on], ParallelStep):
            yield say("sheet-next-together")
        yield from (_named(facts, key, each) for each in ahead)
    if isinstance(step, ApprovalStep):
        yield say("sheet-next-returned", step=_named(facts, key, step.returned))


def people_next(sop: Sop, start: str) -> tuple[str, ...]:
    """Returns the steps for people that a step leads to; what the portal passes by itself is seen through."""
    found: list[str] = []
    waiting, seen = [start], set[str]()
    while waiting:
        key = waiting.pop(0)
        if key not in seen:
            seen.add(key)
            if sop.steps[key].automatic:
                waiting += _through(sop, key)
            else:
                found.append(key)
    return tuple(sorted(found, key=list(sop.steps).index))


def _through(sop: Sop, key: str) -> tuple[str, ...]:
    """Returns where an automatic step leads at once: of branches beside each other only their beginnings."""
    return tuple(getattr(sop.steps[key], "branches", ())) or sop.ways(key)


def _named(facts: Facts, here: str, key: str) -> str:
    """Returns a next step by number and name, with its role where the work passes to somebody else."""
    sop = facts.sop
    role, number, label = sop.role_of(key), numbers(sop)[key], sop.steps[key].label
    if role == sop.role_of(here):
        return say("sheet-next", number=number, label=label)
    return say("sheet-next-role", number=number, label=label, role=role_label(facts.schema, role or ""))
